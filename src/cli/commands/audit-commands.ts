import { readFile, writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { exportedHeadWire } from '../../contract/audit-wire.ts';
import type { ResponseOf } from '../../contract/client.ts';
import { clientAction, type CommandContext, type Tools } from '../command-action.ts';
import { exitStatus, type ExitStatus } from '../exit-status.ts';
import { plainText } from '../plain-text.ts';
import { UsageError } from '../report-failure.ts';
import { writeLine } from '../terminal.ts';

type Verification = ResponseOf<'verifyAudit'>;

/** Whether the audit trail and the books are as they were written. */
export function addAuditCommands(program: Command, context: CommandContext): void {
  const audit = program.command('audit').summary('the audit trail and the chain of its seals');
  audit
    .command('head')
    .summary('the newest seal, to be kept outside of the store')
    .option('--out <file>', 'write it to this file')
    .action(clientAction<[{ out?: string }]>(context, showHead));
  audit
    .command('verify')
    .summary('whether the chain holds, and where not')
    .option('--head <file>', 'compare with the head in this file, or - for standard input')
    .action(clientAction<[{ head?: string }]>(context, verify));
}

async function showHead({ client, terminal, json }: Tools, { out }: { out?: string }): Promise<ExitStatus> {
  const head = await client.call('getAuditHead');
  const text = JSON.stringify(head);
  if (out === undefined) {
    writeLine(terminal, json ? text : JSON.stringify(head, null, 2));
    return exitStatus.done;
  }
  try {
    await writeFile(out, `${text}\n`);
  } catch (error) {
    throw new UsageError(`${out} cannot be written.`, { cause: error });
  }
  writeLine(
    terminal,
    json ? text : plainText(`${out}: seal ${head.sealNumber}, ${count(head.entries, 'entry', 'entries')}.`),
  );
  return exitStatus.done;
}

async function verify(tools: Tools, options: { head?: string }): Promise<ExitStatus> {
  const { client, terminal, json } = tools;
  const head = options.head === undefined ? null : await readHead(tools, options.head);
  const result = await client.call('verifyAudit', { body: { head } });
  if (json) writeLine(terminal, JSON.stringify(result));
  else for (const line of verificationText(result)) writeLine(terminal, plainText(line));
  return result.holds ? exitStatus.done : exitStatus.someFailed;
}

async function readHead({ terminal }: Tools, file: string) {
  let text: string;
  try {
    text = file === '-' ? await terminal.readInput() : await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${file} cannot be read.`, { cause: error });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${file} is not JSON.`, { cause: error });
  }
  const head = exportedHeadWire.safeParse(value);
  if (!head.success) throw new UsageError(`${file} is no head that \`tributary audit head --out\` wrote.`);
  return head.data;
}

const count = (number: number, one: string, many: string): string =>
  `${number.toLocaleString('en')} ${number === 1 ? one : many}`;

function verificationText(result: Verification): string[] {
  const { head, problems, problemCount, takenOver } = result;
  const read = [
    count(result.entries, 'entry', 'entries'),
    count(result.seals, 'seal', 'seals'),
    count(result.journalEntries, 'journal entry', 'journal entries'),
    count(result.documents, 'posted document', 'posted documents'),
  ].join(', ');
  const verdict = result.holds
    ? `The audit trail holds: ${read}.`
    : `The audit trail does not hold: ${count(problemCount, 'problem', 'problems')} in ${read}.`;
  const taken = takenOver.journalEntries + takenOver.documents;
  return [
    verdict,
    ...problems.map(
      ({ kind, subjectType, subjectId, message }) =>
        `  ${kind} ${subjectType.replaceAll('_', ' ')} ${subjectId}: ${message}`,
    ),
    ...(problemCount > problems.length ? [`  … and ${problemCount - problems.length} more`] : []),
    ...(taken > 0
      ? [
          `Taken over as found before the first seal: ${count(takenOver.journalEntries, 'journal entry', 'journal entries')}, ${count(takenOver.documents, 'posted document', 'posted documents')}.`,
        ]
      : []),
    `Head: seal ${head.sealNumber} ${head.hash ?? ''}`,
    ...(result.comparedHead === null
      ? ['Not compared with a head that was kept: only such a head shows a chain that was cut or made anew.']
      : []),
  ];
}
