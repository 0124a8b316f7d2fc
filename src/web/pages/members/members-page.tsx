import { Button, Modal, PasswordInput, Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { z } from 'zod';
import { roles, type userWire } from '../../../contract/organization-wire.ts';
import { apiListQuery, useApiMutation } from '../../api/query.ts';
import { readable } from '../../format/words.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { InstantText } from '../../parts/date-text.tsx';
import { Name } from '../../parts/name.tsx';
import { Problem } from '../../parts/note.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { Pager } from '../../parts/pager.tsx';
import { oneOf } from '../../parts/search-params.ts';
import { Status } from '../../parts/status.tsx';
import { useSession } from '../../shell/session.ts';

type User = z.infer<typeof userWire>;

/** As long as the server asks for. */
const passwordLengthMin = 12;

const columns: readonly Column<User>[] = [
  {
    key: 'name',
    header: 'Name',
    cell: ({ name, email }) => (
      <>
        <Name text={name} />
        <div className="soft small">
          <Name text={email} />
        </div>
      </>
    ),
  },
  { key: 'role', header: 'Role', fit: true, cell: ({ role }) => readable(role) },
  {
    key: 'status',
    header: 'Status',
    fit: true,
    hide: 'sm',
    cell: ({ active }) => <Status status={active ? 'active' : 'inactive'} />,
  },
  {
    key: 'last',
    header: 'Last signed in',
    hide: 'md',
    fit: true,
    cell: ({ lastSignedInAt }) =>
      lastSignedInAt ? <InstantText instant={lastSignedInAt} /> : <span className="soft">Never</span>,
  },
];

export function MembersPage() {
  const search = useSearch({ from: '/app/settings/members' });
  const navigate = useNavigate({ from: '/settings/members' });
  const members = useQuery(apiListQuery('listUsers', { query: { after: search.after } }));
  const [edited, setEdited] = useState<User | 'new' | null>(null);
  const change: Column<User> = {
    key: 'change',
    header: 'Change',
    fit: true,
    cell: (user) => (
      <Button
        variant="default"
        size="compact-sm"
        aria-label={`Change ${user.name}`}
        onClick={() => setEdited(user)}
      >
        Change
      </Button>
    ),
  };
  return (
    <>
      <PageHeader
        title="Members"
        crumbs={['Settings']}
        lead="An admin may do everything; a viewer may look at everything but members and keys."
        actions={members.data ? <Button onClick={() => setEdited('new')}>Add a member</Button> : null}
      />
      <Problem error={members.error} />
      {members.error ? null : (
        <DataTable
          label="Members"
          columns={[...columns, change]}
          rows={members.data?.data}
          rowKey={({ id }) => id}
        />
      )}
      <Pager
        listKey={['members']}
        list={members.data}
        search={search}
        noun="member"
        go={(page) => void navigate({ search: page })}
      />
      <Modal
        opened={edited !== null}
        onClose={() => setEdited(null)}
        title={edited === 'new' ? 'Add a member' : 'Change the member'}
      >
        {edited === null ? null : <MemberForm edited={edited} close={() => setEdited(null)} />}
      </Modal>
    </>
  );
}

interface MemberFormProps {
  readonly edited: User | 'new';
  readonly close: () => void;
}

function MemberForm({ edited, close }: MemberFormProps) {
  const user = edited === 'new' ? null : edited;
  const isSelf = useSession().user?.id === user?.id;
  const [name, setName] = useState(user?.name ?? '');
  const [email, setEmail] = useState(user?.email ?? '');
  const [role, setRole] = useState<User['role']>(user?.role ?? 'viewer');
  const [password, setPassword] = useState('');
  const create = useApiMutation('createUser', { changes: ['listUsers'], onDone: close });
  const update = useApiMutation('updateUser', { changes: ['listUsers', 'getSession'], onDone: close });
  const save = (): void => {
    if (!user) create.mutate({ body: { name, email: email.trim(), role, password } });
    else {
      const body = { name, role, ...(password === '' ? {} : { password }) };
      update.mutate({ params: { id: user.id }, body });
    }
  };
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <Problem error={create.error ?? update.error} />
      <TextInput
        label="Name"
        required
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        label="E-mail address"
        type="email"
        required
        disabled={user !== null}
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
      <Select
        label="Role"
        allowDeselect={false}
        disabled={isSelf}
        data={roles.map((value) => ({ value, label: readable(value) }))}
        value={role}
        onChange={(value) => setRole(oneOf(roles, value ?? undefined) ?? role)}
      />
      <PasswordInput
        label={user ? 'New password (empty: it stays)' : 'Password'}
        description={`At least ${passwordLengthMin} characters; tell it to the member.`}
        required={user === null}
        minLength={passwordLengthMin}
        autoComplete="new-password"
        visibilityToggleButtonProps={{ 'aria-label': 'Show the password', tabIndex: 0 }}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <div className="row row-between">
        {user && !isSelf ? (
          <Button
            variant="subtle"
            color="red.9"
            onClick={() => update.mutate({ params: { id: user.id }, body: { active: !user.active } })}
          >
            {user.active ? 'Deactivate: ends every session' : 'Activate'}
          </Button>
        ) : (
          <span />
        )}
        <span className="row">
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" loading={create.isPending || update.isPending}>
            {user ? 'Save' : 'Add member'}
          </Button>
        </span>
      </div>
    </form>
  );
}
