import type { ConnectionWire } from '../contract/sync-wire.ts';
import {
  type ConnectionView,
  connectionStatus,
  connectionWarnings,
  type MissingAccountRole,
  missingSettings,
} from './connection.ts';

/** A connection as the API shows it. Credentials are not in a `ConnectionView`, so they cannot get here. */
export function toWire(view: ConnectionView, missing: readonly MissingAccountRole[]): ConnectionWire {
  const { connection } = view;
  return {
    id: connection.id,
    connector: connection.connector,
    name: connection.name,
    mode: connection.mode,
    status: connectionStatus(connection.status, missing),
    account: {
      id: connection.account.id,
      name: connection.account.name,
      currency: connection.account.currency,
      timeZone: connection.account.timeZone,
    },
    entity: { id: connection.entityId, name: view.entityName },
    authKind: connection.authKind,
    scopes: [...connection.scopes],
    connectedBy: connection.connectedBy,
    connectedAt: connection.connectedAt,
    lastSuccessfulSyncAt: connection.lastSuccessfulSyncAt,
    lastError: connection.lastError,
    recordsSynced: view.recordsSynced,
    missingSettings: missingSettings(missing),
    warnings: connectionWarnings(view),
    configurationVersion: view.configurationVersion,
    currentRunId: view.currentRunId,
  };
}
