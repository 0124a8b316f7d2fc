import type { CalendarDate, Instant } from '../../kernel/dates.ts';
import type { Transaction } from '../../platform/database/database.ts';
import {
  checkLimit,
  type CountedPage,
  decodeCursor,
  type PageRequest,
  toPage,
} from '../../platform/database/page-cursor.ts';
import type { EntityScope } from '../entity-scope.ts';

export const receiptMethods = ['bank_transfer', 'card', 'direct_debit', 'check', 'cash', 'other'] as const;
export type ReceiptMethod = (typeof receiptMethods)[number];
export const receiptStatuses = ['posted', 'reversed'] as const;
export type ReceiptStatus = (typeof receiptStatuses)[number];

/** A receipt as far as settling cares; amounts in minor units of its currency and of the base. */
export interface OpenReceipt {
  readonly id: string;
  readonly entityId: string;
  readonly customerId: string;
  readonly number: string | null;
  readonly status: ReceiptStatus;
  readonly currency: string;
  readonly amountMinor: bigint;
  readonly unappliedMinor: bigint;
  readonly unappliedBaseMinor: bigint;
  readonly receivedOn: CalendarDate;
  readonly bankAccountId: string;
  readonly prepaymentAccountId: string;
  readonly entryId: string;
}

/** Locks one receipt, after the documents that it is to settle. Null when there is none. */
export async function lockReceipt(tx: Transaction, id: string): Promise<OpenReceipt | null> {
  const [row] = await tx.query<{
    id: string;
    entity_id: string;
    customer_id: string;
    number: string;
    status: ReceiptStatus;
    currency: string;
    amount_minor: string;
    unapplied_minor: string;
    unapplied_base_minor: string;
    received_on: CalendarDate;
    bank_account_id: string;
    prepayment_account_id: string;
    entry_id: string;
  }>(
    `SELECT r.id, r.entity_id, r.customer_id, r.number, r.status, r.currency, r.amount_minor, r.unapplied_minor, r.unapplied_base_minor,
       r.received_on, r.bank_account_id, r.prepayment_account_id, r.entry_id
     FROM receipts r WHERE r.id = $1::uuid
     FOR UPDATE`,
    [id],
  );
  if (!row) return null;
  return {
    id: row.id,
    entityId: row.entity_id,
    customerId: row.customer_id,
    number: row.number,
    status: row.status,
    currency: row.currency,
    amountMinor: BigInt(row.amount_minor),
    unappliedMinor: BigInt(row.unapplied_minor),
    unappliedBaseMinor: BigInt(row.unapplied_base_minor),
    receivedOn: row.received_on,
    bankAccountId: row.bank_account_id,
    prepaymentAccountId: row.prepayment_account_id,
    entryId: row.entry_id,
  };
}

export interface NewReceipt extends OpenReceipt {
  readonly number: string;
  readonly baseMinor: bigint;
  /** Decimal string: base units for one unit. */
  readonly exchangeRate: string;
  readonly method: ReceiptMethod;
  readonly reference: string | null;
}

export async function insertReceipt(
  tx: Transaction,
  scope: EntityScope,
  receipt: NewReceipt,
  actor: string,
): Promise<void> {
  await tx.execute(
    `INSERT INTO receipts (organization_id, entity_id, id, customer_id, number, currency, amount_minor, base_minor, exchange_rate,
       received_on, bank_account_id, prepayment_account_id, method, reference, unapplied_minor, unapplied_base_minor, entry_id, created_by)
     VALUES ($1::uuid, $2::uuid, $3::uuid, $4::uuid, $5::text, $6::text, $7::bigint, $8::bigint, $9::numeric, $10::date, $11::uuid,
       $12::uuid, $13::text, $14::text, $15::bigint, $16::bigint, $17::uuid, $18::text)`,
    [
      scope.organizationId,
      scope.entityId,
      receipt.id,
      receipt.customerId,
      receipt.number,
      receipt.currency,
      receipt.amountMinor.toString(),
      receipt.baseMinor.toString(),
      receipt.exchangeRate,
      receipt.receivedOn,
      receipt.bankAccountId,
      receipt.prepaymentAccountId,
      receipt.method,
      receipt.reference,
      receipt.unappliedMinor.toString(),
      receipt.unappliedBaseMinor.toString(),
      receipt.entryId,
      actor,
    ],
  );
}

