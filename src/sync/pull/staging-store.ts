import type { Instant } from '../../kernel/dates.ts';
import type { Json } from '../../kernel/json.ts';
import type {
  DealAssociations,
  GoneRecord,
  SourceObjectType,
  SourceRecord,
} from '../../model/source-record.ts';
import type { Transaction } from '../../platform/database/database.ts';
import {
  fromRow,
  hashOf,
  type RelatedRecord,
  type RelatedRow,
  relatedFromRow,
  relatedOf,
  type SourceRow,
  type StoredRecord,
  storable,
} from './source-row.ts';

export interface StagingScope {
  readonly organizationId: string;
  readonly connectionId: string;
}

const columns =
  'object_type, source_id, version, archived, survivor_id, properties, facts, associations, url, hydrated, pending';

/**
 * Stores whole records; `hydrated` are the deals whose related records are stored, too. A deal becomes pending when its content
 * changed. Returns the related records that were stored before and have changed, as `type:id`: their deals are marked by `markDealsOf`.
 */
export async function stageRecords(
  tx: Transaction,
  scope: StagingScope,
  records: readonly SourceRecord[],
  hydrated: ReadonlySet<string>,
): Promise<string[]> {
  const kept = [...new Map(records.map((record) => [`${record.type}:${record.id}`, record])).values()];
  const changed: string[] = [];
  for (let start = 0; start < kept.length; start += rowsPerStatement) {
    const rows = kept.slice(start, start + rowsPerStatement).map(storable);
    changed.push(...(await stageRows(tx, scope, rows, hydrated)));
  }
  return changed;
}

/** Rows of one statement: beyond some thousand the parameters alone are tens of megabytes that are copied into the embedded store. */
const rowsPerStatement = 500;

async function stageRows(
  tx: Transaction,
  scope: StagingScope,
  rows: readonly SourceRecord[],
  hydrated: ReadonlySet<string>,
): Promise<string[]> {
  const changed = await tx.query<{ object_type: string; source_id: string }>(
    `WITH written AS (INSERT INTO source_records AS stored
       (organization_id, connection_id, object_type, source_id, version, archived, properties, facts, associations, related, url, content_hash, hydrated, pending)
     SELECT $1::uuid, $2::uuid, type, id, version, archived, properties, facts, associations, related::text[], url, hash, hydrated, type = 'deal'
     FROM unnest($3::text[], $4::text[], $5::timestamptz[], $6::boolean[], $7::jsonb[], $8::jsonb[], $9::jsonb[], $10::text[], $11::text[], $12::text[], $13::boolean[])
       AS incoming (type, id, version, archived, properties, facts, associations, related, url, hash, hydrated)
     ON CONFLICT (connection_id, object_type, source_id) DO UPDATE SET
       version = excluded.version, archived = excluded.archived, survivor_id = NULL, properties = excluded.properties, facts = excluded.facts,
       associations = excluded.associations, related = excluded.related, url = excluded.url, content_hash = excluded.content_hash,
       hydrated = excluded.hydrated OR (stored.hydrated AND stored.content_hash = excluded.content_hash),
       pending = excluded.object_type = 'deal' AND (stored.pending OR stored.content_hash <> excluded.content_hash)
     WHERE stored.version <= excluded.version
       AND (stored.content_hash <> excluded.content_hash OR stored.version <> excluded.version OR NOT stored.hydrated OR stored.survivor_id IS NOT NULL)
     RETURNING object_type, source_id, xmax = 0 AS is_new)
     SELECT object_type, source_id FROM written WHERE object_type <> 'deal' AND NOT is_new`,
    [
      scope.organizationId,
      scope.connectionId,
      rows.map((row) => row.type),
      rows.map((row) => row.id),
      rows.map((row) => row.updatedAt),
      rows.map((row) => row.archived),
      rows.map((row) => JSON.stringify(row.properties)),
      rows.map((row) => JSON.stringify(row.facts)),
      rows.map((row) => (row.associations ? JSON.stringify(row.associations) : null)),
      rows.map(
        (row) =>
          `{${relatedOf(row)
            .map((key) => JSON.stringify(key))
            .join(',')}}`,
      ),
      rows.map((row) => row.url),
      rows.map(hashOf),
      rows.map((row) => row.type !== 'deal' || hydrated.has(row.id)),
    ],
  );
  return changed.map((row) => `${row.object_type}:${row.source_id}`);
}

