import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { z } from 'zod';
import type { ConnectionWire, overviewWire, RunWire } from '../../../contract/sync-wire.ts';
import { apiQuery } from '../../api/query.ts';
import { countOf, formatCount } from '../../format/count.ts';
import { runSentence } from '../../format/run-sentence.ts';
import { runKindWords, triggerWords, wordOf } from '../../format/words.ts';
import { Amount } from '../../parts/amount.tsx';
import type { CurrencyTotal } from '../../parts/currency-totals.tsx';
import { InstantText } from '../../parts/date-text.tsx';
import { ButtonLink } from '../../parts/link.tsx';
import { Name } from '../../parts/name.tsx';
import { Empty, Note, Problem } from '../../parts/note.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { LinesPlaceholder } from '../../parts/placeholder.tsx';
import { Status } from '../../parts/status.tsx';
import { useBooksScope } from '../../shell/books-scope.ts';
import { AutoPostOffers } from './auto-post-offers.tsx';
import { nextStep } from '../connection/next-step.ts';

export function OverviewPage() {
  const scope = useBooksScope();
  const overview = useQuery({
    ...apiQuery('getOverview', { query: { mode: scope.mode } }),
    refetchInterval: 10_000,
  });
  return (
    <>
      <PageHeader
        title="Overview"
        lead={scope.mode === 'test' ? 'Test books: nothing here is in the live books.' : null}
      />
      <Problem error={overview.error} />
      {overview.isPending ? <LinesPlaceholder lines={8} height={28} /> : null}
      {overview.data ? <OverviewBody overview={overview.data} /> : null}
    </>
  );
}

function OverviewBody({ overview }: { readonly overview: z.infer<typeof overviewWire> }) {
  const { connections, drafts, posted, reviewCount, recentRuns } = overview;
  if (connections.length === 0 && recentRuns.length === 0) {
    return (
      <Empty
        title="Nothing is connected yet"
        action={<ButtonLink to="/settings/integrations">Connect a CRM</ButtonLink>}
      >
        Connect the CRM where sales closes its deals. You see what every won deal would become before anything
        is written.
      </Empty>
    );
  }
  return (
    <div className="stack">
      {reviewCount > 0 ? (
        <Note
          tone="warn"
          title={`${countOf(reviewCount, 'record')} to look at`}
          action={
            <ButtonLink to="/review" variant="default" size="sm">
              Review
            </ButtonLink>
          }
        >
          Held or failing now: each says why and how to mend it.
        </Note>
      ) : null}
      <AutoPostOffers offers={overview.autoPostOffers} connections={connections} />
      <div className="columns">
        <TotalsCard title="Drafts to post" status="draft" totals={drafts} empty="No drafts wait." />
        <TotalsCard title="Posted" status="posted" totals={posted} empty="Nothing is posted yet." />
      </div>
      <section aria-labelledby="connections">
        <h2 id="connections">Connections</h2>
        <div className="stack-tight">
          {connections.map((connection) => (
            <ConnectionCard key={connection.id} connection={connection} runs={recentRuns} />
          ))}
        </div>
      </section>
      <section aria-labelledby="runs">
        <h2 id="runs">Recent runs</h2>
        {recentRuns.length === 0 ? (
          <p className="soft">No run yet. The first preview or sync appears here.</p>
        ) : (
          <RecentRuns runs={recentRuns} connections={connections} />
        )}
      </section>
    </div>
  );
}

interface TotalsCardProps {
  readonly title: string;
  readonly status: string;
  readonly totals: readonly CurrencyTotal[];
  readonly empty: string;
}

