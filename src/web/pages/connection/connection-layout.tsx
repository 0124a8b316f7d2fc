import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useLocation, useParams } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import type { ConnectionWire } from '../../../contract/sync-wire.ts';
import { apiQuery } from '../../api/query.ts';
import { ButtonLink } from '../../parts/link.tsx';
import { Name } from '../../parts/name.tsx';
import { Note, Problem } from '../../parts/note.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { LinesPlaceholder } from '../../parts/placeholder.tsx';
import { Status } from '../../parts/status.tsx';
import { useConnection } from './use-connection.ts';

const base = '/settings/integrations/$connector/$connectionId';

const tabs = [
  { to: base, name: 'Overview' },
  { to: `${base}/deal-mapping`, name: 'Deal Mapping' },
  { to: `${base}/stage-configuration`, name: 'Stage Configuration' },
  { to: `${base}/company-mapping`, name: 'Company Mapping' },
  { to: `${base}/contact-mapping`, name: 'Contact Mapping' },
  { to: `${base}/sync-settings`, name: 'Sync Settings' },
  { to: `${base}/sync-history`, name: 'Sync History' },
  { to: `${base}/settings`, name: 'Settings' },
] as const;

export function ConnectionLayout() {
  const params = useParams({ from: `/app${base}` });
  const query = useConnection(params.connectionId);
  const integrations = useQuery({ ...apiQuery('listIntegrations', {}), staleTime: 60_000 });
  const connection = query.data;
  const vendor = integrations.data?.data.find(({ connector }) => connector === params.connector)?.name;
  const path = useLocation({ select: ({ pathname }) => pathname.replace(/\/$/, '') });
  const tab = tabs.find(({ to }) => path.endsWith(to.slice(base.length)) && to !== base) ?? tabs[0];
  const activeTab = useRef<HTMLUListElement>(null);
  useEffect(() => {
    // On a phone the open tab may lie outside of the row.
    activeTab.current?.querySelector('.active')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  });
  return (
    <>
      <PageHeader
        title={query.error ? 'Connection' : connection ? `${tab.name} · ${connection.name}` : null}
        heading={
          connection ? (
            <span className="row">
              <Name text={connection.name} whole />
              <Status status={connection.status} />
              {connection.mode === 'test' ? <span className="test-badge">TEST</span> : null}
            </span>
          ) : null
        }
        crumbs={[
          'Settings',
          <Link key="integrations" to="/settings/integrations">
            Integrations
          </Link>,
          <Link
            key="vendor"
            to="/settings/integrations/$connector"
            params={{ connector: params.connector }}
            search={{}}
          >
            {vendor ?? '…'}
          </Link>,
        ]}
      />
      <nav aria-label="Of this connection">
        <ul className="tabs" ref={activeTab}>
          {tabs.map(({ to, name }) => (
            <li key={to}>
              <Link
                to={to}
                params={params}
                search={{}}
                className="tab"
                activeOptions={{ exact: true, includeSearch: false }}
              >
                {name}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <Problem error={query.error} />
      {query.isPending ? <LinesPlaceholder lines={6} height={28} /> : null}
      {connection && !saysItself.has(tab.name) ? (
        <ConnectionWarnings warnings={connection.warnings} params={params} />
      ) : null}
      {connection ? <Outlet /> : null}
    </>
  );
}

/** Pages that say it in their own way: as the next step, and beside the stages. */
const saysItself: ReadonlySet<string> = new Set(['Overview', 'Stage Configuration']);

interface ConnectionWarningsProps {
  readonly warnings: ConnectionWire['warnings'];
  readonly params: { readonly connector: string; readonly connectionId: string };
}

function ConnectionWarnings({ warnings, params }: ConnectionWarningsProps) {
  return warnings.map(({ code, message, mend }) => (
    <div key={code} className="connection-warning">
      <Note
        tone="warn"
        title={message}
        action={
          <ButtonLink to={`${base}/stage-configuration`} params={params} variant="default" size="sm">
            Open Stage Configuration
          </ButtonLink>
        }
      >
        {mend}
      </Note>
    </div>
  ));
}
