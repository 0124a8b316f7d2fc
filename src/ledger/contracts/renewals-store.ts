import type { Transaction } from '../../platform/database/database.ts';

/** The contract, a draft too, that goes on from this one; null: none. */
export async function findRenewal(tx: Transaction, contractId: string): Promise<string | null> {
  const [row] = await tx.query<{ id: string }>(
    'SELECT d.id FROM documents d WHERE d.renews_document_id = $1::uuid',
    [contractId],
  );
  return row?.id ?? null;
}

/** The contract that this one goes on from; null: none. */
export async function findRenewed(tx: Transaction, contractId: string): Promise<string | null> {
  const [row] = await tx.query<{ renews_document_id: string | null }>(
    'SELECT d.renews_document_id FROM documents d WHERE d.id = $1::uuid',
    [contractId],
  );
  return row?.renews_document_id ?? null;
}

export async function linkRenewal(tx: Transaction, draftId: string, contractId: string): Promise<void> {
  await tx.execute('UPDATE documents d SET renews_document_id = $2::uuid WHERE d.id = $1::uuid', [
    draftId,
    contractId,
  ]);
}
