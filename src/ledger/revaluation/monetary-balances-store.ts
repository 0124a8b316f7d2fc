import type { CalendarDate } from '../../kernel/dates.ts';
import type { Transaction } from '../../platform/database/database.ts';
import type { BookAccountRole } from '../account-roles.ts';

/**
 * The parts whose accounts hold money, or a right to or a duty of a fixed sum of it: what IAS 21.8 calls monetary. Income,
 * deferred revenue and contract assets are not: they stay at the rate of their day (IAS 21.23b).
 */
export const monetaryRoles = [
  'accounts_receivable',
  'customer_prepayments',
  'bank',
  'clearing',
  'tax_payable',
] as const satisfies readonly BookAccountRole[];

/** What an account holds in a foreign currency, and what the books have for it in the base; minor units, positive: a debit. */
export interface MonetaryBalance {
  readonly accountId: string;
  readonly account: string;
  readonly accountName: string;
  readonly currency: string;
  readonly balanceMinor: bigint;
  readonly bookBaseMinor: bigint;
}

/**
 * The foreign-currency balances of the monetary accounts at the end of a day, without those that are zero in both. Monetary are the
 * accounts of `monetaryRoles` and every asset account that has receivables of documents: a connection may book those elsewhere.
 * `withoutEntryId`: an entry that is left out, which is how a day is revalued again as though it had not been.
 */
export async function readMonetaryBalances(
  tx: Transaction,
  entity: { readonly id: string; readonly baseCurrency: string },
  date: CalendarDate,
  withoutEntryId: string | null,
): Promise<MonetaryBalance[]> {
  const rows = await tx.query<{
    account_id: string;
    number: string;
    name: string;
    currency: string;
    balance_minor: string;
    book_base_minor: string;
  }>(
    `WITH monetary AS (
       SELECT a.id, a.number, a.name FROM accounts a
       WHERE a.entity_id = $1::uuid AND (
         EXISTS (SELECT FROM account_roles r WHERE r.entity_id = $1::uuid AND r.account_id = a.id AND r.role = ANY ($4::text[]))
         OR (a.type = 'asset' AND (
           -- A range of one account, and not EXISTS: for an account that has none the planner would read the whole journal.
           SELECT true FROM journal_lines u
           WHERE u.account_id >= a.id AND u.account_id <= a.id AND u.document_id IS NOT NULL
           ORDER BY u.account_id LIMIT 1
         ))
       )
     )
     SELECT m.id AS account_id, m.number, m.name, l.currency, sum(l.debit_minor) - sum(l.credit_minor) AS balance_minor,
       sum(l.base_debit_minor) - sum(l.base_credit_minor) AS book_base_minor
     FROM monetary m
     JOIN journal_lines l ON l.account_id = m.id AND l.currency <> $3::text
     WHERE l.entry_date <= $2::date AND ($5::uuid IS NULL OR l.entry_id <> $5::uuid)
     GROUP BY m.id, m.number, m.name, l.currency
     HAVING sum(l.debit_minor) <> sum(l.credit_minor) OR sum(l.base_debit_minor) <> sum(l.base_credit_minor)
     ORDER BY m.number, l.currency`,
    [entity.id, date, entity.baseCurrency, monetaryRoles, withoutEntryId],
  );
  return rows.map((row) => ({
    accountId: row.account_id,
    account: row.number,
    accountName: row.name,
    currency: row.currency,
    balanceMinor: BigInt(row.balance_minor),
    bookBaseMinor: BigInt(row.book_base_minor),
  }));
}
