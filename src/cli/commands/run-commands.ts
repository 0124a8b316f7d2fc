import type { Command } from 'commander';
import type { RunRecordWire, RunWire } from '../../contract/sync-wire.ts';
import { clientAction, collect, type CommandContext, type Tools } from '../command-action.ts';
import { exitStatus, exitStatusOf, type ExitStatus } from '../exit-status.ts';
import { followRun } from '../follow-run.ts';
import type { Column } from '../format-table.ts';
import { groupThousands, plainText } from '../plain-text.ts';
import { readPages } from '../read-pages.ts';
import { runSummary } from '../run-text.ts';
import { writeLine } from '../terminal.ts';
import { writeRows } from '../write-rows.ts';

/** One question waits so long for the run to end: short enough for progress that is seen to move. */
const waitSecondsInteractive = 1;
const waitSecondsQuiet = 20;

interface RecordsOptions {
  readonly decision?: string;
  readonly outcome?: string;
  readonly code?: string;
  readonly type?: string;
}

/** Planning, syncing, and what came of it. */
export function addRunCommands(program: Command, context: CommandContext): void {
  program
    .command('plan')
    .summary('what a sync would do with each deal, and why; writes nothing')
    .argument('<connection>', 'id of the connection')
    .action(clientAction<[string, unknown]>(context, plan));
  program
    .command('sync')
    .summary('sync now and wait for the end; joins a run that is going already')
    .argument('<connection>', 'id of the connection')
    .action(clientAction<[string, unknown]>(context, sync));
  program
    .command('retry')
    .summary('plan the failed records of a run again')
    .argument('<run>', 'id of the run')
    .option('--record <id>', 'only this record (may be repeated)', collect)
    .action(
      clientAction<[string, { record?: string[] }]>(context, async (tools, id, options) => {
        const body = options.record === undefined ? {} : { records: options.record };
        return finish(tools, await tools.client.call('retryRun', { params: { id }, body }));
      }),
    );
  program
    .command('release')
    .summary('let deals whose document was undone make one again with the next sync')
    .argument('<connection>', 'id of the connection')
    .argument('<deal...>', 'ids or addresses of the deals')
    .action(clientAction<[string, string[], unknown]>(context, release));
  program
    .command('cancel')
    .summary('stop a run after the batch that is being written')
    .argument('<run>', 'id of the run')
    .action(
      clientAction<[string, unknown]>(context, async (tools, id) => {
        const run = await tools.client.call('cancelRun', { params: { id } });
        writeLine(
          tools.terminal,
          tools.json ? JSON.stringify(run) : `The run is ${run.status}; it stops soon.`,
        );
        return exitStatus.done;
      }),
    );
  program
    .command('runs')
    .summary('the runs of a connection, newest first')
    .argument('[connection]', 'id of the connection')
    .action(clientAction<[string | undefined, unknown]>(context, listRuns));
  program
    .command('records')
    .summary('what a run decided about each record')
    .argument('<run>', 'id of the run')
    .option('--decision <decision>', 'create, update, unchanged, skip, hold or fail')
    .option('--outcome <outcome>', 'created, updated, unchanged, skipped, held or failed')
    .option('--code <code>', 'only records with this code')
    .option('--type <type>', 'only records of this type, such as deal')
    .action(clientAction<[string, RecordsOptions]>(context, listRecords));
  program
    .command('why')
    .summary('which rule decides about a deal')
    .argument('<connection>', 'id of the connection')
    .argument('<deal>', 'id or address of the deal')
    .action(clientAction<[string, string, unknown]>(context, why));
}

async function follow({ client, terminal, json }: Tools, started: RunWire): Promise<RunWire> {
  const wait = terminal.showsProgress && !json ? waitSecondsInteractive : waitSecondsQuiet;
  const read = (id: string) => client.call('getRun', { params: { id }, query: { wait } });
  return followRun(terminal, started, read, json);
}

/** The status of a run that has ended. Held records wait for a person and are no failure. */
function statusOfRun(run: RunWire): ExitStatus {
  if (run.status === 'succeeded') return exitStatus.done;
  if (run.status === 'succeeded_with_failures') return exitStatus.someFailed;
  return run.error ? exitStatusOf(run.error.code) : exitStatus.unexpected;
}

async function finish(tools: Tools, started: RunWire): Promise<ExitStatus> {
  const run = await follow(tools, started);
  if (tools.json) writeLine(tools.terminal, JSON.stringify(run));
  else tools.terminal.write(runSummary(run));
  return statusOfRun(run);
}

async function sync(tools: Tools, id: string): Promise<ExitStatus> {
  const { connector } = await tools.client.call('getConnection', { params: { id } });
  const params = { connector, connectionId: id };
  return finish(tools, await tools.client.call('triggerSync', { params }));
}

