import { TextInput } from '@mantine/core';

interface DayInputProps {
  readonly label: string;
  readonly description?: string;
  /** What stands in the address, else what the server took. */
  readonly value: string | undefined;
  readonly change: (day: string | undefined) => void;
}

/** A day that stands in the address; empty: what the server takes without one. */
export function DayInput({ label, description, value, change }: DayInputProps) {
  return (
    <TextInput
      label={label}
      description={description}
      type="date"
      size="sm"
      value={value ?? ''}
      onChange={(event) => change(event.currentTarget.value || undefined)}
    />
  );
}
