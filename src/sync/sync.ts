import type { Connector, Session } from '../connectors/connector.ts';
import { assert } from '../kernel/assert.ts';
import { isTributaryError, TributaryError } from '../kernel/errors.ts';
import { canonicalJson } from '../kernel/json.ts';
import type { Configuration } from '../model/configuration.ts';
import { noCounts } from '../model/run.ts';
import type { RemoteAccount, SourceObjectType, SourceSchema } from '../model/source-record.ts';
import type { Database } from '../platform/database/database.ts';
import { postCreatedDrafts } from './post-created-drafts.ts';
import { syncCompanies } from './companies.ts';
import { readConfiguration } from './configuration/configuration-store.ts';
import { deletedProperties, planContextOf } from './plan-context.ts';
import { wantedProperties } from './plan/mapped-properties.ts';
import type { PlanContext } from './plan/plan-context.ts';
import { isTriggered } from './plan/qualify.ts';
import { previewDeals } from './preview.ts';
import { batchSize, processBatch } from './process-batch.ts';
import { pull, type PullResult } from './pull/pull.ts';
import { countPending, findDeals, pendingDeals } from './pull/staging-store.ts';
import { RunReporter, RunStopped } from './run-reporter.ts';
import { countRun } from './runs/run-counts-store.ts';
import { finishRun, type Run, setRunConfiguration } from './runs/runs-store.ts';
import type { ConnectionForSync, ConnectionsForSync } from '../connections/connections-for-sync.ts';

export interface SyncLogger {
  readonly info: (fields: object, message: string) => void;
  readonly warn: (fields: object, message: string) => void;
  readonly error: (fields: object, message: string) => void;
}

export interface SyncDependencies {
  readonly database: Database;
  readonly connections: ConnectionsForSync;
  readonly findConnector: (id: string) => Connector | null;
  readonly logger: SyncLogger;
  readonly now: () => Date;
}

/**
 * Carries out one claimed run: pull, plan, apply (a preview: pull, plan). Every end is written to the run; it throws only when the
 * store itself fails. `signal` aborted: the run is left for another worker, which goes on where this one stopped.
 */
export async function runSync(
  dependencies: SyncDependencies,
  run: Run,
  owner: string,
  signal: AbortSignal,
): Promise<void> {
  const { database, connections, logger } = dependencies;
  const log = { organizationId: run.organizationId, connectionId: run.connectionId, runId: run.id };
  const reporter = new RunReporter(database, run, owner, signal);
  try {
    await carryOut(dependencies, run, reporter);
    await finish(dependencies, run, owner, reporter, null);
    if (run.kind !== 'preview') await connections.markSucceeded(run.organizationId, run.connectionId);
  } catch (error) {
    const stopped = error instanceof RunStopped ? error : reporter.stopped();
    if (stopped) {
      if (stopped.why === 'canceled') await finish(dependencies, run, owner, reporter, null, true);
      return;
    }
    const failure = isTributaryError(error) ? error : new TributaryError('internal', null, { cause: error });
    if (signal.aborted) return;
    if (failure.code === 'internal' || failure.code === 'store_unavailable')
      logger.error({ ...log, err: error }, 'run failed');
    else logger.warn({ ...log, code: failure.code, detail: failure.detail }, 'run failed');
    await finish(dependencies, run, owner, reporter, failure);
    await connections.markFailed(run.organizationId, run.connectionId, failure);
  }
}

async function carryOut(dependencies: SyncDependencies, run: Run, reporter: RunReporter): Promise<void> {
  const { database, connections, findConnector } = dependencies;
  const { organizationId, connectionId } = run;
  const connection = await connections.load(organizationId, connectionId);
  if (connection.status === 'paused') throw new TributaryError('connection_paused');
  const connector = findConnector(connection.connector);
  if (!connector?.crm) throw new TributaryError('unknown_connector', connection.connector);
  const missing = await connections.missingSettings(organizationId, connectionId);
  if (missing.length > 0 && run.kind !== 'preview')
    throw new TributaryError('setup_incomplete', missing.join(' '));
  const { version, settings } = await database.withOrganization(organizationId, async (tx) => {
    const configuration = await readConfiguration(tx, connectionId);
    await setRunConfiguration(tx, run.id, configuration.version);
    return configuration;
  });
  const work: Work = { dependencies, run, reporter, connection, connector, configuration: settings, version };
  const current = await readCrm(work);
  const context = planContextOf(current, connector.manifest, settings, missing);
  await planAndApply({ ...work, connection: current }, context);
}

