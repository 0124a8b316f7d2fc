import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { z } from 'zod';
import type { configurationWire } from '../../../contract/sync-wire.ts';
import { apiQuery, useApiMutation } from '../../api/query.ts';
import { countOf } from '../../format/count.ts';
import { actorWords } from '../../format/words.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { InstantText } from '../../parts/date-text.tsx';
import { Name } from '../../parts/name.tsx';
import { Problem } from '../../parts/note.tsx';
import { useCan } from '../../shell/session.ts';
import { settingChanges } from './setting-changes.ts';

type Version = z.infer<typeof configurationWire>;

/** The versions that are shown; older ones are read over the API. */
const versionsShown = 50;

/** Every version: who changed what when, what it differs in from the newest, and the way back. */
export function ConfigurationVersions({ connectionId }: { readonly connectionId: string }) {
  const canConfigure = useCan('configure');
  const [restored, setRestored] = useState<Version | null>(null);
  const versions = useQuery(
    apiQuery('listConfigurationVersions', {
      params: { id: connectionId },
      query: { limit: versionsShown },
    }),
  );
  const restore = useApiMutation('saveConfiguration', {
    changes: ['getConfiguration', 'listConfigurationVersions', 'getConnection', 'checkConfiguration'],
    onDone: () => setRestored(null),
  });
  const list = versions.data?.data ?? [];
  const newest = list[0];
  const columns: readonly Column<Version>[] = [
    {
      key: 'version',
      header: 'Version',
      fit: true,
      cell: ({ version }) => <strong className="numeric">{version}</strong>,
    },
    {
      key: 'when',
      header: 'Saved',
      fit: true,
      hide: 'sm',
      cell: ({ createdAt }) => <InstantText instant={createdAt} />,
    },
    { key: 'who', header: 'By', hide: 'sm', cell: ({ createdBy }) => <Name text={actorWords(createdBy)} /> },
    {
      key: 'comment',
      header: 'Why',
      cell: ({ comment }) => (comment ? <Name text={comment} whole /> : <span className="soft">—</span>),
    },
    {
      key: 'changes',
      header: 'Changed',
      cell: (version) => <Changes version={version} before={list[list.indexOf(version) + 1]} />,
    },
  ];
  const goBack: Column<Version> = {
    key: 'restore',
    header: 'Go back',
    fit: true,
    cell: (version) =>
      version === newest ? (
        <span className="soft">in use</span>
      ) : (
        <Button
          variant="default"
          size="compact-sm"
          aria-label={`Go back to version ${version.version}`}
          onClick={() => setRestored(version)}
        >
          Go back
        </Button>
      ),
  };
  return (
    <section aria-labelledby="versions">
      <h2 id="versions">Versions of the configuration</h2>
      <Problem error={versions.error} />
      <DataTable
        label="Versions of the configuration"
        columns={canConfigure ? [...columns, goBack] : columns}
        rows={versions.data?.data}
        rowKey={({ version }) => String(version)}
      />
      <Confirm
        isOpen={restored !== null}
        close={() => setRestored(null)}
        title={`Go back to version ${restored?.version ?? ''}?`}
        action={`Save as version ${(newest?.version ?? 0) + 1}`}
        isBusy={restore.isPending}
        error={restore.error}
        run={() =>
          restored &&
          newest &&
          restore.mutate({
            params: { id: connectionId },
            body: {
              settings: restored.settings,
              expectedVersion: newest.version,
              comment: `Back to version ${restored.version}`,
            },
          })
        }
      >
        {restored && newest
          ? `It changes ${countOf(settingChanges(newest.settings, restored.settings).length, 'setting')} and is saved as a new version; nothing is lost.`
          : null}
      </Confirm>
    </section>
  );
}

interface ChangesProps {
  readonly version: Version;
  readonly before: Version | undefined;
}

function Changes({ version, before }: ChangesProps) {
  if (!before) return <span className="soft">The beginning</span>;
  const changes = settingChanges(before.settings, version.settings);
  if (changes.length === 0) return <span className="soft">Nothing</span>;
  return (
    <details>
      <summary>{countOf(changes.length, 'setting')}</summary>
      <ul className="small" style={{ paddingInlineStart: '1rem', margin: 0 }}>
        {changes.map(({ key, from, to }) => (
          <li key={key}>
            <span className="mono">{key}</span>: <bdi dir="auto">{from}</bdi> → <bdi dir="auto">{to}</bdi>
          </li>
        ))}
      </ul>
    </details>
  );
}