export async function writeUnapplied(
  tx: Transaction,
  receipt: {
    readonly id: string;
    readonly unappliedMinor: bigint;
    readonly unappliedBaseMinor: bigint;
  },
): Promise<void> {
  await tx.execute(
    `UPDATE receipts r SET unapplied_minor = $2::bigint, unapplied_base_minor = $3::bigint, version = r.version + 1
     WHERE r.id = $1::uuid`,
    [receipt.id, receipt.unappliedMinor.toString(), receipt.unappliedBaseMinor.toString()],
  );
}

export async function markReceiptReversed(
  tx: Transaction,
  id: string,
  entryId: string,
  actor: string,
): Promise<void> {
  await tx.execute(
    `UPDATE receipts r SET status = 'reversed', unapplied_minor = 0, unapplied_base_minor = 0, reversal_entry_id = $2::uuid,
       reversed_at = now(), reversed_by = $3::text, version = r.version + 1
     WHERE r.id = $1::uuid`,
    [id, entryId, actor],
  );
}

/** Gives the receipts of one customer to the one that it is merged into. */
export function moveReceiptsToCustomer(
  tx: Transaction,
  scope: EntityScope,
  fromCustomerId: string,
  toCustomerId: string,
): Promise<number> {
  return tx.execute(
    `UPDATE receipts r SET customer_id = $3::uuid, version = r.version + 1
     WHERE r.customer_id = $2::uuid AND r.entity_id = $1::uuid AND r.status = 'posted'`,
    [scope.entityId, fromCustomerId, toCustomerId],
  );
}

/** A receipt as it is read. */
export interface Receipt {
  readonly id: string;
  readonly entityId: string;
  readonly entityName: string;
  readonly mode: 'live' | 'test';
  readonly baseCurrency: string;
  readonly customer: { readonly id: string; readonly name: string };
  readonly number: string;
  readonly status: ReceiptStatus;
  readonly currency: string;
  readonly amountMinor: bigint;
  readonly baseMinor: bigint;
  readonly exchangeRate: string;
  readonly unappliedMinor: bigint;
  readonly receivedOn: CalendarDate;
  readonly bankAccount: { readonly id: string; readonly number: string; readonly name: string };
  readonly method: ReceiptMethod;
  readonly reference: string | null;
  readonly entryId: string;
  readonly reversalEntryId: string | null;
  readonly createdAt: Instant;
  readonly createdBy: string;
  readonly reversedAt: Instant | null;
}

interface ReceiptRow {
  readonly id: string;
  readonly entity_id: string;
  readonly entity_name: string;
  readonly mode: 'live' | 'test';
  readonly base_currency: string;
  readonly customer_id: string;
  readonly customer_name: string;
  readonly number: string;
  readonly status: ReceiptStatus;
  readonly currency: string;
  readonly amount_minor: string;
  readonly base_minor: string;
  readonly exchange_rate: string;
  readonly unapplied_minor: string;
  readonly received_on: CalendarDate;
  readonly bank_account_id: string;
  readonly bank_account_number: string;
  readonly bank_account_name: string;
  readonly method: ReceiptMethod;
  readonly reference: string | null;
  readonly entry_id: string;
  readonly reversal_entry_id: string | null;
  readonly created_at: Instant;
  readonly created_by: string;
  readonly reversed_at: Instant | null;
}

const fromRow = (row: ReceiptRow): Receipt => ({
  id: row.id,
  entityId: row.entity_id,
  entityName: row.entity_name,
  mode: row.mode,
  baseCurrency: row.base_currency,
  customer: { id: row.customer_id, name: row.customer_name },
  number: row.number,
  status: row.status,
  currency: row.currency,
  amountMinor: BigInt(row.amount_minor),
  baseMinor: BigInt(row.base_minor),
  exchangeRate: row.exchange_rate,
  unappliedMinor: BigInt(row.unapplied_minor),
  receivedOn: row.received_on,
  bankAccount: { id: row.bank_account_id, number: row.bank_account_number, name: row.bank_account_name },
  method: row.method,
  reference: row.reference,
  entryId: row.entry_id,
  reversalEntryId: row.reversal_entry_id,
  createdAt: row.created_at,
  createdBy: row.created_by,
  reversedAt: row.reversed_at,
});

