import { Button, Checkbox, CopyButton, Modal, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { z } from 'zod';
import { type apiKeyWire, type Scope, scopes } from '../../../contract/organization-wire.ts';
import { apiListQuery, useApiMutation } from '../../api/query.ts';
import { actorWords } from '../../format/words.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { InstantText } from '../../parts/date-text.tsx';
import { Name } from '../../parts/name.tsx';
import { Empty, Note, Problem } from '../../parts/note.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { Pager } from '../../parts/pager.tsx';
import { Status } from '../../parts/status.tsx';

type ApiKey = z.infer<typeof apiKeyWire>;

const scopeWords: Readonly<Record<Scope, string>> = {
  read: 'Read everything but members and keys',
  sync: 'Preview, sync and retry',
  post: 'Post, reverse and delete documents',
  configure: 'Change mappings, settings, accounts and rates',
  admin: 'Connect, disconnect, members and keys',
};

const columns: readonly Column<ApiKey>[] = [
  {
    key: 'name',
    header: 'Name',
    cell: ({ name, prefix }) => (
      <>
        <Name text={name} />
        <div className="soft mono">{prefix}…</div>
      </>
    ),
  },
  { key: 'scopes', header: 'May', hide: 'sm', cell: ({ scopes: granted }) => granted.join(', ') },
  {
    key: 'created',
    header: 'Made',
    hide: 'md',
    cell: ({ createdAt, createdBy }) => (
      <>
        <InstantText instant={createdAt} />
        <div className="soft small">{actorWords(createdBy)}</div>
      </>
    ),
  },
  {
    key: 'used',
    header: 'Last used',
    hide: 'md',
    fit: true,
    cell: ({ lastUsedAt }) =>
      lastUsedAt ? <InstantText instant={lastUsedAt} /> : <span className="soft">Never</span>,
  },
  {
    key: 'status',
    header: 'Status',
    fit: true,
    cell: ({ revokedAt }) => <Status status={revokedAt ? 'revoked' : 'active'} />,
  },
];

export function ApiKeysPage() {
  const search = useSearch({ from: '/app/settings/api-keys' });
  const navigate = useNavigate({ from: '/settings/api-keys' });
  const keys = useQuery(apiListQuery('listApiKeys', { query: { after: search.after } }));
  const [isAdding, setIsAdding] = useState(false);
  const [madeKey, setMadeKey] = useState<string | null>(null);
  const [revoked, setRevoked] = useState<ApiKey | null>(null);
  const revoke = useApiMutation('revokeApiKey', {
    changes: ['listApiKeys'],
    onDone: () => setRevoked(null),
  });
  const change: Column<ApiKey> = {
    key: 'change',
    header: 'Change',
    fit: true,
    cell: (key) =>
      key.revokedAt ? null : (
        <Button
          variant="default"
          size="compact-sm"
          aria-label={`Revoke ${key.name}`}
          onClick={() => setRevoked(key)}
        >
          Revoke
        </Button>
      ),
  };
  return (
    <>
      <PageHeader
        title="API keys"
        crumbs={['Settings']}
        lead="For programs and the command line. Everything this page does, a key with the right scopes can do."
        actions={keys.data ? <Button onClick={() => setIsAdding(true)}>Make a key</Button> : null}
      />
      <div className="stack">
        <Problem error={keys.error} />
        {madeKey ? <MadeKey apiKey={madeKey} close={() => setMadeKey(null)} /> : null}
        {keys.data?.data.length === 0 ? (
          <Empty title="No API keys yet">Make one for each program, so that each can be revoked alone.</Empty>
        ) : keys.error ? null : (
          <DataTable
            label="API keys"
            columns={[...columns, change]}
            rows={keys.data?.data}
            rowKey={({ id }) => id}
          />
        )}
        {keys.data && keys.data.data.length > 0 ? (
          <Pager
            listKey={['api-keys']}
            list={keys.data}
            search={search}
            noun="key"
            go={(page) => void navigate({ search: page })}
          />
        ) : null}
      </div>
      <Modal opened={isAdding} onClose={() => setIsAdding(false)} title="Make an API key">
        <KeyForm
          close={() => setIsAdding(false)}
          onMade={(key) => {
            setIsAdding(false);
            setMadeKey(key);
          }}
        />
      </Modal>
      <Confirm
        isOpen={revoked !== null}
        close={() => setRevoked(null)}
        title="Revoke this key?"
        action="Revoke key"
        isDangerous
        isBusy={revoke.isPending}
        error={revoke.error}
        run={() => revoked && revoke.mutate({ params: { id: revoked.id } })}
      >
        Programs that use <bdi dir="auto">{revoked?.name}</bdi> are refused from now on. A revoked key cannot
        be brought back.
      </Confirm>
    </>
  );
}

function MadeKey({ apiKey, close }: { readonly apiKey: string; readonly close: () => void }) {
  return (
    <Note tone="good" live title="Here is the key, this once">
      <p>Copy it now: only a hash of it is kept.</p>
      <code className="key-once" data-testid="api-key">
        {apiKey}
      </code>
      <div className="row" style={{ marginTop: '0.6rem' }}>
        <CopyButton value={apiKey}>
          {({ copied, copy }) => (
            <Button size="sm" onClick={copy}>
              {copied ? 'Copied' : 'Copy'}
            </Button>
          )}
        </CopyButton>
        <Button size="sm" variant="default" onClick={close}>
          I have it
        </Button>
      </div>
    </Note>
  );
}

interface KeyFormProps {
  readonly close: () => void;
  readonly onMade: (key: string) => void;
}

function KeyForm({ close, onMade }: KeyFormProps) {
  const [name, setName] = useState('');
  const [granted, setGranted] = useState<readonly string[]>(['read']);
  const create = useApiMutation('createApiKey', {
    changes: ['listApiKeys'],
    onDone: ({ key }) => onMade(key),
  });
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        create.mutate({ body: { name, scopes: scopes.filter((scope) => granted.includes(scope)) } });
      }}
    >
      <Problem error={create.error} />
      <TextInput
        label="Name"
        description="What will use it"
        required
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Checkbox.Group label="It may" value={[...granted]} onChange={setGranted}>
        <div className="stack-tight" style={{ marginTop: '0.4rem' }}>
          {scopes.map((scope) => (
            <Checkbox key={scope} value={scope} label={`${scope}: ${scopeWords[scope]}`} />
          ))}
        </div>
      </Checkbox.Group>
      <div className="row" style={{ justifyContent: 'flex-end' }}>
        <Button variant="default" onClick={close}>
          Cancel
        </Button>
        <Button type="submit" loading={create.isPending} disabled={granted.length === 0}>
          Make key
        </Button>
      </div>
    </form>
  );
}
