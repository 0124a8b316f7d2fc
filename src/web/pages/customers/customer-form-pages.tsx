import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import type { z } from 'zod';
import type { customerWire } from '../../../contract/books-wire.ts';
import { apiQuery, useApiMutation } from '../../api/query.ts';
import { DeleteRecord } from '../../parts/delete-record.tsx';
import { Name } from '../../parts/name.tsx';
import { Problem } from '../../parts/note.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { LinesPlaceholder } from '../../parts/placeholder.tsx';
import { useOneEntity } from '../../shell/books-scope.ts';
import { useCan } from '../../shell/session.ts';
import { CustomerForm } from './customer-form.tsx';

const toCustomers = (
  <Link key="list" to="/customers">
    Customers
  </Link>
);

export function NewCustomerPage() {
  const entity = useOneEntity();
  return (
    <>
      <PageHeader
        title="New customer"
        crumbs={[toCustomers]}
        lead={`In the books of ${entity?.name ?? ''}. Companies of won deals become customers by themselves.`}
      />
      {entity ? <CustomerForm key={entity.id} entityId={entity.id} customer={null} /> : null}
    </>
  );
}

export function EditCustomerPage() {
  const { customerId } = useParams({ from: '/app/customers/$customerId/edit' });
  const query = useQuery(apiQuery('getCustomer', { params: { id: customerId } }));
  const canDelete = useCan('configure');
  const customer = query.data;
  return (
    <>
      <PageHeader
        title="Edit customer"
        crumbs={[
          toCustomers,
          <Link key="customer" to="/customers/$customerId" params={{ customerId }}>
            {customer ? <Name text={customer.name} /> : 'Customer'}
          </Link>,
        ]}
        lead={
          customer && customer.sources.length > 0
            ? 'It comes from the CRM: what the mapping writes is written again by the next sync of its deals.'
            : null
        }
        actions={customer && canDelete ? <DeleteCustomer customer={customer} /> : null}
      />
      <Problem error={query.error} />
      {query.isPending ? <LinesPlaceholder lines={8} /> : null}
      {customer ? (
        <CustomerForm
          key={`${customer.id} ${customer.version}`}
          entityId={customer.entityId}
          customer={customer}
        />
      ) : null}
    </>
  );
}

function DeleteCustomer({ customer }: { readonly customer: z.infer<typeof customerWire> }) {
  const navigate = useNavigate();
  const remove = useApiMutation('deleteCustomer', {
    onDone: () => void navigate({ to: '/customers', search: {} }),
    changes: ['listCustomers'],
  });
  return (
    <DeleteRecord
      noun="customer"
      name={customer.name}
      isBusy={remove.isPending}
      error={remove.error}
      run={() => remove.mutate({ params: { id: customer.id } })}
    >
      Only a customer without documents and without a link to a CRM can be deleted. Deactivate any other one:
      it keeps its documents and is no longer offered.
    </DeleteRecord>
  );
}
