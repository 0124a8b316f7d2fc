import { Button, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { DocumentWire } from '../../../contract/books-wire.ts';
import { useApiMutation } from '../../api/query.ts';
import { formatAmount, isZeroAmount } from '../../format/amount.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { ButtonLink } from '../../parts/link.tsx';

type Action = 'write_off' | 'dispute';

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
      <ButtonLink to="/invoices/$documentId/credit" params={{ documentId: document.id }} variant="default">
        Credit
      </ButtonLink>
      {isOpen ? (
        <Button variant="default" onClick={() => setOpen('write_off')}>
          Write off
        </Button>
      ) : null}
      <Button variant="default" onClick={() => setOpen('dispute')}>
        {document.dispute ? 'Clear dispute' : 'Dispute'}
      </Button>
      {open === 'write_off' ? <WriteOff document={document} close={close} /> : null}
      {open === 'dispute' ? <Dispute document={document} close={close} /> : null}
    </>
  );
}

interface ActionProps {
  readonly document: DocumentWire;
  readonly close: () => void;
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
