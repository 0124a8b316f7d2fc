import { createConnectionsForSync } from '../../src/connections/connections-for-sync.ts';
import type { CallLimits } from '../../src/connectors/hubspot/client.ts';
import type { Caller } from '../../src/contract/handler.ts';
import type { RunRecordWire, RunWire } from '../../src/contract/sync-wire.ts';
import { missingAccountRoles } from '../../src/ledger/account-roles-store.ts';
import { listDocuments } from '../../src/ledger/documents-store.ts';
import { documentToWire, type DocumentWire } from '../../src/ledger/documents-wire.ts';
import type { Database } from '../../src/platform/database/database.ts';
import { createSyncOperations, type SyncOperations } from '../../src/sync/operations/operations.ts';
import { claimRun } from '../../src/sync/runs/runs-store.ts';
import { runSync, type SyncDependencies } from '../../src/sync/sync.ts';
import { type RunningSandbox, startHubSpotSandbox } from '../../sandbox/hubspot/server.ts';
import type { TruthRecord } from './expected-invoice.ts';
import { type ConnectionsBench, createAdmin, createConnectionsBench } from './connections.ts';

type SandboxOptions = NonNullable<Parameters<typeof startHubSpotSandbox>[0]>;

/** A sandbox portal, connected to an organization of its own, with the sync engine wired as main wires it. */
export interface SyncWorld {
  readonly sandbox: RunningSandbox;
  readonly bench: ConnectionsBench;
  readonly database: Database;
  readonly caller: Caller;
  readonly connectionId: string;
  readonly operations: SyncOperations;
  readonly dependencies: SyncDependencies;
  readonly sync: () => Promise<RunWire>;
  readonly preview: () => Promise<RunWire>;
  /** Carries out whatever is queued, and returns the run as it ended. */
  readonly work: (runId: string) => Promise<RunWire>;
  /** Every document of the connection, by deal id. */
  readonly documents: () => Promise<Map<string, DocumentWire>>;
  readonly close: () => Promise<void>;
}

export interface SyncWorldOptions extends SandboxOptions {
  /** A sandbox that runs already: its portal is connected to one organization more. Whoever started it closes it. */
  readonly running?: RunningSandbox;
  /** Limits of the connector's calls, where they differ from those that a test can sit out. */
  readonly limits?: Partial<CallLimits>;
}

export async function openSyncWorld(
  database: Database,
  { running, limits = {}, ...options }: SyncWorldOptions = {},
): Promise<SyncWorld> {
  const sandbox = running ?? (await startSandbox(options));
  const environment = { HUBSPOT_API_URL: sandbox.url, HUBSPOT_APP_URL: sandbox.url };
  const bench = createConnectionsBench({ database, environment, limits });
  const caller = await createAdmin(database);
  const token = sandbox.portals[0]?.token ?? '';
  const body = { token, mode: 'live' as const };
  const connection = await bench.operations.connectWithToken(caller, {
    params: { connector: 'hubspot' },
    query: undefined,
    body,
  });
  const dependencies: SyncDependencies = {
    database,
    connections: createConnectionsForSync(bench.deps, bench.sessions),
    findConnector: (id) => bench.deps.connectors.find(({ manifest }) => manifest.id === id) ?? null,
    logger: bench.deps.logger,
    now: () => new Date(),
  };
  const operations = createSyncOperations({
    ...dependencies,
    wakeWorker: () => undefined,
    accountProblems: missingAccountRoles,
    listConnections: bench.operations.listConnections,
  });
  const work = async (runId: string): Promise<RunWire> => {
    const run = await claimRun(database, 'test', true);
    if (run) await runSync(dependencies, run, 'test', new AbortController().signal);
    return (await operations.getRun(caller, {
      params: { id: runId },
      query: { wait: 0 },
      body: undefined,
    })) as RunWire;
  };
  return {
    sandbox,
    bench,
    database,
    caller,
    connectionId: connection.id,
    operations,
    dependencies,
    work,
    sync: async () => {
      const params = { connector: 'hubspot', connectionId: connection.id };
      return work(
        (await operations.triggerSync(caller, { params, query: undefined, body: undefined })).runId,
      );
    },
    preview: async () => {
      const run = await operations.startPreview(caller, {
        params: { id: connection.id },
        query: undefined,
        body: undefined,
      });
      return work(run.runId);
    },
    documents: () => readDocuments(database, caller.organizationId, connection.id),
    close: async () => {
      if (!running) await sandbox.close();
    },
  };
}

/** The sandbox of a world: forty deals, every change visible at once, no limits. The same options give the same portal. */
export function startSandbox(options: SandboxOptions = {}): Promise<RunningSandbox> {
  const behaviour = { unthrottled: true, lagMs: 0, ...options.behaviour };
  return startHubSpotSandbox({ deals: 40, ...options, behaviour });
}

async function readDocuments(
  database: Database,
  organizationId: string,
  connectionId: string,
): Promise<Map<string, DocumentWire>> {
  const found = new Map<string, DocumentWire>();
  await database.withOrganization(organizationId, async (tx) => {
    let after: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof listDocuments>> = await listDocuments(
        tx,
        { connectionId },
        { limit: 200, after },
      );
      for (const document of page.data)
        found.set(document.source?.id ?? document.id, documentToWire(document));
      after = page.next;
    } while (after !== null);
  });
  return found;
}

/** What tests ask of a world again and again. */
export interface Story {
  /** The sandbox's stored records, as a person would look them up in the CRM. */
  readonly truth: (type: string) => readonly TruthRecord[];
  /** What a run decided about each deal. */
  readonly records: (run: RunWire) => Promise<Map<string, RunRecordWire>>;
  /** Changes a record in the CRM. */
  readonly update: (type: string, id: string, properties: Record<string, string>) => { id: string };
  /** A won deal in dollars with one company, an amount and several lines. */
  readonly healthy: (place?: number) => TruthRecord;
}

export function storyOf(world: () => SyncWorld): Story {
  const truth = (type: string) => world().sandbox.control.records({ type }) as readonly TruthRecord[];
  return {
    truth,
    records: async (run) => {
      const query = { limit: 200, sourceType: 'deal' };
      const params = { id: run.runId };
      const page = await world().operations.listRunRecords(world().caller, {
        params,
        query,
        body: undefined,
      });
      return new Map((page.data as readonly RunRecordWire[]).map((record) => [record.sourceId, record]));
    },
    update: (type, id, properties) => world().sandbox.control.updateRecord({ type, id, properties }),
    healthy: (place = 0) => {
      const deals = truth('deals').filter(({ associations, properties }) => {
        const { companies = [], line_items = [] } = associations;
        const { dealstage, deal_currency_code, amount } = properties;
        const plain = dealstage === 'closedwon' && deal_currency_code === 'USD' && amount !== undefined;
        return plain && companies.length === 1 && line_items.length >= 2;
      });
      const deal = deals[place];
      if (!deal) throw new Error('The seed has no such deal');
      return deal;
    },
  };
}
