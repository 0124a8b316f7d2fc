import { Select } from '@mantine/core';
import type { z } from 'zod';
import type { accountWire } from '../../../contract/books-wire.ts';
import {
  accountTypesOfRole,
  type BookAccountRole,
  bookAccountRoles,
} from '../../../model/book-account-roles.ts';
import { requiredAccountRoles } from '../../../model/configuration.ts';
import { useApiMutation } from '../../api/query.ts';
import { accountRoleWords } from '../../format/words.ts';
import { Problem } from '../../parts/note.tsx';

interface AccountRolesProps {
  readonly entityId: string;
  readonly accounts: readonly z.infer<typeof accountWire>[];
  readonly canChange: boolean;
}

const required: readonly BookAccountRole[] = requiredAccountRoles;
const others = bookAccountRoles.filter((role) => !required.includes(role));

/** Which account the entity uses for what; a connection cannot sync until each required one is set. */
export function AccountRoles(props: AccountRolesProps) {
  const { entityId } = props;
  const setRole = useApiMutation('setAccountRole', {
    changes: ['listAccounts', 'listConnections', 'getConnection', 'getOverview', 'listIntegrations'],
  });
  const set = (role: BookAccountRole, accountId: string | null): void =>
    setRole.mutate({ body: { entityId, role, accountId } });
  return (
    <section className="card" aria-labelledby="roles">
      <h2 id="roles">What the accounts are used for</h2>
      <p className="soft" style={{ marginTop: 0 }}>
        A connection to this entity can sync when each of these is an active account of the right type.
      </p>
      <Problem error={setRole.error} title="The account was not set." />
      <div className="columns" style={{ gap: '0.75rem' }}>
        {required.map((role) => (
          <RoleSelect key={role} role={role} set={set} {...props} />
        ))}
      </div>
      <h3 style={{ marginTop: '1.25rem' }}>In the books</h3>
      <p className="soft" style={{ marginTop: 0 }}>
        Tax, payments, year-end close and exchange differences. What is not set is asked for where it is
        needed.
      </p>
      <div className="columns" style={{ gap: '0.75rem' }}>
        {others.map((role) => (
          <RoleSelect key={role} role={role} set={set} {...props} />
        ))}
      </div>
    </section>
  );
}

interface RoleSelectProps extends AccountRolesProps {
  readonly role: BookAccountRole;
  readonly set: (role: BookAccountRole, accountId: string | null) => void;
}

/** Offers the active accounts of the types that the role takes. */
function RoleSelect({ role, accounts, canChange, set }: RoleSelectProps) {
  const current = accounts.find(({ roles }) => roles.includes(role));
  const isRequired = required.includes(role);
  const usable = accounts.filter(({ active, type }) => active && accountTypesOfRole[role].includes(type));
  const problem = current?.active === false ? `${current.number} ${current.name} is inactive.` : null;
  const missing = current || !isRequired ? null : 'Choose an account: nothing syncs without it.';
  return (
    <Select
      label={accountRoleWords[role]}
      searchable
      disabled={!canChange}
      clearable={!isRequired}
      clearButtonProps={{ 'aria-label': `No account for ${accountRoleWords[role]}` }}
      allowDeselect={false}
      placeholder="Not set"
      error={problem ?? missing}
      data={usable.map(({ id, number, name }) => ({ value: id, label: `${number} ${name}` }))}
      value={current?.id ?? null}
      onChange={(accountId) => set(role, accountId)}
    />
  );
}
