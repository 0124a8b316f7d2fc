import { SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import type { RunWire } from '../../../contract/sync-wire.ts';
import { runKinds } from '../../../model/run.ts';
import { apiListQuery, apiQuery, call } from '../../api/query.ts';
import { countOf, formatCount } from '../../format/count.ts';
import { formatDuration } from '../../format/date.ts';
import { runSentence } from '../../format/run-sentence.ts';
import { actorWords, runKindWords, triggerWords, wordOf } from '../../format/words.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { InstantText } from '../../parts/date-text.tsx';
import { ExportButton } from '../../parts/export-button.tsx';
import { Name } from '../../parts/name.tsx';
import { Empty, Problem } from '../../parts/note.tsx';
import { Pager } from '../../parts/pager.tsx';
import { LinesPlaceholder } from '../../parts/placeholder.tsx';
import { oneOf } from '../../parts/search-params.ts';
import { Status, statusWord } from '../../parts/status.tsx';

const RunsChart = lazy(async () => ({ default: (await import('./runs-chart.tsx')).RunsChart }));

/** As many as can be told apart in a small chart. */
const runsInChart = 30;

function columnsOf(connector: string): readonly Column<RunWire>[] {
  return [
    {
      key: 'when',
      header: 'When',
      fit: true,
      text: ({ createdAt }) => createdAt,
      cell: (run) => (
        <>
          <RunLink run={run} connector={connector} />
          <span className="xs-only">
            <Status status={run.status} />
          </span>
        </>
      ),
    },
    {
      key: 'kind',
      header: 'What and why',
      hide: 'sm',
      text: ({ kind, trigger, requestedBy }) => `${kind}, ${trigger}, ${actorWords(requestedBy)}`,
      cell: ({ kind, trigger, requestedBy }) => (
        <>
          {wordOf(runKindWords, kind)}
          <div className="soft small">
            {wordOf(triggerWords, trigger)} · <Name text={actorWords(requestedBy)} />
          </div>
        </>
      ),
    },
    {
      key: 'status',
      header: 'Status',
      fit: true,
      hide: 'xs',
      text: ({ status }) => statusWord(status),
      cell: ({ status }) => <Status status={status} />,
    },
    {
      key: 'result',
      header: 'What came of it',
      text: runSentence,
      cell: (run) => (
        <>
          {runSentence(run)}
          {run.error ? <div className="small">{run.error.message}</div> : null}
        </>
      ),
    },
    {
      key: 'calls',
      header: 'Calls',
      hide: 'md',
      align: 'end',
      fit: true,
      text: ({ calls }) => String(calls),
      cell: ({ calls }) => <span className="numeric">{formatCount(calls)}</span>,
    },
    {
      key: 'duration',
      header: 'Took',
      hide: 'md',
      align: 'end',
      fit: true,
      text: ({ durationMs }) => String(durationMs ?? ''),
      cell: ({ durationMs }) => (
        <span className="numeric">{durationMs === null ? '…' : formatDuration(durationMs)}</span>
      ),
    },
  ];
}

export function SyncHistory() {
  const { connector, connectionId } = useParams({
    from: '/app/settings/integrations/$connector/$connectionId',
  });
  const search = useSearch({ from: '/app/settings/integrations/$connector/$connectionId/sync-history' });
  const navigate = useNavigate({ from: '/settings/integrations/$connector/$connectionId/sync-history' });
  const kind = oneOf(runKinds, search.kind);
  const runs = useQuery({
    ...apiListQuery('listRuns', { query: { connectionId, kind, after: search.after } }),
    refetchInterval: 10_000,
  });
  const charted = useQuery(
    apiQuery('listRuns', { query: { connectionId, kind: 'sync', limit: runsInChart } }),
  );
  const columns = columnsOf(connector);
  return (
    <div className="stack">
      {charted.data && charted.data.data.length > 1 ? (
        <section className="card" aria-labelledby="chart">
          <h2 id="chart">The last {countOf(charted.data.data.length, 'sync', 'syncs')}</h2>
          <Suspense fallback={<LinesPlaceholder lines={1} height={110} />}>
            <RunsChart runs={charted.data.data} />
          </Suspense>
        </section>
      ) : null}
      <div>
        <div className="toolbar">
          <SegmentedControl
            aria-label="Which runs"
            data={[
              { value: '', label: 'All' },
              { value: 'sync', label: 'Syncs' },
              { value: 'preview', label: 'Previews' },
              { value: 'retry', label: 'Retries' },
            ]}
            value={kind ?? ''}
            onChange={(value) => void navigate({ search: { kind: value || undefined } })}
          />
          <div className="toolbar-end">
            <ExportButton
              fileName="sync-history"
              columns={columns}
              readPage={(page) => call('listRuns', { query: { connectionId, kind, ...page } })}
            />
          </div>
        </div>
        <Problem error={runs.error} />
        {runs.data?.data.length === 0 ? (
          <Empty title="No run yet">Each preview, sync and retry appears here with what came of it.</Empty>
        ) : (
          <>
            <DataTable
              label="Runs"
              columns={columns}
              rows={runs.data?.data}
              rowKey={({ runId }) => runId}
              busy={runs.isPlaceholderData}
              linked
            />
            <Pager
              listKey={['runs', connectionId, kind]}
              list={runs.data}
              search={search}
              noun="run"
              go={(page) => void navigate({ search: { kind, ...page } })}
            />
          </>
        )}
      </div>
    </div>
  );
}

interface RunLinkProps {
  readonly run: RunWire;
  readonly connector: string;
}

function RunLink({ run, connector }: RunLinkProps) {
  const when = <InstantText instant={run.createdAt} />;
  if (run.kind !== 'preview') {
    return (
      <Link className="row-link" to="/runs/$runId" params={{ runId: run.runId }} search={{}}>
        {when}
      </Link>
    );
  }
  return (
    <Link
      className="row-link"
      to="/settings/integrations/$connector/$connectionId/preview/$runId"
      params={{ connector, connectionId: run.connectionId, runId: run.runId }}
      search={{}}
    >
      {when}
    </Link>
  );
}
