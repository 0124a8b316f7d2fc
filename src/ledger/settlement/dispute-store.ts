import type { DocumentKind } from '../../model/document-draft.ts';
import type { Transaction } from '../../platform/database/database.ts';
import type { StoredDocumentStatus } from '../document-status.ts';

export interface DisputeLock {
  readonly number: string | null;
  readonly kind: DocumentKind;
  readonly status: StoredDocumentStatus;
  /** Null: not in dispute. */
  readonly reason: string | null;
}

export async function lockDispute(tx: Transaction, documentId: string): Promise<DisputeLock | null> {
  const [row] = await tx.query<DisputeLock>(
    `SELECT d.number, d.kind, d.status, d.dispute_reason AS reason FROM documents d WHERE d.id = $1::uuid FOR UPDATE`,
    [documentId],
  );
  return row ?? null;
}

/** Null clears it; the audit trail keeps what stood there. */
export async function writeDispute(
  tx: Transaction,
  documentId: string,
  reason: string | null,
  actor: string,
): Promise<void> {
  await tx.execute(
    `UPDATE documents d SET
       disputed_at = CASE WHEN $2::text IS NOT NULL THEN now() END, disputed_by = CASE WHEN $2::text IS NOT NULL THEN $3::text END,
       dispute_reason = $2::text, version = d.version + 1, updated_at = now(), updated_by = $3::text
     WHERE d.id = $1::uuid`,
    [documentId, reason, actor],
  );
}
