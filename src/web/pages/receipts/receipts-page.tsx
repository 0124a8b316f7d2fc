import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { type ReceiptWire, receiptStatuses } from '../../../contract/cash-wire.ts';
import { apiListQuery, call } from '../../api/query.ts';
import { readable } from '../../format/words.ts';
import { Amount } from '../../parts/amount.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Day } from '../../parts/date-text.tsx';
import { ExportButton } from '../../parts/export-button.tsx';
import { DayRangeFilter, EmptyList, FilterBar } from '../../parts/filter-bar.tsx';
import { FilterText } from '../../parts/filter-text.tsx';
import { ButtonLink } from '../../parts/link.tsx';
import { Name } from '../../parts/name.tsx';
import { Problem } from '../../parts/note.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { Pager } from '../../parts/pager.tsx';
import { oneOf } from '../../parts/search-params.ts';
import { Status, statusWord } from '../../parts/status.tsx';
import { useBooksScope } from '../../shell/books-scope.ts';
import { useCan } from '../../shell/session.ts';

const columns: readonly Column<ReceiptWire>[] = [
  {
    key: 'number',
    header: 'Number',
    fit: true,
    text: ({ number }) => number,
    cell: ({ id, number, customer }) => (
      <Link className="row-link" to="/receipts/$receiptId" params={{ receiptId: id }}>
        {number}
        <span className="xs-only phone-lines">
          <Name text={customer.name} />
        </span>
      </Link>
    ),
  },
  {
    key: 'receivedOn',
    header: 'Received',
    fit: true,
    hide: 'sm',
    text: ({ receivedOn }) => receivedOn,
    cell: ({ receivedOn }) => <Day day={receivedOn} />,
  },
  {
    key: 'customer',
    header: 'Customer',
    hide: 'xs',
    text: ({ customer }) => customer.name,
    cell: ({ customer }) => <Name text={customer.name} />,
  },
  {
    key: 'reference',
    header: 'Reference',
    hide: 'md',
    text: ({ reference }) => reference ?? '',
    cell: ({ reference }) => (reference ? <Name text={reference} /> : null),
  },
  {
    key: 'method',
    header: 'Method',
    hide: 'lg',
    fit: true,
    text: ({ method }) => readable(method),
    cell: ({ method }) => readable(method),
  },
  {
    key: 'status',
    header: 'Status',
    hide: 'xs',
    fit: true,
    text: ({ status }) => statusWord(status),
    cell: ({ status }) => <Status status={status} />,
  },
  {
    key: 'amount',
    header: 'Amount',
    align: 'end',
    fit: true,
    text: ({ amount }) => amount,
    cell: ({ amount, currency }) => <Amount amount={amount} currency={currency} />,
  },
  {
    key: 'unapplied',
    header: 'Unapplied',
    align: 'end',
    fit: true,
    hide: 'sm',
    text: ({ unapplied }) => unapplied,
    cell: ({ unapplied, currency }) => <Amount amount={unapplied} currency={currency} hideZero />,
  },
];

export function ReceiptsPage() {
  const scope = useBooksScope();
  const search = useSearch({ from: '/app/receipts' });
  const navigate = useNavigate({ from: '/receipts' });
  const canPost = useCan('post');
  const filters = {
    mode: scope.mode,
    entityId: scope.entityId,
    status: oneOf(receiptStatuses, search.status),
    unapplied: oneOf(['true'], search.unapplied),
    customerId: search.customer,
    from: search.from,
    to: search.to,
    q: search.q,
  };
  const receipts = useQuery(apiListQuery('listReceipts', { query: { ...filters, after: search.after } }));
  const filter = (change: Partial<typeof search>): void =>
    void navigate({ search: (old) => ({ ...old, after: undefined, page: undefined, ...change }) });
  const hasFilter = [search.status, search.unapplied, search.customer, search.from, search.to, search.q].some(
    Boolean,
  );
  return (
    <>
      <PageHeader
        title="Receipts"
        actions={
          <>
            <ExportButton
              fileName="receipts"
              columns={columns}
              readPage={(page) => call('listReceipts', { query: { ...filters, ...page } })}
            />
            {canPost ? (
              <ButtonLink to="/receipts/new" search={{}}>
                Record payment
              </ButtonLink>
            ) : null}
          </>
        }
      />
      <FilterBar label="Filter the receipts" hasFilter={hasFilter} list="/receipts">
        <FilterText
          label="Search"
          placeholder="Number, reference, customer"
          value={search.q}
          change={(q) => filter({ q })}
        />
        <Select
          label="Show"
          size="sm"
          w={170}
          clearable
          clearButtonProps={{ 'aria-label': 'All receipts' }}
          placeholder="All"
          data={[
            { value: 'unapplied', label: 'With unapplied money' },
            ...receiptStatuses.map((value) => ({ value, label: statusWord(value) })),
          ]}
          value={filters.unapplied ? 'unapplied' : (filters.status ?? null)}
          onChange={(shown) =>
            filter({
              unapplied: shown === 'unapplied' ? 'true' : undefined,
              status: shown === 'unapplied' ? undefined : (shown ?? undefined),
            })
          }
        />
        <DayRangeFilter search={search} filter={filter} />
      </FilterBar>
      <Problem error={receipts.error} />
      {receipts.data?.data.length === 0 ? (
        <EmptyList
          hasFilter={hasFilter}
          list="/receipts"
          filteredTitle="No receipt passes these filters"
          title="No receipts yet"
          action={
            canPost ? (
              <ButtonLink to="/receipts/new" search={{}}>
                Record payment
              </ButtonLink>
            ) : null
          }
        >
          Payments of customers stand here, with the invoices that they pay and what is left of them.
        </EmptyList>
      ) : (
        <>
          <DataTable
            label="Receipts"
            columns={columns}
            rows={receipts.data?.data}
            rowKey={({ id }) => id}
            busy={receipts.isPlaceholderData}
            linked
          />
          <Pager
            listKey={['receipts', filters]}
            list={receipts.data}
            search={search}
            noun="receipt"
            go={filter}
          />
        </>
      )}
    </>
  );
}
