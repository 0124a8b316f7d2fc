import type { Transaction } from '../../platform/database/database.ts';
import { type AccountMovements, type DateRange, readMovements } from './movements-store.ts';

/** Figures of one account or sum, one a column, in minor units of the base currency. */
export interface StatementLine {
  readonly accountId: string;
  readonly number: string;
  readonly name: string;
  readonly minor: readonly bigint[];
}

/** Income and expense are positive where they are what their names say; the result is income less expense. */
export interface ProfitAndLoss {
  readonly income: readonly StatementLine[];
  readonly expense: readonly StatementLine[];
  readonly incomeMinor: readonly bigint[];
  readonly expenseMinor: readonly bigint[];
  readonly resultMinor: readonly bigint[];
}

/** The results of the ranges, one column each. Year-end closes are left out: they would make each year's result zero. */
export async function readProfitAndLoss(
  tx: Transaction,
  entityId: string,
  ranges: readonly DateRange[],
): Promise<ProfitAndLoss> {
  const accounts = await readMovements(tx, entityId, ranges, { withoutClosing: true });
  const income = linesOf(accounts, 'income', -1n);
  const expense = linesOf(accounts, 'expense', 1n);
  const incomeMinor = sumOf(income, ranges.length);
  const expenseMinor = sumOf(expense, ranges.length);
  return {
    income,
    expense,
    incomeMinor,
    expenseMinor,
    resultMinor: incomeMinor.map((minor, index) => minor - (expenseMinor[index] ?? 0n)),
  };
}

/** The accounts of a type that are not zero in every column. `sign` 1n: debits are positive. */
export function linesOf(
  accounts: readonly AccountMovements[],
  type: AccountMovements['type'],
  sign: 1n | -1n,
): StatementLine[] {
  return accounts
    .filter((account) => account.type === type && account.netMinor.some((minor) => minor !== 0n))
    .map(({ accountId, number, name, netMinor }) => ({
      accountId,
      number,
      name,
      minor: netMinor.map((minor) => minor * sign),
    }));
}

export function sumOf(lines: readonly { readonly minor: readonly bigint[] }[], columns: number): bigint[] {
  return Array.from({ length: columns }, (_, index) =>
    lines.reduce((sum, { minor }) => sum + (minor[index] ?? 0n), 0n),
  );
}
