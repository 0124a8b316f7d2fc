import { Button, Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { z } from 'zod';
import type { accountWire } from '../../../contract/books-wire.ts';
import { pageLimitMax } from '../../../contract/wire.ts';
import { apiQuery, useApiMutation } from '../../api/query.ts';
import { accountRoleWords, accountTypeWords, wordOf } from '../../format/words.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Name } from '../../parts/name.tsx';
import { Empty, Problem } from '../../parts/note.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { Status } from '../../parts/status.tsx';
import { useOneEntity } from '../../shell/books-scope.ts';
import { useCan } from '../../shell/session.ts';
import { AccountForm } from './account-form.tsx';
import { AccountRoles } from './account-roles.tsx';

export type Account = z.infer<typeof accountWire>;

const columns: readonly Column<Account>[] = [
  {
    key: 'number',
    header: 'Number',
    fit: true,
    cell: ({ number }) => (
      <Link className="row-link mono" to="/journal" search={{ account: number }}>
        {number}
      </Link>
    ),
  },
  { key: 'name', header: 'Name', cell: ({ name }) => <Name text={name} /> },
  { key: 'type', header: 'Type', fit: true, hide: 'sm', cell: ({ type }) => accountTypeWords[type] },
  {
    key: 'roles',
    header: 'Used for',
    hide: 'sm',
    cell: ({ roles }) => roles.map((role) => wordOf(accountRoleWords, role)).join(', '),
  },
  {
    key: 'status',
    header: 'Status',
    fit: true,
    cell: ({ active }) => <Status status={active ? 'active' : 'inactive'} />,
  },
];

export function AccountsPage() {
  const entity = useOneEntity();
  const canChange = useCan('configure');
  const [edited, setEdited] = useState<Account | 'new' | null>(null);
  const accounts = useQuery(
    apiQuery('listAccounts', { query: { entityId: entity?.id, limit: pageLimitMax } }),
  );
  const update = useApiMutation('updateAccount', {
    changes: ['listAccounts', 'listConnections', 'getConnection'],
  });
  const remove = useApiMutation('deleteAccount', { changes: ['listAccounts'] });
  const rows = accounts.data?.data;
  const actions: Column<Account> = {
    key: 'actions',
    header: 'Change',
    fit: true,
    cell: (account) => (
      <Menu position="bottom-end">
        <Menu.Target>
          <Button
            variant="subtle"
            color="gray"
            size="compact-sm"
            aria-label={`Change account ${account.number} ${account.name}`}
          >
            <IconDots size={16} aria-hidden="true" />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => setEdited(account)}>Rename</Menu.Item>
          <Menu.Item
            onClick={() => update.mutate({ params: { id: account.id }, body: { active: !account.active } })}
          >
            {account.active ? 'Deactivate' : 'Activate'}
          </Menu.Item>
          <Menu.Item onClick={() => remove.mutate({ params: { id: account.id } })}>
            Delete, if it was never used
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    ),
  };
  return (
    <>
      <PageHeader
        title="Accounts"
        crumbs={['Settings']}
        lead={
          entity ? (
            <>
              Chart of accounts of <Name text={entity.name} whole />, in {entity.baseCurrency}
            </>
          ) : null
        }
        actions={
          canChange && entity ? <Button onClick={() => setEdited('new')}>Add an account</Button> : null
        }
      />
      <div className="stack">
        <Problem error={accounts.error} />
        <Problem error={update.error} title="The account was not changed." />
        <Problem error={remove.error} title="The account was not deleted." />
        {entity && rows ? <AccountRoles entityId={entity.id} accounts={rows} canChange={canChange} /> : null}
        <section aria-labelledby="chart">
          <h2 id="chart">Chart of accounts</h2>
          {rows?.length === 0 ? (
            <Empty title="No accounts yet">Add the first account of this entity.</Empty>
          ) : (
            <DataTable
              label="Chart of accounts"
              columns={canChange ? [...columns, actions] : columns}
              rows={rows}
              rowKey={({ id }) => id}
            />
          )}
        </section>
      </div>
      {entity ? <AccountForm entityId={entity.id} edited={edited} close={() => setEdited(null)} /> : null}
    </>
  );
}
