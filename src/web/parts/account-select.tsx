import { Select, type SelectProps } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { pageLimitMax } from '../../contract/wire.ts';
import { accountTypesOfRole, type BookAccountRole } from '../../model/book-account-roles.ts';
import { apiQuery } from '../api/query.ts';

interface AccountSelectProps extends Omit<SelectProps, 'data' | 'value' | 'onChange'> {
  readonly entityId: string | undefined;
  /** Only active accounts that can play this part; absent: every account. */
  readonly part?: BookAccountRole;
  /** The account's number. */
  readonly value: string | null;
  readonly change: (number: string | null) => void;
}

/** One account of an entity, found by a part of its number or name. */
export function AccountSelect({ entityId, part, value, change, ...rest }: AccountSelectProps) {
  const accounts = useQuery(apiQuery('listAccounts', { query: { entityId, limit: pageLimitMax } }));
  const offered = (accounts.data?.data ?? []).filter(
    ({ number, active, type }) =>
      part === undefined || number === value || (active && accountTypesOfRole[part].includes(type)),
  );
  return (
    <Select
      searchable
      nothingFoundMessage="No account has that in its number or name"
      {...rest}
      data={offered.map(({ number, name }) => ({ value: number, label: `${number} ${name}` }))}
      value={value}
      onChange={change}
    />
  );
}
