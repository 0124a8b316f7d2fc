import type { Command } from 'commander';
import type { ConnectionWire } from '../../contract/sync-wire.ts';
import { clientAction, type CommandContext, type Tools } from '../command-action.ts';
import { exitStatus, type ExitStatus } from '../exit-status.ts';
import { findEntityId } from '../find-entity.ts';
import type { Column } from '../format-table.ts';
import { plainText } from '../plain-text.ts';
import { readPages } from '../read-pages.ts';
import { UsageError } from '../report-failure.ts';
import { writeLine } from '../terminal.ts';
import { writeRows } from '../write-rows.ts';

interface ConnectOptions {
  readonly tokenStdin?: boolean;
  readonly name?: string;
  readonly entity?: string;
  readonly mode: string;
}

/** Connecting, and how connections are. */
export function addConnectionCommands(program: Command, context: CommandContext): void {
  program
    .command('connect')
    .summary('connect, or reconnect, an account by its token')
    .argument('<connector>', 'the outside system')
    .option('--token-stdin', 'read the token from standard input')
    .option('--name <name>', 'what the connection is called')
    .option('--entity <entity>', 'id or name of the entity whose books it fills')
    .option('--mode <mode>', 'live or test', 'live')
    .action(clientAction<[string, ConnectOptions]>(context, connect));
  program
    .command('connections')
    .summary('list the connections and how they are')
    .action(clientAction(context, (tools) => listConnections(tools)));
  program
    .command('status')
    .summary('how a connection is, or all of them')
    .argument('[connection]', 'id of the connection')
    .action(
      clientAction<[string | undefined, unknown]>(context, async (tools, id) => {
        if (id === undefined) return listConnections(tools);
        return showConnection(tools, await tools.client.call('getConnection', { params: { id } }));
      }),
    );
  const changes = [
    ['pause', 'pauseConnection', 'let a connection rest'],
    ['resume', 'resumeConnection', 'let a paused connection go on'],
    ['disconnect', 'disconnectConnection', 'delete the tokens; documents and history stay'],
  ] as const;
  for (const [name, operation, summary] of changes) {
    program
      .command(name)
      .summary(summary)
      .argument('<connection>', 'id of the connection')
      .action(
        clientAction<[string, unknown]>(context, async (tools, id) =>
          showConnection(tools, await tools.client.call(operation, { params: { id } })),
        ),
      );
  }
  program
    .command('test')
    .summary('ask the vendor whether the connection works')
    .argument('<connection>', 'id of the connection')
    .action(clientAction<[string, unknown]>(context, testConnection));
}

async function connect(tools: Tools, connector: string, options: ConnectOptions): Promise<ExitStatus> {
  const { mode } = options;
  if (mode !== 'live' && mode !== 'test') throw new UsageError(`--mode is live or test, not ${mode}.`);
  if (!options.tokenStdin) {
    throw new UsageError('Hand the token over on standard input: --token-stdin < token.txt');
  }
  const token = (await tools.terminal.readInput()).trim();
  if (token === '') throw new UsageError('Standard input holds no token.');
  const entityId = options.entity === undefined ? null : await findEntityId(tools.client, options.entity);
  const connection = await tools.client.call('connectWithToken', {
    params: { connector },
    body: {
      token,
      mode,
      ...(options.name === undefined ? {} : { name: options.name }),
      ...(entityId === null ? {} : { entityId }),
    },
  });
  return showConnection(tools, connection);
}

const columns: readonly Column<ConnectionWire>[] = [
  { title: 'Id', value: ({ id }) => id },
  { title: 'Connector', value: ({ connector }) => connector },
  { title: 'Name', value: ({ name }) => name, shrinks: true },
  { title: 'Mode', value: ({ mode }) => mode },
  { title: 'Status', value: ({ status }) => status },
  { title: 'Account', value: ({ account }) => account.id },
  { title: 'Records', value: ({ recordsSynced }) => recordsSynced, align: 'right' },
  { title: 'Last sync', value: ({ lastSuccessfulSyncAt }) => lastSuccessfulSyncAt ?? 'never' },
];

async function listConnections({ client, terminal, json }: Tools): Promise<ExitStatus> {
  const rows = readPages((page) => client.call('listConnections', { query: page }));
  const empty = 'Nothing is connected.';
  await writeRows(terminal, rows, { json, columns, empty });
  return exitStatus.done;
}

function showConnection({ terminal, json }: Tools, connection: ConnectionWire): ExitStatus {
  if (json) {
    writeLine(terminal, JSON.stringify(connection));
    return exitStatus.done;
  }
  const { account, entity, lastError } = connection;
  const lines: readonly (readonly [string, string])[] = [
    ['Id', connection.id],
    ['Name', connection.name],
    ['Status', connection.status],
    ['Mode', connection.mode],
    ['Account', `${account.name} (${account.id}), ${account.currency}, ${account.timeZone}`],
    ['Entity', entity.name],
    ['Connected', `${connection.connectedAt} by ${connection.connectedBy}`],
    ['Last sync', connection.lastSuccessfulSyncAt ?? 'never'],
    ['Records', String(connection.recordsSynced)],
    ...connection.missingSettings.map((sentence) => ['Missing', sentence] as const),
    ...connection.warnings.map(({ message, mend }) => ['Warning', `${message} ${mend}`] as const),
    ...(lastError
      ? [['Last error', `${lastError.message} ${lastError.mend} (${lastError.at})`] as const]
      : []),
  ];
  for (const [title, text] of lines) writeLine(terminal, `${title.padEnd(11)}${plainText(text)}`);
  return exitStatus.done;
}

async function testConnection({ client, terminal, json }: Tools, id: string): Promise<ExitStatus> {
  const tested = await client.call('testConnection', { params: { id } });
  if (json) writeLine(terminal, JSON.stringify(tested));
  else {
    for (const { name, ok, message } of tested.checks) {
      writeLine(terminal, `${ok ? 'ok    ' : 'FAILED'} ${plainText(name)}: ${plainText(message)}`);
    }
    if (!tested.ok && tested.statusPageUrl !== null) {
      writeLine(terminal, `The vendor’s status page: ${plainText(tested.statusPageUrl)}`);
    }
  }
  return tested.ok ? exitStatus.done : exitStatus.notAllowed;
}
