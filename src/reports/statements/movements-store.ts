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

/** An entry that closes a year, and the reversal of one: they move results to equity and are none themselves. */
export const isClosingSql = `(e.kind = 'closing'
    OR EXISTS (SELECT FROM journal_entries c WHERE c.id = e.reverses_entry_id AND c.kind = 'closing'))`;

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
    `SELECT r.place, a.id, a.number, a.name, a.type, sum(l.base_debit_minor) - sum(l.base_credit_minor) AS net_minor
     FROM unnest($2::date[], $3::date[]) WITH ORDINALITY AS r (from_date, to_date, place)
     JOIN journal_entries e ON e.entity_id = $1::uuid
       AND (r.from_date IS NULL OR e.entry_date >= r.from_date) AND e.entry_date <= r.to_date
     JOIN journal_lines l ON l.entry_id = e.id
     JOIN accounts a ON a.id = l.account_id
     WHERE NOT ($4::boolean AND ${isClosingSql})
     GROUP BY r.place, a.id
     ORDER BY a.number, r.place`,
    [entityId, ranges.map(({ from }) => from), ranges.map(({ to }) => to), withoutClosing],
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
