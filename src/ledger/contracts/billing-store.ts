import type { CalendarDate } from '../../kernel/dates.ts';
import { formatMinor } from '../../kernel/money.ts';
import type { AuditContext } from '../../platform/audit/audit-store.ts';
import type { Transaction } from '../../platform/database/database.ts';

export interface DueBilling {
  readonly contractId: string;
  readonly position: number;
  readonly date: CalendarDate;
  readonly amountMinor: bigint;
  readonly taxMinor: bigint;
  readonly currency: string;
  readonly deferredAccountId: string;
  readonly number: string;
  readonly termsDays: number;
}

/** Parts of billing plans that are due and have no invoice that stands; locked with their contracts, in the order of their ids. */
export async function readDueBillings(
  tx: Transaction,
  scope: { readonly entityId: string; readonly contractId: string | null; readonly upTo: CalendarDate },
  limit: number,
): Promise<DueBilling[]> {
  const rows = await tx.query<{
    contract_id: string;
    position: number;
    bill_date: CalendarDate;
    amount_minor: string;
    tax_minor: string;
    currency: string;
    deferred_account_id: string;
    number: string;
    terms_days: number;
  }>(
    `SELECT b.contract_id, b.position, b.bill_date, b.amount_minor, b.tax_minor, c.currency, c.deferred_account_id, d.number, coalesce(u.terms_days, e.terms_days) AS terms_days
     FROM contract_billings b
     JOIN contracts c ON c.document_id = b.contract_id
     JOIN documents d ON d.id = c.document_id
     JOIN customers u ON u.id = d.customer_id
     JOIN entities e ON e.id = c.entity_id
     WHERE c.entity_id = $1::uuid AND ($2::uuid IS NULL OR b.contract_id = $2::uuid) AND b.bill_date <= $3::date
       AND d.status IN ('active', 'completed', 'terminated') AND b.amount_minor + b.tax_minor <> 0
       AND NOT EXISTS (SELECT FROM documents i WHERE i.id = b.document_id AND i.status <> 'reversed')
     ORDER BY b.contract_id, b.bill_date, b.position
     LIMIT $4::integer
     FOR UPDATE OF c, b`,
    [scope.entityId, scope.contractId, scope.upTo, limit],
  );
  return rows.map((row) => ({
    contractId: row.contract_id,
    position: row.position,
    date: row.bill_date,
    amountMinor: BigInt(row.amount_minor),
    taxMinor: BigInt(row.tax_minor),
    currency: row.currency,
    deferredAccountId: row.deferred_account_id,
    number: row.number,
    termsDays: row.terms_days,
  }));
}

export interface BilledPart {
  readonly contractId: string;
  readonly obligationId: string;
  readonly obligationPosition: number;
  readonly description: string;
  readonly itemId: string | null;
  readonly allocatedMinor: bigint;
  readonly billedMinor: bigint;
}

/** What each obligation's price is and how much of it invoices less credit notes have billed, by the position that their lines name. */
export async function readBilledParts(
  tx: Transaction,
  contractIds: readonly string[],
): Promise<BilledPart[]> {
  const rows = await tx.query<{
    contract_id: string;
    id: string;
    position: number;
    description: string;
    item_id: string | null;
    allocated_minor: string;
    billed_minor: string;
  }>(
    `SELECT o.contract_id, o.id, o.position, o.description, o.item_id, o.allocated_minor,
       (SELECT coalesce(sum(CASE i.kind WHEN 'credit_note' THEN -l.amount_minor ELSE l.amount_minor END), 0)
        FROM documents i JOIN document_lines l ON l.document_id = i.id
        WHERE i.contract_id = o.contract_id AND i.status <> 'reversed' AND l.source_id = o.position::text) AS billed_minor
     FROM contract_obligations o
     WHERE o.contract_id = ANY ($1::uuid[]) ORDER BY o.contract_id, o.position`,
    [contractIds],
  );
  return rows.map((row) => ({
    contractId: row.contract_id,
    obligationId: row.id,
    obligationPosition: row.position,
    description: row.description,
    itemId: row.item_id,
    allocatedMinor: BigInt(row.allocated_minor),
    billedMinor: BigInt(row.billed_minor),
  }));
}