async function release({ client, terminal, json }: Tools, id: string, deals: string[]): Promise<ExitStatus> {
  const { released } = await client.call('releaseDeals', { params: { id }, body: { deals } });
  if (json) writeLine(terminal, JSON.stringify({ released }));
  else if (released.length === 0) writeLine(terminal, 'None of these deals is waiting to be released.');
  else writeLine(terminal, `Released: ${released.join(', ')}. The next sync makes their documents.`);
  return exitStatus.done;
}

async function plan(tools: Tools, id: string): Promise<ExitStatus> {
  const { client, terminal, json } = tools;
  const run = await follow(tools, await client.call('startPreview', { params: { id } }));
  if (run.status === 'failed' || run.status === 'canceled') {
    if (json) writeLine(terminal, JSON.stringify(run));
    else terminal.write(runSummary(run));
    return statusOfRun(run);
  }
  await writeRecords(tools, run.runId, { type: 'deal' });
  if (!json) terminal.write(`\n${runSummary(run)}`);
  return exitStatus.done;
}

const runColumns: readonly Column<RunWire>[] = [
  { title: 'Run', value: ({ runId }) => runId },
  { title: 'Kind', value: ({ kind }) => kind },
  { title: 'Status', value: ({ status }) => status },
  { title: 'Created at', value: ({ createdAt }) => createdAt },
  { title: 'By', value: ({ requestedBy }) => requestedBy, shrinks: true },
  { title: 'Created', value: ({ counts }) => counts.created, align: 'right' },
  { title: 'Updated', value: ({ counts }) => counts.updated, align: 'right' },
  { title: 'Skipped', value: ({ counts }) => counts.skipped, align: 'right' },
  { title: 'Held', value: ({ counts }) => counts.held, align: 'right' },
  { title: 'Failed', value: ({ counts }) => counts.failed, align: 'right' },
];

async function listRuns({ client, terminal, json }: Tools, connectionId?: string): Promise<ExitStatus> {
  const rows = readPages((page) => client.call('listRuns', { query: { ...page, connectionId } }));
  await writeRows(terminal, rows, { json, columns: runColumns, empty: 'There are no runs.' });
  return exitStatus.done;
}

const recordColumns: readonly Column<RunRecordWire>[] = [
  { title: 'Id', value: ({ sourceId }) => sourceId },
  { title: 'Title', value: ({ title }) => title, shrinks: true },
  { title: 'Decision', value: ({ decision, outcome }) => outcome ?? decision },
  { title: 'Code', value: ({ code }) => code },
  {
    title: 'Amount',
    value: ({ amount, currency }) => (amount === null ? '' : `${groupThousands(amount)} ${currency ?? ''}`),
    align: 'right',
  },
  { title: 'Why', value: ({ reason }) => reason, shrinks: true },
];

async function listRecords(tools: Tools, runId: string, options: RecordsOptions): Promise<ExitStatus> {
  await writeRecords(tools, runId, options);
  return exitStatus.done;
}

async function writeRecords(
  { client, terminal, json }: Tools,
  id: string,
  options: RecordsOptions,
): Promise<void> {
  const filter = {
    // The server refuses what is no decision or outcome, and names what there is.
    decision: options.decision as RunRecordWire['decision'] | undefined,
    outcome: (options.outcome ?? undefined) as Exclude<RunRecordWire['outcome'], null> | undefined,
    code: options.code,
    sourceType: options.type,
  };
  const rows = readPages((page) =>
    client.call('listRunRecords', { params: { id }, query: { ...page, ...filter } }),
  );
  await writeRows(terminal, rows, { json, columns: recordColumns, empty: 'There are no records.' });
}

async function why({ client, terminal, json }: Tools, id: string, deal: string): Promise<ExitStatus> {
  const answer = await client.call('getWhy', { params: { id, deal } });
  if (json) {
    writeLine(terminal, JSON.stringify(answer));
    return exitStatus.done;
  }
  writeLine(terminal, plainText(`Deal ${answer.sourceId}${answer.title === null ? '' : ` ${answer.title}`}`));
  if (answer.url !== null) writeLine(terminal, plainText(answer.url));
  if (answer.now) {
    const { now } = answer;
    writeLine(
      terminal,
      plainText(`Now: ${now.decision}${now.code === null ? '' : ` (${now.code})`}: ${now.reason}`),
    );
    if (now.mend !== null) writeLine(terminal, plainText(`     ${now.mend}`).trimEnd());
  } else {
    writeLine(terminal, 'It was never read.');
  }
  for (const record of answer.history) {
    const decided = record.outcome ?? record.decision;
    const code = record.code === null ? '' : ` (${record.code})`;
    writeLine(terminal, plainText(`${record.at} ${decided}${code}: ${record.reason}`));
  }
  for (const documentId of answer.documentIds) writeLine(terminal, `Document ${documentId}`);
  return exitStatus.done;
}
