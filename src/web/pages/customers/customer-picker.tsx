import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { apiListQuery } from '../../api/query.ts';

interface CustomerPickerProps {
  readonly label: string;
  readonly entityId: string | undefined;
  readonly value: string | null;
  readonly change: (id: string | null) => void;
  /** Is not offered: the customer itself when it is merged. */
  readonly without?: string;
}

const choicesMax = 20;
const typingPauseMs = 200;

/** Finds one customer by typing a part of its name. */
export function CustomerPicker({ label, entityId, value, change, without }: CustomerPickerProps) {
  const [text, setText] = useState('');
  const [asked] = useDebouncedValue(text.trim(), typingPauseMs);
  const customers = useQuery(
    apiListQuery('listCustomers', {
      query: { entityId, active: 'true', limit: choicesMax, q: asked === '' ? undefined : asked },
    }),
  );
  const data = (customers.data?.data ?? [])
    .filter(({ id }) => id !== without)
    .map(({ id, name, website }) => ({ value: id, label: website ? `${name} (${website})` : name }));
  return (
    <Select
      label={label}
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
