import type { StatementLineWire } from '../../../contract/statement-wire.ts';
import { Amount } from '../../parts/amount.tsx';
import type { Column } from '../../parts/data-table.tsx';
import { accountColumns } from './account-columns.tsx';

/** A row of a statement: an account, a sum of what stands above it, or a figure that is worked out. */
export interface StatementRow {
  readonly key: string;
  readonly account: string | null;
  readonly name: string;
  readonly amounts: readonly string[];
  readonly isSum: boolean;
}

export function accountRows(lines: readonly StatementLineWire[]): StatementRow[] {
  return lines.map(({ account, name, amounts }) => ({ key: account, account, name, amounts, isSum: false }));
}

export function sumRow(name: string, amounts: readonly string[]): StatementRow {
  return { key: name, account: null, name, amounts, isSum: true };
}

export function workedOutRow(name: string, amounts: readonly string[]): StatementRow {
  return { key: name, account: null, name, amounts, isSum: false };
}

interface AmountColumn {
  readonly header: string;
  readonly from?: string | undefined;
  readonly to: string;
}

/** Account, name and one column for each range or day; an account leads to its general ledger. */
export function statementColumns(
  amountColumns: readonly AmountColumn[],
  currency: string,
): readonly Column<StatementRow>[] {
  const first = amountColumns[0];
  return [
    ...accountColumns<StatementRow>({ from: first?.from, to: first?.to }),
    ...amountColumns.map(
      ({ header }, index): Column<StatementRow> => ({
        key: `amount ${index}`,
        header,
        align: 'end',
        fit: true,
        text: ({ amounts }) => amounts[index] ?? '',
        cell: ({ amounts, isSum }) => {
          const amount = <Amount amount={amounts[index] ?? '0'} currency={currency} bare />;
          return isSum ? <strong>{amount}</strong> : amount;
        },
      }),
    ),
  ];
}
