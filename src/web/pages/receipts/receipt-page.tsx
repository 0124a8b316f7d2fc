import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { ResponseOf } from '../../../contract/client.ts';
import { apiQuery, useApiMutation } from '../../api/query.ts';
import { formatAmount, formatNumber, isZeroAmount } from '../../format/amount.ts';
import { countOf } from '../../format/count.ts';
import { readable } from '../../format/words.ts';
import { AllocationTable, allocationsOf } from '../../parts/allocation-table.tsx';
import { Amount } from '../../parts/amount.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { CustomerFact, DayFact, Fact, Facts, HistoryFact, InstantFact } from '../../parts/facts.tsx';
import { Name } from '../../parts/name.tsx';
import { Problem } from '../../parts/note.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { LinesPlaceholder } from '../../parts/placeholder.tsx';
import { SettlementsTable } from '../../parts/settlements-table.tsx';
import { Status } from '../../parts/status.tsx';
import { useCan } from '../../shell/session.ts';

type Receipt = ResponseOf<'getReceipt'>;

export function ReceiptPage() {
  const { receiptId } = useParams({ from: '/app/receipts/$receiptId' });
  const query = useQuery(apiQuery('getReceipt', { params: { id: receiptId } }));
  const receipt = query.data;
  const canPost = useCan('post');
  return (
    <>
      <PageHeader
        title={query.error ? 'Receipt' : receipt ? `Receipt ${receipt.number}` : null}
        crumbs={[
          <Link key="list" to="/receipts" search={{}}>
            Receipts
          </Link>,
        ]}
        heading={
          receipt ? (
            <>
              Receipt {receipt.number} <Status status={receipt.status} />
            </>
          ) : null
        }
        lead={receipt?.reference ? <Name text={receipt.reference} whole /> : null}
        actions={receipt?.status === 'posted' && canPost ? <ReceiptActions receipt={receipt} /> : null}
      />
      <Problem error={query.error} />
      {query.isPending ? <LinesPlaceholder lines={8} /> : null}
      {receipt ? (
        <div className="columns-wide">
          <section aria-labelledby="settles">
            <h2 id="settles" style={{ marginTop: 0 }}>
              What it pays
            </h2>
            {receipt.settlements.length === 0 ? (
              <p className="soft">Nothing yet. Allocate it to open invoices, or leave it for later ones.</p>
            ) : (
              <SettlementsTable settlements={receipt.settlements} />
            )}
            {receipt.status === 'posted' && canPost && !isZeroAmount(receipt.unapplied) ? (
              <Allocate key={receipt.unapplied} receipt={receipt} />
            ) : null}
          </section>
          <ReceiptFacts receipt={receipt} />
        </div>
      ) : null}
    </>
  );
}

function ReceiptFacts({ receipt }: { readonly receipt: Receipt }) {
  const { currency, baseCurrency, customer } = receipt;
  return (
    <Facts>
      <CustomerFact customer={customer} />
      <Fact name="Amount">
        <Amount amount={receipt.amount} currency={currency} />
      </Fact>
      <Fact name="Unapplied">
        <Amount amount={receipt.unapplied} currency={currency} />
      </Fact>
      {currency === baseCurrency ? null : (
        <Fact name={`In ${baseCurrency}`}>
          <Amount amount={receipt.baseAmount} currency={baseCurrency} />
          <div className="soft small">at {formatNumber(receipt.exchangeRate)}</div>
        </Fact>
      )}
      <DayFact name="Received" day={receipt.receivedOn} />
      <Fact name="Method">{readable(receipt.method)}</Fact>
      <Fact name="Bank account">
        <span className="mono">{receipt.bankAccount.number}</span>{' '}
        <Name text={receipt.bankAccount.name} whole />
      </Fact>
      <Fact name="Entity">
        <Name text={receipt.entity} whole />
      </Fact>
      <InstantFact name="Made" instant={receipt.createdAt} />
      <InstantFact name="Reversed" instant={receipt.reversedAt} />
      <HistoryFact subject="receipt" id={receipt.id} />
    </Facts>
  );
}

function Allocate({ receipt }: { readonly receipt: Receipt }) {
  const { currency, unapplied } = receipt;
  const [amounts, setAmounts] = useState<Readonly<Record<string, string>>>({});
  const proposal = useQuery(
    apiQuery('proposeAllocation', {
      query: { entityId: receipt.entityId, customerId: receipt.customer.id, currency, amount: unapplied },
    }),
  );
  const allocate = useApiMutation('allocateReceipt', { changes: 'all' });
  const invoices = proposal.data?.data ?? [];
  const allocations = allocationsOf(invoices, amounts);
  if (invoices.length === 0) return <Problem error={proposal.error} />;
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        allocate.mutate({ params: { id: receipt.id }, body: { allocations } });
      }}
    >
      <h2>
        Allocate {currency} {formatAmount(unapplied, currency)}
      </h2>
      <AllocationTable
        invoices={invoices}
        currency={currency}
        amounts={amounts}
        change={(id, text) => setAmounts((old) => ({ ...old, [id]: text }))}
      />
      <Problem error={allocate.error} />
      <div className="row">
        <Button type="submit" loading={allocate.isPending} disabled={allocations.length === 0}>
          Allocate to {countOf(allocations.length, 'invoice')}
        </Button>
      </div>
    </form>
  );
}

function ReceiptActions({ receipt }: { readonly receipt: Receipt }) {
  const [open, setOpen] = useState<'refund' | 'reverse' | null>(null);
  const close = (): void => setOpen(null);
  const refund = useApiMutation('refundReceipt', { changes: 'all', onDone: close });
  const reverse = useApiMutation('reverseReceipt', { changes: 'all', onDone: close });
  const { id, currency, number } = receipt;
  const live = receipt.settlements.filter(({ undoneAt }) => undoneAt === null);
  const text = (amount: string): string => `${currency} ${formatAmount(amount, currency)}`;
  return (
    <>
      {isZeroAmount(receipt.unapplied) ? null : (
        <Button variant="default" onClick={() => setOpen('refund')}>
          Refund
        </Button>
      )}
      <Button variant="default" onClick={() => setOpen('reverse')}>
        Reverse
      </Button>
      <Confirm
        isOpen={open === 'refund'}
        close={close}
        title={`Refund ${text(receipt.unapplied)}?`}
        action={`Refund ${text(receipt.unapplied)}`}
        isBusy={refund.isPending}
        error={refund.error}
        run={() => refund.mutate({ params: { id }, body: {} })}
      >
        It books {text(receipt.unapplied)} out of {receipt.bankAccount.number} {receipt.bankAccount.name}, as
        paid back to the customer. It moves no money: make the payment at the bank.
      </Confirm>
      <Confirm
        isOpen={open === 'reverse'}
        close={close}
        title={`Reverse ${number}?`}
        action={`Reverse ${number}`}
        isDangerous
        isBusy={reverse.isPending}
        error={reverse.error}
        run={() => reverse.mutate({ params: { id } })}
      >
        It takes 1 receipt of {text(receipt.amount)} back and undoes {countOf(live.length, 'allocation')} with
        it: the invoices are open again. It stays readable.
      </Confirm>
    </>
  );
}
