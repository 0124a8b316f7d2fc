import type { GoneRecord, SourceRecord } from '../../model/source-record.ts';
import type { Transaction } from '../../platform/database/database.ts';
import type { StagingScope } from './staging-store.ts';

/**
 * Moves what the CRM merged: the link of a merged record goes to the survivor where that has none of its own, and the document that
 * it made names the survivor as its source from then on. Where both had a document, the merged deal keeps its link and is planned
 * as archived: its draft is taken back, or its posted invoice held for a person.
 */
export async function followMerges(
  tx: Transaction,
  scope: StagingScope & {
    readonly connector: string;
    readonly accountId: string;
    readonly mode: 'live' | 'test';
  },
  records: readonly SourceRecord[],
  gone: readonly GoneRecord[],
): Promise<void> {
  const moves = [
    ...records.flatMap((record) =>
      record.mergedIds.map((id) => ({ type: record.type, from: id, to: record.id })),
    ),
    ...gone.flatMap((record) =>
      record.survivorId === null ? [] : [{ type: record.type, from: record.id, to: record.survivorId }],
    ),
  ].filter(({ from, to }) => from !== to);
  if (moves.length === 0) return;
  await tx.execute(
    `UPDATE links SET source_id = move.survivor, updated_at = now()
     FROM (SELECT DISTINCT ON (type, survivor) type, merged, survivor FROM unnest($5::text[], $6::text[], $7::text[]) AS m (type, merged, survivor)
           WHERE EXISTS (SELECT FROM links AS old WHERE old.organization_id = $1 AND old.connector = $2 AND old.account_id = $3 AND old.mode = $4
                           AND old.source_object = m.type AND old.source_id = m.merged)
           ORDER BY type, survivor, merged) AS move
     WHERE links.organization_id = $1 AND links.connector = $2 AND links.account_id = $3 AND links.mode = $4
       AND links.source_object = move.type AND links.source_id = move.merged
       AND NOT EXISTS (
         SELECT FROM links AS own
         WHERE own.organization_id = $1 AND own.connector = $2 AND own.account_id = $3 AND own.mode = $4
           AND own.source_object = move.type AND own.source_id = move.survivor AND own.target = links.target)`,
    [
      scope.organizationId,
      scope.connector,
      scope.accountId,
      scope.mode,
      moves.map(({ type }) => type),
      moves.map(({ from }) => from),
      moves.map(({ to }) => to),
    ],
  );
  await tx.execute(
    `UPDATE documents SET source_id = links.source_id
     FROM links
     WHERE links.organization_id = $1 AND links.connector = $2 AND links.account_id = $3 AND links.mode = $4
       AND links.source_object = 'deal' AND links.target = 'document' AND links.source_id = ANY ($5::text[])
       AND documents.id = links.target_id AND documents.source_id <> links.source_id`,
    [
      scope.organizationId,
      scope.connector,
      scope.accountId,
      scope.mode,
      moves.filter(({ type }) => type === 'deal').map(({ to }) => to),
    ],
  );
  await tx.execute(
    `UPDATE source_records AS merged SET archived = true, survivor_id = move.survivor, pending = merged.object_type = 'deal'
     FROM unnest($2::text[], $3::text[], $4::text[]) AS move (type, merged, survivor)
     WHERE merged.connection_id = $1 AND merged.object_type = move.type AND merged.source_id = move.merged
       AND (NOT merged.archived OR merged.survivor_id IS DISTINCT FROM move.survivor)`,
    [
      scope.connectionId,
      moves.map(({ type }) => type),
      moves.map(({ from }) => from),
      moves.map(({ to }) => to),
    ],
  );
}
