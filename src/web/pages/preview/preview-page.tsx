import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { decisionKinds } from '../../../model/decision.ts';
import { apiListQuery, apiQuery, call, useApiMutation } from '../../api/query.ts';
import { countOf, formatCount } from '../../format/count.ts';
import { isRunOver, runSentence } from '../../format/run-sentence.ts';
import { CodesFilter } from '../../parts/codes-filter.tsx';
import { ExportButton } from '../../parts/export-button.tsx';
import { FilterText } from '../../parts/filter-text.tsx';
import { ButtonLink } from '../../parts/link.tsx';
import { Name } from '../../parts/name.tsx';
import { Empty, Note, Problem } from '../../parts/note.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { Pager } from '../../parts/pager.tsx';
import { RecordPanel } from '../../parts/record-panel.tsx';
import { recordColumns, RecordsTable } from '../../parts/records-table.tsx';
import { RunProgress } from '../../parts/run-progress.tsx';
import { oneOf } from '../../parts/search-params.ts';
import { statusWord } from '../../parts/status.tsx';
import { runQuery } from '../../parts/run-query.ts';
import { useCan } from '../../shell/session.ts';

const outcomeByDecision = {
  create: 'created',
  update: 'updated',
  unchanged: 'unchanged',
  skip: 'skipped',
  hold: 'held',
  fail: 'failed',
} as const;

