import { Amount } from '../../parts/amount.tsx';
import type { Column } from '../../parts/data-table.tsx';

type Bucket = 'current' | 'days1to30' | 'days31to60' | 'days61to90' | 'over90' | 'unapplied' | 'open';

type AgedAmounts = { readonly currency: string } & { readonly [Name in Bucket]: string };

const headers: Readonly<Record<Bucket, string>> = {
  current: 'Not yet due',
  days1to30: '1–30 days',
  days31to60: '31–60',
  days61to90: '61–90',
  over90: 'Over 90',
  unapplied: 'Unapplied',
  open: 'Open',
};
const hiddenBelow: { readonly [Name in Bucket]?: 'sm' | 'md' | 'lg' } = {
  current: 'md',
  days31to60: 'md',
  days61to90: 'md',
  days1to30: 'md',
  over90: 'sm',
  unapplied: 'sm',
};

/** Currency and one column for each bucket, the last one the sum of them. */
export function agingColumns<Row extends AgedAmounts>(): readonly Column<Row>[] {
  const buckets = Object.keys(headers) as readonly Bucket[];
  return [
    {
      key: 'currency',
      header: 'Currency',
      fit: true,
      text: ({ currency }) => currency,
      cell: ({ currency }) => currency,
    },
    ...buckets.map((bucket): Column<Row> => {
      const hide = hiddenBelow[bucket];
      return {
        key: bucket,
        header: headers[bucket],
        align: 'end',
        fit: true,
        ...(hide === undefined ? {} : { hide }),
        text: (row) => row[bucket],
        cell: (row) => (
          <Amount amount={row[bucket]} currency={row.currency} bare hideZero={bucket !== 'open'} />
        ),
      };
    }),
  ];
}
