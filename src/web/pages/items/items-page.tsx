import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { z } from 'zod';
import type { itemWire } from '../../../contract/books-wire.ts';
import { apiListQuery, call } from '../../api/query.ts';
import { Quantity } from '../../parts/amount.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { ExportButton } from '../../parts/export-button.tsx';
import { FilterText } from '../../parts/filter-text.tsx';
import { ButtonLink } from '../../parts/link.tsx';
import { Name } from '../../parts/name.tsx';
import { Empty, Problem } from '../../parts/note.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { Pager } from '../../parts/pager.tsx';
import { Status } from '../../parts/status.tsx';
import { useColumns } from '../../parts/use-columns.tsx';
import { useBooksScope } from '../../shell/books-scope.ts';
import { useCan } from '../../shell/session.ts';

type Item = z.infer<typeof itemWire>;

const columns: readonly Column<Item>[] = [
  {
    key: 'sku',
    header: 'SKU',
    text: ({ sku }) => sku,
    cell: ({ id, sku, name }) => (
      <Link className="row-link mono" to="/items/$itemId" params={{ itemId: id }}>
        <Name text={sku} />
        <span className="xs-only phone-lines">
          <Name text={name} />
        </span>
      </Link>
    ),
  },
  {
    key: 'name',
    header: 'Name',
    hide: 'xs',
    text: ({ name }) => name,
    cell: ({ name }) => <Name text={name} />,
  },
  {
    key: 'kind',
    header: 'Kind',
    fit: true,
    hide: 'sm',
    text: ({ kind }) => kind,
    cell: ({ kind }) => (kind === 'service' ? 'Service' : 'Goods'),
  },
  {
    key: 'incomeAccount',
    header: 'Income account',
    fit: true,
    hide: 'md',
    text: ({ incomeAccount }) => incomeAccount ?? '',
    cell: ({ incomeAccount }) =>
      incomeAccount === null ? (
        <span className="soft">The entity’s</span>
      ) : (
        <span className="mono">{incomeAccount}</span>
      ),
  },
  {
    key: 'deferredAccount',
    header: 'Deferred account',
    fit: true,
    hide: 'lg',
    text: ({ deferredAccount }) => deferredAccount ?? '',
    cell: ({ deferredAccount }) => <span className="mono">{deferredAccount ?? ''}</span>,
  },
  {
    key: 'status',
    header: 'Status',
    fit: true,
    hide: 'sm',
    text: ({ active }) => (active ? 'active' : 'inactive'),
    cell: ({ active }) => <Status status={active ? 'active' : 'inactive'} />,
  },
  {
    key: 'unitPrice',
    header: 'Unit price',
    align: 'end',
    fit: true,
    text: ({ unitPrice }) => unitPrice ?? '',
    cell: ({ unitPrice }) => (unitPrice === null ? null : <Quantity value={unitPrice} />),
  },
];

export function ItemsPage() {
  const scope = useBooksScope();
  const search = useSearch({ from: '/app/items' });
  const navigate = useNavigate({ from: '/items' });
  const canPost = useCan('post');
  const columnChoice = useColumns('items', columns);
  const filters = { mode: scope.mode, entityId: scope.entityId, q: search.q };
  const items = useQuery(apiListQuery('listItems', { query: { ...filters, after: search.after } }));
  return (
    <>
      <PageHeader
        title="Items"
        lead="What lines of invoices sell. The CRM’s products become items on the way; a line’s own price decides."
        actions={
          <>
            {columnChoice.menu}
            <ExportButton
              fileName="items"
              columns={columns}
              readPage={(page) => call('listItems', { query: { ...filters, ...page } })}
            />
            {canPost ? <ButtonLink to="/items/new">New item</ButtonLink> : null}
          </>
        }
      />
      <div className="toolbar" role="search" aria-label="Filter the items">
        <FilterText
          label="Search"
          placeholder="SKU or name"
          value={search.q}
          change={(q) => void navigate({ search: { q } })}
        />
      </div>
      <Problem error={items.error} />
      {items.data?.data.length === 0 ? (
        <Empty
          title={search.q ? 'No item has that in its SKU or name' : 'No items yet'}
          action={search.q ? null : <ButtonLink to="/settings/integrations">Go to Integrations</ButtonLink>}
        >
          {search.q
            ? 'Try fewer letters.'
            : 'Products of won deals become items here once a connection has synced.'}
        </Empty>
      ) : (
        <>
          <DataTable
            label="Items"
            columns={columnChoice.shown}
            rows={items.data?.data}
            rowKey={({ id }) => id}
            busy={items.isPlaceholderData}
            linked
          />
          <Pager
            listKey={['items', filters]}
            list={items.data}
            search={search}
            noun="item"
            go={(page) => void navigate({ search: { q: search.q, ...page } })}
          />
        </>
      )}
    </>
  );
}
