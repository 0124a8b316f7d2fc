import { Select } from '@mantine/core';
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

/** One property of the CRM by its label; a name that the CRM no longer has stays visible. */
export function PropertySelect(props: PropertySelectProps) {
  const { label, properties, value, change, disabled, labelShown = false } = props;
  const known = properties.map(({ name, label: shown }) => ({
    value: name,
    label: shown === name ? name : `${shown} · ${name}`,
  }));
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
      maxDropdownHeight={280}
      disabled={disabled}
      data={data}
      value={value === '' ? null : value}
      onChange={(name) => name !== null && change(name)}
    />
  );
}
