import { Select } from '@mantine/core';
import type { z } from 'zod';
import type { accountWire } from '../../../contract/books-wire.ts';
import { accountRoles, requiredAccountRoles } from '../../../model/configuration.ts';
import { useApiMutation } from '../../api/query.ts';
import { accountRoleWords } from '../../format/words.ts';
import { Problem } from '../../parts/note.tsx';

interface AccountRolesProps {
  readonly entityId: string;
  readonly accounts: readonly z.infer<typeof accountWire>[];
  readonly canChange: boolean;
}

/** Which account the entity uses for what; a connection cannot sync until each required one is set. */
export function AccountRoles({ entityId, accounts, canChange }: AccountRolesProps) {
  const setRole = useApiMutation('setAccountRole', {
    changes: ['listAccounts', 'listConnections', 'getConnection', 'getOverview', 'listIntegrations'],
  });
  const choices = accounts
    .filter(({ active }) => active)
    .map(({ id, number, name }) => ({ value: id, label: `${number} ${name}` }));
  return (
    <section className="card" aria-labelledby="roles">
      <h2 id="roles">What the accounts are used for</h2>
      <p className="soft" style={{ marginTop: 0 }}>
        A connection to this entity can sync when each of these is an active account of the right type.
      </p>
      <Problem error={setRole.error} title="The account was not set." />
      <div className="columns" style={{ gap: '0.75rem' }}>
        {accountRoles.map((role) => {
          const current = accounts.find(({ roles }) => roles.includes(role));
          const isMissing = !current && requiredAccountRoles.includes(role);
          return (
            <Select
              key={role}
              label={accountRoleWords[role]}
              searchable
              disabled={!canChange}
              clearable={!requiredAccountRoles.includes(role)}
              clearButtonProps={{ 'aria-label': `No account for ${accountRoleWords[role]}` }}
              allowDeselect={false}
              placeholder="Not set"
              error={isMissing ? 'Choose an account: nothing syncs without it.' : null}
              data={choices}
              value={current?.id ?? null}
              onChange={(accountId) => setRole.mutate({ body: { entityId, role, accountId } })}
            />
          );
        })}
      </div>
    </section>
  );
}
