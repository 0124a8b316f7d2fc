import { addDays, type CalendarDate } from '../../kernel/dates.ts';
import type { Transaction } from '../../platform/database/database.ts';
import { readFiscalYearStart } from './fiscal-year-store.ts';
import { type AccountMovements, type DateRange, readMovements } from './movements-store.ts';
import { linesOf, type StatementLine, sumOf } from './profit-and-loss.ts';

/**
 * What there is and whose it is, one column a day. Assets equal liabilities and equity by construction: equity is the accounts of that
 * type and, computed, the results that no year-end close has moved there yet.
 */
export interface BalanceSheet {
  readonly assets: readonly StatementLine[];
  readonly liabilities: readonly StatementLine[];
  readonly equity: readonly StatementLine[];
  /** Of the fiscal year that the day lies in, as far as it is not closed. */
  readonly currentResultMinor: readonly bigint[];
  /** Of the years before, as far as they are not closed. */
  readonly earlierResultMinor: readonly bigint[];
  readonly assetsMinor: readonly bigint[];
  readonly liabilitiesMinor: readonly bigint[];
  /** With both results. */
  readonly equityMinor: readonly bigint[];
}

export async function readBalanceSheet(
  tx: Transaction,
  entityId: string,
  days: readonly CalendarDate[],
): Promise<BalanceSheet> {
  const upTo = days.map((to): DateRange => ({ from: null, to }));
  const beforeYear: DateRange[] = [];
  for (const day of days) {
    beforeYear.push({ from: null, to: addDays(await readFiscalYearStart(tx, entityId, day), -1) });
  }
  const accounts = await readMovements(tx, entityId, [...upTo, ...beforeYear], { withoutClosing: false });
  const columns = days.length;
  const onDays = accounts.map((account) => ({ ...account, netMinor: account.netMinor.slice(0, columns) }));
  const atYearStart = accounts.map((account) => ({ ...account, netMinor: account.netMinor.slice(columns) }));
  const assets = linesOf(onDays, 'asset', 1n);
  const liabilities = linesOf(onDays, 'liability', -1n);
  const equity = linesOf(onDays, 'equity', -1n);
  const allResults = resultsOf(onDays, columns);
  const earlierResultMinor = resultsOf(atYearStart, columns);
  const equityMinor = sumOf(equity, columns).map((minor, index) => minor + (allResults[index] ?? 0n));
  return {
    assets,
    liabilities,
    equity,
    currentResultMinor: allResults.map((minor, index) => minor - (earlierResultMinor[index] ?? 0n)),
    earlierResultMinor,
    assetsMinor: sumOf(assets, columns),
    liabilitiesMinor: sumOf(liabilities, columns),
    equityMinor,
  };
}

/** Income less expense that stands on those accounts still, in each column. */
function resultsOf(accounts: readonly AccountMovements[], columns: number): bigint[] {
  const results = accounts.filter(({ type }) => type === 'income' || type === 'expense');
  return sumOf(
    results.map(({ netMinor }) => ({ minor: netMinor.map((minor) => -minor) })),
    columns,
  );
}
