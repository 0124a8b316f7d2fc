import type { CalendarDate } from '../../kernel/dates.ts';
import type { Transaction } from '../../platform/database/database.ts';
import type { DateRange } from './movements-store.ts';

/** More than a statement that anybody reads; a longer one is asked for by shorter ranges. */
export const statementLinesMax = 2000;

/** What changed what a customer owes. Minor units of the currency; positive: the customer owes more. */
export interface CustomerStatementLine {
  readonly date: CalendarDate;
  readonly entryId: string;
  readonly kind: string;
  /** The document that it is of, or the receipt; both null where an entry moves several at once. */
  readonly documentId: string | null;
  readonly documentKind: string | null;
  readonly documentNumber: string | null;
  readonly receiptId: string | null;
  readonly receiptNumber: string | null;
  readonly description: string;
  readonly currency: string;
  readonly amountMinor: bigint;
  /** What the customer owes in that currency after it. */
  readonly balanceMinor: bigint;
}

/**
 * What each entry changes of what the customer `$1` owes, up to the day `$2`: receivables of its documents, less what its receipts hold
 * unapplied. Money that comes in counts on its day; allocating it later moves nothing between the customer and us.
 */
const movesSql = `SELECT m.entry_id, m.entry_date, m.currency, sum(m.amount_minor) AS amount_minor,
    CASE WHEN count(DISTINCT m.document_id) = 1 THEN min(m.document_id::text)::uuid END AS document_id,
    CASE WHEN count(DISTINCT m.receipt_id) = 1 THEN min(m.receipt_id::text)::uuid END AS receipt_id
  FROM (
    SELECT l.entry_id, l.entry_date, l.currency, l.debit_minor - l.credit_minor AS amount_minor, d.id AS document_id,
      NULL::uuid AS receipt_id
    FROM documents d JOIN journal_lines l ON l.document_id = d.id
    WHERE d.customer_id = $1::uuid
    UNION ALL
    SELECT l.entry_id, l.entry_date, l.currency, l.debit_minor - l.credit_minor, NULL::uuid, r.id
    FROM receipts r
    CROSS JOIN LATERAL (
      VALUES (r.entry_id), (r.reversal_entry_id)
      UNION ALL
      SELECT n.id FROM settlements s, LATERAL (VALUES (s.entry_id), (s.undone_entry_id)) AS n (id) WHERE s.receipt_id = r.id
    ) AS made (id)
    JOIN journal_lines l ON l.entry_id = made.id AND l.account_id = r.prepayment_account_id
    WHERE r.customer_id = $1::uuid
  ) AS m
  WHERE m.entry_date <= $2::date
  GROUP BY m.entry_id, m.entry_date, m.currency
  HAVING sum(m.amount_minor) <> 0`;

export interface CustomerStatement {
  readonly currencies: readonly {
    readonly currency: string;
    readonly openingMinor: bigint;
    readonly closingMinor: bigint;
  }[];
  readonly lines: readonly CustomerStatementLine[];
  /** True when there are more lines than `statementLinesMax`: the range is too long. */
  readonly cut: boolean;
}

/**
 * Everything between a customer and us in the range, oldest first, with the balance before and after in each currency: invoices, credit
 * notes, payments, refunds, write-offs and reversals.
 */
export async function readCustomerStatement(
  tx: Transaction,
  customerId: string,
  range: DateRange,
): Promise<CustomerStatement> {
  const sums = await tx.query<{ currency: string; opening: string; closing: string }>(
    `SELECT v.currency,
       coalesce(sum(v.amount_minor) FILTER (WHERE $3::date IS NOT NULL AND v.entry_date < $3::date), 0) AS opening,
       sum(v.amount_minor) AS closing
     FROM (${movesSql}) AS v
     GROUP BY v.currency
     ORDER BY v.currency`,
    [customerId, range.to, range.from],
  );
  const rows = await tx.query<StatementRow>(
    `SELECT v.entry_date, v.entry_id, e.kind, e.description, v.currency, v.amount_minor, d.id AS document_id, d.kind AS document_kind,
       d.number AS document_number, r.id AS receipt_id, r.number AS receipt_number
     FROM (${movesSql}) AS v
     JOIN journal_entries e ON e.id = v.entry_id
     LEFT JOIN documents d ON d.id = v.document_id
     LEFT JOIN receipts r ON r.id = v.receipt_id
     WHERE $3::date IS NULL OR v.entry_date >= $3::date
     ORDER BY v.entry_date, v.entry_id, v.currency
     LIMIT $4::integer`,
    [customerId, range.to, range.from, statementLinesMax + 1],
  );
  const balances = new Map(sums.map(({ currency, opening }) => [currency, BigInt(opening)]));
  const lines = rows.slice(0, statementLinesMax).map((row): CustomerStatementLine => {
    const balanceMinor = (balances.get(row.currency) ?? 0n) + BigInt(row.amount_minor);
    balances.set(row.currency, balanceMinor);
    return fromRow(row, balanceMinor);
  });
  return {
    currencies: sums.map(({ currency, opening, closing }) => ({
      currency,
      openingMinor: BigInt(opening),
      closingMinor: BigInt(closing),
    })),
    lines,
    cut: rows.length > statementLinesMax,
  };
}

interface StatementRow {
  readonly entry_date: CalendarDate;
  readonly entry_id: string;
  readonly kind: string;
  readonly description: string;
  readonly currency: string;
  readonly amount_minor: string;
  readonly document_id: string | null;
  readonly document_kind: string | null;
  readonly document_number: string | null;
  readonly receipt_id: string | null;
  readonly receipt_number: string | null;
}

const fromRow = (row: StatementRow, balanceMinor: bigint): CustomerStatementLine => ({
  date: row.entry_date,
  entryId: row.entry_id,
  kind: row.kind,
  documentId: row.document_id,
  documentKind: row.document_kind,
  documentNumber: row.document_number,
  receiptId: row.receipt_id,
  receiptNumber: row.receipt_number,
  description: row.description,
  currency: row.currency,
  amountMinor: BigInt(row.amount_minor),
  balanceMinor,
});
