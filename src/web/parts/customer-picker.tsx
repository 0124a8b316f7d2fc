import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { apiListQuery } from '../api/query.ts';

interface CustomerPickerProps {
  readonly label: string;
  readonly entityId: string | undefined;
  readonly value: string | null;
  readonly change: (id: string | null) => void;
  /** The customer that is chosen at first: its name is shown before anyone searches. */
  readonly first?: { readonly id: string; readonly name: string } | undefined;
  /** Is not offered: the customer itself when it is merged. */
  readonly without?: string;
  /** Offers inactive ones, too: they can still pay. */
  readonly alsoInactive?: boolean;
  readonly disabled?: boolean;
}

const choicesMax = 20;
const typingPauseMs = 200;

/** Finds one customer by typing a part of its name. */
export function CustomerPicker(props: CustomerPickerProps) {
  const { label, entityId, value, change, first, without, alsoInactive = false, disabled = false } = props;
  const [text, setText] = useState('');
  const [asked] = useDebouncedValue(text.trim(), typingPauseMs);
  const customers = useQuery(
    apiListQuery('listCustomers', {
      query: {
        entityId,
        active: alsoInactive ? undefined : 'true',
        limit: choicesMax,
        q: asked === '' ? undefined : asked,
      },
    }),
  );
  const found = (customers.data?.data ?? [])
    .filter(({ id }) => id !== without)
    .map(({ id, name, website }) => ({ value: id, label: website ? `${name} (${website})` : name }));
  const isFirstFound = !first || first.id !== value || found.some((choice) => choice.value === first.id);
  const data = isFirstFound ? found : [{ value: first.id, label: first.name }, ...found];
  return (
    <Select
      label={label}
      disabled={disabled}
      placeholder="Type a part of the name"
      searchable
      nothingFoundMessage={customers.isFetching ? 'Searching…' : 'No customer has that in its name'}
      filter={({ options }) => options}
      data={data}
      value={value}
      onChange={change}
      onSearchChange={(next) => {
        // Choosing writes the whole label into the field; that is no search.
        if (!data.some((choice) => choice.label === next)) setText(next);
      }}
    />
  );
}
