import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { z } from 'zod';
import type { customerWire } from '../../../contract/books-wire.ts';
import { apiListQuery, call } from '../../api/query.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { ExportButton } from '../../parts/export-button.tsx';
import { FilterText } from '../../parts/filter-text.tsx';
import { ButtonLink } from '../../parts/link.tsx';
import { Name } from '../../parts/name.tsx';
import { Empty, Problem } from '../../parts/note.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { Pager } from '../../parts/pager.tsx';
import { useColumns } from '../../parts/use-columns.tsx';
import { useBooksScope } from '../../shell/books-scope.ts';
import { useCan } from '../../shell/session.ts';

type Customer = z.infer<typeof customerWire>;

const columns: readonly Column<Customer>[] = [
  {
    key: 'name',
    header: 'Name',
    text: ({ name }) => name,
    cell: ({ id, name }) => (
      <Link className="row-link" to="/customers/$customerId" params={{ customerId: id }}>
        <Name text={name} />
      </Link>
    ),
  },
  {
    key: 'kind',
    header: 'Kind',
    fit: true,
    hide: 'sm',
    text: ({ kind }) => kind,
    cell: ({ kind, active }) => (
      <>
        {kind === 'person' ? 'Person' : 'Company'}
        {active ? null : <span className="soft"> (inactive)</span>}
      </>
    ),
  },
  {
    key: 'website',
    header: 'Website',
    hide: 'md',
    text: ({ website }) => website ?? '',
    cell: ({ website }) => (website ? <Name text={website} /> : null),
  },
  {
    key: 'email',
    header: 'E-mail',
    hide: 'sm',
    text: ({ email }) => email ?? '',
    cell: ({ email }) => (email ? <Name text={email} /> : null),
  },
  {
    key: 'country',
    header: 'Country',
    hide: 'lg',
    text: ({ address }) => address?.country ?? '',
    cell: ({ address }) => (address?.country ? <Name text={address.country} /> : null),
  },
  {
    key: 'contacts',
    header: 'Contacts',
    align: 'end',
    fit: true,
    text: ({ contacts }) => String(contacts.length),
    cell: ({ contacts }) => <span className="numeric">{contacts.length}</span>,
  },
];

export function CustomersPage() {
  const scope = useBooksScope();
  const search = useSearch({ from: '/app/customers' });
  const navigate = useNavigate({ from: '/customers' });
  const canPost = useCan('post');
  const columnChoice = useColumns('customers', columns);
  const filters = { mode: scope.mode, entityId: scope.entityId, q: search.q };
  const customers = useQuery(apiListQuery('listCustomers', { query: { ...filters, after: search.after } }));
  return (
    <>
      <PageHeader
        title="Customers"
        actions={
          <>
            {columnChoice.menu}
            <ExportButton
              fileName="customers"
              columns={columns}
              readPage={(page) => call('listCustomers', { query: { ...filters, ...page } })}
            />
            {canPost ? <ButtonLink to="/customers/new">New customer</ButtonLink> : null}
          </>
        }
      />
      <div className="toolbar" role="search" aria-label="Filter the customers">
        <FilterText
          label="Search"
          placeholder="Name, e-mail, website"
          value={search.q}
          change={(q) => void navigate({ search: { q } })}
        />
      </div>
      <Problem error={customers.error} />
      {customers.data?.data.length === 0 ? (
        <Empty
          title={search.q ? 'No customer has that in its name' : 'No customers yet'}
          action={search.q ? null : <ButtonLink to="/settings/integrations">Go to Integrations</ButtonLink>}
        >
          {search.q
            ? 'Try fewer letters.'
            : 'Companies of won deals become customers here once a connection has synced.'}
        </Empty>
      ) : (
        <>
          <DataTable
            label="Customers"
            columns={columnChoice.shown}
            rows={customers.data?.data}
            rowKey={({ id }) => id}
            busy={customers.isPlaceholderData}
            linked
          />
          <Pager
            listKey={['customers', filters]}
            list={customers.data}
            search={search}
            noun="customer"
            go={(page) => void navigate({ search: { q: search.q, ...page } })}
          />
        </>
      )}
    </>
  );
}
