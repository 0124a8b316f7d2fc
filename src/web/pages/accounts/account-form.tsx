import { Button, Modal, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { z } from 'zod';
import { accountTypes, type accountWire } from '../../../contract/books-wire.ts';
import { useApiMutation } from '../../api/query.ts';
import { accountTypeWords } from '../../format/words.ts';
import { Problem } from '../../parts/note.tsx';
import { oneOf } from '../../parts/search-params.ts';

type Account = z.infer<typeof accountWire>;

interface AccountFormProps {
  readonly entityId: string;
  readonly edited: Account | 'new' | null;
  readonly close: () => void;
}

export function AccountForm({ entityId, edited, close }: AccountFormProps) {
  return (
    <Modal
      opened={edited !== null}
      onClose={close}
      title={edited === 'new' ? 'Add an account' : 'Rename the account'}
    >
      {edited === null ? null : <Fields entityId={entityId} edited={edited} close={close} />}
    </Modal>
  );
}

interface FieldsProps {
  readonly entityId: string;
  readonly edited: Account | 'new';
  readonly close: () => void;
}

function Fields({ entityId, edited, close }: FieldsProps) {
  const account = edited === 'new' ? null : edited;
  const [number, setNumber] = useState(account?.number ?? '');
  const [name, setName] = useState(account?.name ?? '');
  const [type, setType] = useState<Account['type']>(account?.type ?? 'income');
  const create = useApiMutation('createAccount', { changes: ['listAccounts'], onDone: close });
  const update = useApiMutation('updateAccount', { changes: ['listAccounts'], onDone: close });
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (account) update.mutate({ params: { id: account.id }, body: { name } });
        else create.mutate({ body: { entityId, number, name, type } });
      }}
    >
      <Problem error={create.error ?? update.error} />
      <TextInput
        label="Number"
        required
        maxLength={20}
        disabled={account !== null}
        value={number}
        onChange={(event) => setNumber(event.currentTarget.value)}
      />
      <TextInput
        label="Name"
        required
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Select
        label="Type"
        disabled={account !== null}
        allowDeselect={false}
        data={accountTypes.map((value) => ({ value, label: accountTypeWords[value] }))}
        value={type}
        onChange={(value) => setType(oneOf(accountTypes, value ?? undefined) ?? type)}
      />
      <div className="row" style={{ justifyContent: 'flex-end' }}>
        <Button variant="default" onClick={close}>
          Cancel
        </Button>
        <Button type="submit" loading={create.isPending || update.isPending}>
          {account ? 'Rename' : 'Add account'}
        </Button>
      </div>
    </form>
  );
}
