import { Button } from '@mantine/core';
import { IconCircle, IconCircleArrowRight, IconCircleCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import type { ConnectionWire } from '../../../contract/sync-wire.ts';
import { apiQuery, useApiMutation } from '../../api/query.ts';
import { countOf, formatCount } from '../../format/count.ts';
import { runSentence } from '../../format/run-sentence.ts';
import { actorWords, readable } from '../../format/words.ts';
import { AuditTable } from '../../parts/audit-table.tsx';
import { InstantText } from '../../parts/date-text.tsx';
import { ButtonLink } from '../../parts/link.tsx';
import { Fact, Facts } from '../../parts/facts.tsx';
import { Name } from '../../parts/name.tsx';
import { Note, Problem } from '../../parts/note.tsx';
import { Status } from '../../parts/status.tsx';
import { useCan } from '../../shell/session.ts';
import { ConnectionTest } from './connection-test.tsx';
import { nextStep, pathSteps } from './next-step.ts';
import { useConnection } from './use-connection.ts';
import { useStartRun } from './use-start-run.ts';

export function ConnectionOverview() {
  const { connectionId } = useParams({ from: '/app/settings/integrations/$connector/$connectionId' });
  const connection = useConnection(connectionId).data;
  const previews = useQuery(apiQuery('listRuns', { query: { connectionId, kind: 'preview', limit: 1 } }));
  const configuration = useQuery(apiQuery('getConfiguration', { params: { id: connectionId } }));
  const check = useQuery({
    ...apiQuery('checkConfiguration', {
      params: { id: connectionId },
      body: { settings: configuration.data?.settings ?? {} },
    }),
    enabled: configuration.data !== undefined,
    staleTime: 60_000,
  });
  if (!connection) return null;
  const mappingErrors = check.data?.problems.filter(({ severity }) => severity === 'error').length;
  const facts = { connection, mappingErrors, hasPreview: (previews.data?.total ?? 0) > 0 };
  const steps = pathSteps(facts);
  return (
    <div className="stack">
      <ol className="path" aria-label="The way to syncing">
        {steps.map(({ name, state }) => (
          <li
            key={name}
            className="path-step"
            data-state={state}
            aria-current={state === 'next' ? 'step' : undefined}
          >
            {state === 'done' ? (
              <IconCircleCheck size={17} aria-label="Done" />
            ) : state === 'next' ? (
              <IconCircleArrowRight size={17} aria-label="Next" />
            ) : (
              <IconCircle size={17} aria-label="To come" />
            )}
            {name}
          </li>
        ))}
      </ol>
      <NextStepNote connection={connection} step={nextStep(facts)} />
      <div className="columns">
        <ConnectionFacts connection={connection} />
        <div className="stack">
          <LatestRuns connection={connection} />
          <ConnectionTest connectionId={connectionId} />
        </div>
      </div>
      <Activity connectionId={connectionId} />
    </div>
  );
}

interface NextStepNoteProps {
  readonly connection: ConnectionWire;
  readonly step: ReturnType<typeof nextStep>;
}

function NextStepNote({ connection, step }: NextStepNoteProps) {
  const { id, connector } = connection;
  const params = { connector, connectionId: id };
  const navigate = useNavigate();
  const canSync = useCan('sync');
  const isAdmin = useCan('admin');
  const { preview, sync } = useStartRun(connection);
  const resume = useApiMutation('resumeConnection', {
    changes: ['getConnection', 'listConnections', 'getOverview'],
  });
  const isReady = step.kind === 'none' || step.kind === 'preview' || step.kind === 'sync';
  const run = (): void => {
    switch (step.kind) {
      case 'reconnect':
        return void navigate({
          to: '/settings/integrations/$connector',
          params: { connector },
          search: { reconnect: id },
        });
      case 'resume':
        return resume.mutate({ params: { id } });
      case 'set_accounts':
        return void navigate({ to: '/settings/accounts', search: { entity: connection.entity.id } });
      case 'mend_mapping':
        return void navigate({
          to: '/settings/integrations/$connector/$connectionId/deal-mapping',
          params,
          search: {},
        });
      case 'choose_stages':
        return void navigate({
          to: '/settings/integrations/$connector/$connectionId/stage-configuration',
          params,
        });
      case 'watch':
        return void navigate({
          to: '/runs/$runId',
          params: { runId: connection.currentRunId ?? '' },
          search: {},
        });
      case 'preview':
        return preview.run();
      case 'sync':
        return sync.run();
      case 'none':
        return;
    }
  };
  const mayDo =
    step.kind === 'watch' || (step.kind === 'preview' || step.kind === 'sync' ? canSync : isAdmin);
  return (
    <>
      <Note
        tone={step.kind === 'reconnect' ? 'bad' : isReady || step.kind === 'watch' ? 'info' : 'warn'}
        title={step.sentence}
        action={
          <div className="row">
            {step.action && mayDo ? (
              <Button size="sm" loading={preview.isBusy || sync.isBusy || resume.isPending} onClick={run}>
                {step.action}
              </Button>
            ) : null}
            {isReady && canSync && step.kind !== 'preview' ? (
              <Button size="sm" variant="default" loading={preview.isBusy} onClick={preview.run}>
                Preview
              </Button>
            ) : null}
            {isReady && canSync && step.kind !== 'sync' ? (
              <Button
                size="sm"
                variant={step.kind === 'none' ? 'filled' : 'default'}
                loading={sync.isBusy}
                onClick={sync.run}
              >
                Sync now
              </Button>
            ) : null}
          </div>
        }
      />
      <Problem error={preview.error ?? sync.error ?? resume.error} />
    </>
  );
}

function ConnectionFacts({ connection }: { readonly connection: ConnectionWire }) {
  const { account, entity, lastError } = connection;
  return (
    <Facts>
      <Fact name="Status">
        <Status status={connection.status} />
      </Fact>
      <Fact name="Account">
        <Name text={account.name} whole /> <span className="soft">({account.id})</span>
        <div className="soft small">
          {account.currency}, {account.timeZone}
        </div>
      </Fact>
      <Fact name="Entity">
        <Name text={entity.name} whole />
      </Fact>
      <Fact name="Last sync">
        {connection.lastSuccessfulSyncAt ? (
          <InstantText instant={connection.lastSuccessfulSyncAt} age />
        ) : (
          <span className="soft">Never</span>
        )}
      </Fact>
      <Fact name="Next sync">When someone presses Sync now</Fact>
      <Fact name="Synced">{countOf(connection.recordsSynced, 'record')}</Fact>
      <Fact name="Connected">
        <InstantText instant={connection.connectedAt} />
        <div className="soft small">
          by {actorWords(connection.connectedBy)},{' '}
          {connection.authKind === 'oauth' ? 'by consent' : 'with a token'}
        </div>
      </Fact>
      <Fact name="Scopes">
        {connection.scopes.length === 0 ? (
          <span className="soft">As the token has them</span>
        ) : (
          <details>
            <summary>{countOf(connection.scopes.length, 'scope')}</summary>
            <div className="mono">{connection.scopes.join(', ')}</div>
          </details>
        )}
      </Fact>
      {lastError ? (
        <Fact name="Last error">
          {lastError.message} {lastError.mend}
          <div className="soft small">
            <InstantText instant={lastError.at} />
          </div>
        </Fact>
      ) : null}
    </Facts>
  );
}

function LatestRuns({ connection }: { readonly connection: ConnectionWire }) {
  const { id, connector } = connection;
  const params = { connector, connectionId: id };
  const runs = useQuery({
    ...apiQuery('listRuns', { query: { connectionId: id, limit: 4 } }),
    refetchInterval: 10_000,
  });
  const review = useQuery(apiQuery('listReview', { query: { connectionId: id } }));
  const total = review.data?.total ?? 0;
  return (
    <section className="card stack-tight" aria-labelledby="latest">
      <div className="row row-between">
        <h2 id="latest" style={{ margin: 0 }}>
          Latest runs
        </h2>
        <Link
          className="link small"
          to="/settings/integrations/$connector/$connectionId/sync-history"
          params={params}
          search={{}}
        >
          Sync History
        </Link>
      </div>
      <Problem error={runs.error} />
      {runs.data?.data.length === 0 ? (
        <p className="soft" style={{ margin: 0 }}>
          None yet.
        </p>
      ) : null}
      {runs.data?.data.map((run) => (
        <div key={run.runId}>
          <div className="row">
            {run.kind === 'preview' ? (
              <Link
                className="link"
                to="/settings/integrations/$connector/$connectionId/preview/$runId"
                params={{ ...params, runId: run.runId }}
                search={{}}
              >
                Preview
              </Link>
            ) : (
              <Link className="link" to="/runs/$runId" params={{ runId: run.runId }} search={{}}>
                {readable(run.kind)}
              </Link>
            )}
            <Status status={run.status} />
            <span className="soft small">
              <InstantText instant={run.createdAt} />
            </span>
          </div>
          <div className="soft">{runSentence(run)}</div>
        </div>
      ))}
      {total > 0 ? (
        <div>
          <ButtonLink to="/review" search={{ connection: id }} variant="default" size="sm">
            {formatCount(total)} to review
          </ButtonLink>
        </div>
      ) : null}
    </section>
  );
}

function Activity({ connectionId }: { readonly connectionId: string }) {
  const activity = useQuery(apiQuery('listActivity', { params: { id: connectionId }, query: { limit: 10 } }));
  return (
    <section aria-labelledby="activity">
      <div className="row row-between">
        <h2 id="activity">Activity</h2>
        <Link className="link small" to="/settings/audit-trail" search={{ connection: connectionId }}>
          All of it
        </Link>
      </div>
      <Problem error={activity.error} />
      {activity.data?.data.length === 0 ? (
        <p className="soft">Nothing yet.</p>
      ) : (
        <AuditTable entries={activity.data?.data} label="Activity of the connection" />
      )}
    </section>
  );
}
