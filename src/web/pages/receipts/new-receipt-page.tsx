import { Button, Select, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { receiptMethods } from '../../../contract/cash-wire.ts';
import { currencyCodes } from '../../../kernel/currencies.ts';
import { apiListQuery, apiQuery, useApiMutation } from '../../api/query.ts';
import { countOf } from '../../format/count.ts';
import { subtractAmounts, totalsPerCurrency } from '../../format/sum.ts';
import { readable } from '../../format/words.ts';
import { AccountSelect } from '../../parts/account-select.tsx';
import { Amount } from '../../parts/amount.tsx';
import { AllocationTable, allocationsOf } from '../../parts/allocation-table.tsx';
import { Note, Problem } from '../../parts/note.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { useEntities, useOneEntity } from '../../shell/books-scope.ts';
import { CustomerPicker } from '../../parts/customer-picker.tsx';

const typingPauseMs = 300;
const amountPattern = /^\d+(\.\d+)?$/;

/** Records a payment and says which invoices it pays: the oldest first unless the fields say otherwise. */
export function NewReceiptPage() {
  const search = useSearch({ from: '/app/receipts/new' });
  const invoice = useQuery({
    ...apiQuery('getDocument', { params: { id: search.invoice ?? '' } }),
    enabled: search.invoice !== undefined,
  });
  const customer = useQuery({
    ...apiQuery('getCustomer', { params: { id: search.customer ?? '' } }),
    enabled: search.customer !== undefined,
  });
  const isWaiting = invoice.isLoading || customer.isLoading;
  return (
    <>
      <PageHeader
        title="Record payment"
        crumbs={[
          <Link key="list" to="/receipts" search={{}}>
            Receipts
          </Link>,
        ]}
      />
      <Problem error={invoice.error ?? customer.error} />
      {isWaiting ? null : (
        <ReceiptForm
          entityId={invoice.data?.entityId ?? customer.data?.entityId}
          customer={invoice.data?.customer ?? customer.data}
          currency={invoice.data?.currency}
          amount={invoice.data?.openAmount}
          invoiceId={invoice.data?.id}
        />
      )}
    </>
  );
}

interface ReceiptFormProps {
  readonly entityId: string | undefined;
  readonly customer: { readonly id: string; readonly name: string } | undefined;
  readonly currency: string | undefined;
  readonly amount: string | undefined;
  readonly invoiceId: string | undefined;
}

function ReceiptForm(given: ReceiptFormProps) {
  const navigate = useNavigate();
  const first = useOneEntity();
  const entities = useEntities();
  const entity = entities.find(({ id }) => id === given.entityId) ?? first;
  const [customerId, setCustomerId] = useState<string | null>(given.customer?.id ?? null);
  const [currency, setCurrency] = useState(given.currency ?? entity?.baseCurrency ?? 'USD');
  const [amount, setAmount] = useState(given.amount ?? '');
  const [receivedOn, setReceivedOn] = useState(() => new Date().toISOString().slice(0, 10));
  const [method, setMethod] = useState<(typeof receiptMethods)[number]>('bank_transfer');
  const [reference, setReference] = useState('');
  const [bankAccount, setBankAccount] = useState<string | null>(null);
  const [bankAmount, setBankAmount] = useState('');
  const [amounts, setAmounts] = useState<Readonly<Record<string, string>>>({});
  const [asked] = useDebouncedValue(amount.trim(), typingPauseMs);
  const hasAmount = amountPattern.test(asked) && Number(asked) > 0;
  const proposal = useQuery({
    ...apiListQuery('proposeAllocation', {
      query: {
        entityId: entity?.id ?? '',
        customerId: customerId ?? '',
        currency,
        amount: hasAmount ? asked : undefined,
      },
    }),
    enabled: customerId !== null && entity !== undefined,
  });
  const create = useApiMutation('createReceipt', {
    changes: 'all',
    onDone: ({ id }) => void navigate({ to: '/receipts/$receiptId', params: { receiptId: id } }),
  });
  // From an invoice, the money is for that one; else the oldest first.
  const invoices = (proposal.data?.data ?? []).map((invoice) =>
    given.invoiceId === undefined
      ? invoice
      : {
          ...invoice,
          proposed: invoice.documentId === given.invoiceId ? leastOf(asked, invoice.openAmount) : '0',
        },
  );
  const allocations = allocationsOf(invoices, amounts);
  const allocated =
    totalsPerCurrency(allocations.map((part) => ({ currency, total: part.amount })))[0]?.total ?? '0';
  const left = hasAmount ? subtractAmounts(asked, allocated) : null;
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (!entity || customerId === null) return;
        create.mutate({
          body: {
            entityId: entity.id,
            customerId,
            currency,
            amount: amount.trim(),
            receivedOn,
            method,
            allocations,
            ...(reference.trim() === '' ? {} : { reference: reference.trim() }),
            ...(bankAccount === null ? {} : { bankAccount }),
            ...(bankAmount.trim() === '' ? {} : { bankAmount: bankAmount.trim() }),
          },
        });
      }}
    >
      <div className="toolbar">
        {given.customer ? (
          <TextInput label="Customer" value={given.customer.name} readOnly />
        ) : (
          <CustomerPicker
            label="Customer"
            alsoInactive
            entityId={entity?.id}
            value={customerId}
            change={(id) => {
              setCustomerId(id);
              setAmounts({});
            }}
          />
        )}
        <TextInput
          label="Amount"
          inputMode="decimal"
          required
          value={amount}
          onChange={(event) => setAmount(event.currentTarget.value)}
        />
        <Select
          label="Currency"
          searchable
          w={110}
          data={[...currencyCodes]}
          value={currency}
          onChange={(code) => setCurrency(code ?? currency)}
        />
        <TextInput
          label="Received on"
          type="date"
          required
          value={receivedOn}
          onChange={(event) => setReceivedOn(event.currentTarget.value)}
        />
        <Select
          label="Method"
          w={150}
          data={receiptMethods.map((value) => ({ value, label: readable(value) }))}
          value={method}
          onChange={(value) => setMethod(receiptMethods.find((known) => known === value) ?? method)}
        />
        <TextInput
          label="Reference"
          placeholder="As the bank shows it"
          value={reference}
          onChange={(event) => setReference(event.currentTarget.value)}
        />
        <AccountSelect
          label="Bank account"
          placeholder="The entity’s own"
          clearable
          clearButtonProps={{ 'aria-label': 'The entity’s own bank account' }}
          entityId={entity?.id}
          part="bank"
          value={bankAccount}
          change={setBankAccount}
        />
        {entity && currency !== entity.baseCurrency ? (
          <TextInput
            label={`Credited in ${entity.baseCurrency}`}
            placeholder="At the rate of the day"
            inputMode="decimal"
            value={bankAmount}
            onChange={(event) => setBankAmount(event.currentTarget.value)}
          />
        ) : null}
      </div>
      <Problem error={proposal.error} />
      {customerId === null ? (
        <p className="soft">Choose the customer to see the invoices that are open.</p>
      ) : invoices.length > 0 ? (
        <AllocationTable
          invoices={invoices}
          currency={currency}
          amounts={amounts}
          change={(id, text) => setAmounts((old) => ({ ...old, [id]: text }))}
        />
      ) : proposal.data ? (
        <Note tone="info" title={`Nothing is open in ${currency}`}>
          The whole amount stays with the customer as unapplied credit, for later invoices.
        </Note>
      ) : null}
      {left === null ? null : (
        <p style={{ margin: 0 }}>
          <Amount amount={allocated} currency={currency} /> on {allocations.length} of{' '}
          {countOf(invoices.length, 'open invoice')};{' '}
          {left.startsWith('-') ? (
            <>
              <Amount amount={left.slice(1)} currency={currency} /> more than was received.
            </>
          ) : (
            <>
              <Amount amount={left} currency={currency} /> stay unapplied.
            </>
          )}
        </p>
      )}
      <Problem error={create.error} title="The payment was not recorded." />
      <div className="row">
        <Button type="submit" loading={create.isPending} disabled={customerId === null || !hasAmount}>
          Record payment
        </Button>
      </div>
    </form>
  );
}

/** The smaller of two amounts; what is no amount counts as nothing. */
function leastOf(left: string, right: string): string {
  if (!amountPattern.test(left)) return '0';
  return subtractAmounts(left, right).startsWith('-') ? left : right;
}