const columns = `r.id, r.entity_id, e.name AS entity_name, e.mode, e.base_currency, r.customer_id, c.name AS customer_name, r.number,
  r.status, r.currency, r.amount_minor, r.base_minor, r.exchange_rate, r.unapplied_minor, r.received_on, r.bank_account_id,
  a.number AS bank_account_number, a.name AS bank_account_name, r.method, r.reference, r.entry_id, r.reversal_entry_id, r.created_at,
  r.created_by, r.reversed_at`;

const tables = `receipts r
    JOIN entities e ON e.id = r.entity_id
    JOIN customers c ON c.id = r.customer_id
    JOIN accounts a ON a.id = r.bank_account_id`;

/** Null when there is none in this organization. */
export async function getReceipt(tx: Transaction, id: string): Promise<Receipt | null> {
  const [row] = await tx.query<ReceiptRow>(`SELECT ${columns} FROM ${tables} WHERE r.id = $1::uuid`, [id]);
  return row ? fromRow(row) : null;
}

/** Which receipts; what is absent does not matter. */
export interface ReceiptFilter {
  readonly entityId?: string;
  readonly mode?: 'live' | 'test';
  readonly customerId?: string;
  readonly currency?: string;
  readonly status?: ReceiptStatus;
  /** Only those of which something is left. */
  readonly unapplied?: boolean;
  /** Days of receipt, both ends included. */
  readonly from?: CalendarDate;
  readonly to?: CalendarDate;
  /** Part of the number, the reference or the customer's name. */
  readonly text?: string;
}

const filterSql = `($1::uuid IS NULL OR r.entity_id = $1::uuid)
    AND ($2::text IS NULL OR e.mode = $2::text)
    AND ($3::uuid IS NULL OR r.customer_id = $3::uuid)
    AND ($4::text IS NULL OR r.currency = $4::text)
    AND ($5::text IS NULL OR r.status = $5::text)
    AND ($6::boolean IS NOT TRUE OR r.unapplied_minor > 0)
    AND ($7::date IS NULL OR r.received_on >= $7::date)
    AND ($8::date IS NULL OR r.received_on <= $8::date)
    AND ($9::text IS NULL OR strpos(lower(concat_ws(' ', r.number, r.reference, c.name)), lower($9::text)) > 0)`;

const sort = 'receivedOn DESC';

/** A page of receipts, the latest day first. Errors: `invalid_request` (limit, cursor). */
export async function listReceipts(
  tx: Transaction,
  filter: ReceiptFilter,
  page: PageRequest = {},
): Promise<CountedPage<Receipt>> {
  const limit = checkLimit(page.limit);
  const after = decodeCursor(page.after, sort, ['date', 'uuid']);
  const parameters = [
    filter.entityId ?? null,
    filter.mode ?? null,
    filter.customerId ?? null,
    filter.currency ?? null,
    filter.status ?? null,
    filter.unapplied ?? null,
    filter.from ?? null,
    filter.to ?? null,
    filter.text === undefined || filter.text.trim() === '' ? null : filter.text.trim(),
  ];
  const rows = await tx.query<ReceiptRow>(
    `SELECT ${columns} FROM ${tables}
     WHERE ${filterSql} AND ($11::uuid IS NULL OR (r.received_on, r.id) < ($10::date, $11::uuid))
     ORDER BY r.received_on DESC, r.id DESC
     LIMIT $12::integer`,
    [...parameters, after?.[0] ?? null, after?.[1] ?? null, limit + 1],
  );
  const [counted] = await tx.query<{ total: number }>(
    `SELECT count(*)::integer AS total FROM ${tables} WHERE ${filterSql}`,
    parameters,
  );
  const { data, next } = toPage(rows, limit, sort, (row) => [row.received_on, row.id]);
  return { data: data.map(fromRow), next, total: counted?.total ?? 0 };
}
