import { Button } from '@mantine/core';
import { useState } from 'react';
import { useApiMutation } from '../../api/query.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { useConnection } from '../connection/use-connection.ts';
import { CustomerPicker } from '../../parts/customer-picker.tsx';

interface ChooseCustomerProps {
  readonly connectionId: string;
  /** The company of the CRM that the customer is chosen for. */
  readonly companyId: string;
}

/** Any customer of the books for the deal's company, where none of those that match is the right one. */
export function ChooseCustomer({ connectionId, companyId }: ChooseCustomerProps) {
  const connection = useConnection(connectionId).data;
  const [isOpen, setIsOpen] = useState(false);
  const [customerId, setCustomerId] = useState<string | null>(null);
  const choose = useApiMutation('chooseCustomer', {
    changes: ['getWhy', 'listReview', 'getOverview'],
    onDone: () => setIsOpen(false),
  });
  if (!connection) return null;
  return (
    <>
      <Button size="sm" variant="light" style={{ justifySelf: 'start' }} onClick={() => setIsOpen(true)}>
        Pick another customer
      </Button>
      <Confirm
        isOpen={isOpen}
        close={() => setIsOpen(false)}
        title="Which customer is it?"
        action="Take this customer"
        isReady={customerId !== null}
        isBusy={choose.isPending}
        error={choose.error}
        run={() =>
          customerId !== null &&
          choose.mutate({ params: { id: connectionId }, body: { companyId, customerId } })
        }
      >
        <div className="stack">
          <div>
            The choice is remembered for every deal of company <span className="mono">{companyId}</span>; the
            next sync makes the document.
          </div>
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
