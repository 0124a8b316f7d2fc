import { Select } from '@mantine/core';
import { useMemo } from 'react';
import type { z } from 'zod';
import type { sourceSchemaWire } from '../../../contract/sync-wire.ts';

export type SourceProperty = z.infer<typeof sourceSchemaWire>['properties'][string][number];

interface PropertySelectProps {
  readonly label: string;
  readonly properties: readonly SourceProperty[];
  readonly value: string;
  readonly change: (name: string) => void;
  readonly disabled: boolean;
  readonly labelShown?: boolean;
}

/** More are found by typing; a CRM has hundreds. */
const optionsMax = 60;

/** Two properties of one label are told apart by their names. */
function choicesOf(
  properties: readonly SourceProperty[],
): { readonly value: string; readonly label: string }[] {
  const counts = new Map<string, number>();
  for (const { label } of properties) counts.set(label, (counts.get(label) ?? 0) + 1);
  return properties.map(({ name, label }) => ({
    value: name,
    label: (counts.get(label) ?? 0) > 1 ? `${label} · ${name}` : label,
  }));
}

/** One property of the CRM by its label; a name that the CRM no longer has stays visible. */
export function PropertySelect(props: PropertySelectProps) {
  const { label, properties, value, change, disabled, labelShown = false } = props;
  const known = useMemo(() => choicesOf(properties), [properties]);
  const isKnown = value === '' || known.some((property) => property.value === value);
  const data = isKnown ? known : [{ value, label: `${value} · not in the CRM` }, ...known];
  return (
    <Select
      size="sm"
      {...(labelShown ? { label } : { 'aria-label': label })}
      searchable
      allowDeselect={false}
      placeholder="Choose a property"
      nothingFoundMessage="No property has that in its name"
      limit={optionsMax}
      filter={({ options, search, limit }) => {
        const wanted = search.trim().toLowerCase();
        return options
          .filter((option) => {
            const property = option as (typeof data)[number];
            return `${property.label} ${property.value}`.toLowerCase().includes(wanted);
          })
          .slice(0, limit);
      }}
      renderOption={({ option }) => (
        <span style={{ display: 'block', minWidth: 0 }}>
          {option.label}
          <span className="soft mono" style={{ display: 'block' }}>
            {option.value}
          </span>
        </span>
      )}
      comboboxProps={{ width: 300, position: 'bottom-start' }}
      maxDropdownHeight={280}
      disabled={disabled}
      data={data}
      value={value === '' ? null : value}
      onChange={(name) => name !== null && change(name)}
    />
  );
}
