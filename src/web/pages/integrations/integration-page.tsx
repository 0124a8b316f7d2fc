import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import type { z } from 'zod';
import type { ConnectionWire, integrationWire } from '../../../contract/sync-wire.ts';
import { errorCatalogue } from '../../../kernel/errors.ts';
import { apiQuery } from '../../api/query.ts';
import { countOf } from '../../format/count.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { InstantText } from '../../parts/date-text.tsx';
import { Name } from '../../parts/name.tsx';
import { Empty, Note, Problem } from '../../parts/note.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { LinesPlaceholder } from '../../parts/placeholder.tsx';
import { Status } from '../../parts/status.tsx';
import { useCan } from '../../shell/session.ts';
import { ConnectForm } from './connect-form.tsx';

type Integration = z.infer<typeof integrationWire>;

const columns: readonly Column<ConnectionWire>[] = [
  {
    key: 'name',
    header: 'Connection',
    cell: ({ id, connector, name, account }) => (
      <>
        <Link
          className="row-link"
          to="/settings/integrations/$connector/$connectionId"
          params={{ connector, connectionId: id }}
        >
          <Name text={name} />
        </Link>
        <div className="soft small">
          <Name text={`${account.name} (${account.id})`} />
        </div>
      </>
    ),
  },
  {
    key: 'status',
    header: 'Status',
    fit: true,
    cell: ({ status, mode }) => (
      <span className="row" style={{ flexWrap: 'nowrap' }}>
        <Status status={status} />
        {mode === 'test' ? <span className="test-badge">TEST</span> : null}
      </span>
    ),
  },
  { key: 'entity', header: 'Entity', hide: 'sm', cell: ({ entity }) => <Name text={entity.name} /> },
  {
    key: 'synced',
    header: 'Last sync',
    hide: 'md',
    cell: ({ lastSuccessfulSyncAt, recordsSynced }) => (
      <>
        {lastSuccessfulSyncAt ? (
          <InstantText instant={lastSuccessfulSyncAt} age />
        ) : (
          <span className="soft">Never</span>
        )}
        <div className="soft small">{countOf(recordsSynced, 'record')} synced</div>
      </>
    ),
  },
];

export function IntegrationPage() {
  const { connector } = useParams({ from: '/app/settings/integrations/$connector' });
  const { reconnect, error } = useSearch({ from: '/app/settings/integrations/$connector' });
  const isAdmin = useCan('admin');
  const integrations = useQuery(apiQuery('listIntegrations', {}));
  const integration = integrations.data?.data.find((candidate) => candidate.connector === connector);
  const title = integration?.name ?? (integrations.isSuccess ? 'There is no such integration' : null);
  return (
    <>
      <PageHeader
        title={integrations.error ? 'Integration' : title}
        crumbs={[
          'Settings',
          <Link key="integrations" to="/settings/integrations">
            Integrations
          </Link>,
        ]}
        lead={integration?.summary}
      />
      <Problem error={integrations.error} />
      {integrations.isPending ? <LinesPlaceholder lines={6} height={28} /> : null}
      {error ? <ConsentFailed code={error} /> : null}
      {integration ? (
        <div className="stack">
          {integration.connections.length > 0 ? (
            <section aria-labelledby="connections">
              <h2 id="connections">Connections</h2>
              <DataTable
                label="Connections"
                columns={columns}
                rows={integration.connections}
                rowKey={({ id }) => id}
                linked
              />
            </section>
          ) : null}
          {isAdmin ? (
            <ConnectForm
              integration={integration}
              reconnected={integration.connections.find(({ id }) => id === reconnect)}
            />
          ) : integration.connections.length === 0 ? (
            <Empty title={`${integration.name} is not connected`}>
              Only an admin of the organization can connect it.
            </Empty>
          ) : null}
          <Permissions integration={integration} />
        </div>
      ) : null}
    </>
  );
}

/** The vendor's redirect brings the code of what went wrong. An address can be written by anyone, so only known codes speak. */
function ConsentFailed({ code }: { readonly code: string }) {
  const entry =
    Object.entries(errorCatalogue).find(([known]) => known === code)?.[1] ?? errorCatalogue.internal;
  return (
    <Note tone="bad" live title="The connection was not made">
      {entry.message} {entry.mend}
    </Note>
  );
}

function Permissions({ integration }: { readonly integration: Integration }) {
  const { permissions, name } = integration;
  if (permissions.length === 0) return null;
  return (
    <section className="card" aria-labelledby="permissions">
      <h2 id="permissions">What Tributary asks {name} for, and why</h2>
      <div className="table-frame">
        <table className="table">
          <thead>
            <tr>
              <th>Permission</th>
              <th>Why</th>
              <th className="fit">Needed</th>
            </tr>
          </thead>
          <tbody>
            {permissions.map(({ scope, reason, required }) => (
              <tr key={scope}>
                <td className="mono" style={{ overflowWrap: 'anywhere' }}>
                  {scope}
                </td>
                <td>{reason}</td>
                <td className="fit">{required ? 'Always' : 'Optional'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="soft small" style={{ marginBottom: 0 }}>
        Credentials are stored encrypted and never shown again, not in the page, not over the API, not in a
        log.
      </p>
    </section>
  );
}
