import { createConnectionSessions } from '../src/connections/connection-sessions.ts';
import type { ConnectionsDependencies } from '../src/connections/connections-dependencies.ts';
import { createConnectionsForSync } from '../src/connections/connections-for-sync.ts';
import { createConnectionOperations } from '../src/connections/operations.ts';
import { connectors, findConnector } from '../src/connectors/registry.ts';
import type { Caller } from '../src/contract/handler.ts';
import { scopes } from '../src/contract/organization-wire.ts';
import { newId } from '../src/kernel/ids.ts';
import { missingAccountRoles } from '../src/ledger/account-roles-store.ts';
import { createEntity } from '../src/ledger/entities.ts';
import { type Database, openDatabase } from '../src/platform/database/database.ts';
import { createLogger } from '../src/platform/log/logger.ts';
import { createSecretBox } from '../src/platform/secrets/secret-box.ts';
import { claimRun, findRun, requestRun, type Run } from '../src/sync/runs/runs-store.ts';
import { runSync } from '../src/sync/sync.ts';
import type { SandboxProcess } from './sandbox-process.ts';

/** The sync engine on a store of its own, connected to a sandbox: what `tributary serve` wires, without API and page. */
export interface Engine {
  readonly database: Database;
  readonly organizationId: string;
  readonly connectionId: string;
  readonly sync: () => Promise<Run>;
  readonly close: () => Promise<void>;
}

export async function openEngine(dataDir: string, sandbox: SandboxProcess): Promise<Engine> {
  const databaseUrl = process.env.BENCH_DATABASE_URL;
  const database = await openDatabase({ dataDir, ...(databaseUrl === undefined ? {} : { databaseUrl }) });
  const organizationId = newId();
  const caller: Caller = { organizationId, actor: 'system', scopes, userId: null };
  await database.withSystem((tx) =>
    tx.execute('INSERT INTO organizations (organization_id, name) VALUES ($1, $2)', [
      organizationId,
      `Bench ${organizationId}`,
    ]),
  );
  await database.withOrganization(organizationId, (tx) =>
    createEntity(
      tx,
      { name: 'Main', mode: 'live', baseCurrency: 'USD' },
      { organizationId, actor: 'system' },
    ),
  );
  const deps: ConnectionsDependencies = {
    database,
    secretBox: createSecretBox({ key: Buffer.alloc(32, 7).toString('base64') }),
    logger: createLogger({ level: 'warn', pretty: false }),
    clock: () => new Date(),
    connectors,
    environment: { HUBSPOT_API_URL: sandbox.url, HUBSPOT_APP_URL: sandbox.url },
    publicUrl: 'http://127.0.0.1:4000',
    missingAccountRoles,
    createEntity,
    listAuditEntries: async () => ({ data: [], next: null, total: 0 }),
  };
  const sessions = createConnectionSessions(deps);
  const operations = createConnectionOperations(deps, sessions);
  const body = { token: sandbox.token, mode: 'live' as const };
  const { id: connectionId } = await operations.connectWithToken(caller, {
    params: { connector: 'hubspot' },
    query: undefined,
    body,
  });
  const connections = createConnectionsForSync(deps, sessions);
  const sync = async (): Promise<Run> => {
    const queued = await database.withOrganization(organizationId, (tx) =>
      requestRun(tx, organizationId, {
        id: newId(),
        connectionId,
        kind: 'sync',
        trigger: 'manual',
        requestedBy: 'bench',
        scope: null,
      }),
    );
    const run = await claimRun(database, 'bench', false);
    if (!run) throw new Error('The run was not claimed');
    await runSync(
      { database, connections, findConnector, logger: deps.logger, now: () => new Date() },
      run,
      'bench',
      new AbortController().signal,
    );
    const ended = await database.withOrganization(organizationId, (tx) => findRun(tx, queued.id));
    if (ended?.status !== 'succeeded')
      throw new Error(`The run ended as ${ended?.status}: ${JSON.stringify(ended?.error ?? ended?.counts)}`);
    return ended;
  };
  return { database, organizationId, connectionId, sync, close: () => database.close() };
}
