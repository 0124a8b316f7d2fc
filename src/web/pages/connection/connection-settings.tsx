import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { ConnectionWire } from '../../../contract/sync-wire.ts';
import { apiQuery, useApiMutation } from '../../api/query.ts';
import { countOf } from '../../format/count.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { ButtonLink } from '../../parts/link.tsx';
import { Note, Problem } from '../../parts/note.tsx';
import { useCan } from '../../shell/session.ts';
import { ConfigurationVersions } from '../mapping/configuration-versions.tsx';
import { useConnection } from './use-connection.ts';

const changes = [
  'getConnection',
  'listConnections',
  'listIntegrations',
  'getOverview',
  'listActivity',
] as const;

export function ConnectionSettings() {
  const { connectionId } = useParams({ from: '/app/settings/integrations/$connector/$connectionId' });
  const connection = useConnection(connectionId).data;
  const isAdmin = useCan('admin');
  if (!connection) return null;
  return (
    <div className="stack">
      {isAdmin ? null : (
        <Note tone="info" title="Only an admin of the organization changes, pauses or disconnects it." />
      )}
      {isAdmin ? (
        <div className="columns">
          <Rename connection={connection} />
          <OnAndOff connection={connection} />
        </div>
      ) : null}
      <ConfigurationVersions connectionId={connectionId} />
    </div>
  );
}

function Rename({ connection }: { readonly connection: ConnectionWire }) {
  const [name, setName] = useState(connection.name);
  const update = useApiMutation('updateConnection', { changes });
  return (
    <form
      className="card stack-tight"
      aria-labelledby="rename"
      onSubmit={(event) => {
        event.preventDefault();
        update.mutate({ params: { id: connection.id }, body: { name } });
      }}
    >
      <h2 id="rename">Name</h2>
      <Problem error={update.error} />
      <TextInput
        label="Name of the connection"
        required
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <div>
        <Button
          type="submit"
          variant="default"
          loading={update.isPending}
          disabled={name.trim() === '' || name === connection.name}
        >
          Rename
        </Button>
      </div>
    </form>
  );
}

function OnAndOff({ connection }: { readonly connection: ConnectionWire }) {
  const { id, connector, status } = connection;
  const [isDisconnecting, setIsDisconnecting] = useState(false);
  const pause = useApiMutation('pauseConnection', { changes });
  const resume = useApiMutation('resumeConnection', { changes });
  const disconnect = useApiMutation('disconnectConnection', {
    changes,
    onDone: () => setIsDisconnecting(false),
  });
  const documents = useQuery(apiQuery('listDocuments', { query: { connectionId: id, limit: 1 } }));
  const isGone = status === 'not_connected';
  return (
    <section className="card stack-tight" aria-labelledby="on-and-off">
      <h2 id="on-and-off">Pause, reconnect, disconnect</h2>
      <Problem error={pause.error ?? resume.error} />
      <div className="row">
        {status === 'paused' ? (
          <Button loading={resume.isPending} onClick={() => resume.mutate({ params: { id } })}>
            Resume
          </Button>
        ) : null}
        {status === 'connected' || status === 'setup_incomplete' ? (
          <Button
            variant="default"
            loading={pause.isPending}
            onClick={() => pause.mutate({ params: { id } })}
          >
            Pause
          </Button>
        ) : null}
        <ButtonLink
          to="/settings/integrations/$connector"
          params={{ connector }}
          search={{ reconnect: id }}
          variant={isGone || status === 'error' ? 'filled' : 'default'}
        >
          Reconnect
        </ButtonLink>
        {isGone ? null : (
          <Button
            variant="outline"
            color="red.9"
            className="danger-outline"
            onClick={() => setIsDisconnecting(true)}
          >
            Disconnect
          </Button>
        )}
      </div>
      <p className="soft" style={{ margin: 0 }}>
        While it is paused nothing is synced. Disconnecting deletes the credentials and revokes them at the
        vendor where it can; documents and history stay.
      </p>
      <Confirm
        isOpen={isDisconnecting}
        close={() => setIsDisconnecting(false)}
        title="Disconnect?"
        action="Disconnect"
        isDangerous
        isBusy={disconnect.isPending}
        error={disconnect.error}
        run={() => disconnect.mutate({ params: { id } })}
      >
        The credentials of <bdi dir="auto">{connection.name}</bdi> are deleted and revoked. Its{' '}
        {countOf(documents.data?.total ?? 0, 'document')} and{' '}
        {countOf(connection.recordsSynced, 'synced record')} stay, and reconnecting the same account goes on
        from there.
      </Confirm>
    </section>
  );
}