export function PreviewPage() {
  const { connector, connectionId, runId } = useParams({
    from: '/app/settings/integrations/$connector/$connectionId/preview/$runId',
  });
  const search = useSearch({ from: '/app/settings/integrations/$connector/$connectionId/preview/$runId' });
  const navigate = useNavigate({ from: '/settings/integrations/$connector/$connectionId/preview/$runId' });
  const canSync = useCan('sync');
  const connection = useQuery(apiQuery('getConnection', { params: { id: connectionId } }));
  const run = useQuery(runQuery(runId));
  const sync = useApiMutation('triggerSync', {
    changes: ['getConnection', 'listRuns'],
    onDone: (started) => void navigate({ to: '/runs/$runId', params: { runId: started.runId }, search: {} }),
  });
  const again = useApiMutation('startPreview', {
    changes: ['listRuns'],
    onDone: (started) =>
      void navigate({ params: { connector, connectionId, runId: started.runId }, search: {} }),
  });
  const filters = {
    sourceType: 'deal',
    decision: oneOf(decisionKinds, search.decision),
    code: search.code,
    q: search.q,
  };
  const isOver = run.data !== undefined && isRunOver(run.data);
  const records = useQuery({
    ...apiListQuery('listRunRecords', {
      params: { id: runId },
      query: { ...filters, after: search.after },
    }),
    enabled: isOver,
  });
  const filter = (change: Partial<typeof search>): void => {
    void navigate({ search: (old) => ({ ...old, after: undefined, page: undefined, ...change }) });
  };
  const counts = run.data?.counts;
  const changesCount = (counts?.created ?? 0) + (counts?.updated ?? 0);
  return (
    <>
      <PageHeader
        title="Preview"
        crumbs={[
          <Link key="integrations" to="/settings/integrations">
            Integrations
          </Link>,
          <Link
            key="connection"
            to="/settings/integrations/$connector/$connectionId"
            params={{ connector, connectionId }}
          >
            <Name text={connection.data?.name ?? 'Connection'} />
          </Link>,
        ]}
        lead={
          run.data && isOver ? `${runSentence(run.data)} Nothing has been written.` : 'Nothing is written.'
        }
        actions={
          isOver ? (
            <>
              <ExportButton
                fileName="preview"
                columns={recordColumns}
                readPage={(page) =>
                  call('listRunRecords', { params: { id: runId }, query: { ...filters, ...page } })
                }
              />
              {canSync ? (
                <Button
                  variant="default"
                  loading={again.isPending}
                  onClick={() => again.mutate({ params: { id: connectionId } })}
                >
                  Preview again
                </Button>
              ) : null}
              {canSync && changesCount > 0 ? (
                <Button
                  loading={sync.isPending}
                  onClick={() => sync.mutate({ params: { connector, connectionId } })}
                >
                  Sync these {formatCount(changesCount)}
                </Button>
              ) : null}
            </>
          ) : null
        }
      />
      <div className="stack">
        <Problem error={run.error ?? sync.error ?? again.error} />
        {run.data && !isOver ? <RunProgress run={run.data} /> : null}
        {run.data?.error ? (
          <Note tone="bad" title={run.data.error.message}>
            {run.data.error.mend}
          </Note>
        ) : null}
        {run.data && isOver && counts ? (
          <div>
            <ul className="filters" aria-label="Filter by decision">
              <li>
                <Link
                  to="."
                  resetScroll={false}
                  className="filter-chip"
                  activeOptions={{ exact: true, includeSearch: true }}
                  search={(old) => ({
                    ...old,
                    decision: undefined,
                    code: undefined,
                    after: undefined,
                    page: undefined,
                  })}
                >
                  <strong>{formatCount(counts.processed)}</strong> {counts.processed === 1 ? 'deal' : 'deals'}
                </Link>
              </li>
              {decisionKinds.map((decision) => {
                const count = counts[outcomeByDecision[decision]];
                return (
                  <li key={decision}>
                    <Link
                      to="."
                      resetScroll={false}
                      className={`filter-chip ${count === 0 ? 'empty-chip' : ''}`}
                      activeOptions={{ exact: true, includeSearch: true }}
                      search={(old) => ({
                        ...old,
                        decision,
                        code: undefined,
                        after: undefined,
                        page: undefined,
                      })}
                    >
                      <strong>{formatCount(count)}</strong> {statusWord(decision).toLowerCase()}
                    </Link>
                  </li>
                );
              })}
            </ul>
            <div className="toolbar" role="search" aria-label="Filter the deals">
              <FilterText
                label="Search"
                placeholder="Name or id of the deal"
                value={search.q}
                change={(q) => filter({ q })}
              />
              <CodesFilter
                run={run.data}
                decision={filters.decision}
                value={search.code}
                change={(code) => filter({ code })}
              />
            </div>
            <div className="panel-layout" data-open={search.record !== undefined}>
              <div>
                <Problem error={records.error} />
                {records.data?.data.length === 0 ? (
                  <Empty
                    title="No deal here"
                    action={
                      counts.processed === 0 ? (
                        <ButtonLink
                          to="/settings/integrations/$connector/$connectionId/stage-configuration"
                          params={{ connector, connectionId }}
                          variant="default"
                        >
                          Stage Configuration
                        </ButtonLink>
                      ) : null
                    }
                  >
                    {counts.processed === 0
                      ? 'Nothing in the CRM has changed since the last sync.'
                      : 'No deal passes these filters.'}
                  </Empty>
                ) : (
                  <>
                    <RecordsTable
                      label="Deals of the preview"
                      outcomeHeader="Decision"
                      records={records.data?.data}
                      busy={records.isPlaceholderData}
                      currentKey={search.record}
                    />
                    <Pager
                      listKey={['preview', runId, filters]}
                      list={records.data}
                      search={search}
                      noun="deal"
                      go={filter}
                    />
                  </>
                )}
              </div>
              {search.record ? (
                <RecordPanel
                  run={run.data}
                  recordKey={search.record}
                  close={() =>
                    void navigate({ search: (old) => ({ ...old, record: undefined }), resetScroll: false })
                  }
                />
              ) : null}
            </div>
            {counts.failed + counts.held > 0 ? (
              <p className="soft">
                {countOf(counts.failed + counts.held, 'deal')} would not go through; the others are not held
                up by them.
              </p>
            ) : null}
          </div>
        ) : null}
      </div>
    </>
  );
}
