import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { z } from 'zod';
import type { remainingObligationWire } from '../../../contract/contracts-wire.ts';
import { apiListQuery } from '../../api/query.ts';
import { formatMonth } from '../../format/date.ts';
import { monthFromNow, parseMonth } from '../../format/months.ts';
import { sumAmounts } from '../../format/sum.ts';
import { Amount } from '../../parts/amount.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { ExportButton } from '../../parts/export-button.tsx';
import { ButtonLink } from '../../parts/link.tsx';
import { MonthInput } from '../../parts/month-input.tsx';
import { Empty, Problem } from '../../parts/note.tsx';
import { useOneEntity } from '../../shell/books-scope.ts';
import { bandsOf } from './remaining-bands.ts';
import { StatementFrame } from './statement-frame.tsx';

type Row = z.infer<typeof remainingObligationWire>['data'][number];

const columns: readonly Column<Row>[] = [
  {
    key: 'month',
    header: 'Month',
    text: ({ month }) => month?.slice(0, 7) ?? 'Milestones',
    cell: ({ month }) =>
      month === null ? (
        'When milestones are reached'
      ) : (
        <Link className="row-link" to="/recognition" search={{ month: month.slice(0, 7) }}>
          {formatMonth(month)}
        </Link>
      ),
  },
  {
    key: 'obligations',
    header: 'Obligations',
    align: 'end',
    fit: true,
    text: ({ obligations }) => String(obligations),
    cell: ({ obligations }) => obligations,
  },
  {
    key: 'amount',
    header: 'To be recognised',
    align: 'end',
    fit: true,
    text: ({ amount }) => amount,
    cell: ({ amount, currency }) => <Amount amount={amount} currency={currency} bare />,
  },
];

const exported: readonly Column<Row>[] = [
  { key: 'currency', header: 'Currency', text: ({ currency }) => currency, cell: ({ currency }) => currency },
  ...columns,
];

/** What active contracts promise and have not recognised yet, by the month in which it is planned to be. */
export function RemainingObligationPage() {
  const entity = useOneEntity();
  const search = useSearch({ from: '/app/reports/remaining-performance-obligation' });
  const navigate = useNavigate({ from: '/reports/remaining-performance-obligation' });
  const report = useQuery(
    apiListQuery('getRemainingPerformanceObligation', { query: { entityId: entity?.id } }),
  );
  const from = parseMonth(search.from);
  const to = parseMonth(search.to);
  const rows = (report.data?.data ?? []).filter(({ month }) => isWithin(month, from, to));
  const currencies = [...new Set(rows.map(({ currency }) => currency))];
  const change = (changed: Partial<typeof search>): void =>
    void navigate({ search: { ...search, ...changed } });
  return (
    <StatementFrame
      title="Remaining performance obligation"
      lead="What active contracts promise and have not recognised yet, as of now, without tax."
      actions={
        <ExportButton
          fileName="remaining-performance-obligation"
          columns={exported}
          readPage={async () => ({ data: rows, next: null })}
        />
      }
      chooseEntity={(id) => change({ entity: id })}
      choices={
        <>
          <MonthInput label="From" value={from ?? ''} change={(value) => change({ from: value })} />
          <MonthInput label="To" value={to ?? ''} change={(value) => change({ to: value })} />
          {from === null && to === null ? null : (
            <Button variant="subtle" size="sm" onClick={() => change({ from: undefined, to: undefined })}>
              All months
            </Button>
          )}
        </>
      }
    >
      <Problem error={report.error} />
      {report.data && rows.length === 0 ? (
        <Empty
          title="Nothing remains to be recognised"
          action={
            <ButtonLink to="/contracts" variant="default">
              See the contracts
            </ButtonLink>
          }
        >
          What active contracts still owe their customers stands here by month
          {from === null && to === null ? '.' : '; choose other months to see more.'}
        </Empty>
      ) : null}
      {report.isPending ? (
        <DataTable label="Remaining" columns={columns} rows={undefined} rowKey={keyOf} />
      ) : null}
      <div className="stack">
        {currencies.map((currency) => (
          <Remaining
            key={currency}
            currency={currency}
            rows={rows.filter((row) => row.currency === currency)}
            busy={report.isPlaceholderData}
          />
        ))}
      </div>
    </StatementFrame>
  );
}

/** Milestones have no month: they are shown whatever the range, but for one that ends somewhere. */
function isWithin(month: string | null, from: string | null, to: string | null): boolean {
  if (month === null) return to === null;
  const at = month.slice(0, 7);
  return (from === null || from <= at) && (to === null || at <= to);
}

function keyOf({ currency, month }: Row): string {
  return `${currency} ${month ?? ''}`;
}

interface RemainingProps {
  readonly currency: string;
  readonly rows: readonly Row[];
  readonly busy: boolean;
}

function Remaining({ currency, rows, busy }: RemainingProps) {
  return (
    <section aria-labelledby={`remaining-${currency}`}>
      <div className="row row-between">
        <h2 id={`remaining-${currency}`}>{currency}</h2>
        <Link className="link small" to="/contracts" search={{ status: 'active' }}>
          By contract<span className="visually-hidden">, {currency}</span>
        </Link>
      </div>
      <ul className="totals" aria-label={`Remaining in ${currency}, in bands`}>
        {bandsOf(rows, monthFromNow(0)).map(({ name, amount }) => (
          <li key={name}>
            <span className="soft">{name}</span>{' '}
            <strong>
              <Amount amount={amount} currency={currency} />
            </strong>
          </li>
        ))}
      </ul>
      <DataTable
        label={`Remaining performance obligation in ${currency}`}
        columns={columns}
        rows={rows}
        rowKey={keyOf}
        busy={busy}
        linked
        foot={
          <tr>
            <th scope="row">Total</th>
            <td />
            <td className="end">
              <Amount amount={sumAmounts(rows.map(({ amount }) => amount))} currency={currency} bare />
            </td>
          </tr>
        }
      />
    </section>
  );
}