/**
 * Stores deals known from a search answer only. A deal that is stored with a newer version is left alone; another one has to
 * be read whole (again) before it can make a document.
 */
export async function stageSummaries(
  tx: Transaction,
  scope: StagingScope,
  deals: readonly SourceRecord[],
): Promise<void> {
  if (deals.length === 0) return;
  const rows = [...new Map(deals.map((deal) => [deal.id, storable(deal)])).values()];
  await tx.execute(
    `INSERT INTO source_records AS stored
       (organization_id, connection_id, object_type, source_id, version, archived, properties, facts, url, content_hash, hydrated, pending)
     SELECT $1, $2, 'deal', id, version, archived, properties, facts, url, '', false, true
     FROM unnest($3::text[], $4::timestamptz[], $5::boolean[], $6::jsonb[], $7::jsonb[], $8::text[]) AS incoming (id, version, archived, properties, facts, url)
     ON CONFLICT (connection_id, object_type, source_id) DO UPDATE SET
       version = excluded.version, archived = excluded.archived, survivor_id = NULL, properties = stored.properties || excluded.properties,
       facts = stored.facts || excluded.facts, url = coalesce(excluded.url, stored.url),
       associations = NULL, hydrated = false, pending = true
     WHERE stored.version <= excluded.version`,
    [
      scope.organizationId,
      scope.connectionId,
      rows.map((row) => row.id),
      rows.map((row) => row.updatedAt),
      rows.map((row) => row.archived),
      rows.map((row) => JSON.stringify(row.properties)),
      rows.map((row) => JSON.stringify(row.facts)),
      rows.map((row) => row.url),
    ],
  );
}

/** Marks the deals that point at one of these records (`type:id`) as pending. A line's product is reached through the line. */
export async function markDealsOf(
  tx: Transaction,
  scope: StagingScope,
  related: readonly string[],
): Promise<void> {
  if (related.length === 0) return;
  const lines = await linesOfProducts(tx, scope, related);
  await tx.execute(
    `UPDATE source_records AS deal SET pending = true
     FROM (
       SELECT DISTINCT holder.source_id
       FROM source_records AS holder, unnest(holder.related) AS pointed
       JOIN unnest($2::text[]) AS changed ON changed = pointed
       WHERE holder.connection_id = $1 AND holder.object_type = 'deal' AND NOT holder.pending
     ) AS affected
     WHERE deal.connection_id = $1 AND deal.object_type = 'deal' AND deal.source_id = affected.source_id`,
    [scope.connectionId, [...related, ...lines]],
  );
}

/** The stored line items that are made from the products among these records (`type:id`), as such keys. */
export async function linesOfProducts(
  tx: Transaction,
  scope: StagingScope,
  related: readonly string[],
): Promise<string[]> {
  const products = related
    .filter((key) => key.startsWith('product:'))
    .map((key) => key.slice('product:'.length));
  if (products.length === 0) return [];
  const rows = await tx.query<{ source_id: string }>(
    `SELECT source_id FROM source_records WHERE connection_id = $1 AND object_type = 'line_item' AND facts ->> 'productId' = ANY ($2::text[])`,
    [scope.connectionId, products],
  );
  return rows.map((row) => `line_item:${row.source_id}`);
}

/** Keeps what the CRM no longer has as archived. Returns the records that were not so already, as `type:id`. */
export async function stageGone(
  tx: Transaction,
  scope: StagingScope,
  gone: readonly GoneRecord[],
): Promise<string[]> {
  if (gone.length === 0) return [];
  const rows = await tx.query<{ object_type: string; source_id: string }>(
    `UPDATE source_records AS stored
     SET archived = true, survivor_id = gone.survivor_id, pending = stored.object_type = 'deal'
     FROM unnest($2::text[], $3::text[], $4::text[]) AS gone (type, id, survivor_id)
     WHERE stored.connection_id = $1 AND stored.object_type = gone.type AND stored.source_id = gone.id
       AND (NOT stored.archived OR stored.survivor_id IS DISTINCT FROM gone.survivor_id)
     RETURNING stored.object_type, stored.source_id`,
    [
      scope.connectionId,
      gone.map(({ type }) => type),
      gone.map(({ id }) => id),
      gone.map(({ survivorId }) => survivorId),
    ],
  );
  return rows.filter((row) => row.object_type !== 'deal').map((row) => `${row.object_type}:${row.source_id}`);
}

