import type { Connector } from '../../connectors/connector.ts';
import type { Caller, Handler } from '../../contract/handler.ts';
import { TributaryError } from '../../kernel/errors.ts';
import type { Configuration } from '../../model/configuration.ts';
import type { AuditContext } from '../../platform/audit/audit-store.ts';
import type { Database, Transaction } from '../../platform/database/database.ts';
import type { ConnectionForSync, ConnectionsForSync } from '../../connections/connections-for-sync.ts';

/** What the operations of the API need of the rest of the house. */
export interface OperationDependencies {
  readonly database: Database;
  readonly connections: ConnectionsForSync;
  readonly findConnector: (id: string) => Connector | null;
  readonly now: () => Date;
  /** Wakes the worker of this process; others find the run by themselves. */
  readonly wakeWorker: () => void;
  /** Sentences about account overrides that do not resolve; the ledger knows. */
  readonly accountProblems: (
    tx: Transaction,
    entityId: string,
    accounts: Configuration['accounts'],
  ) => Promise<readonly { readonly role: string; readonly problem: string | null }[]>;
  readonly listConnections: Handler<'listConnections'>;
}

export function auditContextOf(caller: Caller, connectionId: string | null = null): AuditContext {
  return { organizationId: caller.organizationId, actor: caller.actor, connectionId };
}

/** The connection and its connector. Errors: not_found, unknown_connector. */
export async function loadConnection(
  { connections, findConnector }: OperationDependencies,
  caller: Caller,
  connectionId: string,
): Promise<{ connection: ConnectionForSync; connector: Connector }> {
  const connection = await connections.load(caller.organizationId, connectionId);
  const connector = findConnector(connection.connector);
  if (!connector?.crm) throw new TributaryError('unknown_connector', connection.connector);
  return { connection, connector };
}

/** Rows are few or stand still: the cursor counts them. Errors: invalid_request. */
export function offsetOf(after: string | undefined): number {
  if (after === undefined) return 0;
  if (/^\d{1,9}$/.test(after)) return Number(after);
  throw new TributaryError('invalid_request', null, {
    fields: [{ field: 'after', message: 'not a cursor of this list' }],
  });
}
