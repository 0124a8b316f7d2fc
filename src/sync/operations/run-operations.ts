import type { Handlers } from '../../contract/handler.ts';
import type { RunWire } from '../../contract/sync-wire.ts';
import { TributaryError } from '../../kernel/errors.ts';
import { isUuid, newId } from '../../kernel/ids.ts';
import type { RunKind } from '../../model/run.ts';
import { appendAuditEntries } from '../../platform/audit/audit-store.ts';
import type { Transaction } from '../../platform/database/database.ts';
import {
  countCodes,
  countRunRecords,
  findFailedDeals,
  listRunRecords,
} from '../runs/run-records-list-store.ts';
import { toWire } from '../runs/run-wire.ts';
import { countStandingRecords, listStandingRecords } from '../runs/standing-records-store.ts';
import { countRuns, findRun, listRuns, type Run, requestCancel, requestRun } from '../runs/runs-store.ts';
import {
  auditContextOf,
  loadConnection,
  type OperationDependencies,
  offsetOf,
} from './operation-dependencies.ts';

export type RunOperations = Handlers<
  'triggerSync' | 'startPreview' | 'retryRun' | 'cancelRun' | 'listRuns' | 'getRun' | 'listRunRecords'
>;
type RunCaller = Parameters<RunOperations['startPreview']>[0];

/** One retry plans at most so many deals again; a run with more failures has one cause, which a new sync mends. */
const retryDealsMax = 1_000;
/** How often a waiting reader looks whether the run has ended. */
const waitStepMs = 150;

/** Starting, watching and stopping runs. */
export function createRunOperations(deps: OperationDependencies): RunOperations {
  return {
    triggerSync: async (caller, { params }) => {
      const { connection } = await loadConnection(deps, caller, params.connectionId);
      if (connection.connector !== params.connector)
        throw new TributaryError('not_found', `The connection is not one to ${params.connector}.`);
      return start(deps, caller, params.connectionId, 'sync', null);
    },
    startPreview: async (caller, { params }) => start(deps, caller, params.id, 'preview', null),
    retryRun: async (caller, { params, body }) => {
      const run = await find(deps, caller, params.id);
      const scope =
        body.records ??
        (await inOrganization(deps, caller, (tx) => findFailedDeals(tx, run.id, retryDealsMax)));
      return start(deps, caller, run.connectionId, 'retry', scope);
    },
    cancelRun: async (caller, { params }) => {
      const run = await inOrganization(deps, caller, async (tx) => {
        const canceled = await requestCancel(tx, params.id);
        if (!canceled) throw new TributaryError('not_found', 'There is no such run.');
        await appendAuditEntries(tx, auditContextOf(caller, canceled.connectionId), [
          { action: 'run.canceled', subjectType: 'run', subjectId: canceled.id },
        ]);
        return canceled;
      });
      return withCodes(deps, caller, run);
    },
    listRuns: async (caller, { query }) => {
      const before = query.after ?? null;
      if (before !== null && !isUuid(before))
        throw new TributaryError('invalid_request', null, {
          fields: [{ field: 'after', message: 'not a cursor of this list' }],
        });
      const filter = { connectionId: query.connectionId ?? null, kind: query.kind ?? null };
      return inOrganization(deps, caller, async (tx) => {
        const rows = await listRuns(tx, { ...filter, before, limit: query.limit + 1 });
        const shown = rows.slice(0, query.limit);
        const codes = await countCodes(
          tx,
          shown.map(({ id }) => id),
        );
        const data = shown.map((run) =>
          toWire(
            run,
            codes.filter(({ runId }) => runId === run.id),
            deps.now(),
          ),
        );
        return {
          data,
          next: rows.length > query.limit ? (shown.at(-1)?.id ?? null) : null,
          total: await countRuns(tx, filter.connectionId, filter.kind),
        };
      });
    },
    getRun: async (caller, { params, query }) =>
      withCodes(deps, caller, await waitForEnd(deps, caller, params.id, query.wait)),
    listRunRecords: async (caller, { params, query }) => {
      await find(deps, caller, params.id);
      const filter = {
        runId: params.id,
        sourceType: query.sourceType ?? null,
        decision: query.decision ?? null,
        outcome: query.outcome ?? null,
        code: query.code ?? null,
        text: query.q ?? null,
      };
      const offset = offsetOf(query.after);
      return inOrganization(deps, caller, async (tx) => {
        const written = await countRunRecords(tx, filter);
        const total = written + (await countStandingRecords(tx, filter));
        const own = await listRunRecords(tx, filter, offset, query.limit);
        const left = query.limit - own.length;
        const standing =
          left > 0 ? await listStandingRecords(tx, filter, Math.max(0, offset - written), left) : [];
        const data = [...own, ...standing];
        const end = offset + data.length;
        return { data, next: end < total && data.length > 0 ? String(end) : null, total };
      });
    },
  };
}

function inOrganization<T>(
  deps: OperationDependencies,
  caller: RunCaller,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  return deps.database.withOrganization(caller.organizationId, work);
}

async function find(deps: OperationDependencies, caller: RunCaller, runId: string): Promise<Run> {
  const run = await inOrganization(deps, caller, (tx) => findRun(tx, runId));
  if (!run) throw new TributaryError('not_found', 'There is no such run.');
  return run;
}

async function withCodes(deps: OperationDependencies, caller: RunCaller, run: Run): Promise<RunWire> {
  const codes = await inOrganization(deps, caller, (tx) => countCodes(tx, [run.id]));
  return toWire(run, codes, deps.now());
}

/** The run when it has ended, or as it stands after so many seconds. */
async function waitForEnd(
  deps: OperationDependencies,
  caller: RunCaller,
  runId: string,
  seconds: number,
): Promise<Run> {
  const until = Date.now() + seconds * 1000;
  for (;;) {
    const run = await find(deps, caller, runId);
    if ((run.status !== 'queued' && run.status !== 'running') || Date.now() >= until) return run;
    await new Promise((resolve) => setTimeout(resolve, waitStepMs));
  }
}

/** Queues a run of a connection that can sync. Errors: not_found, not_connected, connection_paused, setup_incomplete. */
async function start(
  deps: OperationDependencies,
  caller: RunCaller,
  connectionId: string,
  kind: RunKind,
  scope: readonly string[] | null,
): Promise<RunWire> {
  const { connection } = await loadConnection(deps, caller, connectionId);
  if (connection.status === 'paused') throw new TributaryError('connection_paused');
  if (connection.status !== 'connected') throw new TributaryError('not_connected');
  const missing = await deps.connections.missingSettings(caller.organizationId, connectionId);
  if (missing.length > 0) {
    const fields = missing.map((message) => ({ field: 'accounts', message }));
    throw new TributaryError('setup_incomplete', missing.join(' '), { fields });
  }
  const run = await inOrganization(deps, caller, (tx) =>
    requestRun(tx, caller.organizationId, {
      id: newId(),
      connectionId,
      kind,
      trigger: 'manual',
      requestedBy: caller.actor,
      scope,
    }),
  );
  deps.wakeWorker();
  return withCodes(deps, caller, run);
}