/** Deals whose related records are all stored now. */
export async function markHydrated(
  tx: Transaction,
  scope: StagingScope,
  dealIds: readonly string[],
): Promise<void> {
  if (dealIds.length === 0) return;
  await tx.execute(
    `UPDATE source_records SET hydrated = true WHERE connection_id = $1 AND object_type = 'deal' AND source_id = ANY ($2::text[]) AND associations IS NOT NULL AND NOT hydrated`,
    [scope.connectionId, dealIds],
  );
}

/** Everything has to be planned again: the configuration changed. */
export async function markAllPending(tx: Transaction, scope: StagingScope): Promise<void> {
  await tx.execute(
    `UPDATE source_records SET pending = true WHERE connection_id = $1 AND object_type = 'deal' AND NOT pending`,
    [scope.connectionId],
  );
}

/** Everything has to be read again, because properties are wanted that no earlier read asked for. */
export async function forgetVersions(tx: Transaction, scope: StagingScope): Promise<void> {
  await tx.execute(
    `UPDATE source_records SET version = 'epoch', hydrated = false, pending = object_type = 'deal' WHERE connection_id = $1`,
    [scope.connectionId],
  );
}

export interface KnownRow {
  readonly source_id: string;
  readonly version: string;
  readonly archived: boolean;
}

export async function findKnown(
  tx: Transaction,
  scope: StagingScope,
  type: SourceObjectType,
  ids: readonly string[],
): Promise<KnownRow[]> {
  return tx.query<KnownRow>(
    `SELECT source_id, version, archived FROM source_records
     WHERE connection_id = $1 AND object_type = $2 AND source_id = ANY ($3::text[]) AND version > 'epoch'`,
    [scope.connectionId, type, ids],
  );
}

export async function countKnown(
  tx: Transaction,
  scope: StagingScope,
  type: SourceObjectType,
  from: Instant,
  to: Instant,
): Promise<number> {
  const [row] = await tx.query<{ count: string }>(
    `SELECT count(*) AS count FROM source_records
     WHERE connection_id = $1 AND object_type = $2 AND version >= $3::timestamptz AND version < $4::timestamptz AND NOT archived`,
    [scope.connectionId, type, from, to],
  );
  return Number(row?.count ?? 0);
}

/** The greatest version of the type, archived records left out; null: none is stored. */
export async function findNewestVersion(
  tx: Transaction,
  scope: StagingScope,
  type: SourceObjectType,
): Promise<Instant | null> {
  const [row] = await tx.query<{ version: Instant | null }>(
    `SELECT max(version) AS version FROM source_records
     WHERE connection_id = $1 AND object_type = $2 AND version > 'epoch' AND NOT archived`,
    [scope.connectionId, type],
  );
  return row?.version ?? null;
}

/** Deals that were read whole and are not archived, by id, from after the given one on. */
export async function findWholeDeals(
  tx: Transaction,
  scope: StagingScope,
  after: string | null,
  limit: number,
): Promise<{ id: string; associations: DealAssociations }[]> {
  return tx.query<{ id: string; associations: DealAssociations }>(
    `SELECT source_id AS id, associations FROM source_records
     WHERE connection_id = $1 AND object_type = 'deal' AND source_id > $2 AND hydrated AND NOT archived AND associations IS NOT NULL
     ORDER BY source_id LIMIT $3`,
    [scope.connectionId, after ?? '', limit],
  );
}

/** Archived records that the CRM may still restore: not merged into another one. */
export async function findArchivedIds(
  tx: Transaction,
  scope: StagingScope,
  type: SourceObjectType,
): Promise<string[]> {
  const rows = await tx.query<{ source_id: string }>(
    'SELECT source_id FROM source_records WHERE connection_id = $1 AND object_type = $2 AND archived AND survivor_id IS NULL',
    [scope.connectionId, type],
  );
  return rows.map((row) => row.source_id);
}

/** Pending deals by id, after the given one. */
export async function pendingDeals(
  tx: Transaction,
  scope: StagingScope,
  after: string,
  limit: number,
): Promise<StoredRecord[]> {
  const rows = await tx.query<SourceRow>(
    `SELECT ${columns} FROM source_records
     WHERE connection_id = $1 AND object_type = 'deal' AND pending AND source_id > $2 ORDER BY source_id LIMIT $3`,
    [scope.connectionId, after, limit],
  );
  return rows.map(fromRow);
}

