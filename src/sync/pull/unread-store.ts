import type { UnreadRecord } from '../../connectors/connector.ts';
import type { GoneRecord, SourceRecord } from '../../model/source-record.ts';
import type { Transaction } from '../../platform/database/database.ts';
import { storableText } from './source-row.ts';
import { linesOfProducts, type StagingScope } from './staging-store.ts';

interface UnreadRow {
  readonly object_type: UnreadRecord['type'];
  readonly source_id: string;
  readonly code: UnreadRecord['code'];
  readonly detail: string;
}

function fromRow({ object_type, source_id, code, detail }: UnreadRow): UnreadRecord {
  return { type: object_type, id: source_id, code, detail };
}

/** All that the connection could not read when it was asked for last; what has waited longest first. */
export async function findUnread(tx: Transaction, scope: StagingScope): Promise<UnreadRecord[]> {
  const rows = await tx.query<UnreadRow>(
    `SELECT object_type, source_id, code, detail FROM unread_records
     WHERE connection_id = $1 ORDER BY last_failed_at, object_type, source_id`,
    [scope.connectionId],
  );
  return rows.map(fromRow);
}

/** Those of these records (`type:id`) that are unread, by the same keys. */
export async function findUnreadAmong(
  tx: Transaction,
  scope: StagingScope,
  keys: readonly string[],
): Promise<Map<string, UnreadRecord>> {
  if (keys.length === 0) return new Map();
  const rows = await tx.query<UnreadRow>(
    `SELECT object_type, source_id, code, detail FROM unread_records
     WHERE connection_id = $1 AND object_type || ':' || source_id = ANY ($2::text[])`,
    [scope.connectionId, keys],
  );
  return new Map(rows.map((row) => [`${row.object_type}:${row.source_id}`, fromRow(row)]));
}

/** What was read, or is gone, is unread no longer. A deal's summary is no read of it. */
export async function forgetUnread(
  tx: Transaction,
  scope: StagingScope,
  settled: readonly (SourceRecord | GoneRecord)[],
): Promise<void> {
  if (settled.length === 0) return;
  await tx.execute(
    `DELETE FROM unread_records AS unread USING unnest($2::text[], $3::text[]) AS settled (type, id)
     WHERE unread.connection_id = $1 AND unread.object_type = settled.type AND unread.source_id = settled.id`,
    [scope.connectionId, settled.map(({ type }) => type), settled.map(({ id }) => id)],
  );
}

/**
 * Keeps what could not be read as that: its stored version is forgotten, so that it is asked for again, and the deals that use it are
 * not whole any more. A stored line item is how its product is found, so that the lines of an unread product are asked for again, too.
 */
export async function keepUnread(
  tx: Transaction,
  scope: StagingScope,
  unread: readonly UnreadRecord[],
): Promise<void> {
  if (unread.length === 0) return;
  const kept = [...new Map(unread.map((record) => [`${record.type}:${record.id}`, record])).values()];
  const keys = kept.map(({ type, id }) => `${type}:${id}`);
  await tx.execute(
    `INSERT INTO unread_records AS unread (organization_id, connection_id, object_type, source_id, code, detail)
     SELECT $1, $2, type, id, code, detail FROM unnest($3::text[], $4::text[], $5::text[], $6::text[]) AS incoming (type, id, code, detail)
     ON CONFLICT (connection_id, object_type, source_id) DO UPDATE SET code = excluded.code, detail = excluded.detail, last_failed_at = now()`,
    [
      scope.organizationId,
      scope.connectionId,
      kept.map(({ type }) => type),
      kept.map(({ id }) => id),
      kept.map(({ code }) => code),
      kept.map(({ detail }) => storableText(detail)),
    ],
  );
  const used = [...keys, ...(await linesOfProducts(tx, scope, keys))];
  await forgetVersionsOf(tx, scope, used);
  await markNotWhole(tx, scope, used);
}

/** A deal's version stays: by it the recycle bin tells that the deal was archived meanwhile. */
async function forgetVersionsOf(
  tx: Transaction,
  scope: StagingScope,
  keys: readonly string[],
): Promise<void> {
  const related = keys.filter((key) => !key.startsWith('deal:'));
  await tx.execute(
    `UPDATE source_records AS stored SET version = 'epoch'
     FROM unnest($2::text[]) AS unread (key)
     WHERE stored.connection_id = $1 AND stored.object_type = split_part(unread.key, ':', 1) AND stored.source_id = substr(unread.key, strpos(unread.key, ':') + 1)
       AND stored.version > 'epoch'`,
    [scope.connectionId, related],
  );
}

/** The deals among these records, and those that point at one of them; an unread deal's associations have to be read again, too. */
async function markNotWhole(tx: Transaction, scope: StagingScope, keys: readonly string[]): Promise<void> {
  await tx.execute(
    `UPDATE source_records SET hydrated = false, pending = true,
       associations = CASE WHEN 'deal:' || source_id = ANY ($2::text[]) THEN NULL ELSE associations END
     WHERE connection_id = $1 AND object_type = 'deal'
       AND ((hydrated AND related && $2::text[]) OR ((hydrated OR associations IS NOT NULL) AND 'deal:' || source_id = ANY ($2::text[])))`,
    [scope.connectionId, keys],
  );
}