function TotalsCard({ title, status, totals, empty }: TotalsCardProps) {
  return (
    <section className="card" aria-labelledby={`total-${status}`}>
      <div className="row row-between">
        <h2 id={`total-${status}`} style={{ margin: 0 }}>
          {title}
        </h2>
        <Link to="/invoices" search={{ status }} className="link small">
          See them<span className="visually-hidden">: {title}</span>
        </Link>
      </div>
      {totals.length === 0 ? <p className="soft">{empty}</p> : null}
      <table style={{ width: '100%', marginTop: totals.length > 0 ? '0.5rem' : 0 }}>
        <caption className="visually-hidden">{title} per currency</caption>
        <tbody>
          {totals.map(({ currency, count, total }) => (
            <tr key={currency}>
              <th scope="row" style={{ textAlign: 'start', fontWeight: 400 }} className="soft">
                {countOf(count, 'invoice')}
              </th>
              <td style={{ textAlign: 'end', fontSize: '1.0625rem', fontWeight: 600 }}>
                <Amount amount={total} currency={currency} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface ConnectionCardProps {
  readonly connection: ConnectionWire;
  readonly runs: readonly RunWire[];
}

function ConnectionCard({ connection, runs }: ConnectionCardProps) {
  const { id, connector, name, account, status, recordsSynced, lastSuccessfulSyncAt } = connection;
  const step = nextStep({
    connection,
    hasPreview: runs.some(({ connectionId, kind }) => connectionId === id && kind === 'preview'),
  });
  const params = { connector, connectionId: id };
  return (
    <article className="card row row-between" aria-label={name}>
      <div style={{ minWidth: 0 }}>
        <div className="row">
          <Link
            to="/settings/integrations/$connector/$connectionId"
            params={params}
            className="link"
            style={{ fontWeight: 600, minWidth: 0 }}
          >
            <Name text={name} />
          </Link>
          <Status status={status} />
        </div>
        <div className="soft small">
          <bdi dir="auto">{account.name}</bdi> · {countOf(recordsSynced, 'record')} synced
          {lastSuccessfulSyncAt ? (
            <>
              {' '}
              · last sync <InstantText instant={lastSuccessfulSyncAt} age />
            </>
          ) : null}
        </div>
        {step.kind === 'none' ? null : <div style={{ marginTop: '0.35rem' }}>{step.sentence}</div>}
      </div>
      {step.kind === 'watch' && connection.currentRunId ? (
        <ButtonLink to="/runs/$runId" params={{ runId: connection.currentRunId }} size="sm">
          Watch it
        </ButtonLink>
      ) : (
        <ButtonLink
          to="/settings/integrations/$connector/$connectionId"
          params={params}
          size="sm"
          variant={step.action ? 'filled' : 'default'}
        >
          {step.action ?? 'Open'}
        </ButtonLink>
      )}
    </article>
  );
}

interface RecentRunsProps {
  readonly runs: readonly RunWire[];
  readonly connections: readonly ConnectionWire[];
}

function RecentRuns({ runs, connections }: RecentRunsProps) {
  return (
    <div className="table-frame">
      <table className="table">
        <thead>
          <tr>
            <th>Run</th>
            <th className="hide-md">Connection</th>
            <th>Status</th>
            <th>What came of it</th>
            <th className="end hide-sm">Calls</th>
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => {
            const connection = connections.find(({ id }) => id === run.connectionId);
            return (
              <tr key={run.runId}>
                <td>
                  <RunLink run={run} connector={connection?.connector} />
                  <div className="soft small">
                    {wordOf(runKindWords, run.kind)} · {wordOf(triggerWords, run.trigger)}
                  </div>
                </td>
                <td className="hide-md">{connection ? <Name text={connection.name} /> : null}</td>
                <td className="fit">
                  <Status status={run.status} />
                </td>
                <td>{runSentence(run)}</td>
                <td className="end hide-sm">
                  <span className="numeric">{formatCount(run.calls)}</span>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

interface RunLinkProps {
  readonly run: RunWire;
  readonly connector: string | undefined;
}

/** A preview opens as a preview; any other run as itself. */
function RunLink({ run, connector }: RunLinkProps) {
  const { runId, connectionId, kind, createdAt } = run;
  if (kind === 'preview' && connector) {
    return (
      <Link
        className="row-link"
        to="/settings/integrations/$connector/$connectionId/preview/$runId"
        params={{ connector, connectionId, runId }}
      >
        <InstantText instant={createdAt} />
      </Link>
    );
  }
  return (
    <Link className="row-link" to="/runs/$runId" params={{ runId }}>
      <InstantText instant={createdAt} />
    </Link>
  );
}
