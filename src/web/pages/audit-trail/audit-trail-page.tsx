import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { apiListQuery, call } from '../../api/query.ts';
import { auditColumns, AuditTable } from '../../parts/audit-table.tsx';
import { ExportButton } from '../../parts/export-button.tsx';
import { EmptyList } from '../../parts/filter-bar.tsx';
import { Problem } from '../../parts/note.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { Pager } from '../../parts/pager.tsx';
import { AuditFilters } from './audit-filters.tsx';
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
  const filter = (change: Partial<typeof search>): void =>
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
        <EmptyList
          hasFilter={isFiltered}
          list="/settings/audit-trail"
          filteredTitle="No entry passes these filters"
          title="Nothing here yet"
        >
          What is changed from now on appears here.
        </EmptyList>
      ) : entries.error ? null : (
        <>
          <AuditTable entries={entries.data?.data} label="Audit trail" busy={entries.isPlaceholderData} />
          <Pager
            listKey={['audit', filters]}
            list={entries.data}
            search={search}
            noun="entry"
            plural="entries"
            go={filter}
          />
        </>
      )}
    </>
  );
}