export async function countPending(tx: Transaction, scope: StagingScope): Promise<number> {
  const [row] = await tx.query<{ count: string }>(
    `SELECT count(*) AS count FROM source_records WHERE connection_id = $1 AND object_type = 'deal' AND pending`,
    [scope.connectionId],
  );
  return Number(row?.count ?? 0);
}

/** Companies by id, after the given one. */
export async function companiesAfter(
  tx: Transaction,
  scope: StagingScope,
  after: string,
  limit: number,
): Promise<StoredRecord[]> {
  const rows = await tx.query<SourceRow>(
    `SELECT ${columns} FROM source_records WHERE connection_id = $1 AND object_type = 'company' AND source_id > $2 ORDER BY source_id LIMIT $3`,
    [scope.connectionId, after, limit],
  );
  return rows.map(fromRow);
}

export async function findDeals(
  tx: Transaction,
  scope: StagingScope,
  ids: readonly string[],
): Promise<StoredRecord[]> {
  const rows = await tx.query<SourceRow>(
    `SELECT ${columns} FROM source_records WHERE connection_id = $1 AND object_type = 'deal' AND source_id = ANY ($2::text[]) ORDER BY source_id`,
    [scope.connectionId, ids],
  );
  return rows.map(fromRow);
}

/**
 * What deals point at, by `type:id`; archived records are among them. One statement a type: each is a walk down the primary key. Of
 * each deal this reads some six rows, so it reads the columns alone that a plan looks at: all eleven took a third longer.
 */
export async function findRelated(
  tx: Transaction,
  scope: StagingScope,
  keys: readonly string[],
): Promise<Map<string, RelatedRecord>> {
  const idsByType = new Map<SourceObjectType, string[]>();
  for (const key of keys) {
    const at = key.indexOf(':');
    const type = key.slice(0, at) as SourceObjectType;
    const ids = idsByType.get(type) ?? [];
    ids.push(key.slice(at + 1));
    idsByType.set(type, ids);
  }
  const found = new Map<string, RelatedRecord>();
  for (const [type, ids] of idsByType) {
    const rows = await tx.query<RelatedRow>(
      `SELECT source_id, version, archived, survivor_id, properties, facts FROM source_records
       WHERE connection_id = $1 AND object_type = $2 AND source_id = ANY ($3::text[])`,
      [scope.connectionId, type, ids],
    );
    for (const row of rows) found.set(`${type}:${row.source_id}`, relatedFromRow(type, row));
  }
  return found;
}

/** What earlier pulls asked for: property names by type, and types of which every record is wanted. */
export interface ReadScope {
  readonly properties: Readonly<Record<string, readonly string[]>>;
  readonly wholeTypes: readonly SourceObjectType[];
}

export interface PullState {
  readonly cursor: Json | null;
  readonly configurationVersion: number | null;
  readonly readScope: ReadScope | null;
}

export async function readPullState(tx: Transaction, scope: StagingScope): Promise<PullState> {
  const [row] = await tx.query<{
    cursor: Json | null;
    configuration_version: number | null;
    read_scope: ReadScope | null;
  }>('SELECT cursor, configuration_version, read_scope FROM pull_cursors WHERE connection_id = $1', [
    scope.connectionId,
  ]);
  return {
    cursor: row?.cursor ?? null,
    configurationVersion: row?.configuration_version ?? null,
    readScope: row?.read_scope ?? null,
  };
}

export async function writePullState(tx: Transaction, scope: StagingScope, state: PullState): Promise<void> {
  await tx.execute(
    `INSERT INTO pull_cursors (organization_id, connection_id, cursor, configuration_version, read_scope)
     VALUES ($1, $2, $3::jsonb, $4, $5::jsonb)
     ON CONFLICT (connection_id) DO UPDATE SET
       cursor = excluded.cursor, configuration_version = excluded.configuration_version, read_scope = excluded.read_scope, updated_at = now()`,
    [
      scope.organizationId,
      scope.connectionId,
      state.cursor === null ? null : JSON.stringify(state.cursor),
      state.configurationVersion,
      state.readScope === null ? null : JSON.stringify(state.readScope),
    ],
  );
}
