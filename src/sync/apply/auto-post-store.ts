import type { Warning } from '../../model/warning.ts';
import type { Transaction } from '../../platform/database/database.ts';

export interface CreatedDraft {
  readonly id: string;
  readonly currency: string;
  readonly totalMinor: bigint;
  readonly customerId: string;
}

/**
 * Drafts that the run has made and nobody has touched since, locked in the order of their ids. Their first version is the one that the
 * sync made: whatever changed a draft meanwhile has left it in a later one.
 */
export async function lockCreatedDrafts(
  tx: Transaction,
  runId: string,
  after: string | null,
  limit: number,
): Promise<CreatedDraft[]> {
  const rows = await tx.query<{
    id: string;
    currency: string;
    total_minor: string;
    customer_id: string;
  }>(
    `SELECT d.id, d.currency, d.total_minor, d.customer_id
     FROM run_records r JOIN documents d ON d.id = r.document_id
     WHERE r.run_id = $1::uuid AND r.source_type = 'deal' AND r.outcome = 'created'
       AND d.status = 'draft' AND d.version = 1 AND ($2::uuid IS NULL OR d.id > $2::uuid)
     ORDER BY d.id LIMIT $3::integer
     FOR UPDATE OF d`,
    [runId, after, limit],
  );
  return rows.map(({ id, currency, total_minor: totalMinor, customer_id: customerId }) => ({
    id,
    currency,
    totalMinor: BigInt(totalMinor),
    customerId,
  }));
}

/** Why a draft of the run stayed one, beside what else the run says of its deal. */
export async function addRunWarning(
  tx: Transaction,
  runId: string,
  documentId: string,
  warning: Warning,
): Promise<void> {
  await tx.execute(
    `UPDATE run_records SET warnings = warnings || $3::jsonb
     WHERE run_id = $1::uuid AND document_id = $2::uuid AND source_type = 'deal' AND NOT warnings @> $3::jsonb`,
    [runId, documentId, JSON.stringify([warning])],
  );
}

/** More than this says nothing new: counting stops. */
const postedUnchangedMax = 1000;

/** How many drafts of the connection persons posted as the sync had made them; at most a thousand are counted. */
export async function countPostedUnchanged(tx: Transaction, connectionId: string): Promise<number> {
  const [row] = await tx.query<{ count: number }>(
    `SELECT count(*)::integer AS count FROM (
       SELECT FROM documents d
       WHERE d.connection_id = $1::uuid AND d.status NOT IN ('draft', 'reversed') AND d.edited_at IS NULL AND d.posted_by <> 'sync'
       LIMIT $2::integer
     ) AS posted`,
    [connectionId, postedUnchangedMax],
  );
  return row?.count ?? 0;
}
