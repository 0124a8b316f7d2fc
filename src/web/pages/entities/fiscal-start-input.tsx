import { NumberInput, Select } from '@mantine/core';

export interface FiscalStart {
  readonly month: number;
  readonly day: number;
}

interface FiscalStartInputProps {
  readonly value: FiscalStart;
  readonly change: (value: FiscalStart) => void;
  readonly disabled?: boolean;
}

const monthNames = Array.from({ length: 12 }, (_, index) =>
  new Intl.DateTimeFormat('en', { month: 'long', timeZone: 'UTC' }).format(
    new Date(Date.UTC(2026, index, 1)),
  ),
);
/** A later day is not one of every month. */
const dayMax = 28;

/** The day that a fiscal year begins with. */
export function FiscalStartInput({ value, change, disabled = false }: FiscalStartInputProps) {
  return (
    <div className="row" style={{ alignItems: 'flex-end', flexWrap: 'nowrap' }}>
      <Select
        label="Fiscal year begins in"
        style={{ flex: 1 }}
        disabled={disabled}
        allowDeselect={false}
        data={monthNames.map((name, index) => ({ value: String(index + 1), label: name }))}
        value={String(value.month)}
        onChange={(month) => change({ ...value, month: Number(month ?? value.month) })}
      />
      <NumberInput
        label="on day"
        w={90}
        disabled={disabled}
        min={1}
        max={dayMax}
        allowDecimal={false}
        value={value.day}
        onChange={(day) => change({ ...value, day: Number(day) || 1 })}
      />
    </div>
  );
}
