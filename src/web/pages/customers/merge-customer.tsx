import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { z } from 'zod';
import type { customerWire } from '../../../contract/books-wire.ts';
import { apiQuery, useApiMutation } from '../../api/query.ts';
import { countOf } from '../../format/count.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { CustomerPicker } from '../../parts/customer-picker.tsx';

interface MergeCustomerProps {
  readonly customer: z.infer<typeof customerWire>;
  readonly isOpen: boolean;
  readonly close: () => void;
}

export function MergeCustomer({ customer, isOpen, close }: MergeCustomerProps) {
  const [into, setInto] = useState<string | null>(null);
  const navigate = useNavigate();
  const documents = useQuery(apiQuery('listDocuments', { query: { customerId: customer.id, limit: 1 } }));
  const merge = useApiMutation('mergeCustomer', {
    changes: 'all',
    onDone: ({ id }) => {
      close();
      void navigate({ to: '/customers/$customerId', params: { customerId: id } });
    },
  });
  return (
    <Confirm
      isOpen={isOpen}
      close={close}
      title="Merge into another customer"
      action="Merge"
      isDangerous
      isReady={into !== null}
      isBusy={merge.isPending}
      error={merge.error}
      run={() => into !== null && merge.mutate({ params: { id: customer.id }, body: { into } })}
    >
      <p style={{ marginTop: 0 }}>
        <bdi dir="auto">{customer.name}</bdi> becomes inactive. The other customer takes over{' '}
        {countOf(documents.data?.total ?? 0, 'document')}, {countOf(customer.contacts.length, 'contact')} and{' '}
        {countOf(customer.sources.length, 'link')} to the CRM. This cannot be taken back.
      </p>
      <CustomerPicker
        label="The customer that stays"
        entityId={customer.entityId}
        without={customer.id}
        value={into}
        change={setInto}
      />
    </Confirm>
  );
}
