import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { pageLimitMax } from '../../contract/wire.ts';
import { apiQuery } from '../api/query.ts';

interface TaxCodeSelectProps {
  readonly entityId: string | undefined;
  readonly description: string;
  readonly disabled: boolean;
  readonly value: string | null;
  readonly change: (id: string | null) => void;
}

/** The code that a customer's or an item's lines are charged by; an inactive one is offered only where it stands already. */
export function TaxCodeSelect({ entityId, description, disabled, value, change }: TaxCodeSelectProps) {
  const codes = useQuery(apiQuery('listTaxCodes', { query: { entityId, limit: pageLimitMax } }));
  return (
    <Select
      label="Tax code"
      description={description}
      placeholder="None"
      searchable
      clearable
      clearButtonProps={{ 'aria-label': 'No tax code' }}
      disabled={disabled}
      data={(codes.data?.data ?? [])
        .filter(({ id, active }) => active || id === value)
        .map(({ id, code, ratePercent }) => ({ value: id, label: `${code} (${ratePercent} %)` }))}
      value={value}
      onChange={change}
    />
  );
}
