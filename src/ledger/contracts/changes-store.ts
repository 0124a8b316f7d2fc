import type { CalendarDate, Instant } from '../../kernel/dates.ts';
import type { AuditContext } from '../../platform/audit/audit-store.ts';
import type { Transaction } from '../../platform/database/database.ts';
import type { ModificationMethod } from './modification.ts';

/** A change of a contract as it is remembered. */
export interface ContractChange {
  /** From 1, in the order in which they were made. */
  readonly number: number;
  readonly kind: 'modification' | 'termination';
  /** Null: a termination. */
  readonly method: ModificationMethod | null;
  /** The first day of a modification; the last day of service of a termination. */
  readonly effectiveOn: CalendarDate;
  readonly reason: string;
  readonly priceBeforeMinor: bigint;
  readonly priceAfterMinor: bigint;
  readonly createdAt: Instant;
  readonly createdBy: string;
}

/** Remembers a change under the next number. The contract is locked. */
export async function insertContractChange(
  tx: Transaction,
  context: AuditContext,
  contractId: string,
  change: Omit<ContractChange, 'number' | 'createdAt' | 'createdBy'>,
): Promise<void> {
  await tx.execute(
    `INSERT INTO contract_changes (organization_id, contract_id, number, kind, method, effective_on, reason, price_before_minor,
       price_after_minor, created_by)
     SELECT $1::uuid, $2::uuid, (SELECT coalesce(max(c.number), 0) + 1 FROM contract_changes c WHERE c.contract_id = $2::uuid),
       $3::text, $4::text, $5::date, $6::text, $7::bigint, $8::bigint, $9::text`,
    [
      context.organizationId,
      contractId,
      change.kind,
      change.method,
      change.effectiveOn,
      change.reason,
      change.priceBeforeMinor.toString(),
      change.priceAfterMinor.toString(),
      context.actor,
    ],
  );
}

export async function markTerminated(
  tx: Transaction,
  contractId: string,
  lastDay: CalendarDate,
  actor: string,
): Promise<void> {
  await tx.execute('UPDATE contracts c SET terminated_on = $2::date WHERE c.document_id = $1::uuid', [
    contractId,
    lastDay,
  ]);
  await tx.execute(
    `UPDATE documents d SET status = 'terminated', version = d.version + 1, updated_at = now(), updated_by = $2::text
     WHERE d.id = $1::uuid`,
    [contractId, actor],
  );
}

/** The changes of a contract, the first one first. */
export async function readContractChanges(tx: Transaction, contractId: string): Promise<ContractChange[]> {
  const rows = await tx.query<{
    number: number;
    kind: ContractChange['kind'];
    method: ModificationMethod | null;
    effective_on: CalendarDate;
    reason: string;
    price_before_minor: string;
    price_after_minor: string;
    created_at: Instant;
    created_by: string;
  }>(
    `SELECT c.number, c.kind, c.method, c.effective_on, c.reason, c.price_before_minor, c.price_after_minor, c.created_at, c.created_by
     FROM contract_changes c WHERE c.contract_id = $1::uuid ORDER BY c.number`,
    [contractId],
  );
  return rows.map((row) => ({
    number: row.number,
    kind: row.kind,
    method: row.method,
    effectiveOn: row.effective_on,
    reason: row.reason,
    priceBeforeMinor: BigInt(row.price_before_minor),
    priceAfterMinor: BigInt(row.price_after_minor),
    createdAt: row.created_at,
    createdBy: row.created_by,
  }));
}
