import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { contractStatuses, type ContractSummaryWire } from '../../../contract/contracts-wire.ts';
import { apiListQuery, call } from '../../api/query.ts';
import { Amount } from '../../parts/amount.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Day } from '../../parts/date-text.tsx';
import { ExportButton } from '../../parts/export-button.tsx';
import { FilterText } from '../../parts/filter-text.tsx';
import { ButtonLink } from '../../parts/link.tsx';
import { Name } from '../../parts/name.tsx';
import { Empty, Problem } from '../../parts/note.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { Pager } from '../../parts/pager.tsx';
import { oneOf } from '../../parts/search-params.ts';
import { Status, statusWord } from '../../parts/status.tsx';
import { useColumns } from '../../parts/use-columns.tsx';
import { useBooksScope } from '../../shell/books-scope.ts';
import { useCan } from '../../shell/session.ts';
import { BillContracts } from './bill-contracts.tsx';

type AmountKey = 'price' | 'recognised' | 'contractLiability' | 'contractAsset';

function amountColumn(
  key: AmountKey,
  header: string,
  hide?: 'sm' | 'md' | 'lg',
): Column<ContractSummaryWire> {
  return {
    key,
    header,
    align: 'end',
    fit: true,
    ...(hide ? { hide } : {}),
    text: (contract) => contract[key],
    cell: (contract) => (
      <Amount amount={contract[key]} currency={contract.document.currency} hideZero={key !== 'price'} />
    ),
  };
}

const columns: readonly Column<ContractSummaryWire>[] = [
  {
    key: 'number',
    header: 'Number',
    fit: true,
    text: ({ document }) => document.number ?? '',
    cell: ({ document }) => (
      <Link className="row-link" to="/contracts/$contractId" params={{ contractId: document.id }}>
        {document.number ?? 'Draft'}
        <span className="visually-hidden"> {document.description}</span>
        <span className="xs-only phone-lines">
          <Name text={document.customer.name} />
          <Status status={document.status} />
        </span>
      </Link>
    ),
  },
  {
    key: 'customer',
    header: 'Customer',
    hide: 'xs',
    text: ({ document }) => document.customer.name,
    cell: ({ document }) => <Name text={document.customer.name} />,
  },
  {
    key: 'description',
    header: 'Description',
    hide: 'lg',
    text: ({ document }) => document.description,
    cell: ({ document }) => <Name text={document.description} />,
  },
  {
    key: 'service',
    header: 'Service',
    fit: true,
    hide: 'md',
    text: ({ serviceStart, serviceEnd }) =>
      serviceStart && serviceEnd ? `${serviceStart}/${serviceEnd}` : '',
    cell: ({ serviceStart, serviceEnd }) =>
      serviceStart && serviceEnd ? (
        <>
          <Day day={serviceStart} /> – <Day day={serviceEnd} />
        </>
      ) : (
        <span className="soft">Not said yet</span>
      ),
  },
  {
    key: 'status',
    header: 'Status',
    fit: true,
    hide: 'xs',
    text: ({ document }) => statusWord(document.status),
    cell: ({ document }) => <Status status={document.status} />,
  },
  {
    key: 'currency',
    header: 'Currency',
    text: ({ document }) => document.currency,
    cell: ({ document }) => document.currency,
  },
  amountColumn('price', 'Price'),
  amountColumn('recognised', 'Recognised', 'sm'),
  amountColumn('contractLiability', 'Contract liability', 'md'),
  amountColumn('contractAsset', 'Contract asset', 'md'),
];

const shownColumns = columns.filter(({ key }) => key !== 'currency');

export function ContractsPage() {
  const scope = useBooksScope();
  const canPost = useCan('post');
  const search = useSearch({ from: '/app/contracts' });
  const navigate = useNavigate({ from: '/contracts' });
  const columnChoice = useColumns('contracts', shownColumns);
  const filters = {
    mode: scope.mode,
    entityId: scope.entityId,
    status: oneOf(contractStatuses, search.status),
    q: search.q,
  };
  const contracts = useQuery(apiListQuery('listContracts', { query: { ...filters, after: search.after } }));
  // Another filter begins on its first page.
  const filter = (change: Partial<typeof search>): void =>
    void navigate({ search: (old) => ({ ...old, after: undefined, page: undefined, ...change }) });
  const hasFilter = search.status !== undefined || search.q !== undefined;
  const rows = contracts.data?.data;
  return (
    <>
      <PageHeader
        title="Contracts"
        lead="What customers were promised, when it becomes revenue, and when it is billed. Amounts are without tax."
        actions={
          <>
            {columnChoice.menu}
            <ExportButton
              fileName="contracts"
              columns={columns}
              readPage={(page) => call('listContracts', { query: { ...filters, ...page } })}
            />
            {canPost ? <BillContracts /> : null}
          </>
        }
      />
      <div className="toolbar" role="search" aria-label="Filter the contracts">
        <FilterText
          label="Search"
          placeholder="Number, description, customer"
          value={search.q}
          change={(q) => filter({ q })}
        />
        <Select
          label="Status"
          size="sm"
          w={150}
          clearable
          clearButtonProps={{ 'aria-label': 'Any status' }}
          placeholder="Any"
          data={contractStatuses.map((value) => ({ value, label: statusWord(value) }))}
          value={filters.status ?? null}
          onChange={(status) => filter({ status: status ?? undefined })}
        />
        {hasFilter ? (
          <ButtonLink to="/contracts" search={{}} variant="subtle" size="sm">
            Clear the filters
          </ButtonLink>
        ) : null}
      </div>
      <Problem error={contracts.error} />
      {rows?.length === 0 ? (
        <NoContracts hasFilter={hasFilter} />
      ) : (
        <>
          <DataTable
            label="Contracts"
            columns={columnChoice.shown}
            rows={rows}
            rowKey={({ document }) => document.id}
            busy={contracts.isPlaceholderData}
            linked
          />
          <Pager
            listKey={['contracts', filters]}
            list={contracts.data}
            search={search}
            noun="contract"
            go={(page) =>
              void navigate({ search: (old) => ({ ...old, after: undefined, page: undefined, ...page }) })
            }
          />
        </>
      )}
    </>
  );
}

function NoContracts({ hasFilter }: { readonly hasFilter: boolean }) {
  if (hasFilter) {
    return (
      <Empty
        title="No contract passes these filters"
        action={
          <ButtonLink to="/contracts" search={{}} variant="default">
            Clear the filters
          </ButtonLink>
        }
      >
        Take a filter away to see more.
      </Empty>
    );
  }
  return (
    <Empty
      title="No contracts yet"
      action={<ButtonLink to="/settings/integrations">Go to Integrations</ButtonLink>}
    >
      Won deals become draft contracts here when the connection’s Sync Settings say “A deal makes a revenue
      contract”. Start, term and recurring prices come with the deal’s lines and Deal Mapping. A draft
      recognises nothing until you activate it.
    </Empty>
  );
}
