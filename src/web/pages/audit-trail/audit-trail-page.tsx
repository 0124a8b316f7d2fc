import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { apiListQuery, call } from '../../api/query.ts';
import { auditColumns, AuditTable } from '../../parts/audit-table.tsx';
import { ExportButton } from '../../parts/export-button.tsx';
import { ButtonLink } from '../../parts/link.tsx';
import { Empty, Problem } from '../../parts/note.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { Pager } from '../../parts/pager.tsx';
import { AuditFilters, type AuditSearch } from './audit-filters.tsx';
import { ChainPanel } from './chain-panel.tsx';

export function AuditTrailPage() {
  const search = useSearch({ from: '/app/settings/audit-trail' });
  const navigate = useNavigate({ from: '/settings/audit-trail' });
  const filters = {
    actor: search.who,
    action: search.what,
    subjectType: search.subject,
    subjectId: search.id,
    connectionId: search.connection,
    runId: search.run,
    from: search.from,
    to: search.to,
  };
  const entries = useQuery(apiListQuery('listAuditEntries', { query: { ...filters, after: search.after } }));
  const isFiltered = Object.values(filters).some(Boolean);
  const filter = (change: AuditSearch): void =>
    void navigate({ search: (old) => ({ ...old, after: undefined, page: undefined, ...change }) });
  return (
    <>
      <PageHeader
        title="Audit trail"
        crumbs={['Settings']}
        lead="Everything that anyone or anything changed, newest first. It can be added to, never changed."
        actions={
          <>
            <ExportButton
              fileName="audit-trail"
              columns={auditColumns}
              readPage={(page) => call('listAuditEntries', { query: { ...filters, ...page } })}
            />
          </>
        }
      />
      <ChainPanel />
      <AuditFilters search={search} filter={filter} isFiltered={isFiltered} />
      <Problem error={entries.error} />
      {entries.data?.data.length === 0 ? (
        <Empty
          title={isFiltered ? 'No entry passes these filters' : 'Nothing here yet'}
          action={
            isFiltered ? (
              <ButtonLink to="/settings/audit-trail" search={{}} variant="default">
                Show everything
              </ButtonLink>
            ) : null
          }
        >
          {isFiltered ? 'Take a filter away to see more.' : 'What is changed from now on appears here.'}
        </Empty>
      ) : entries.error ? null : (
        <>
          <AuditTable entries={entries.data?.data} label="Audit trail" busy={entries.isPlaceholderData} />
          {entries.data ? (
            <Pager
              listKey={`audit ${JSON.stringify(filters)}`}
              search={search}
              shown={entries.data.data.length}
              total={entries.data.total}
              next={entries.data.next}
              noun="entry"
              plural="entries"
              go={(page) =>
                void navigate({ search: (old) => ({ ...old, after: undefined, page: undefined, ...page }) })
              }
            />
          ) : null}
        </>
      )}
    </>
  );
}
