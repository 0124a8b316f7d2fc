import { Button, Select } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import type { RunWire } from '../../../contract/sync-wire.ts';
import { outcomes } from '../../../model/decision.ts';
import { apiListQuery, apiQuery, call, useApiMutation } from '../../api/query.ts';
import { countOf, formatCount } from '../../format/count.ts';
import { formatDuration } from '../../format/date.ts';
import { isRunOver, runSentence } from '../../format/run-sentence.ts';
import {
  actorWords,
  readable,
  recordTypeWord,
  runKindWords,
  triggerWords,
  wordOf,
} from '../../format/words.ts';
import { CodesFilter } from '../../parts/codes-filter.tsx';
import { CurrencyTotals } from '../../parts/currency-totals.tsx';
import { InstantText } from '../../parts/date-text.tsx';
import { ExportButton } from '../../parts/export-button.tsx';
import { FilterText } from '../../parts/filter-text.tsx';
import { Name } from '../../parts/name.tsx';
import { Empty, Note, Problem } from '../../parts/note.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { Pager } from '../../parts/pager.tsx';
import { LinesPlaceholder } from '../../parts/placeholder.tsx';
import { RecordPanel } from '../../parts/record-panel.tsx';
import { recordColumns, RecordsTable } from '../../parts/records-table.tsx';
import { RunProgress, StageTimes } from '../../parts/run-progress.tsx';
import { runQuery } from '../../parts/run-query.ts';
import { oneOf } from '../../parts/search-params.ts';
import { Status, statusWord } from '../../parts/status.tsx';
import { useCan } from '../../shell/session.ts';

export function RunPage() {
  const { runId } = useParams({ from: '/app/runs/$runId' });
  const navigate = useNavigate({ from: '/runs/$runId' });
  const canSync = useCan('sync');
  const query = useQuery(runQuery(runId));
  const run = query.data;
  const isOver = run !== undefined && isRunOver(run);
  useRefreshWhenOver(run);
  const connection = useQuery({
    ...apiQuery('getConnection', { params: { id: run?.connectionId ?? '' } }),
    enabled: run !== undefined,
  });
  const cancel = useApiMutation('cancelRun', { changes: ['getRun'] });
  const retry = useApiMutation('retryRun', {
    changes: ['listRuns', 'getConnection'],
    onDone: (started) => void navigate({ params: { runId: started.runId }, search: {} }),
  });
  return (
    <>
      <PageHeader
        title={run ? wordOf(runKindWords, run.kind) : query.error ? 'Run' : null}
        heading={
          run ? (
            <>
              {wordOf(runKindWords, run.kind)} <Status status={run.status} />
            </>
          ) : null
        }
        crumbs={
          connection.data
            ? [
                <Link
                  key="connection"
                  to="/settings/integrations/$connector/$connectionId"
                  params={{ connector: connection.data.connector, connectionId: connection.data.id }}
                >
                  <Name text={connection.data.name} />
                </Link>,
                <Link
                  key="history"
                  to="/settings/integrations/$connector/$connectionId/sync-history"
                  params={{ connector: connection.data.connector, connectionId: connection.data.id }}
                >
                  Sync History
                </Link>,
              ]
            : []
        }
        lead={run ? <RunFacts run={run} /> : null}
        actions={
          <>
            {run && !isOver && canSync ? (
              <Button
                variant="default"
                loading={cancel.isPending}
                onClick={() => cancel.mutate({ params: { id: runId } })}
              >
                Stop after this batch
              </Button>
            ) : null}
            {run && isOver && canSync && run.counts.failed > 0 && run.kind !== 'preview' ? (
              <Button
                loading={retry.isPending}
                onClick={() => retry.mutate({ params: { id: runId }, body: {} })}
              >
                Retry {countOf(run.counts.failed, 'failed deal')}
              </Button>
            ) : null}
          </>
        }
      />
      <div className="stack">
        <Problem error={query.error ?? cancel.error ?? retry.error} />
        {query.isPending ? <LinesPlaceholder lines={6} height={28} /> : null}
        {run && !isOver ? <RunProgress run={run} /> : null}
        {run && isOver ? <RunSummary run={run} /> : null}
        {run ? (
          <RunRecords
            run={run}
            isOver={isOver}
            retry={(records) => retry.mutate({ params: { id: runId }, body: { records } })}
          />
        ) : null}
      </div>
    </>
  );
}

/** What a run changed is stale everywhere else once it is over. */
function useRefreshWhenOver(run: RunWire | undefined): void {
  const queryClient = useQueryClient();
  const wasGoing = useRef(false);
  const status = run?.status;
  useEffect(() => {
    if (status === undefined) return;
    const isOver = isRunOver({ status });
    if (isOver && wasGoing.current) {
      void queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'getRun' });
    }
    wasGoing.current = !isOver;
  }, [status, queryClient]);
}

function RunFacts({ run }: { readonly run: RunWire }) {
  return (
    <>
      {wordOf(triggerWords, run.trigger)}, by {actorWords(run.requestedBy)},{' '}
      <InstantText instant={run.startedAt ?? run.createdAt} age />
      {run.durationMs === null ? null : ` · took ${formatDuration(run.durationMs)}`} ·{' '}
      {countOf(run.calls, 'call')}
      {run.configurationVersion === null ? null : ` · configuration version ${run.configurationVersion}`}
    </>
  );
}

