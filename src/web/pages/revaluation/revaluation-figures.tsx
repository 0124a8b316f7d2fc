import type { z } from 'zod';
import type { revaluationPlanWire } from '../../../contract/revaluation-routes.ts';
import { Amount, Quantity } from '../../parts/amount.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Day } from '../../parts/date-text.tsx';
import { Name } from '../../parts/name.tsx';

type Plan = z.infer<typeof revaluationPlanWire>;
type Figure = Plan['figures'][number];

function columnsIn(baseCurrency: string): readonly Column<Figure>[] {
  const inBase = (key: 'bookBase' | 'newBase' | 'difference', header: string): Column<Figure> => ({
    key,
    header: `${header} ${baseCurrency}`,
    align: 'end',
    fit: true,
    cell: (figure) => <Amount amount={figure[key]} currency={baseCurrency} bare />,
  });
  return [
    {
      key: 'account',
      header: 'Account',
      cell: ({ account, accountName }) => (
        <>
          <span className="mono">{account}</span> <Name text={accountName} />
        </>
      ),
    },
    {
      key: 'balance',
      header: 'Balance',
      align: 'end',
      fit: true,
      cell: ({ balance, currency }) => <Amount amount={balance} currency={currency} />,
    },
    inBase('bookBase', 'In the books'),
    {
      key: 'rate',
      header: 'Rate',
      align: 'end',
      fit: true,
      cell: ({ rate }) => (rate === null ? null : <Quantity value={rate} />),
    },
    {
      key: 'rateDate',
      header: 'Rate of',
      fit: true,
      hide: 'md',
      cell: ({ rateDate }) => (rateDate === null ? null : <Day day={rateDate} />),
    },
    inBase('newBase', 'At the rate'),
    inBase('difference', 'Difference'),
  ];
}

/** The figures by account and currency; below zero is a credit. */
export function RevaluationFigures({ plan }: { readonly plan: Plan }) {
  return (
    <DataTable
      label="Balances in foreign currencies"
      columns={columnsIn(plan.baseCurrency)}
      rows={plan.figures}
      rowKey={({ account, currency }) => `${account} ${currency}`}
    />
  );
}
