import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { z } from 'zod';
import type { deferredRevenueWire } from '../../../contract/contracts-wire.ts';
import { apiListQuery } from '../../api/query.ts';
import { isZeroAmount } from '../../format/amount.ts';
import { formatDay, formatMonth } from '../../format/date.ts';
import { firstDayOf, monthFromNow, parseMonth } from '../../format/months.ts';
import { subtractAmounts, sumAmounts } from '../../format/sum.ts';
import { Amount } from '../../parts/amount.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { ExportButton } from '../../parts/export-button.tsx';
import { ButtonLink } from '../../parts/link.tsx';
import { MonthInput } from '../../parts/month-input.tsx';
import { Empty, Note, Problem } from '../../parts/note.tsx';
import { useOneEntity } from '../../shell/books-scope.ts';
import { StatementFrame } from './statement-frame.tsx';

type Report = z.infer<typeof deferredRevenueWire>;
type CurrencyPart = Report['data'][number];
type MonthRow = CurrencyPart['months'][number];
type MonthOfCurrency = MonthRow & { readonly currency: string };

function amountColumn(
  key: 'opening' | 'billed' | 'recognised' | 'closing',
  header: string,
  hide?: 'xs',
): Column<MonthOfCurrency> {
  return {
    key,
    header,
    align: 'end',
    fit: true,
    ...(hide ? { hide } : {}),
    text: (row) => row[key],
    cell: (row) => <Amount amount={row[key]} currency={row.currency} bare />,
  };
}

const columns: readonly Column<MonthOfCurrency>[] = [
  {
    key: 'month',
    header: 'Month',
    text: ({ month }) => month.slice(0, 7),
    cell: ({ month }) => (
      <Link className="row-link" to="/recognition" search={{ month: month.slice(0, 7) }}>
        {formatMonth(month)}
      </Link>
    ),
  },
  amountColumn('opening', 'Opening', 'xs'),
  amountColumn('billed', 'Billed'),
  amountColumn('recognised', 'Recognised'),
  amountColumn('closing', 'Closing'),
];

const exported: readonly Column<MonthOfCurrency>[] = [
  { key: 'currency', header: 'Currency', text: ({ currency }) => currency, cell: ({ currency }) => currency },
  ...columns,
];

/** The waterfall of contracts by month: what was billed less what was recognised, from the journal. */
export function DeferredRevenuePage() {
  const entity = useOneEntity();
  const search = useSearch({ from: '/app/reports/deferred-revenue' });
  const navigate = useNavigate({ from: '/reports/deferred-revenue' });
  const to = parseMonth(search.to) ?? monthFromNow(0);
  const from = parseMonth(search.from) ?? `${to.slice(0, 4)}-01`;
  const query = { entityId: entity?.id, from: firstDayOf(from), to: firstDayOf(to) };
  const report = useQuery(apiListQuery('getDeferredRevenue', { query }));
  const { data } = report;
  const change = (changed: Partial<typeof search>): void =>
    void navigate({ search: { ...search, ...changed } });
  return (
    <StatementFrame
      title="Deferred revenue"
      lead={
        data
          ? `${formatMonth(data.from)} to ${formatMonth(data.to)}. Above zero: billed and not yet earned. Below zero: earned and not yet billed.`
          : null
      }
      actions={
        <ExportButton
          fileName={`deferred-revenue-${from}-${to}`}
          columns={exported}
          readPage={async () => ({ data: (data?.data ?? []).flatMap(monthsOf), next: null })}
        />
      }
      chooseEntity={(id) => change({ entity: id })}
      choices={
        <>
          <MonthInput label="From" value={from} change={(value) => change({ from: value })} />
          <MonthInput label="To" value={to} change={(value) => change({ to: value })} />
        </>
      }
    >
      <Problem error={report.error} />
      {data?.data.length === 0 ? (
        <Empty
          title="No contract has moved up to that month"
          action={
            <ButtonLink to="/contracts" variant="default">
              See the contracts
            </ButtonLink>
          }
        >
          What active contracts bill and recognise stands here, month by month.
        </Empty>
      ) : null}
      {data === undefined && !report.error ? (
        <DataTable
          label="Deferred revenue"
          columns={columns}
          rows={undefined}
          rowKey={({ month }) => month}
        />
      ) : null}
      <div className="stack">
        {data?.data.map((part) => (
          <Waterfall key={part.currency} part={part} at={data.to} busy={report.isPlaceholderData} />
        ))}
      </div>
    </StatementFrame>
  );
}

function monthsOf({ currency, months }: CurrencyPart): MonthOfCurrency[] {
  return months.map((month) => ({ ...month, currency }));
}

/** The accounts say what the contracts come to. */
function isTied({ contractLiability, contractAsset, journalLiability, journalAsset }: CurrencyPart): boolean {
  return [
    subtractAmounts(contractLiability, journalLiability),
    subtractAmounts(contractAsset, journalAsset),
  ].every(isZeroAmount);
}

interface WaterfallProps {
  readonly part: CurrencyPart;
  /** The last day of the range. */
  readonly at: string;
  readonly busy: boolean;
}

function Waterfall({ part, at, busy }: WaterfallProps) {
  const { currency, months, contractLiability, contractAsset } = part;
  const total = (of: 'billed' | 'recognised') => (
    <Amount amount={sumAmounts(months.map((month) => month[of]))} currency={currency} bare />
  );
  return (
    <section aria-labelledby={`deferred-${currency}`} className="stack-tight">
      <div className="row row-between">
        <h2 id={`deferred-${currency}`}>{currency}</h2>
        <Link className="link small" to="/reports/contract-balances" search={{ at }}>
          By contract<span className="visually-hidden">, {currency}</span>
        </Link>
      </div>
      <ul className="totals" aria-label={`Balances in ${currency} on ${formatDay(at)}`}>
        <li>
          <span className="soft">Contract liability on {formatDay(at)}</span>{' '}
          <strong>
            <Amount amount={contractLiability} currency={currency} />
          </strong>
        </li>
        <li>
          <span className="soft">Contract asset</span>{' '}
          <strong>
            <Amount amount={contractAsset} currency={currency} />
          </strong>
        </li>
      </ul>
      {isTied(part) ? null : (
        <Note tone="warn" title="The accounts of contracts hold something else, too">
          The journal has a liability of <Amount amount={part.journalLiability} currency={currency} /> and an
          asset of <Amount amount={part.journalAsset} currency={currency} /> there: the difference was posted
          by hand, or by an invoice of no contract.
        </Note>
      )}
      <DataTable
        label={`Deferred revenue in ${currency}`}
        columns={columns}
        rows={monthsOf(part)}
        rowKey={({ month }) => month}
        busy={busy}
        linked
        foot={
          <tr>
            <th scope="row">Total</th>
            <td className="hide-xs" />
            <td className="end">{total('billed')}</td>
            <td className="end">{total('recognised')}</td>
            <td />
          </tr>
        }
      />
    </section>
  );
}