/** An invoice, or a credit note of what was billed too much; amounts above zero. */
export interface ContractBill extends DueBilling {
  readonly id: string;
  readonly kind: 'invoice' | 'credit_note';
  readonly dueDate: CalendarDate;
  readonly lines: readonly {
    readonly obligationPosition: number;
    readonly description: string;
    readonly itemId: string | null;
    readonly amountMinor: bigint;
    readonly taxMinor: bigint;
  }[];
}

/** Drafts of contracts' bills, their lines, and their ids on the billing plan: three statements. */
export async function insertContractBills(
  tx: Transaction,
  context: AuditContext,
  bills: readonly ContractBill[],
): Promise<void> {
  if (bills.length === 0) return;
  await tx.execute(
    `INSERT INTO documents (organization_id, created_by, updated_by, id, kind, entity_id, customer_id, currency, total_minor, open_minor,
       tax_minor, document_date, due_date, description, contract_id, memo, sales_rep_id, connection_id, dimensions)
     SELECT $1::uuid, $2::text, $2::text, r.id, r.kind, c.entity_id, c.customer_id, c.currency, r.total_minor, r.total_minor,
       r.tax_minor, r.document_date, r.due_date, r.description, c.id, c.memo, c.sales_rep_id, c.connection_id, c.dimensions
     FROM unnest($3::uuid[], $4::text[], $5::uuid[], $6::bigint[], $7::bigint[], $8::date[], $9::date[], $10::text[])
       AS r (id, kind, contract_id, total_minor, tax_minor, document_date, due_date, description)
     JOIN documents c ON c.id = r.contract_id`,
    [
      context.organizationId,
      context.actor,
      bills.map(({ id }) => id),
      bills.map(({ kind }) => kind),
      bills.map(({ contractId }) => contractId),
      bills.map(({ amountMinor, taxMinor }) => (amountMinor + taxMinor).toString()),
      bills.map(({ taxMinor }) => taxMinor.toString()),
      bills.map(({ date }) => date),
      bills.map(({ dueDate }) => dueDate),
      bills.map(({ number, position, kind }) =>
        kind === 'invoice'
          ? `Contract ${number}, bill ${position}`
          : `Contract ${number}, credit ${position}`,
      ),
    ],
  );
  const lines = bills.flatMap((bill) =>
    bill.lines.map((line, index) => ({
      ...line,
      place: index + 1,
      documentId: bill.id,
      accountId: bill.deferredAccountId,
      price: formatMinor(line.amountMinor, bill.currency),
    })),
  );
  await tx.execute(
    `INSERT INTO document_lines (organization_id, quantity, document_id, position, source_id, item_id, description, unit_price, tax_minor,
       amount_minor, account_id)
     SELECT $1::uuid, 1, r.* FROM unnest($2::uuid[], $3::integer[], $4::text[], $5::uuid[], $6::text[], $7::numeric[], $8::bigint[],
       $9::bigint[], $10::uuid[]) AS r`,
    [
      context.organizationId,
      lines.map(({ documentId }) => documentId),
      lines.map(({ place }) => place),
      lines.map(({ obligationPosition }) => String(obligationPosition)),
      lines.map(({ itemId }) => itemId),
      lines.map(({ description }) => description),
      lines.map(({ price }) => price),
      lines.map(({ taxMinor }) => taxMinor.toString()),
      lines.map(({ amountMinor }) => amountMinor.toString()),
      lines.map(({ accountId }) => accountId),
    ],
  );
  await tx.execute(
    `UPDATE contract_billings b SET document_id = r.document_id
     FROM unnest($1::uuid[], $2::integer[], $3::uuid[]) AS r (contract_id, position, document_id)
     WHERE b.contract_id = r.contract_id AND b.position = r.position`,
    [
      bills.map(({ contractId }) => contractId),
      bills.map(({ position }) => position),
      bills.map(({ id }) => id),
    ],
  );
}
