import type { Transaction } from '../../platform/database/database.ts';
import type { ContractPosition } from './position.ts';

/** Locks the contracts in the order of their ids: who nets or recognises one waits for who does already. */
export async function lockContracts(tx: Transaction, contractIds: readonly string[]): Promise<void> {
  await tx.query(
    'SELECT c.document_id FROM contracts c WHERE c.document_id = ANY ($1::uuid[]) ORDER BY c.document_id FOR UPDATE',
    [contractIds],
  );
}

/** What stands in the journal for these contracts: lines of their own entries and of their invoices', reversals included. */
export async function readContractPositions(
  tx: Transaction,
  contractIds: readonly string[],
): Promise<ContractPosition[]> {
  if (contractIds.length === 0) return [];
  const rows = await tx.query<{
    document_id: string;
    entity_id: string;
    currency: string;
    base_currency: string;
    exchange_rate: string;
    deferred_account_id: string;
    asset_account_id: string;
    deferred_minor: string;
    deferred_base_minor: string;
    asset_minor: string;
    asset_base_minor: string;
  }>(
    `SELECT c.document_id, c.entity_id, c.currency, e.base_currency, c.exchange_rate, c.deferred_account_id, c.asset_account_id,
       coalesce(sum(l.debit_minor - l.credit_minor) FILTER (WHERE l.account_id = c.deferred_account_id), 0) AS deferred_minor,
       coalesce(sum(l.base_debit_minor - l.base_credit_minor) FILTER (WHERE l.account_id = c.deferred_account_id), 0)
         AS deferred_base_minor,
       coalesce(sum(l.debit_minor - l.credit_minor) FILTER (WHERE l.account_id = c.asset_account_id), 0) AS asset_minor,
       coalesce(sum(l.base_debit_minor - l.base_credit_minor) FILTER (WHERE l.account_id = c.asset_account_id), 0)
         AS asset_base_minor
     FROM contracts c
     JOIN entities e ON e.id = c.entity_id
     LEFT JOIN LATERAL (
       SELECT c.document_id AS id UNION ALL SELECT d.id FROM documents d WHERE d.contract_id = c.document_id
     ) AS related ON true
     LEFT JOIN journal_entries j ON j.document_id = related.id
     LEFT JOIN journal_lines l ON l.entry_id = j.id AND l.account_id IN (c.deferred_account_id, c.asset_account_id)
     WHERE c.document_id = ANY ($1::uuid[])
     GROUP BY c.document_id, e.base_currency
     ORDER BY c.document_id`,
    [contractIds],
  );
  return rows.map((row) => ({
    contractId: row.document_id,
    entityId: row.entity_id,
    currency: row.currency,
    baseCurrency: row.base_currency,
    rate: row.exchange_rate,
    deferredAccountId: row.deferred_account_id,
    assetAccountId: row.asset_account_id,
    deferredMinor: BigInt(row.deferred_minor),
    deferredBaseMinor: BigInt(row.deferred_base_minor),
    assetMinor: BigInt(row.asset_minor),
    assetBaseMinor: BigInt(row.asset_base_minor),
  }));
}

/** The contracts that these documents bill. */
export async function findBilledContracts(
  tx: Transaction,
  documentIds: readonly string[],
): Promise<{ documentId: string; contractId: string }[]> {
  if (documentIds.length === 0) return [];
  const rows = await tx.query<{ id: string; contract_id: string }>(
    'SELECT d.id, d.contract_id FROM documents d WHERE d.id = ANY ($1::uuid[]) AND d.contract_id IS NOT NULL',
    [documentIds],
  );
  return rows.map((row) => ({ documentId: row.id, contractId: row.contract_id }));
}

/** Active contracts with nothing left to recognise and everything billed are completed; those with something left again are not. */
export async function refreshCompletion(
  tx: Transaction,
  contractIds: readonly string[],
  actor: string,
): Promise<void> {
  if (contractIds.length === 0) return;
  await tx.execute(
    `UPDATE documents d SET status = w.status, version = d.version + 1, updated_at = now(), updated_by = $2::text
     FROM (
       SELECT c.document_id, CASE WHEN
         EXISTS (
           SELECT FROM contract_obligations o JOIN contract_schedule s ON s.obligation_id = o.id
           WHERE o.contract_id = c.document_id AND s.amount_minor <> 0 AND NOT EXISTS (
             SELECT FROM recognition_lines r
             WHERE r.obligation_id = s.obligation_id AND r.schedule_position = s.position AND NOT r.undone)
         ) OR EXISTS (
           SELECT FROM contract_billings b LEFT JOIN documents i ON i.id = b.document_id
           WHERE b.contract_id = c.document_id AND b.amount_minor + b.tax_minor <> 0
             AND (i.id IS NULL OR i.status IN ('draft', 'reversed'))
         ) THEN 'active' ELSE 'completed' END AS status
       FROM contracts c WHERE c.document_id = ANY ($1::uuid[])
     ) AS w
     WHERE d.id = w.document_id AND d.status IN ('active', 'completed') AND d.status <> w.status`,
    [contractIds, actor],
  );
}