interface Work {
  readonly dependencies: SyncDependencies;
  readonly run: Run;
  readonly reporter: RunReporter;
  readonly connection: ConnectionForSync;
  readonly connector: Connector;
  readonly configuration: Configuration;
  readonly version: number;
}

/** Pull: the account, the pipelines, then what changed. Returns the connection as it is known now. */
async function readCrm(work: Work): Promise<ConnectionForSync> {
  const { dependencies, run, reporter, connector, configuration, version } = work;
  const { crm } = connector;
  assert(crm, 'carryOut has checked that the connector reads a CRM');
  const { connections, database, now } = dependencies;
  const session = await connections.openSession(
    run.organizationId,
    run.connectionId,
    reporter.sessionHooks(),
  );
  const account = await crm.account(session);
  let connection = await rememberAccount(work, account);
  const pipelines = await crm.pipelines(session);
  connection = await rememberSchema(connections, connection, {
    pipelines,
    properties: connection.schema?.properties ?? {},
  });
  // A mapped property that was missing may be back; one that still is missing is not asked for, so that all is read again once it is back.
  for (const type of missingTypes(configuration, connection))
    connection = await readProperties(work, session, connection, type);
  const early = planContextOf(connection, connector.manifest, configuration, []);
  await reporter.enter('pull');
  const result = await pull({
    database,
    crm,
    session,
    scope: connection,
    configuration,
    configurationVersion: version,
    properties: wantedAndThere(configuration, connection),
    wants: (deal) => isTriggered(deal, early.configuration),
    now,
    onProgress: (read) => reporter.read(read),
  });
  for (const type of Object.keys(result.unanswered) as SourceObjectType[])
    connection = await readProperties(work, session, connection, type);
  logUnread(work, result.newlyUnread);
  return connection;
}

/** Records that one log entry names; a reader of logs needs no more to look for the cause. */
const unreadNamedMax = 20;

function logUnread({ dependencies, run }: Work, unread: PullResult['newlyUnread']): void {
  if (unread.length === 0) return;
  const { organizationId, connectionId, id: runId } = run;
  const records = unread.slice(0, unreadNamedMax).map(({ type, id, code }) => ({ type, id, code }));
  dependencies.logger.warn(
    { organizationId, connectionId, runId, count: unread.length, records },
    'the CRM did not let records be read',
  );
}

function missingTypes(configuration: Configuration, connection: ConnectionForSync): SourceObjectType[] {
  return Object.keys(deletedProperties(configuration, connection.schema)) as SourceObjectType[];
}

/** The mapped properties by type, without those that the CRM is known not to have. */
function wantedAndThere(
  configuration: Configuration,
  connection: ConnectionForSync,
): Record<SourceObjectType, readonly string[]> {
  const deleted = deletedProperties(configuration, connection.schema);
  const wanted = { ...wantedProperties(configuration) };
  for (const type of missingTypes(configuration, connection))
    wanted[type] = wanted[type].filter((name) => !deleted[type]?.has(name));
  return wanted;
}

async function readProperties(
  { dependencies, connector }: Work,
  session: Session,
  connection: ConnectionForSync,
  type: SourceObjectType,
): Promise<ConnectionForSync> {
  const { crm } = connector;
  assert(crm, 'carryOut has checked that the connector reads a CRM');
  const { pipelines = [], properties = {} } = connection.schema ?? {};
  const listed = await crm.properties(session, type);
  return rememberSchema(dependencies.connections, connection, {
    pipelines,
    properties: { ...properties, [type]: listed },
  });
}

