import { Button, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { currencyCodes } from '../../../kernel/currencies.ts';
import { type DocumentWire, documentStatuses } from '../../../contract/books-wire.ts';
import { apiListQuery, apiQuery, call } from '../../api/query.ts';
import { countOf } from '../../format/count.ts';
import { Amount } from '../../parts/amount.tsx';
import { CurrencyTotals } from '../../parts/currency-totals.tsx';
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
import { useColumns } from '../../parts/use-columns.tsx';
import { useBooksScope } from '../../shell/books-scope.ts';
import { useCan } from '../../shell/session.ts';
import { PostAllDrafts } from './post-all-drafts.tsx';
import { PostDrafts } from './post-drafts.tsx';

const sorts = [
  'documentDate',
  '-documentDate',
  'total',
  '-total',
  'number',
  '-number',
  'customer',
  '-customer',
  'createdAt',
  '-createdAt',
] as const;

/** Contracts have a page and statuses of their own. */
const statuses = documentStatuses.filter(
  (status) => status !== 'active' && status !== 'completed' && status !== 'terminated',
);

const columns: readonly Column<DocumentWire>[] = [
  {
    key: 'number',
    header: 'Number',
    sort: 'number',
    text: ({ number }) => number ?? '',
    cell: (document) => (
      <Link className="row-link" to="/invoices/$documentId" params={{ documentId: document.id }}>
        {document.number ?? 'Draft'}
        <span className="visually-hidden"> {document.description}</span>
        <span className="xs-only phone-lines">
          <Name text={document.customer.name} />
          <Status status={document.status} />
        </span>
      </Link>
    ),
    fit: true,
  },
  {
    key: 'customer',
    header: 'Customer',
    sort: 'customer',
    hide: 'xs',
    text: ({ customer }) => customer.name,
    cell: ({ customer }) => <Name text={customer.name} />,
  },
  {
    key: 'description',
    header: 'Description',
    hide: 'md',
    text: ({ description }) => description,
    cell: ({ description }) => <Name text={description} />,
  },
  {
    key: 'documentDate',
    header: 'Date',
    sort: 'documentDate',
    hide: 'sm',
    fit: true,
    text: ({ documentDate }) => documentDate,
    cell: ({ documentDate }) => <Day day={documentDate} />,
  },
  {
    key: 'dueDate',
    header: 'Due',
    hide: 'lg',
    fit: true,
    text: ({ dueDate }) => dueDate,
    cell: ({ dueDate }) => <Day day={dueDate} />,
  },
  {
    key: 'status',
    header: 'Status',
    fit: true,
    hide: 'xs',
    text: ({ status }) => statusWord(status),
    cell: ({ kind, status, warnings, dispute }) => (
      <>
        <Status status={status} kind={kind} />
        {dispute ? <div className="soft small">In dispute</div> : null}
        {warnings.length > 0 ? <div className="soft small">{countOf(warnings.length, 'warning')}</div> : null}
      </>
    ),
  },
  {
    key: 'salesRep',
    header: 'Sales rep',
    hide: 'lg',
    text: ({ salesRep }) => salesRep?.name ?? '',
    cell: ({ salesRep }) => (salesRep ? <Name text={salesRep.name} /> : null),
  },
  {
    key: 'currency',
    header: 'Currency',
    hide: 'lg',
    text: ({ currency }) => currency,
    cell: ({ currency }) => currency,
    fit: true,
  },
  {
    key: 'total',
    header: 'Total',
    sort: 'total',
    align: 'end',
    fit: true,
    text: ({ total }) => total,
    cell: ({ total, currency }) => <Amount amount={total} currency={currency} />,
  },
];

const shownColumns = columns.filter(({ key }) => key !== 'currency');

export function InvoicesPage() {
  const scope = useBooksScope();
  const search = useSearch({ from: '/app/invoices' });
  const navigate = useNavigate({ from: '/invoices' });
  const columnChoice = useColumns('invoices', shownColumns);
  const canPost = useCan('post');
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const choice = {
    mode: scope.mode,
    entityId: scope.entityId,
    kind: oneOf(['invoice', 'credit_note'], search.kind),
    disputed: oneOf(['true'], search.disputed),
    currency: oneOf(currencyCodes, search.currency),
    customerId: search.customer,
    from: search.from,
    to: search.to,
    q: search.q,
  };
  const filters = {
    ...choice,
    kinds: 'invoice,credit_note',
    status: oneOf(documentStatuses, search.status),
    sort: oneOf(sorts, search.sort) ?? '-createdAt',
  };
  const documents = useQuery(apiListQuery('listDocuments', { query: { ...filters, after: search.after } }));
  const customer = useQuery({
    ...apiQuery('getCustomer', { params: { id: search.customer ?? '' } }),
    enabled: search.customer !== undefined,
  });
  // Another filter begins on its first page.
  const filter = (change: Partial<typeof search>): void => {
    setSelected(new Set());
    void navigate({ search: (old) => ({ ...old, after: undefined, page: undefined, ...change }) });
  };
  const rows = documents.data?.data;
  const chosen = (rows ?? []).filter(({ id }) => selected.has(id));
  const hasFilter = [
    search.kind,
    search.disputed,
    search.status,
    search.currency,
    search.customer,
    search.from,
    search.to,
    search.q,
  ].some(Boolean);
  return (
    <>
      <PageHeader
        title="Invoices"
        actions={
          <>
            {columnChoice.menu}
            <ExportButton
              fileName="invoices"
              columns={columns}
              readPage={(page) => call('listDocuments', { query: { ...filters, ...page } })}
            />
            {canPost ? (
              <ButtonLink to="/credit-notes/new" search={{}} variant="default">
                New credit note
              </ButtonLink>
            ) : null}
            {canPost ? <ButtonLink to="/invoices/new">New invoice</ButtonLink> : null}
          </>
        }
      />
      <FilterBar label="Filter the invoices" hasFilter={hasFilter} list="/invoices">
        <FilterText
          label="Search"
          placeholder="Number, description, customer"
          value={search.q}
          change={(q) => filter({ q })}
        />
        <Select
          label="Kind"
          size="sm"
          w={150}
          clearable
          clearButtonProps={{ 'aria-label': 'Any kind' }}
          placeholder="Any"
          data={[
            { value: 'invoice', label: 'Invoices' },
            { value: 'credit_note', label: 'Credit notes' },
            { value: 'disputed', label: 'In dispute' },
          ]}
          value={filters.disputed ? 'disputed' : (filters.kind ?? null)}
          onChange={(kind) =>
            filter({
              kind: kind === 'disputed' ? undefined : (kind ?? undefined),
              disputed: kind === 'disputed' ? 'true' : undefined,
            })
          }
        />
        <Select
          label="Status"
          size="sm"
          w={150}
          clearable
          clearButtonProps={{ 'aria-label': 'Any status' }}
          placeholder="Any"
          data={statuses.map((value) => ({ value, label: statusWord(value) }))}
          value={filters.status ?? null}
          onChange={(status) => filter({ status: status ?? undefined })}
        />
        <Select
          label="Currency"
          size="sm"
          w={120}
          clearable
          clearButtonProps={{ 'aria-label': 'Any currency' }}
          searchable
          placeholder="Any"
          data={[...currencyCodes]}
          value={filters.currency ?? null}
          onChange={(currency) => filter({ currency: currency ?? undefined })}
        />
        <DayRangeFilter search={search} filter={filter} />
        {search.customer ? (
          <Button variant="light" size="sm" onClick={() => filter({ customer: undefined })}>
            Customer: <bdi dir="auto">{customer.data?.name ?? '…'}</bdi>&nbsp;✕
          </Button>
        ) : null}
      </FilterBar>
      <Problem error={documents.error} />
      {documents.data ? <CurrencyTotals totals={documents.data.totals} label="Totals per currency" /> : null}
      {canPost && documents.data && filters.status === 'draft' ? (
        <PostAllDrafts
          key={JSON.stringify(choice)}
          choice={choice}
          total={documents.data.total}
          totals={documents.data.totals}
          isOnePage={documents.data.total <= documents.data.data.length}
        />
      ) : null}
      {canPost && chosen.length > 0 ? (
        <PostDrafts documents={chosen} onPosted={() => setSelected(new Set())} />
      ) : null}
      {rows?.length === 0 ? (
        <EmptyList
          hasFilter={hasFilter}
          list="/invoices"
          filteredTitle="No invoice passes these filters"
          title="No invoices yet"
          action={<ButtonLink to="/settings/integrations">Go to Integrations</ButtonLink>}
        >
          Won deals become draft invoices here once a connection has synced.
        </EmptyList>
      ) : (
        <>
          <DataTable
            label="Invoices"
            columns={columnChoice.shown}
            rows={rows}
            rowKey={({ id }) => id}
            nameOfRow={({ number, description }) => `${number ?? 'draft'} ${description}`}
            busy={documents.isPlaceholderData}
            linked
            selection={
              canPost
                ? {
                    selected,
                    change: setSelected,
                    canSelect: (key) => rows?.find(({ id }) => id === key)?.status === 'draft',
                  }
                : undefined
            }
            sort={{ by: filters.sort, change: (sort) => filter({ sort }) }}
          />
          <Pager
            listKey={['invoices', filters]}
            list={documents.data}
            search={search}
            noun="invoice"
            go={filter}
          />
        </>
      )}
    </>
  );
}
