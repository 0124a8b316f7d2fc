import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { z } from 'zod';
import type { integrationWire } from '../../../contract/sync-wire.ts';
import { apiQuery } from '../../api/query.ts';
import { categoryWords, wordOf } from '../../format/words.ts';
import { ButtonLink } from '../../parts/link.tsx';
import { Name } from '../../parts/name.tsx';
import { Problem } from '../../parts/note.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { LinesPlaceholder } from '../../parts/placeholder.tsx';
import { Status } from '../../parts/status.tsx';

type Integration = z.infer<typeof integrationWire>;

export function IntegrationsPage() {
  const integrations = useQuery(apiQuery('listIntegrations', {}));
  const list = integrations.data?.data ?? [];
  const known: readonly string[] = Object.keys(categoryWords);
  const categories = [...new Set([...known, ...list.map(({ category }) => category)])].filter((category) =>
    list.some((integration) => integration.category === category),
  );
  return (
    <>
      <PageHeader
        title="Integrations"
        crumbs={['Settings']}
        lead="The systems that Tributary reads from and writes to."
      />
      <Problem error={integrations.error} />
      {integrations.isPending ? <LinesPlaceholder lines={4} height={80} /> : null}
      <div className="stack">
        {categories.map((category) => (
          <section key={category} aria-labelledby={`category-${category}`}>
            <h2 id={`category-${category}`}>{wordOf(categoryWords, category)}</h2>
            <div className="integration-grid">
              {list
                .filter((integration) => integration.category === category)
                .map((integration) => (
                  <IntegrationCard key={integration.connector} integration={integration} />
                ))}
            </div>
          </section>
        ))}
      </div>
    </>
  );
}

function IntegrationCard({ integration }: { readonly integration: Integration }) {
  const { connector, name, summary, connections } = integration;
  return (
    <article className="card stack-tight" aria-label={name}>
      <div className="row row-between">
        <h3 style={{ margin: 0 }}>
          <Link className="link" to="/settings/integrations/$connector" params={{ connector }}>
            {name}
          </Link>
        </h3>
        {connections.length === 0 ? <Status status="not_connected" /> : null}
      </div>
      <p className="soft" style={{ margin: 0 }}>
        {summary}
      </p>
      {connections.length > 0 ? (
        <ul style={{ listStyle: 'none', padding: 0, margin: 0 }} className="stack-tight">
          {connections.map((connection) => (
            <li key={connection.id} className="row row-between" style={{ flexWrap: 'nowrap' }}>
              <Link
                className="link"
                style={{ minWidth: 0 }}
                to="/settings/integrations/$connector/$connectionId"
                params={{ connector, connectionId: connection.id }}
              >
                <Name text={connection.name} />
              </Link>
              <span className="row" style={{ flexWrap: 'nowrap' }}>
                {connection.mode === 'test' ? <span className="test-badge">TEST</span> : null}
                <Status status={connection.status} />
              </span>
            </li>
          ))}
        </ul>
      ) : (
        <div>
          <ButtonLink to="/settings/integrations/$connector" params={{ connector }} size="sm">
            Connect
          </ButtonLink>
        </div>
      )}
    </article>
  );
}
