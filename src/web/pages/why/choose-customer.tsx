import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { ConnectionWire, RunRecordWire } from '../../../contract/sync-wire.ts';
import { useApiMutation } from '../../api/query.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { CustomerPicker } from '../customers/customer-picker.tsx';

interface ChooseCustomerProps {
  readonly connection: ConnectionWire | undefined;
  readonly record: Pick<RunRecordWire, 'title' | 'reason' | 'document'>;
}

/** Says which customer a company of the CRM is, once and for all later deals of it. */
export function ChooseCustomer({ connection, record }: ChooseCustomerProps) {
  const [isOpen, setIsOpen] = useState(false);
  const [companyId, setCompanyId] = useState(record.document?.customer.sourceId ?? '');
  const [customerId, setCustomerId] = useState<string | null>(null);
  const choose = useApiMutation('chooseCustomer', {
    changes: ['listReview', 'getOverview'],
    onDone: () => setIsOpen(false),
  });
  if (!connection) return null;
  return (
    <>
      <Button size="compact-sm" variant="light" onClick={() => setIsOpen(true)}>
        Pick the customer
      </Button>
      <Confirm
        isOpen={isOpen}
        close={() => setIsOpen(false)}
        title="Which customer is it?"
        action="Take this customer"
        isReady={customerId !== null && companyId.trim() !== ''}
        isBusy={choose.isPending}
        error={choose.error}
        run={() =>
          customerId !== null &&
          choose.mutate({
            params: { id: connection.id },
            body: { companyId: companyId.trim(), customerId },
          })
        }
      >
        <div className="stack">
          <div>
            {record.reason} The choice is remembered for every deal of that company; press Retry afterwards.
            Of several companies, make one primary in the CRM instead.
          </div>
          <TextInput
            label="Id of the company in the CRM"
            required
            value={companyId}
            onChange={(event) => setCompanyId(event.currentTarget.value)}
          />
          <CustomerPicker
            label="Customer in the books"
            entityId={connection.entity.id}
            value={customerId}
            change={setCustomerId}
          />
        </div>
      </Confirm>
    </>
  );
}
