import { Button, Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { currencyCodes } from '../../../kernel/currencies.ts';
import { apiQuery, useApiMutation } from '../../api/query.ts';
import { CustomerPicker } from '../../parts/customer-picker.tsx';
import { DayInput } from '../../parts/day-input.tsx';
import { LineList } from '../../parts/line-list.tsx';
import { Problem } from '../../parts/note.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { LinesPlaceholder } from '../../parts/placeholder.tsx';
import { useEntities, useOneEntity } from '../../shell/books-scope.ts';

/** A credit note that takes back no invoice: goodwill, a rebate. */
export function NewCreditNotePage() {
  const search = useSearch({ from: '/app/credit-notes/new' });
  const first = useOneEntity();
  const entities = useEntities();
  const customer = useQuery({
    ...apiQuery('getCustomer', { params: { id: search.customer ?? '' } }),
    enabled: search.customer !== undefined,
  });
  const entity = entities.find(({ id }) => id === customer.data?.entityId) ?? first;
  return (
    <>
      <PageHeader
        title="New credit note"
        crumbs={[
          <Link key="list" to="/invoices" search={{ kind: 'credit_note' }}>
            Credit notes
          </Link>,
        ]}
        lead="For goodwill or a rebate. What takes back an invoice is credited on that invoice’s page."
      />
      <Problem error={customer.error} />
      {customer.isLoading ? <LinesPlaceholder lines={6} /> : null}
      {entity && !customer.isLoading ? (
        <CreditNoteForm
          key={entity.id}
          entityId={entity.id}
          baseCurrency={entity.baseCurrency}
          customer={customer.data}
        />
      ) : null}
    </>
  );
}

interface CreditLine {
  readonly key: string;
  readonly description: string;
  readonly amount: string;
  readonly tax: string;
}

const emptyLine = (): CreditLine => ({ key: crypto.randomUUID(), description: '', amount: '', tax: '' });

interface CreditNoteFormProps {
  readonly entityId: string;
  readonly baseCurrency: string;
  readonly customer: { readonly id: string; readonly name: string } | undefined;
}

function CreditNoteForm({ entityId, baseCurrency, customer }: CreditNoteFormProps) {
  const navigate = useNavigate();
  const [customerId, setCustomerId] = useState(customer?.id ?? null);
  const [currency, setCurrency] = useState(baseCurrency);
  const [date, setDate] = useState<string>();
  const [description, setDescription] = useState('');
  const [lines, setLines] = useState<readonly CreditLine[]>(() => [emptyLine()]);
  const create = useApiMutation('createCreditNote', {
    changes: 'all',
    onDone: ({ id }) => void navigate({ to: '/invoices/$documentId', params: { documentId: id } }),
  });
  const save = (): void => {
    if (customerId === null) return;
    create.mutate({
      body: {
        entityId,
        customerId,
        currency,
        description,
        ...(date === undefined ? {} : { date }),
        lines: lines.map((line) => ({
          description: line.description,
          amount: line.amount.trim(),
          ...(line.tax.trim() === '' ? {} : { tax: line.tax.trim() }),
        })),
      },
    });
  };
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <section className="card columns" style={{ gap: '0.75rem' }} aria-label="About the credit note">
        <CustomerPicker
          label="Customer"
          entityId={entityId}
          first={customer}
          value={customerId}
          change={setCustomerId}
        />
        <TextInput
          label="Description"
          required
          maxLength={1000}
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        <Select
          label="Currency"
          searchable
          allowDeselect={false}
          data={[...currencyCodes]}
          value={currency}
          onChange={(code) => setCurrency(code ?? currency)}
        />
        <DayInput label="Date" description="Empty: today." value={date} change={setDate} />
      </section>
      <LineList lines={lines} change={setLines} emptyLine={emptyLine}>
        {(line, set) => (
          <>
            <TextInput
              label="Description"
              required
              maxLength={1000}
              value={line.description}
              onChange={(event) => set({ description: event.currentTarget.value })}
            />
            <TextInput
              label={`Amount without tax, ${currency}`}
              required
              inputMode="decimal"
              value={line.amount}
              onChange={(event) => set({ amount: event.currentTarget.value })}
            />
            <TextInput
              label={`Tax, ${currency}`}
              placeholder="None"
              inputMode="decimal"
              value={line.tax}
              onChange={(event) => set({ tax: event.currentTarget.value })}
            />
          </>
        )}
      </LineList>
      <Problem error={create.error} title="The credit note was not drafted." />
      <div className="row" style={{ justifyContent: 'flex-end' }}>
        <Button type="submit" loading={create.isPending} disabled={customerId === null}>
          Draft credit note
        </Button>
      </div>
    </form>
  );
}
