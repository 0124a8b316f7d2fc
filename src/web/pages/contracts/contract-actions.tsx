import { Button, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { ContractWire } from '../../../contract/contracts-wire.ts';
import { useApiMutation } from '../../api/query.ts';
import { formatAmount } from '../../format/amount.ts';
import { countOf } from '../../format/count.ts';
import { sumAmounts } from '../../format/sum.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { ButtonLink } from '../../parts/link.tsx';
import { Note } from '../../parts/note.tsx';
import { RenewContract } from './renew-contract.tsx';

type Action = 'bill' | 'delete' | 'renew';

/** What can be done with the contract in its status. */
export function ContractActions({ contract }: { readonly contract: ContractWire }) {
  const [open, setOpen] = useState<Action | null>(null);
  const { document, billings } = contract;
  const close = (): void => setOpen(null);
  const isRunning = document.status === 'active' || document.status === 'completed';
  const isToBill = billings.some(({ documentId }) => documentId === null);
  return (
    <>
      {document.status === 'draft' ? (
        <>
          <Button variant="default" onClick={() => setOpen('delete')}>
            Delete draft
          </Button>
          <ButtonLink to="/contracts/$contractId/activate" params={{ contractId: document.id }}>
            Activate
          </ButtonLink>
        </>
      ) : null}
      {document.status === 'active' ? (
        <ButtonLink
          to="/contracts/$contractId/terminate"
          params={{ contractId: document.id }}
          variant="default"
        >
          Terminate
        </ButtonLink>
      ) : null}
      {isRunning ? (
        <>
          {contract.renewalId === null ? (
            <Button variant="default" onClick={() => setOpen('renew')}>
              Renew
            </Button>
          ) : null}
          <ButtonLink
            to="/contracts/$contractId/modify"
            params={{ contractId: document.id }}
            variant="default"
          >
            Modify
          </ButtonLink>
        </>
      ) : null}
      {document.status !== 'draft' && isToBill ? (
        <Button onClick={() => setOpen('bill')}>Make invoices due</Button>
      ) : null}
      {open === 'bill' ? <MakeInvoices contract={contract} close={close} /> : null}
      {open === 'renew' ? <RenewContract contract={contract} close={close} /> : null}
      {open === 'delete' ? <DeleteDraft contract={contract} close={close} /> : null}
    </>
  );
}

interface ActionProps {
  readonly contract: ContractWire;
  readonly close: () => void;
}

function MakeInvoices({ contract, close }: ActionProps) {
  const { document, billings } = contract;
  const [upTo, setUpTo] = useState(() => new Date().toISOString().slice(0, 10));
  const bill = useApiMutation('billContract', { changes: 'all' });
  const due = billings.filter(({ documentId, date }) => documentId === null && date <= upTo);
  const total = sumAmounts(due.flatMap(({ amount, tax }) => [amount, tax]));
  const next = billings.find(({ documentId }) => documentId === null)?.date;
  const made = bill.data?.data.length;
  return (
    <Confirm
      isOpen
      close={close}
      title="Make the invoices that are due?"
      action={due.length === 0 ? 'Make invoices' : `Make ${countOf(due.length, 'draft')}`}
      isBusy={bill.isPending}
      isReady={upTo !== '' && due.length > 0 && made === undefined}
      error={bill.error}
      run={() => bill.mutate({ params: { id: document.id }, body: { upTo } })}
    >
      <div className="stack">
        <TextInput
          label="Due up to"
          type="date"
          required
          value={upTo}
          onChange={(event) => {
            bill.reset();
            setUpTo(event.currentTarget.value);
          }}
        />
        {made === undefined ? (
          <div role="status">
            {due.length === 0
              ? `Nothing is due by that day.${next === undefined ? '' : ` The next part of the plan is due on ${next}.`}`
              : `${countOf(due.length, 'draft')} of ${document.currency} ${formatAmount(total, document.currency)} with tax in all. A draft is not in the journal until you post it.`}
          </div>
        ) : (
          <Note tone="good" live title={`${countOf(made, 'draft')} made`}>
            They stand in the billing plan. Look them over and post them.
          </Note>
        )}
      </div>
    </Confirm>
  );
}

function DeleteDraft({ contract, close }: ActionProps) {
  const { document } = contract;
  const navigate = useNavigate();
  const remove = useApiMutation('deleteDocument', {
    onDone: () => void navigate({ to: '/contracts', search: {} }),
    changes: ['listDocuments', 'listContracts', 'getOverview', 'listReview'],
  });
  return (
    <Confirm
      isOpen
      close={close}
      title="Delete this draft?"
      action="Delete draft"
      isDangerous
      isBusy={remove.isPending}
      error={remove.error}
      run={() => remove.mutate({ params: { id: document.id } })}
    >
      It deletes 1 draft contract of {document.currency} {formatAmount(document.total, document.currency)}{' '}
      with {countOf(document.lines.length, 'line')}. Nothing of it is in the journal. Its deal is held as
      unsynced until it is released or changed in the CRM.
    </Confirm>
  );
}
