import type { CalendarDate } from '../../kernel/dates.ts';
import type { Transaction } from '../../platform/database/database.ts';
import {
  checkLimit,
  decodeCursor,
  type CountedPage,
  type PageRequest,
  toPage,
} from '../../platform/database/page-cursor.ts';
import type { DateRange } from './movements-store.ts';

export interface LedgerFilter extends DateRange {
  readonly entityId: string;
  readonly accountId: string;
}

/** A line of an account, with what the account comes to after it. Minor units, base ones of the base currency. */
export interface LedgerLine {
  readonly entryId: string;
  readonly position: number;
  readonly date: CalendarDate;
  readonly kind: string;
  readonly description: string;
  readonly currency: string;
  /** Positive: a debit. */
  readonly amountMinor: bigint;
  readonly baseMinor: bigint;
  readonly balanceMinor: bigint;
  readonly documentId: string | null;
  readonly documentNumber: string | null;
  readonly customerName: string | null;
}

export interface LedgerPage extends CountedPage<LedgerLine> {
  /** Before the first day of the range. */
  readonly openingMinor: bigint;
  /** After its last day. */
  readonly closingMinor: bigint;
}

interface LedgerRow {
  readonly entry_id: string;
  readonly position: number;
  readonly entry_date: CalendarDate;
  readonly kind: string;
  readonly description: string;
  readonly currency: string;
  readonly amount_minor: string;
  readonly base_minor: string;
  readonly document_id: string | null;
  readonly document_number: string | null;
  readonly customer_name: string | null;
}

const order = 'general-ledger';

/** The lines of one account from the oldest on. Errors: `invalid_request` (limit, cursor). */
export async function listLedger(
  tx: Transaction,
  filter: LedgerFilter,
  request: PageRequest,
): Promise<LedgerPage> {
  const limit = checkLimit(request.limit);
  const after = decodeCursor(request.after, order, ['date', 'uuid', 'integer']);
  const sums = await readSums(tx, filter, after);
  const rows = await tx.query<LedgerRow>(
    // The page comes first, by index; what is said of its lines is looked up for those alone.
    `SELECT p.*, d.number AS document_number, c.name AS customer_name
     FROM (
       SELECT l.entry_id, l.position, l.entry_date, e.kind, e.description, l.currency, l.debit_minor - l.credit_minor AS amount_minor,
         l.base_debit_minor - l.base_credit_minor AS base_minor, coalesce(l.document_id, e.document_id) AS document_id
       FROM journal_lines l JOIN journal_entries e ON e.id = l.entry_id
       WHERE l.account_id = $2::uuid AND e.entity_id = $1::uuid
         AND ($3::date IS NULL OR l.entry_date >= $3::date) AND l.entry_date <= $4::date
         AND ($6::uuid IS NULL OR (l.entry_date, l.entry_id, l.position) > ($5::date, $6::uuid, $7::integer))
       ORDER BY l.entry_date, l.entry_id, l.position
       LIMIT $8::integer
     ) AS p
     LEFT JOIN documents d ON d.id = p.document_id
     LEFT JOIN customers c ON c.id = d.customer_id
     ORDER BY p.entry_date, p.entry_id, p.position`,
    [
      filter.entityId,
      filter.accountId,
      filter.from,
      filter.to,
      after?.[0] ?? null,
      after?.[1] ?? null,
      after?.[2] ?? null,
      limit + 1,
    ],
  );
  const page = toPage(rows, limit, order, (row) => [row.entry_date, row.entry_id, row.position]);
  let balanceMinor = sums.beforePageMinor;
  const data = page.data.map((row) => {
    balanceMinor += BigInt(row.base_minor);
    return fromRow(row, balanceMinor);
  });
  const { openingMinor, closingMinor, total } = sums;
  return { data, next: page.next, total, openingMinor, closingMinor };
}

const fromRow = (row: LedgerRow, balanceMinor: bigint): LedgerLine => ({
  entryId: row.entry_id,
  position: row.position,
  date: row.entry_date,
  kind: row.kind,
  description: row.description,
  currency: row.currency,
  amountMinor: BigInt(row.amount_minor),
  baseMinor: BigInt(row.base_minor),
  balanceMinor,
  documentId: row.document_id,
  documentNumber: row.document_number,
  customerName: row.customer_name,
});

interface LedgerSums {
  readonly openingMinor: bigint;
  readonly closingMinor: bigint;
  /** All lines before the page. */
  readonly beforePageMinor: bigint;
  readonly total: number;
}

/** Added up anew for each page, so that the balances are right whatever was posted between two pages. */
async function readSums(
  tx: Transaction,
  filter: LedgerFilter,
  after: readonly (string | number)[] | null,
): Promise<LedgerSums> {
  const [row] = await tx.query<{ opening: string; closing: string; before_page: string; total: string }>(
    `SELECT coalesce(sum(m.base_minor) FILTER (WHERE m.is_before), 0) AS opening, coalesce(sum(m.base_minor), 0) AS closing,
       coalesce(sum(m.base_minor) FILTER (WHERE m.is_before OR m.is_shown), 0) AS before_page,
       count(*) FILTER (WHERE NOT m.is_before) AS total
     FROM (
       SELECT l.base_debit_minor - l.base_credit_minor AS base_minor,
         $3::date IS NOT NULL AND l.entry_date < $3::date AS is_before,
         $6::uuid IS NOT NULL AND (l.entry_date, l.entry_id, l.position) <= ($5::date, $6::uuid, $7::integer) AS is_shown
       FROM journal_lines l JOIN accounts a ON a.id = l.account_id
       WHERE a.id = $2::uuid AND a.entity_id = $1::uuid AND l.entry_date <= $4::date
     ) AS m`,
    [
      filter.entityId,
      filter.accountId,
      filter.from,
      filter.to,
      after?.[0] ?? null,
      after?.[1] ?? null,
      after?.[2] ?? null,
    ],
  );
  return {
    openingMinor: BigInt(row?.opening ?? 0),
    closingMinor: BigInt(row?.closing ?? 0),
    beforePageMinor: BigInt(row?.before_page ?? 0),
    total: Number(row?.total ?? 0),
  };
}