function RunSummary({ run }: { readonly run: RunWire }) {
  const tone = run.status === 'failed' ? 'bad' : run.counts.failed + run.counts.held > 0 ? 'warn' : 'good';
  const others = Object.entries(run.countsByType).filter(([type]) => type !== 'deal');
  return (
    <div className="stack-tight">
      <Note tone={tone} live title={<span data-testid="run-summary">{runSentence(run)}</span>}>
        {run.error ? (
          <div>
            {run.error.message} {run.error.mend}
          </div>
        ) : null}
        {others.length > 0 ? (
          <div className="soft small">
            Besides:{' '}
            {others
              .map(
                ([type, counts]) =>
                  `${formatCount(counts.processed)} ${recordTypeWord(type, counts.processed)} (${formatCount(counts.created)} created, ${formatCount(counts.updated)} updated)`,
              )
              .join(' · ')}
          </div>
        ) : null}
      </Note>
      <StageTimes run={run} />
      <CurrencyTotals totals={run.totals} label="Totals of the created invoices, per currency" />
    </div>
  );
}

interface RunRecordsProps {
  readonly run: RunWire;
  readonly isOver: boolean;
  readonly retry: (records: string[]) => void;
}

function RunRecords({ run, isOver, retry }: RunRecordsProps) {
  const search = useSearch({ from: '/app/runs/$runId' });
  const navigate = useNavigate({ from: '/runs/$runId' });
  const canSync = useCan('sync');
  const filters = {
    sourceType: search.type ?? 'deal',
    outcome: oneOf(outcomes, search.outcome),
    code: search.code,
    q: search.q,
  };
  const records = useQuery({
    ...apiListQuery('listRunRecords', {
      params: { id: run.runId },
      query: { ...filters, after: search.after },
    }),
    // While the run goes on its newest records come in.
    refetchInterval: isOver ? false : 3_000,
  });
  const filter = (change: Partial<typeof search>): void => {
    void navigate({ search: (old) => ({ ...old, after: undefined, page: undefined, ...change }) });
  };
  const types = Object.keys(run.countsByType);
  const counts = run.countsByType[filters.sourceType] ?? run.counts;
  return (
    <section aria-labelledby="records">
      <h2 id="records">Records</h2>
      <ul className="filters" aria-label="Filter by outcome">
        <li>
          <Link
            to="."
            resetScroll={false}
            className="filter-chip"
            activeOptions={{ exact: true, includeSearch: true }}
            search={(old) => ({
              ...old,
              outcome: undefined,
              code: undefined,
              after: undefined,
              page: undefined,
            })}
          >
            <strong>{formatCount(counts.processed)}</strong> processed
          </Link>
        </li>
        {outcomes.map((outcome) => (
          <li key={outcome}>
            <Link
              to="."
              resetScroll={false}
              className={`filter-chip ${counts[outcome] === 0 ? 'empty-chip' : ''}`}
              activeOptions={{ exact: true, includeSearch: true }}
              search={(old) => ({ ...old, outcome, code: undefined, after: undefined, page: undefined })}
            >
              <strong>{formatCount(counts[outcome])}</strong> {statusWord(outcome).toLowerCase()}
            </Link>
          </li>
        ))}
      </ul>
      <div className="toolbar" role="search" aria-label="Filter the records">
        <FilterText label="Search" placeholder="Name or id" value={search.q} change={(q) => filter({ q })} />
        {types.length > 1 ? (
          <Select
            label="Records of"
            size="sm"
            w={150}
            allowDeselect={false}
            data={types.map((value) => ({ value, label: readable(value) }))}
            value={filters.sourceType}
            onChange={(type) => filter({ type: type === 'deal' || !type ? undefined : type })}
          />
        ) : null}
        {filters.sourceType === 'deal' ? (
          <CodesFilter
            run={run}
            decision={undefined}
            value={search.code}
            change={(code) => filter({ code })}
          />
        ) : null}
        <div className="toolbar-end">
          <ExportButton
            fileName="run-records"
            columns={recordColumns}
            readPage={(page) =>
              call('listRunRecords', { params: { id: run.runId }, query: { ...filters, ...page } })
            }
          />
        </div>
      </div>
      <Problem error={records.error} />
      <div className="panel-layout" data-open={search.record !== undefined}>
        <div>
          {records.data?.data.length === 0 ? (
            <Empty title={isOver ? 'No record here' : 'No record yet'}>
              {isOver ? 'No record of this run passes these filters.' : 'Records appear as they are decided.'}
            </Empty>
          ) : (
            <>
              <RecordsTable
                label="Records of the run"
                records={records.data?.data}
                busy={records.isPlaceholderData}
                currentKey={search.record}
              />
              <Pager
                listKey={['run', run.runId, filters]}
                list={records.data}
                search={search}
                noun="record"
                go={filter}
              />
            </>
          )}
        </div>
        {search.record ? (
          <RecordPanel
            run={run}
            recordKey={search.record}
            close={() =>
              void navigate({ search: (old) => ({ ...old, record: undefined }), resetScroll: false })
            }
            actions={(record) =>
              canSync &&
              isOver &&
              run.kind !== 'preview' &&
              (record.outcome === 'failed' || record.outcome === 'held') ? (
                <Button size="sm" onClick={() => retry([record.sourceId])}>
                  Retry this one
                </Button>
              ) : null
            }
          />
        ) : null}
      </div>
    </section>
  );
}
