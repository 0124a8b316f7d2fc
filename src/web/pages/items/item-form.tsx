import { Button, Select, Switch, Textarea, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { z } from 'zod';
import type { itemWire } from '../../../contract/books-wire.ts';
import { useApiMutation } from '../../api/query.ts';
import { AccountSelect } from '../../parts/account-select.tsx';
import { Problem } from '../../parts/note.tsx';
import { TaxCodeSelect } from '../../parts/tax-code-select.tsx';

interface ItemFormProps {
  readonly entityId: string;
  /** The item that is changed; null: a new one. */
  readonly item: z.infer<typeof itemWire> | null;
  /** Whether the user may change it; who may not still reads it. */
  readonly canChange: boolean;
}

/** Everything of an item that a person can say. */
export function ItemForm({ entityId, item, canChange }: ItemFormProps) {
  const navigate = useNavigate();
  const [texts, setTexts] = useState({
    sku: item?.sku ?? '',
    name: item?.name ?? '',
    description: item?.description ?? '',
    unitPrice: item?.unitPrice ?? '',
  });
  const [choices, setChoices] = useState({
    kind: item?.kind ?? 'service',
    incomeAccount: item?.incomeAccount ?? null,
    deferredAccount: item?.deferredAccount ?? null,
    taxCodeId: item?.taxCodeId ?? null,
    active: item?.active ?? true,
  });
  const toList = (): void => void navigate({ to: '/items', search: {} });
  const create = useApiMutation('createItem', {
    changes: ['listItems'],
    onDone: ({ id }) => void navigate({ to: '/items/$itemId', params: { itemId: id } }),
  });
  const update = useApiMutation('updateItem', { changes: ['listItems', 'getItem'], onDone: toList });
  const save = (): void => {
    const unitPrice = texts.unitPrice.trim();
    const body = { ...texts, ...choices, unitPrice: unitPrice === '' ? null : unitPrice };
    if (item) update.mutate({ params: { id: item.id }, body: { version: item.version, ...body } });
    else create.mutate({ body: { entityId, ...body } });
  };
  const text = (field: 'sku' | 'name' | 'unitPrice') => ({
    disabled: !canChange,
    value: texts[field],
    onChange: (event: { readonly currentTarget: { readonly value: string } }) =>
      setTexts({ ...texts, [field]: event.currentTarget.value }),
  });
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <section className="card stack" aria-label="About the item">
        <div className="columns" style={{ gap: '0.75rem' }}>
          <TextInput label="SKU" required maxLength={100} {...text('sku')} />
          <TextInput label="Name" required maxLength={300} {...text('name')} />
          <Select
            label="Kind"
            allowDeselect={false}
            disabled={!canChange}
            data={[
              { value: 'service', label: 'Service' },
              { value: 'goods', label: 'Goods' },
            ]}
            value={choices.kind}
            onChange={(kind) => setChoices({ ...choices, kind: kind ?? 'service' })}
          />
          <TextInput
            label="Unit price"
            description="Taken where a line names none, in the currency of its document."
            inputMode="decimal"
            placeholder="None"
            maxLength={40}
            {...text('unitPrice')}
          />
          <AccountSelect
            label="Income account"
            description="Where a line of it is earned."
            placeholder="The entity’s"
            clearable
            clearButtonProps={{ 'aria-label': 'The entity’s income account' }}
            disabled={!canChange}
            entityId={entityId}
            part="income"
            value={choices.incomeAccount}
            change={(incomeAccount) => setChoices({ ...choices, incomeAccount })}
          />
          <AccountSelect
            label="Deferred account"
            description="Where it waits while it is not earned yet."
            placeholder="The entity’s"
            clearable
            clearButtonProps={{ 'aria-label': 'The entity’s deferred account' }}
            disabled={!canChange}
            entityId={entityId}
            part="deferred_revenue"
            value={choices.deferredAccount}
            change={(deferredAccount) => setChoices({ ...choices, deferredAccount })}
          />
          <TaxCodeSelect
            entityId={entityId}
            description="Taken where neither line nor customer has one."
            disabled={!canChange}
            value={choices.taxCodeId}
            change={(taxCodeId) => setChoices({ ...choices, taxCodeId })}
          />
        </div>
        <Textarea
          label="Description"
          autosize
          minRows={2}
          maxLength={2000}
          disabled={!canChange}
          value={texts.description}
          onChange={(event) => setTexts({ ...texts, description: event.currentTarget.value })}
        />
        <Switch
          label="Active"
          description="An inactive item stays on its documents and is not offered for new lines."
          disabled={!canChange}
          checked={choices.active}
          onChange={(event) => setChoices({ ...choices, active: event.currentTarget.checked })}
        />
      </section>
      <Problem
        error={create.error ?? update.error}
        title={item ? 'The item was not changed.' : 'The item was not added.'}
      />
      {canChange ? (
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          <Button type="submit" loading={create.isPending || update.isPending}>
            {item ? 'Save' : 'Add item'}
          </Button>
        </div>
      ) : null}
    </form>
  );
}
