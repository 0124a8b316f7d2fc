import { type RunningSandbox, startHubSpotSandbox } from '../../sandbox/hubspot/server.ts';
import type { Caller } from '../../src/contract/handler.ts';
import type { ConnectionWire } from '../../src/contract/sync-wire.ts';
import type { Database } from '../../src/platform/database/database.ts';
import {
  type BenchOptions,
  type ConnectionsBench,
  createAdmin,
  createConnectionsBench,
  newSecretKey,
} from './connections.ts';

export const connector = 'hubspot';
export const page = { limit: 50 } as const;
export const noQuery = { query: undefined, body: undefined } as const;
export const idOnly = (id: string) => ({ params: { id }, ...noQuery });

type Portal = RunningSandbox['portals'][number];

/** An organization, a sandbox with empty portals, and connections between the two. */
export interface ConnectionsStory {
  readonly database: Database;
  readonly sandbox: RunningSandbox;
  readonly portal: Portal;
  readonly bench: ConnectionsBench;
  readonly admin: Caller;
  readonly connect: (
    token?: string,
    more?: { name?: string; entityId?: string; mode?: 'live' | 'test' },
  ) => Promise<ConnectionWire>;
  readonly get: (id: string, caller?: Caller) => Promise<ConnectionWire>;
  /** The actions in the connection's activity log, newest first. */
  readonly activity: (id: string) => Promise<string[]>;
  /** Another process on the same store. */
  readonly otherProcess: (
    environment?: Readonly<Record<string, string>>,
    more?: Partial<BenchOptions>,
  ) => ConnectionsBench;
}

export async function startConnectionsStory(database: Database): Promise<ConnectionsStory> {
  const sandbox = await startHubSpotSandbox({
    profile: 'empty',
    behaviour: { unthrottled: true, lagMs: 0 },
  });
  const portal = sandbox.portals[0];
  if (!portal) throw new Error('The sandbox has no portal');
  const environment = {
    HUBSPOT_API_URL: sandbox.url,
    HUBSPOT_APP_URL: sandbox.url,
    HUBSPOT_CLIENT_ID: portal.clientId,
    HUBSPOT_CLIENT_SECRET: portal.clientSecret,
  };
  const secretKey = newSecretKey();
  const bench = createConnectionsBench({ database, secretKey, environment });
  const admin = await createAdmin(database);
  return {
    database,
    sandbox,
    portal,
    bench,
    admin,
    connect: async (token = portal.token, more = {}) =>
      (await bench.operations.connectWithToken(admin, {
        params: { connector },
        query: undefined,
        body: { token, mode: 'live', ...more },
      })) as ConnectionWire,
    get: async (id, caller = admin) =>
      (await bench.operations.getConnection(caller, idOnly(id))) as ConnectionWire,
    activity: async (id) => {
      const input = { params: { id }, query: page, body: undefined };
      return (await bench.operations.listActivity(admin, input)).data.map(({ action }) => action);
    },
    otherProcess: (changes = {}, more = {}) =>
      createConnectionsBench({
        database,
        secretKey,
        environment: { ...environment, ...changes },
        ...more,
      }),
  };
}
