import type { Credentials } from '../connectors/connector.ts';
import { TributaryError } from '../kernel/errors.ts';
import { appendAuditEntries } from '../platform/audit/audit-store.ts';
import { askVendor } from './authorize.ts';
import type { Connection, ConnectionScope } from './connection.ts';
import type { ConnectionsDependencies } from './connections-dependencies.ts';
import { clearCredentials, findConnection } from './connections-store.ts';
import { openCredentials } from './credentials.ts';
import { findSealedCredentials } from './credentials-store.ts';
import { endpointOf, requireConnector } from './endpoints.ts';

/**
 * Deletes the tokens here, then revokes them at the vendor where it can: what the vendor does or does not answer changes nothing
 * about the first. Documents, links, mappings and history stay. Disconnecting twice does nothing. Errors: not_found.
 */
export async function disconnect(
  deps: ConnectionsDependencies,
  scope: ConnectionScope,
  actor: string,
): Promise<void> {
  const { connection, sealed } = await deps.database.withOrganization(scope.organizationId, async (tx) => {
    const found = await findConnection(tx, scope.connectionId);
    if (!found) throw new TributaryError('not_found', 'There is no such connection.');
    if (found.status === 'not_connected') return { connection: found, sealed: null };
    const credentials = await findSealedCredentials(tx, scope.connectionId);
    await clearCredentials(tx, scope.connectionId);
    await deps.stopRuns?.(tx, scope.connectionId);
    await appendAuditEntries(tx, { ...scope, actor }, [
      {
        action: 'connection.disconnected',
        subjectType: 'connection',
        subjectId: scope.connectionId,
        before: { status: found.status },
        after: { status: 'not_connected' },
      },
    ]);
    return { connection: found, sealed: credentials };
  });
  if (sealed !== null) await revokeQuietly(deps, scope, connection, sealed);
}

async function revokeQuietly(
  deps: ConnectionsDependencies,
  scope: ConnectionScope,
  connection: Connection,
  sealed: string,
): Promise<void> {
  try {
    const credentials: Credentials = openCredentials(deps.secretBox, connection.id, sealed);
    const connector = requireConnector(deps, connection.connector);
    const { revoke } = connector.auth;
    if (!revoke) return;
    const endpoint = endpointOf(deps, connector, connection);
    await askVendor(connector, (signal) => revoke(endpoint, credentials, signal));
  } catch (error) {
    const code = error instanceof TributaryError ? error.code : 'internal';
    deps.logger.warn({ ...scope, code }, 'tokens were deleted but not revoked at the vendor');
  }
}
