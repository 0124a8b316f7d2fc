import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { parseMonth } from '../format/months.ts';

interface MonthInputProps {
  readonly label: string;
  /** `2026-03`. */
  readonly value: string;
  readonly change: (month: string) => void;
}

/** A month. Browsers without a picker for it show a text field, so what is typed counts once it is a month. */
export function MonthInput({ label, value, change }: MonthInputProps) {
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <TextInput
      label={label}
      type="month"
      size="sm"
      placeholder="2026-03"
      value={typed ?? value}
      onChange={(event) => {
        const text = event.currentTarget.value;
        const month = parseMonth(text);
        setTyped(month === null ? text : null);
        if (month !== null) change(month);
      }}
      onBlur={() => setTyped(null)}
    />
  );
}
