import type { CalendarDate } from '../../kernel/dates.ts';
import type { Transaction } from '../../platform/database/database.ts';

export type AccountType = 'asset' | 'liability' | 'equity' | 'income' | 'expense';

/** From one day to another, both included; null: from the beginning. */
export interface DateRange {
  readonly from: CalendarDate | null;
  readonly to: CalendarDate;
}

/** What an account moved by in each of the ranges, in minor units of the base currency; positive: more debits than credits. */
export interface AccountMovements {
  readonly accountId: string;
  readonly number: string;
  readonly name: string;
  readonly type: AccountType;
  readonly netMinor: readonly bigint[];
}

/** The entries of the entity `$1` that close a year, and their reversals: they move results to equity and are none themselves. */
const closingEntriesSql = `SELECT c.id FROM journal_entries c WHERE c.entity_id = $1::uuid AND c.kind = 'closing'
         UNION ALL
         SELECT v.id FROM journal_entries c JOIN journal_entries v ON v.reverses_entry_id = c.id
         WHERE c.entity_id = $1::uuid AND c.kind = 'closing'`;

/** Null: from the beginning. */
const earliestOf = (ranges: readonly DateRange[]): CalendarDate | null =>
  ranges.reduce<CalendarDate | null>(
    (earliest, { from }) => (earliest === null || from === null ? null : from < earliest ? from : earliest),
    ranges[0]?.from ?? null,
  );

const latestOf = (ranges: readonly DateRange[]): CalendarDate | null =>
  ranges.reduce<CalendarDate | null>(
    (latest, { to }) => (latest === null || to > latest ? to : latest),
    null,
  );

/**
 * The accounts of an entity that moved in any of the ranges, by number. `withoutClosing` leaves year-end closes out, for a statement of
 * results. One statement, whatever the number of ranges.
 */
export async function readMovements(
  tx: Transaction,
  entityId: string,
  ranges: readonly DateRange[],
  { withoutClosing }: { readonly withoutClosing: boolean },
): Promise<AccountMovements[]> {
  const rows = await tx.query<{
    place: string;
    id: string;
    number: string;
    name: string;
    type: AccountType;
    net_minor: string;
  }>(
    // The lines are read once and summed by day: of days there are few, however many lines and ranges there are.
    `WITH days AS (
       SELECT l.account_id, l.entry_date, sum(l.base_debit_minor) - sum(l.base_credit_minor) AS net_minor
       FROM journal_lines l JOIN accounts o ON o.id = l.account_id
       WHERE o.entity_id = $1::uuid AND ($5::date IS NULL OR l.entry_date >= $5::date) AND l.entry_date <= $6::date
         AND NOT ($4::boolean AND l.entry_id IN (${closingEntriesSql}))
       GROUP BY l.account_id, l.entry_date
     )
     SELECT r.place, a.id, a.number, a.name, a.type, sum(d.net_minor) AS net_minor
     FROM unnest($2::date[], $3::date[]) WITH ORDINALITY AS r (from_date, to_date, place)
     JOIN days d ON (r.from_date IS NULL OR d.entry_date >= r.from_date) AND d.entry_date <= r.to_date
     JOIN accounts a ON a.id = d.account_id
     GROUP BY r.place, a.id
     ORDER BY a.number, r.place`,
    [
      entityId,
      ranges.map(({ from }) => from),
      ranges.map(({ to }) => to),
      withoutClosing,
      earliestOf(ranges),
      latestOf(ranges),
    ],
  );
  const accounts = new Map<string, AccountMovements & { netMinor: bigint[] }>();
  for (const row of rows) {
    const account = accounts.get(row.id) ?? {
      accountId: row.id,
      number: row.number,
      name: row.name,
      type: row.type,
      netMinor: ranges.map(() => 0n),
    };
    account.netMinor[Number(row.place) - 1] = BigInt(row.net_minor);
    accounts.set(row.id, account);
  }
  return [...accounts.values()];
}
