import type { CalendarDate } from '../../kernel/dates.ts';
import type { Transaction } from '../../platform/database/database.ts';
import type { AccountNet } from './closing-lines.ts';

/** The days of a fiscal year of an entity. */
export interface YearDays {
  readonly entityId: string;
  readonly startDate: CalendarDate;
  readonly endDate: CalendarDate;
}

export interface NamedAccountNet extends AccountNet {
  readonly number: string;
  readonly name: string;
  readonly type: 'income' | 'expense';
}

/** What stands on the income and expense accounts from the entries of these days, closings included; nothing: no row. */
export async function readResultNets(tx: Transaction, year: YearDays): Promise<NamedAccountNet[]> {
  const rows = await tx.query<{
    account_id: string;
    number: string;
    name: string;
    type: 'income' | 'expense';
    currency: string;
    amount_minor: string;
    base_minor: string;
  }>(
    `SELECT a.id AS account_id, a.number, a.name, a.type, s.currency, s.amount_minor, s.base_minor
     FROM (
       SELECT l.account_id, l.currency, sum(l.debit_minor - l.credit_minor)::text AS amount_minor,
         sum(l.base_debit_minor - l.base_credit_minor)::text AS base_minor
       FROM journal_entries e JOIN journal_lines l ON l.entry_id = e.id
       WHERE e.entity_id = $1::uuid AND e.entry_date BETWEEN $2::date AND $3::date
       GROUP BY l.account_id, l.currency
       HAVING sum(l.debit_minor - l.credit_minor) <> 0 OR sum(l.base_debit_minor - l.base_credit_minor) <> 0
     ) s JOIN accounts a ON a.id = s.account_id
     WHERE a.type IN ('income', 'expense')
     ORDER BY a.number, s.currency`,
    [year.entityId, year.startDate, year.endDate],
  );
  return rows.map((row) => ({
    accountId: row.account_id,
    number: row.number,
    name: row.name,
    type: row.type,
    currency: row.currency,
    amountMinor: BigInt(row.amount_minor),
    baseMinor: BigInt(row.base_minor),
  }));
}

/** The years of the entity on whose income and expense accounts something stands: they are not closed, or not any more. */
export async function listUnclosedYearIds(tx: Transaction, entityId: string): Promise<string[]> {
  const rows = await tx.query<{ fiscal_year_id: string }>(
    `SELECT DISTINCT s.fiscal_year_id FROM (
       SELECT y.id AS fiscal_year_id
       FROM fiscal_years y
       JOIN journal_entries e ON e.entity_id = y.entity_id AND e.entry_date BETWEEN y.start_date AND y.end_date
       JOIN journal_lines l ON l.entry_id = e.id
       JOIN accounts a ON a.id = l.account_id AND a.type IN ('income', 'expense')
       WHERE y.entity_id = $1::uuid
       GROUP BY y.id, l.account_id, l.currency
       HAVING sum(l.debit_minor - l.credit_minor) <> 0 OR sum(l.base_debit_minor - l.base_credit_minor) <> 0
     ) s`,
    [entityId],
  );
  return rows.map((row) => row.fiscal_year_id);
}

/** How many drafts would be posted into these days. */
export async function countDraftsOfDays(tx: Transaction, year: YearDays): Promise<number> {
  const [row] = await tx.query<{ drafts: number }>(
    `SELECT count(*)::integer AS drafts FROM documents d
     WHERE d.entity_id = $1::uuid AND d.document_date BETWEEN $2::date AND $3::date
       AND d.status = 'draft' AND d.kind IN ('invoice', 'credit_note')`,
    [year.entityId, year.startDate, year.endDate],
  );
  return row?.drafts ?? 0;
}

/** The closing entries of the year that stand, the first first. */
export async function listStandingClosingIds(tx: Transaction, year: YearDays): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `SELECT e.id FROM journal_entries e
     WHERE e.entity_id = $1::uuid AND e.kind = 'closing' AND e.entry_date = $2::date
       AND NOT EXISTS (SELECT FROM journal_entries r WHERE r.reverses_entry_id = e.id)
     ORDER BY e.id`,
    [year.entityId, year.endDate],
  );
  return rows.map((row) => row.id);
}
