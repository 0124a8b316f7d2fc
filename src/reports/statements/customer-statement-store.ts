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
  readonly documentId: string;
  readonly documentKind: string;
  readonly documentNumber: string | null;
  readonly description: string;
  readonly currency: string;
  readonly amountMinor: bigint;
  /** What the customer owes in that currency after it. */
  readonly balanceMinor: bigint;
}

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

/** Everything on the receivables of a customer in the range, oldest first, with the balance before and after in each currency. */
export async function readCustomerStatement(
  tx: Transaction,
  customerId: string,
  range: DateRange,
): Promise<CustomerStatement> {
  const sums = await tx.query<{ currency: string; opening: string; closing: string }>(
    `SELECT l.currency,
       coalesce(sum(l.debit_minor - l.credit_minor) FILTER (WHERE $2::date IS NOT NULL AND e.entry_date < $2::date), 0) AS opening,
       sum(l.debit_minor - l.credit_minor) AS closing
     FROM journal_lines l
     JOIN journal_entries e ON e.id = l.entry_id
     JOIN documents d ON d.id = l.document_id
     WHERE d.customer_id = $1::uuid AND e.entry_date <= $3::date
     GROUP BY l.currency
     ORDER BY l.currency`,
    [customerId, range.from, range.to],
  );
  const rows = await tx.query<{
    entry_date: CalendarDate;
    entry_id: string;
    kind: string;
    document_id: string;
    document_kind: string;
    document_number: string | null;
    description: string;
    currency: string;
    amount_minor: string;
  }>(
    `SELECT e.entry_date, e.id AS entry_id, e.kind, d.id AS document_id, d.kind AS document_kind, d.number AS document_number,
       e.description, l.currency, l.debit_minor - l.credit_minor AS amount_minor
     FROM journal_lines l
     JOIN journal_entries e ON e.id = l.entry_id
     JOIN documents d ON d.id = l.document_id
     WHERE d.customer_id = $1::uuid AND ($2::date IS NULL OR e.entry_date >= $2::date) AND e.entry_date <= $3::date
       AND l.debit_minor <> l.credit_minor
     ORDER BY e.entry_date, e.id, l.position
     LIMIT $4::integer`,
    [customerId, range.from, range.to, statementLinesMax + 1],
  );
  const balances = new Map(sums.map(({ currency, opening }) => [currency, BigInt(opening)]));
  const lines = rows.slice(0, statementLinesMax).map((row): CustomerStatementLine => {
    const amountMinor = BigInt(row.amount_minor);
    const balanceMinor = (balances.get(row.currency) ?? 0n) + amountMinor;
    balances.set(row.currency, balanceMinor);
    return {
      date: row.entry_date,
      entryId: row.entry_id,
      kind: row.kind,
      documentId: row.document_id,
      documentKind: row.document_kind,
      documentNumber: row.document_number,
      description: row.description,
      currency: row.currency,
      amountMinor,
      balanceMinor,
    };
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
