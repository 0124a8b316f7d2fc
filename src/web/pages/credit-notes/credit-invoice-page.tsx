import { Button, Checkbox, Radio, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { DocumentWire } from '../../../contract/books-wire.ts';
import type { RequestOf, ResponseOf } from '../../../contract/client.ts';
import { apiQuery, useApiMutation } from '../../api/query.ts';
import { isZeroAmount } from '../../format/amount.ts';
import { Amount } from '../../parts/amount.tsx';
import { DayInput } from '../../parts/day-input.tsx';
import { ButtonLink } from '../../parts/link.tsx';
import { Name } from '../../parts/name.tsx';
import { Empty, Problem } from '../../parts/note.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { LinesPlaceholder } from '../../parts/placeholder.tsx';
import { CreditableLines } from './creditable-lines.tsx';

type Creditable = ResponseOf<'getCreditable'>;

/** Takes back an invoice: whole, by an amount, or line by line, never more than its other credit notes have left. */
export function CreditInvoicePage() {
  const { documentId } = useParams({ from: '/app/invoices/$documentId/credit' });
  const document = useQuery(apiQuery('getDocument', { params: { id: documentId } }));
  const creditable = useQuery(apiQuery('getCreditable', { params: { id: documentId } }));
  const number = document.data?.number ?? 'Invoice';
  return (
    <>
      <PageHeader
        title={document.data ? `Credit ${number}` : 'Credit an invoice'}
        crumbs={[
          <Link key="list" to="/invoices" search={{}}>
            Invoices
          </Link>,
          <Link key="invoice" to="/invoices/$documentId" params={{ documentId }}>
            {number}
          </Link>,
        ]}
        lead={document.data ? <Name text={document.data.customer.name} whole /> : null}
      />
      <Problem error={document.error ?? creditable.error} />
      {document.isPending || creditable.isPending ? <LinesPlaceholder lines={6} /> : null}
      {document.data && creditable.data ? (
        <CreditForm document={document.data} creditable={creditable.data} />
      ) : null}
    </>
  );
}

type Extent = 'all' | 'amount' | 'lines';

interface CreditFormProps {
  readonly document: DocumentWire;
  readonly creditable: Creditable;
}

function CreditForm({ document, creditable }: CreditFormProps) {
  const { id, currency, status } = document;
  const navigate = useNavigate();
  const [extent, setExtent] = useState<Extent>('all');
  const [amount, setAmount] = useState('');
  const [amounts, setAmounts] = useState<Readonly<Record<number, string>>>({});
  const [date, setDate] = useState<string>();
  const [reason, setReason] = useState('');
  const [apply, setApply] = useState(true);
  const credit = useApiMutation('creditInvoice', {
    changes: 'all',
    onDone: (note) => void navigate({ to: '/invoices/$documentId', params: { documentId: note.id } }),
  });
  if (status === 'draft' || status === 'reversed' || isZeroAmount(creditable.left)) {
    return (
      <Empty
        title={status === 'draft' || status === 'reversed' ? `It is ${status}` : 'It is credited in full'}
        action={
          <ButtonLink to="/invoices/$documentId" params={{ documentId: id }} variant="default">
            Back to the invoice
          </ButtonLink>
        }
      >
        Only what is posted and not yet credited can be credited.
      </Empty>
    );
  }
  const lines = Object.entries(amounts)
    .map(([position, text]) => ({ position: Number(position), amount: text.trim() }))
    .filter((line) => line.amount !== '' && !isZeroAmount(line.amount));
  const isReady = extent === 'all' || (extent === 'amount' ? amount.trim() !== '' : lines.length > 0);
  const save = (): void => {
    const body: NonNullable<RequestOf<'creditInvoice'>['body']> = {
      apply,
      ...(extent === 'amount' ? { amount: amount.trim() } : {}),
      ...(extent === 'lines' ? { lines } : {}),
      ...(reason.trim() === '' ? {} : { reason: reason.trim() }),
      ...(date === undefined ? {} : { date }),
    };
    credit.mutate({ params: { id }, body });
  };
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <section className="card stack" aria-label="How much is credited">
        <p style={{ margin: 0 }}>
          Of <Amount amount={document.total} currency={currency} />,{' '}
          <strong>
            <Amount amount={creditable.left} currency={currency} />
          </strong>{' '}
          can still be credited. The credit note takes back income and tax.
        </p>
        <Radio.Group
          label="Credit"
          value={extent}
          onChange={(value) => setExtent(value === 'amount' || value === 'lines' ? value : 'all')}
        >
          <div className="stack-tight" style={{ gap: '0.4rem', marginTop: '0.4rem' }}>
            <Radio value="all" label="All that is left" />
            <Radio
              value="amount"
              label="An amount with tax"
              description="It is spread over the lines in proportion to what is left of each."
            />
            <Radio
              value="lines"
              label="Single lines"
              description="Net amounts; their tax goes back in proportion."
            />
          </div>
        </Radio.Group>
        {extent === 'amount' ? (
          <TextInput
            label={`Amount with tax, ${currency}`}
            inputMode="decimal"
            required
            w={220}
            value={amount}
            onChange={(event) => setAmount(event.currentTarget.value)}
          />
        ) : null}
        {extent === 'lines' ? (
          <CreditableLines
            creditable={creditable}
            amounts={amounts}
            change={(position, text) => setAmounts((old) => ({ ...old, [position]: text }))}
          />
        ) : null}
      </section>
      <section className="card stack" aria-label="About the credit note">
        <div className="row row-end">
          <DayInput label="Date" description="Empty: today." value={date} change={setDate} />
        </div>
        <Textarea
          label="Reason"
          description="It stands on the credit note as its memo."
          autosize
          maxLength={1000}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <Checkbox
          label="Post it now and apply it to this invoice"
          description="It gets its number and goes on what is open. Otherwise it is a draft."
          checked={apply}
          onChange={(event) => setApply(event.currentTarget.checked)}
        />
      </section>
      <Problem error={credit.error} title="The invoice was not credited." />
      <div className="row" style={{ justifyContent: 'flex-end' }}>
        <ButtonLink to="/invoices/$documentId" params={{ documentId: id }} variant="default">
          Cancel
        </ButtonLink>
        <Button type="submit" loading={credit.isPending} disabled={!isReady}>
          {apply ? 'Credit and apply' : 'Draft credit note'}
        </Button>
      </div>
    </form>
  );
}
