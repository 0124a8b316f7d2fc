import type { Session } from '../connectors/connector.ts';
import { toInstant } from '../kernel/dates.ts';
import { TributaryError } from '../kernel/errors.ts';
import type { RemoteAccount, SourceSchema } from '../model/source-record.ts';
import type { SyncScope } from '../model/sync-scope.ts';
import type { ConnectionScope, StoredStatus } from './connection.ts';
import { missingSettings } from './connection.ts';
import { type ConnectionSessions, markConnectionError, type SessionOptions } from './connection-sessions.ts';
import type { ConnectionsDependencies } from './connections-dependencies.ts';
import { findConnectionView, setAccount, setLastSuccessfulSync } from './connections-store.ts';
import { findSourceSchema, storeSourceSchema } from './source-schema-store.ts';

/** The connection that a run works on. */
export interface ConnectionForSync extends SyncScope {
  readonly name: string;
  readonly status: StoredStatus;
  readonly account: RemoteAccount;
  /** As read last; null: never. */
  readonly schema: SourceSchema | null;
  readonly entity: { readonly id: string; readonly name: string; readonly termsDays: number };
}

/** What a sync and the operations on it ask of the connections; handed in by the composition root. */
export interface ConnectionsForSync {
  /** Errors: not_found. */
  readonly load: (organizationId: string, connectionId: string) => Promise<ConnectionForSync>;
  /** Errors: not_found, not_connected, vendor_auth, secret_key_wrong. */
  readonly openSession: (
    organizationId: string,
    connectionId: string,
    options: SessionOptions,
  ) => Promise<Session>;
  /** Sentences that name what is missing (B18); empty: complete. Errors: not_found. */
  readonly missingSettings: (organizationId: string, connectionId: string) => Promise<readonly string[]>;
  readonly saveAccount: (
    organizationId: string,
    connectionId: string,
    account: RemoteAccount,
  ) => Promise<void>;
  readonly saveSchema: (organizationId: string, connectionId: string, schema: SourceSchema) => Promise<void>;
  readonly markSucceeded: (organizationId: string, connectionId: string) => Promise<void>;
  /** An authorization failure puts the connection in error; others are only remembered. */
  readonly markFailed: (organizationId: string, connectionId: string, error: TributaryError) => Promise<void>;
}

export function createConnectionsForSync(
  deps: ConnectionsDependencies,
  sessions: ConnectionSessions,
): ConnectionsForSync {
  const { database } = deps;
  return {
    load: (organizationId, connectionId) => load(deps, { organizationId, connectionId }),
    openSession: (organizationId, connectionId, options) =>
      sessions.open({ organizationId, connectionId }, options),
    missingSettings: (organizationId, connectionId) =>
      database.withOrganization(organizationId, async (tx) => {
        const view = await findConnectionView(tx, connectionId);
        if (!view) throw new TributaryError('not_found', 'There is no such connection.');
        const { entityId } = view.connection;
        return missingSettings(await deps.missingAccountRoles(tx, entityId, view.accountOverrides));
      }),
    saveAccount: (organizationId, connectionId, account) =>
      database.withOrganization(organizationId, (tx) => setAccount(tx, connectionId, account)),
    saveSchema: (organizationId, connectionId, schema) =>
      database.withOrganization(organizationId, (tx) =>
        storeSourceSchema(tx, connectionId, { schema, readAt: toInstant(deps.clock()) }),
      ),
    markSucceeded: (organizationId, connectionId) =>
      database.withOrganization(organizationId, (tx) =>
        setLastSuccessfulSync(tx, connectionId, toInstant(deps.clock())),
      ),
    markFailed: (organizationId, connectionId, error) =>
      markConnectionError(deps, { organizationId, connectionId }, error),
  };
}

async function load(
  deps: ConnectionsDependencies,
  { organizationId, connectionId }: ConnectionScope,
): Promise<ConnectionForSync> {
  return deps.database.withOrganization(organizationId, async (tx) => {
    const view = await findConnectionView(tx, connectionId);
    if (!view) throw new TributaryError('not_found', 'There is no such connection.');
    const stored = await findSourceSchema(tx, connectionId);
    const { connection } = view;
    return {
      organizationId,
      connectionId,
      entityId: connection.entityId,
      connector: connection.connector,
      accountId: connection.account.id,
      mode: connection.mode,
      name: connection.name,
      status: connection.status,
      account: connection.account,
      schema: stored?.schema ?? null,
      entity: { id: connection.entityId, name: view.entityName, termsDays: view.entityTermsDays },
    };
  });
}
