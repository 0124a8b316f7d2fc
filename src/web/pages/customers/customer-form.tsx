import { Button, Select, Switch, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { z } from 'zod';
import type { customerWire } from '../../../contract/books-wire.ts';
import { apiListQuery, useApiMutation } from '../../api/query.ts';
import { countOf } from '../../format/count.ts';
import { AddressFields, addressFromTexts, addressTexts } from '../../parts/address-fields.tsx';
import { Name } from '../../parts/name.tsx';
import { Note, Problem } from '../../parts/note.tsx';
import { TaxCodeSelect } from '../../parts/tax-code-select.tsx';

type Customer = z.infer<typeof customerWire>;

interface CustomerFormProps {
  readonly entityId: string;
  /** The customer that is changed; null: a new one. */
  readonly customer: Customer | null;
}

/** Everything of a customer that a person can say. */
export function CustomerForm({ entityId, customer }: CustomerFormProps) {
  const navigate = useNavigate();
  const [kind, setKind] = useState(customer?.kind ?? 'company');
  const [texts, setTexts] = useState(() => textsOf(customer));
  const [address, setAddress] = useState(() => addressTexts(customer?.address ?? null));
  const [taxCodeId, setTaxCodeId] = useState(customer?.taxCodeId ?? null);
  const [active, setActive] = useState(customer?.active ?? true);
  const show = ({ id }: { readonly id: string }): void =>
    void navigate({ to: '/customers/$customerId', params: { customerId: id } });
  const create = useApiMutation('createCustomer', { changes: 'all', onDone: show });
  const update = useApiMutation('updateCustomer', { changes: 'all', onDone: show });
  const save = (): void => {
    const { name, termsDays, ...rest } = texts;
    const body = {
      kind,
      name,
      ...rest,
      termsDays: termsDays.trim() === '' ? null : Number(termsDays),
      address: addressFromTexts(address),
      taxCodeId,
      active,
    };
    if (customer)
      update.mutate({ params: { id: customer.id }, body: { version: customer.version, ...body } });
    else create.mutate({ body: { entityId, ...body } });
  };
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <section className="card stack" aria-label="About the customer">
        <div className="columns" style={{ gap: '0.75rem' }}>
          <TextInput
            label="Name"
            required
            maxLength={300}
            value={texts.name}
            onChange={(event) => setTexts({ ...texts, name: event.currentTarget.value })}
          />
          <Select
            label="Kind"
            allowDeselect={false}
            data={[
              { value: 'company', label: 'Company' },
              { value: 'person', label: 'Person' },
            ]}
            value={kind}
            onChange={(value) => setKind(value ?? 'company')}
          />
        </div>
        <SameName entityId={entityId} name={texts.name} without={customer?.id ?? null} />
        <div className="columns" style={{ gap: '0.75rem' }}>
          {fields.map(({ field, label, description, ...rest }) => (
            <TextInput
              key={field}
              label={label}
              description={description}
              {...rest}
              value={texts[field]}
              onChange={(event) => setTexts({ ...texts, [field]: event.currentTarget.value })}
            />
          ))}
          <TaxCodeSelect
            entityId={entityId}
            description="Every line is charged by it, whatever its item says."
            disabled={false}
            value={taxCodeId}
            change={setTaxCodeId}
          />
        </div>
      </section>
      <section className="card stack" aria-labelledby="address">
        <h2 id="address" style={{ margin: 0 }}>
          Address
        </h2>
        <AddressFields texts={address} change={setAddress} />
      </section>
      <Switch
        label="Active"
        description="An inactive customer keeps its documents and takes no new draft by hand."
        checked={active}
        onChange={(event) => setActive(event.currentTarget.checked)}
      />
      <Problem
        error={create.error ?? update.error}
        title={customer ? 'The customer was not changed.' : 'The customer was not added.'}
      />
      <div className="row" style={{ justifyContent: 'flex-end' }}>
        <Button type="submit" loading={create.isPending || update.isPending}>
          {customer ? 'Save' : 'Add customer'}
        </Button>
      </div>
    </form>
  );
}

function textsOf(customer: Customer | null) {
  return {
    name: customer?.name ?? '',
    email: customer?.email ?? '',
    phone: customer?.phone ?? '',
    website: customer?.website ?? '',
    industry: customer?.industry ?? '',
    taxId: customer?.taxId ?? '',
    externalId: customer?.externalId ?? '',
    termsDays: customer?.termsDays == null ? '' : String(customer.termsDays),
  };
}

const fields = [
  { field: 'email', label: 'E-mail', type: 'email', description: 'Invoices are sent there.', maxLength: 254 },
  { field: 'phone', label: 'Phone', type: 'tel', description: undefined, maxLength: 100 },
  { field: 'website', label: 'Website', type: 'text', description: undefined, maxLength: 500 },
  { field: 'industry', label: 'Industry', type: 'text', description: undefined, maxLength: 200 },
  { field: 'taxId', label: 'Tax id', type: 'text', description: 'Printed on invoices.', maxLength: 100 },
  {
    field: 'externalId',
    label: 'External id',
    type: 'text',
    description: 'Its id in another system; a sync can find it by that.',
    maxLength: 200,
  },
  {
    field: 'termsDays',
    label: 'Days to pay',
    type: 'number',
    description: 'Empty: the entity’s terms.',
    min: 0,
    max: 3650,
    step: 1,
  },
] as const;

interface SameNameProps {
  readonly entityId: string;
  readonly name: string;
  readonly without: string | null;
}

const typingPauseMs = 300;
const shownMax = 5;

/** Warns of customers that a sync would take for the same one, before there are two. */
function SameName({ entityId, name, without }: SameNameProps) {
  const [asked] = useDebouncedValue(name.trim(), typingPauseMs);
  const found = useQuery({
    ...apiListQuery('listCustomers', { query: { entityId, sameNameAs: asked, limit: shownMax + 1 } }),
    enabled: asked !== '',
  });
  const others = asked === '' ? [] : (found.data?.data ?? []).filter(({ id }) => id !== without);
  if (others.length === 0) return null;
  return (
    <Note
      tone="warn"
      live
      title={`There ${others.length === 1 ? 'is' : 'are'} ${countOf(others.length, 'customer')} of that name already`}
    >
      Case, punctuation and legal forms do not count: a sync that finds two of one name asks which one it is.
      <ul style={{ margin: 0, paddingInlineStart: '1.1rem' }}>
        {others.slice(0, shownMax).map(({ id, name: other, active }) => (
          <li key={id}>
            <Link className="link" to="/customers/$customerId" params={{ customerId: id }}>
              <Name text={other} whole />
            </Link>
            {active ? null : ' (inactive)'}
          </li>
        ))}
      </ul>
    </Note>
  );
}
