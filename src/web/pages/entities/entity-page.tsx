import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { apiQuery } from '../../api/query.ts';
import { ButtonLink } from '../../parts/link.tsx';
import { Name } from '../../parts/name.tsx';
import { Problem } from '../../parts/note.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { LinesPlaceholder } from '../../parts/placeholder.tsx';
import { useCan } from '../../shell/session.ts';
import { EntityBooks } from './entity-books.tsx';
import { EntityCompany } from './entity-company.tsx';
import { EntityLogo } from './entity-logo.tsx';
import { NumberSeries } from './number-series.tsx';

/** One legal company: what its invoices say, how its books are kept, and the numbers of its documents. */
export function EntityPage() {
  const { entityId } = useParams({ from: '/app/settings/entities/$entityId' });
  const query = useQuery(apiQuery('getEntity', { params: { id: entityId } }));
  const entity = query.data;
  const canChange = useCan('configure');
  return (
    <>
      <PageHeader
        title={entity?.name ?? (query.error ? 'Entity' : null)}
        heading={
          entity ? (
            <>
              <Name text={entity.name} whole />{' '}
              {entity.mode === 'test' ? <span className="test-badge">TEST</span> : null}
            </>
          ) : undefined
        }
        crumbs={[
          'Settings',
          <Link key="list" to="/settings/entities">
            Entities
          </Link>,
        ]}
        lead={entity ? `Books in ${entity.baseCurrency}` : null}
        actions={
          entity ? (
            <>
              <ButtonLink to="/settings/periods" search={{ entity: entity.id }} variant="default">
                Periods
              </ButtonLink>
              <ButtonLink to="/settings/accounts" search={{ entity: entity.id }} variant="default">
                Accounts
              </ButtonLink>
            </>
          ) : null
        }
      />
      <Problem error={query.error} />
      {query.isPending ? <LinesPlaceholder lines={12} /> : null}
      {entity ? (
        <div className="columns" key={entity.id}>
          <div className="stack">
            <EntityCompany entity={entity} canChange={canChange} />
          </div>
          <div className="stack">
            <EntityBooks entity={entity} canChange={canChange} />
            <EntityLogo entity={entity} canChange={canChange} />
            <NumberSeries entity={entity} canChange={canChange} />
          </div>
        </div>
      ) : null}
    </>
  );
}
