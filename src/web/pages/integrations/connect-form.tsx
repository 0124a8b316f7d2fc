import { Button, Input, PasswordInput, SegmentedControl, Select, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { z } from 'zod';
import type { ApiError } from '../../../contract/client.ts';
import type { ConnectionWire, integrationWire } from '../../../contract/sync-wire.ts';
import { call, useApiMutation } from '../../api/query.ts';
import { Note, Problem } from '../../parts/note.tsx';
import { useEntities } from '../../shell/books-scope.ts';

interface ConnectFormProps {
  readonly integration: z.infer<typeof integrationWire>;
  /** The connection that gets new credentials; undefined: a new one is made. */
  readonly reconnected: ConnectionWire | undefined;
}

export function ConnectForm({ integration, reconnected }: ConnectFormProps) {
  const { connector, name, authKinds, oauthConfigured, tokenHelp } = integration;
  const entities = useEntities();
  const navigate = useNavigate();
  const [mode, setMode] = useState<'live' | 'test'>(reconnected?.mode ?? 'live');
  const [entityId, setEntityId] = useState<string | null>(reconnected?.entity.id ?? null);
  const [connectionName, setConnectionName] = useState(reconnected?.name ?? '');
  const [token, setToken] = useState('');
  const fitting = entities.filter((entity) => entity.mode === mode);
  const chosenEntity = fitting.find(({ id }) => id === entityId) ?? fitting[0];
  const settings = {
    mode,
    ...(connectionName.trim() === '' ? {} : { name: connectionName.trim() }),
    ...(chosenEntity ? { entityId: chosenEntity.id } : {}),
  };
  const connect = useApiMutation('connectWithToken', {
    changes: ['listIntegrations', 'listConnections', 'getOverview', 'getConnection', 'listEntities'],
    onDone: ({ id }) =>
      void navigate({
        to: '/settings/integrations/$connector/$connectionId',
        params: { connector, connectionId: id },
        search: {},
      }),
  });
  const consent = useMutation<{ url: string }, ApiError>({
    mutationFn: () =>
      call('getConsentUrl', {
        params: { connector },
        query: { ...settings, connectionId: reconnected?.id },
      }),
    onSuccess: ({ url }) => window.location.assign(url),
  });
  return (
    <section className="card stack" aria-labelledby="connect">
      <h2 id="connect">
        {reconnected ? (
          <>
            Reconnect <bdi dir="auto">{reconnected.name}</bdi>
          </>
        ) : integration.connections.length > 0 ? (
          `Connect another ${name} account`
        ) : (
          `Connect ${name}`
        )}
      </h2>
      {reconnected ? (
        <p className="soft" style={{ margin: 0 }}>
          Mappings, documents and history stay as they are.
        </p>
      ) : (
        <div className="row row-end">
          <div>
            <Input.Label id="books-label" labelElement="div">
              Books
            </Input.Label>
            <SegmentedControl
              aria-labelledby="books-label"
              data={[
                { value: 'live', label: 'Live' },
                { value: 'test', label: 'Test' },
              ]}
              value={mode}
              onChange={(value) => setMode(value === 'test' ? 'test' : 'live')}
            />
          </div>
          <Select
            label="Entity"
            w={240}
            maw="100%"
            allowDeselect={false}
            disabled={fitting.length === 0}
            placeholder={mode === 'test' ? 'A test entity is made' : 'No live entity yet'}
            data={fitting.map(({ id, name: label }) => ({ value: id, label }))}
            value={chosenEntity?.id ?? null}
            onChange={setEntityId}
          />
          <TextInput
            label="Name of the connection"
            placeholder={name}
            maxLength={200}
            value={connectionName}
            onChange={(event) => setConnectionName(event.currentTarget.value)}
          />
        </div>
      )}
      {mode === 'test' ? (
        <Note tone="info" title="Test data stays in a test entity’s books and can never reach live books." />
      ) : null}
      <Problem error={connect.error ?? consent.error} title="It was not connected." />
      <div className="columns">
        {authKinds.includes('oauth') ? (
          <section className="stack-tight" aria-labelledby="by-consent">
            <h3 id="by-consent" style={{ margin: 0 }}>
              By consent
            </h3>
            <p className="soft" style={{ margin: 0 }}>
              You sign in at {name}, see what is asked for, and come back here.
            </p>
            {oauthConfigured ? (
              <div>
                <Button loading={consent.isPending} onClick={() => consent.mutate()}>
                  Connect with {name}
                </Button>
              </div>
            ) : (
              <Note tone="info" title="No OAuth app is set up here yet">
                Whoever runs Tributary sets the client id and secret of your app, or you connect with a token.
              </Note>
            )}
          </section>
        ) : null}
        {authKinds.includes('token') ? (
          <form
            className="stack-tight"
            aria-labelledby="by-token"
            onSubmit={(event) => {
              event.preventDefault();
              connect.mutate({ params: { connector }, body: { token: token.trim(), ...settings } });
            }}
          >
            <h3 id="by-token" style={{ margin: 0 }}>
              With a token
            </h3>
            {tokenHelp ? (
              <p className="soft" style={{ margin: 0 }}>
                {tokenHelp}
              </p>
            ) : null}
            <PasswordInput
              label="Token"
              required
              autoComplete="off"
              maxLength={5000}
              visibilityToggleButtonProps={{ 'aria-label': 'Show the token', tabIndex: 0 }}
              value={token}
              onChange={(event) => setToken(event.currentTarget.value)}
            />
            <div>
              <Button
                type="submit"
                variant={authKinds.includes('oauth') && oauthConfigured ? 'default' : 'filled'}
                loading={connect.isPending}
                disabled={token.trim() === ''}
              >
                {reconnected ? 'Reconnect with this token' : 'Connect with this token'}
              </Button>
            </div>
          </form>
        ) : null}
      </div>
    </section>
  );
}
