import { setTimeout as delay } from 'node:timers/promises';
import { followRun } from '../cli/follow-run.ts';
import { runSummary } from '../cli/run-text.ts';
import type { Terminal } from '../cli/terminal.ts';
import type { Caller, Operations } from '../contract/handler.ts';
import { scopes } from '../contract/organization-wire.ts';
import type { ConnectionWire, RunWire } from '../contract/sync-wire.ts';
import type { Demo } from './demo.ts';
import { demoConnector } from './demo.ts';

const connectionName = 'HubSpot sandbox';
const progressMs = 200;
/** Sold right after the first sync, so that there is something to preview: open deals that close, and a new one. */
const salesAfterFirstSync = 2;

/**
 * Connects the sandbox of the demo in test mode, unless it is connected or somebody disconnected it, and runs the first sync
 * with its progress and its summary on the terminal.
 */
export async function syncDemo(
  operations: Operations,
  organizationId: string,
  demo: Demo,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  const caller: Caller = { organizationId, actor: 'system:demo', scopes, userId: null };
  const known = await findConnection(operations, caller, demo);
  if (known && (known.lastSuccessfulSyncAt !== null || known.status !== 'connected')) return;
  if (!known) terminal.write('Connecting to the sandbox HubSpot in test mode …\n');
  const connection = known ?? (await connect(operations, caller, demo));
  const params = { connector: demoConnector, connectionId: connection.id };
  const started = await operations.triggerSync(caller, { params, query: undefined, body: undefined });
  terminal.write('The first sync begins.\n');
  const read = async (id: string): Promise<RunWire> => {
    await delay(progressMs, undefined, { signal });
    const input = { params: { id }, query: { wait: 0 }, body: undefined };
    return (await operations.getRun(caller, input)) as RunWire;
  };
  const run = await followRun(terminal, started as RunWire, read, false);
  terminal.write(`\n${runSummary(run)}\n`);
  if (run.status !== 'succeeded' && run.status !== 'succeeded_with_failures') return;
  await demo.sell(salesAfterFirstSync, false);
  await demo.sell(1, true);
  terminal.write(
    `${salesAfterFirstSync + 1} more deals were won since, and the sandbox goes on selling: preview them and sync again.\n`,
  );
}

async function findConnection(
  operations: Operations,
  caller: Caller,
  demo: Demo,
): Promise<ConnectionWire | null> {
  const input = { params: undefined, query: { limit: 200 }, body: undefined };
  const { data } = await operations.listConnections(caller, input);
  const found = data.find(
    ({ connector, mode, account }) =>
      connector === demoConnector && mode === 'test' && account.id === demo.accountId,
  );
  return (found as ConnectionWire | undefined) ?? null;
}

async function connect(operations: Operations, caller: Caller, demo: Demo): Promise<ConnectionWire> {
  const body = { token: demo.token, name: connectionName, mode: 'test' } as const;
  const input = { params: { connector: demoConnector }, query: undefined, body };
  return (await operations.connectWithToken(caller, input)) as ConnectionWire;
}
