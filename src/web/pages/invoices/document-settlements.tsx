import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { DocumentWire } from '../../../contract/books-wire.ts';
import { apiQuery, useApiMutation } from '../../api/query.ts';
import { formatAmount, isZeroAmount } from '../../format/amount.ts';
import { countOf } from '../../format/count.ts';
import { AllocationTable, allocationsOf } from '../../parts/allocation-table.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { Problem } from '../../parts/note.tsx';
import { SettlementsTable } from '../../parts/settlements-table.tsx';
import { useCan } from '../../shell/session.ts';

/** What settles an invoice, or what a credit note was used for; a draft has nothing. */
export function DocumentSettlements({ document }: { readonly document: DocumentWire }) {
  const settlements = useQuery(apiQuery('listSettlements', { query: { documentId: document.id } }));
  const canPost = useCan('post');
  const rows = settlements.data?.data ?? [];
  const { currency, openAmount, status } = document;
  if (status === 'draft' || document.kind === 'contract') return null;
  const isCredit = document.kind === 'credit_note';
  const isLive = status !== 'reversed' && !isZeroAmount(openAmount);
  return (
    <section aria-labelledby="settlements">
      <h2 id="settlements">{isCredit ? 'Use of the credit' : 'Payments and credits'}</h2>
      <p className="soft" style={{ marginTop: 0 }}>
        {currency} {formatAmount(openAmount, currency)} {isCredit ? 'unused' : 'open'} of{' '}
        {formatAmount(document.total, currency)}.
      </p>
      <Problem error={settlements.error} />
      {rows.length > 0 ? <SettlementsTable settlements={rows} /> : null}
      {isCredit && isLive && canPost ? <UseCredit key={openAmount} document={document} /> : null}
    </section>
  );
}

function UseCredit({ document }: { readonly document: DocumentWire }) {
  const { id, currency, openAmount, entityId, customer } = document;
  const [amounts, setAmounts] = useState<Readonly<Record<string, string>>>({});
  const [isRefunding, setIsRefunding] = useState(false);
  const proposal = useQuery(
    apiQuery('proposeAllocation', {
      query: { entityId, customerId: customer.id, currency, amount: openAmount },
    }),
  );
  const allocate = useApiMutation('allocateCreditNote', { changes: 'all' });
  const refund = useApiMutation('refundCreditNote', { changes: 'all', onDone: () => setIsRefunding(false) });
  const invoices = proposal.data?.data ?? [];
  const allocations = allocationsOf(invoices, amounts);
  const amount = `${currency} ${formatAmount(openAmount, currency)}`;
  return (
    <div className="stack">
      {invoices.length > 0 ? (
        <AllocationTable
          invoices={invoices}
          currency={currency}
          amounts={amounts}
          change={(documentId, text) => setAmounts((old) => ({ ...old, [documentId]: text }))}
        />
      ) : null}
      <Problem error={proposal.error ?? allocate.error} />
      <div className="row">
        {invoices.length > 0 ? (
          <Button
            loading={allocate.isPending}
            disabled={allocations.length === 0}
            onClick={() => allocate.mutate({ params: { id }, body: { allocations } })}
          >
            Apply to {countOf(allocations.length, 'invoice')}
          </Button>
        ) : null}
        <Button variant="default" onClick={() => setIsRefunding(true)}>
          Refund
        </Button>
      </div>
      <Confirm
        isOpen={isRefunding}
        close={() => setIsRefunding(false)}
        title={`Refund ${amount}?`}
        action={`Refund ${amount}`}
        isBusy={refund.isPending}
        error={refund.error}
        run={() => refund.mutate({ params: { id }, body: {} })}
      >
        It books {amount} out of the bank account, as paid back to the customer. It moves no money: make the
        payment at the bank.
      </Confirm>
    </div>
  );
}
