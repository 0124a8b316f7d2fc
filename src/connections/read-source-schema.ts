import type { CrmSource, Session } from '../connectors/connector.ts';
import type { Instant } from '../kernel/dates.ts';
import { isTributaryError } from '../kernel/errors.ts';
import { type SourceProperty, type SourceSchema, sourceObjectTypes } from '../model/source-record.ts';
import type { ConnectionScope } from './connection.ts';
import { type ConnectionSessions, markConnectionError } from './connection-sessions.ts';
import type { ConnectionsDependencies } from './connections-dependencies.ts';
import { type StoredSourceSchema, storeSourceSchema } from './source-schema-store.ts';

/** Pipelines and the properties of every record type, read now: some seven calls. */
export async function readSourceSchema(crm: CrmSource, session: Session): Promise<SourceSchema> {
  const pipelines = await crm.pipelines(session);
  const properties: [string, readonly SourceProperty[]][] = [];
  for (const type of sourceObjectTypes) properties.push([type, await crm.properties(session, type)]);
  return { pipelines, properties: Object.fromEntries(properties) };
}

/** Reads the schema and keeps it. Errors: not_found, not_connected, the vendor's. */
export async function refreshSourceSchema(
  deps: ConnectionsDependencies,
  sessions: ConnectionSessions,
  scope: ConnectionScope,
  crm: CrmSource,
  signal: AbortSignal,
): Promise<StoredSourceSchema> {
  try {
    const schema = await readSourceSchema(crm, await sessions.open(scope, { signal }));
    const stored: StoredSourceSchema = { schema, readAt: deps.clock().toISOString() as Instant };
    await deps.database.withOrganization(scope.organizationId, (tx) =>
      storeSourceSchema(tx, scope.connectionId, stored),
    );
    return stored;
  } catch (error) {
    if (isTributaryError(error, 'vendor_auth')) await markConnectionError(deps, scope, error);
    throw error;
  }
}
