import type { RunRecordWire } from '../../contract/sync-wire.ts';
import type { Transaction } from '../../platform/database/database.ts';
import {
  filterSql,
  fromRow,
  parametersOf,
  type RecordRow,
  type RunRecordFilter,
} from './run-records-list-store.ts';

/**
 * What stood when a sync ended: of each deal that the run had no reason to look at, what the last run before it had decided. A deal
 * with a document is unchanged, one that was skipped is still skipped. Nothing is written for them, run after run; they are found here.
 * Run ids grow with time, so "before" is smaller.
 */
const standingSql = `WITH sync AS (
    SELECT id, connection_id FROM runs
    WHERE id = $1 AND kind = 'sync' AND status IN ('succeeded', 'succeeded_with_failures')
  ), latest AS (
    SELECT DISTINCT ON (r.source_id) r.*
    FROM sync
    JOIN runs AS earlier ON earlier.connection_id = sync.connection_id AND earlier.kind <> 'preview' AND earlier.id < sync.id
    JOIN run_records AS r ON r.run_id = earlier.id AND r.source_type = 'deal'
    WHERE NOT EXISTS (SELECT FROM run_records AS own WHERE own.run_id = sync.id AND own.source_type = 'deal' AND own.source_id = r.source_id)
    ORDER BY r.source_id, r.run_id DESC
  ), standing AS (
    SELECT latest.source_type, latest.source_id, latest.title, latest.currency, latest.amount_minor, latest.document_id, latest.at, latest.warnings,
      CASE WHEN latest.decision IN ('create', 'update') THEN 'unchanged' ELSE latest.decision END AS decision,
      CASE WHEN latest.outcome IN ('created', 'updated') THEN 'unchanged' ELSE latest.outcome END AS outcome,
      latest.code,
      CASE WHEN latest.decision IN ('create', 'update') THEN 'Nothing that is mapped has changed.' ELSE latest.reason END AS reason
    FROM latest
  )`;

/** A page of the deals that stood, by number; they come after what the run wrote itself. */
export async function listStandingRecords(
  tx: Transaction,
  filter: RunRecordFilter,
  offset: number,
  limit: number,
): Promise<RunRecordWire[]> {
  const rows = await tx.query<RecordRow>(
    `${standingSql}
     SELECT $1::uuid AS run_id, r.source_type, r.source_id, r.title, s.url, r.decision, r.outcome, r.code, r.reason, r.warnings,
       '[]'::jsonb AS changes, r.currency, r.amount_minor, r.document_id, NULL::jsonb AS document, r.at
     FROM standing AS r
     LEFT JOIN source_records AS s ON s.connection_id = (SELECT connection_id FROM sync) AND s.object_type = r.source_type AND s.source_id = r.source_id
     WHERE ${filterSql} ORDER BY length(r.source_id), r.source_id LIMIT $7 OFFSET $8`,
    [...parametersOf(filter), limit, offset],
  );
  return rows.map(fromRow);
}

export async function countStandingRecords(tx: Transaction, filter: RunRecordFilter): Promise<number> {
  const [row] = await tx.query<{ count: string }>(
    `${standingSql} SELECT count(*) AS count FROM standing AS r WHERE ${filterSql}`,
    parametersOf(filter),
  );
  return Number(row?.count ?? 0);
}
