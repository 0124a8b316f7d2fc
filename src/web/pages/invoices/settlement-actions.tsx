import { Button, Checkbox, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { DocumentWire } from '../../../contract/books-wire.ts';
import { apiQuery, useApiMutation } from '../../api/query.ts';
import { formatAmount, isZeroAmount } from '../../format/amount.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { ButtonLink } from '../../parts/link.tsx';

type Action = 'credit' | 'write_off' | 'dispute';

/** What settles or contests a posted invoice. */
export function SettlementActions({ document }: { readonly document: DocumentWire }) {
  const [open, setOpen] = useState<Action | null>(null);
  const close = (): void => setOpen(null);
  const isPosted = document.status !== 'draft' && document.status !== 'reversed';
  if (document.kind !== 'invoice' || !isPosted) return null;
  const isOpen = !isZeroAmount(document.openAmount);
  return (
    <>
      {isOpen ? (
        <ButtonLink to="/receipts/new" search={{ invoice: document.id }}>
          Record payment
        </ButtonLink>
      ) : null}
      <Button variant="default" onClick={() => setOpen('credit')}>
        Credit
      </Button>
      {isOpen ? (
        <Button variant="default" onClick={() => setOpen('write_off')}>
          Write off
        </Button>
      ) : null}
      <Button variant="default" onClick={() => setOpen('dispute')}>
        {document.dispute ? 'Clear dispute' : 'Dispute'}
      </Button>
      {open === 'credit' ? <Credit document={document} close={close} /> : null}
      {open === 'write_off' ? <WriteOff document={document} close={close} /> : null}
      {open === 'dispute' ? <Dispute document={document} close={close} /> : null}
    </>
  );
}

interface ActionProps {
  readonly document: DocumentWire;
  readonly close: () => void;
}

function Credit({ document, close }: ActionProps) {
  const { id, currency, number } = document;
  const navigate = useNavigate();
  const creditable = useQuery(apiQuery('getCreditable', { params: { id } }));
  const [amount, setAmount] = useState<string | null>(null);
  const [reason, setReason] = useState('');
  const [apply, setApply] = useState(true);
  const left = creditable.data?.left ?? '0';
  const shown = amount ?? left;
  const credit = useApiMutation('creditInvoice', {
    changes: 'all',
    onDone: (note) => {
      close();
      void navigate({ to: '/invoices/$documentId', params: { documentId: note.id } });
    },
  });
  return (
    <Confirm
      isOpen
      close={close}
      title={`Credit ${number ?? ''}?`}
      action={apply ? 'Credit and apply' : 'Draft credit note'}
      isBusy={credit.isPending}
      isReady={creditable.data !== undefined && !isZeroAmount(left)}
      error={credit.error ?? creditable.error}
      run={() =>
        credit.mutate({
          params: { id },
          body: {
            apply,
            ...(amount === null || amount.trim() === left ? {} : { amount: amount.trim() }),
            ...(reason.trim() === '' ? {} : { reason: reason.trim() }),
          },
        })
      }
    >
      <div className="stack">
        <div>
          Of {currency} {formatAmount(document.total, currency)}, {formatAmount(left, currency)} can still be
          credited. The credit note takes back {currency} {formatAmount(shown, currency)} of income and tax
          {apply
            ? ', gets its number, and goes on what is open of the invoice'
            : '; it is a draft until it is posted'}
          .
        </div>
        <TextInput
          label="Amount with tax"
          inputMode="decimal"
          value={shown}
          onChange={(event) => setAmount(event.currentTarget.value)}
        />
        <TextInput label="Reason" value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
        <Checkbox
          label="Post it now and apply it to this invoice"
          checked={apply}
          onChange={(event) => setApply(event.currentTarget.checked)}
        />
      </div>
    </Confirm>
  );
}

function WriteOff({ document, close }: ActionProps) {
  const { id, currency, openAmount } = document;
  const [amount, setAmount] = useState(openAmount);
  const [reason, setReason] = useState('');
  const writeOff = useApiMutation('writeOffInvoice', { changes: 'all', onDone: close });
  return (
    <Confirm
      isOpen
      close={close}
      title={`Write off ${document.number ?? ''}?`}
      action={`Write off ${currency} ${formatAmount(amount, currency)}`}
      isDangerous
      isBusy={writeOff.isPending}
      isReady={reason.trim() !== ''}
      error={writeOff.error}
      run={() => writeOff.mutate({ params: { id }, body: { amount: amount.trim(), reason: reason.trim() } })}
    >
      <div className="stack">
        <div>
          {currency} {formatAmount(openAmount, currency)} are open. What is written off becomes an expense
          (bad debts) and is no longer owed; it can be undone.
        </div>
        <TextInput
          label="Amount"
          inputMode="decimal"
          value={amount}
          onChange={(event) => setAmount(event.currentTarget.value)}
        />
        <Textarea
          label="Reason"
          required
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      </div>
    </Confirm>
  );
}

function Dispute({ document, close }: ActionProps) {
  const { id, dispute } = document;
  const [reason, setReason] = useState('');
  const set = useApiMutation('setDispute', { changes: 'all', onDone: close });
  return (
    <Confirm
      isOpen
      close={close}
      title={`${dispute ? 'Clear the dispute of' : 'Mark as disputed:'} ${document.number ?? ''}${dispute ? '?' : ''}`}
      action={dispute ? 'Clear dispute' : 'Mark as disputed'}
      isBusy={set.isPending}
      isReady={reason.trim() !== ''}
      error={set.error}
      run={() => set.mutate({ params: { id }, body: { disputed: dispute === null, reason: reason.trim() } })}
    >
      <div className="stack">
        <div>
          {dispute
            ? `Disputed by the customer: ${dispute.reason}`
            : 'The invoice shows that its customer disputes it. No figure changes.'}
        </div>
        <Textarea
          label={dispute ? 'What came of it' : 'Why the customer disputes it'}
          required
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      </div>
    </Confirm>
  );
}
