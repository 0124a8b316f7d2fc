import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { z } from 'zod';
import type { contractBalanceWire } from '../../../contract/contracts-wire.ts';
import { apiListQuery, call } from '../../api/query.ts';
import { formatDay } from '../../format/date.ts';
import { Amount } from '../../parts/amount.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { ExportButton } from '../../parts/export-button.tsx';
import { ButtonLink } from '../../parts/link.tsx';
import { Name } from '../../parts/name.tsx';
import { Empty, Problem } from '../../parts/note.tsx';
import { Pager } from '../../parts/pager.tsx';
import { useOneEntity } from '../../shell/books-scope.ts';
import { DayInput } from '../../parts/day-input.tsx';
import { StatementFrame } from './statement-frame.tsx';

type Balance = z.infer<typeof contractBalanceWire>;

function amountColumn(key: 'contractLiability' | 'contractAsset', header: string): Column<Balance> {
  return {
    key,
    header,
    align: 'end',
    fit: true,
    text: (row) => row[key],
    cell: (row) => <Amount amount={row[key]} currency={row.currency} hideZero />,
  };
}

const columns: readonly Column<Balance>[] = [
  {
    key: 'contract',
    header: 'Contract',
    fit: true,
    text: ({ number }) => number,
    cell: ({ contractId, number, customer }) => (
      <>
        <Link className="row-link" to="/contracts/$contractId" params={{ contractId }}>
          {number}
        </Link>
        <span className="xs-only phone-lines">
          <Name text={customer} />
        </span>
      </>
    ),
  },
  {
    key: 'customer',
    header: 'Customer',
    hide: 'xs',
    text: ({ customer }) => customer,
    cell: ({ customer }) => <Name text={customer} />,
  },
  amountColumn('contractLiability', 'Contract liability'),
  amountColumn('contractAsset', 'Contract asset'),
];

const exported: readonly Column<Balance>[] = [
  ...columns,
  { key: 'currency', header: 'Currency', text: ({ currency }) => currency, cell: ({ currency }) => currency },
];

/** What each contract is billed ahead or has earned ahead on a day: what stands behind the totals of deferred revenue. */
export function ContractBalancesPage() {
  const entity = useOneEntity();
  const search = useSearch({ from: '/app/reports/contract-balances' });
  const navigate = useNavigate({ from: '/reports/contract-balances' });
  const filters = { entityId: entity?.id, at: search.at };
  const balances = useQuery(
    apiListQuery('listContractBalances', { query: { ...filters, after: search.after } }),
  );
  const { data } = balances;
  const change = (changed: Partial<typeof search>): void =>
    void navigate({ search: { ...search, after: undefined, page: undefined, ...changed } });
  return (
    <StatementFrame
      title="Contract balances"
      lead={`Billed ahead of revenue, or earned ahead of billing, by contract${search.at ? ` at the end of ${formatDay(search.at)}` : ', as of today'}.`}
      actions={
        <ExportButton
          fileName={`contract-balances-${search.at ?? 'today'}`}
          columns={exported}
          readPage={(page) => call('listContractBalances', { query: { ...filters, ...page } })}
        />
      }
      chooseEntity={(id) => change({ entity: id })}
      choices={<DayInput label="On" value={search.at} change={(at) => change({ at })} />}
    >
      <Problem error={balances.error} />
      {data?.total === 0 ? (
        <Empty
          title="No contract has a balance on that day"
          action={
            <ButtonLink to="/contracts" variant="default">
              See the contracts
            </ButtonLink>
          }
        >
          Contracts stand here while more is billed than earned, or more is earned than billed.
        </Empty>
      ) : (
        <>
          <DataTable
            label="Contract balances"
            columns={columns}
            rows={data?.data}
            rowKey={({ contractId, currency }) => `${contractId} ${currency}`}
            busy={balances.isPlaceholderData}
            linked
          />
          {data ? (
            <Pager
              listKey={['contract-balances', filters]}
              search={search}
              list={data}
              go={(page) => change(page)}
              noun="contract"
            />
          ) : null}
        </>
      )}
    </StatementFrame>
  );
}