async function rememberAccount(
  { dependencies, connection }: Work,
  account: RemoteAccount,
): Promise<ConnectionForSync> {
  if (account.id !== connection.accountId) {
    const detail = `The token is for account ${account.id}, the connection for ${connection.accountId}.`;
    throw new TributaryError('account_mismatch', detail);
  }
  if (canonicalJson(account) !== canonicalJson(connection.account)) {
    await dependencies.connections.saveAccount(connection.organizationId, connection.connectionId, account);
  }
  return { ...connection, account };
}

async function rememberSchema(
  connections: ConnectionsForSync,
  connection: ConnectionForSync,
  schema: SourceSchema,
): Promise<ConnectionForSync> {
  if (JSON.stringify(schema) === JSON.stringify(connection.schema)) return connection;
  await connections.saveSchema(connection.organizationId, connection.connectionId, schema);
  return { ...connection, schema };
}

async function planAndApply(work: Work, context: PlanContext): Promise<void> {
  const { dependencies, run, reporter, connection, configuration } = work;
  const { database, logger } = dependencies;
  if (run.kind === 'preview') return previewDeals(database, connection, run.id, context, reporter);
  if (configuration.companies.enabled && configuration.companies.scope !== 'won_deals') {
    await reporter.enter('apply');
    await syncCompanies(database, connection, run.id, context, reporter);
  }
  if (!configuration.deals.enabled) return;
  const inTransaction = <T>(read: Parameters<typeof database.withOrganization<T>>[1]) =>
    database.withOrganization(run.organizationId, read);
  await reporter.enter(
    'apply',
    run.scope?.length ?? (await inTransaction((tx) => countPending(tx, connection))),
  );
  let after = '';
  for (;;) {
    const deals = await inTransaction((tx) => {
      if (run.scope)
        return findDeals(
          tx,
          connection,
          run.scope
            .filter((id) => id > after)
            .sort()
            .slice(0, batchSize),
        );
      return pendingDeals(tx, connection, after, batchSize);
    });
    const last = deals.at(-1);
    if (!last) break;
    const onUnexpected = (error: unknown, dealId: string) =>
      logger.error(
        {
          organizationId: run.organizationId,
          connectionId: run.connectionId,
          runId: run.id,
          dealId,
          err: error,
        },
        'a deal could not be written',
      );
    await processBatch({
      database,
      scope: connection,
      runId: run.id,
      context,
      deals,
      onPlanned: (ms) => reporter.spent('plan', ms),
      onUnexpected,
    });
    after = last.record.id;
    await reporter.done(deals.length);
  }
  await postCreatedDrafts({
    database,
    scope: connection,
    runId: run.id,
    configuration,
    onBatch: () => reporter.done(0),
    onUnexpected: (error, documentId) =>
      logger.error(
        {
          organizationId: run.organizationId,
          connectionId: run.connectionId,
          runId: run.id,
          documentId,
          err: error,
        },
        'a draft could not be posted',
      ),
  });
}

async function finish(
  { database }: SyncDependencies,
  run: Run,
  owner: string,
  reporter: RunReporter,
  failure: TributaryError | null,
  canceled = false,
): Promise<void> {
  await database.withOrganization(run.organizationId, async (tx) => {
    const counted = failure
      ? { counts: noCounts, countsByType: {}, totals: [] }
      : await countRun(tx, run.connectionId, run.id, run.kind === 'sync' && !canceled);
    const reached = failure ? await countRun(tx, run.connectionId, run.id, false) : counted;
    const status = failure
      ? 'failed'
      : canceled
        ? 'canceled'
        : reached.counts.failed > 0
          ? 'succeeded_with_failures'
          : 'succeeded';
    const error = failure && { code: failure.code, message: failure.message, mend: failure.entry.mend };
    await finishRun(tx, run.id, owner, { status, ...reached, progress: reporter.progress('done'), error });
  });
}
