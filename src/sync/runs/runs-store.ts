import type { RunCounts, RunKind, RunProgress, RunStatus, RunTrigger } from '../../model/run.ts';
import type { Database, Transaction } from '../../platform/database/database.ts';

/** How long a claimed run stays its worker's without a sign of life: several batches, and longer than any one call to a vendor. */
export const runLeaseMs = 60_000;
/** A run that was taken over this often kills its workers; it ends as failed instead of going round for ever. */
export const runAttemptsMax = 5;

export interface Run {
  readonly id: string;
  readonly organizationId: string;
  readonly connectionId: string;
  readonly kind: RunKind;
  readonly trigger: RunTrigger;
  readonly requestedBy: string;
  readonly status: RunStatus;
  readonly configurationVersion: number | null;
  /** Ids of the deals to plan again; null: all that are pending. */
  readonly scope: readonly string[] | null;
  readonly progress: RunProgress | null;
  readonly counts: RunCounts | null;
  readonly countsByType: Readonly<Record<string, RunCounts>>;
  readonly totals: readonly {
    readonly currency: string;
    readonly count: number;
    readonly totalMinor: string;
  }[];
  readonly calls: number;
  readonly error: { readonly code: string; readonly message: string; readonly mend: string } | null;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly attempts: number;
}

interface RunRow {
  readonly id: string;
  readonly organization_id: string;
  readonly connection_id: string;
  readonly kind: RunKind;
  readonly trigger: RunTrigger;
  readonly requested_by: string;
  readonly status: RunStatus;
  readonly configuration_version: number | null;
  readonly scope: readonly string[] | null;
  readonly progress: RunProgress | Record<string, never>;
  readonly counts: RunCounts | Record<string, never>;
  readonly counts_by_type: Run['countsByType'];
  readonly totals: Run['totals'];
  readonly calls: number;
  readonly error: Run['error'];
  readonly created_at: string;
  readonly started_at: string | null;
  readonly finished_at: string | null;
  readonly attempts: number;
}

const columns = `id, organization_id, connection_id, kind, trigger, requested_by, status, configuration_version, scope, progress, counts,
  counts_by_type, totals, calls, error, created_at, started_at, finished_at, attempts`;

function fromRow(row: RunRow): Run {
  return {
    id: row.id,
    organizationId: row.organization_id,
    connectionId: row.connection_id,
    kind: row.kind,
    trigger: row.trigger,
    requestedBy: row.requested_by,
    status: row.status,
    configurationVersion: row.configuration_version,
    scope: row.scope,
    progress: 'stage' in row.progress ? (row.progress as RunProgress) : null,
    counts: 'processed' in row.counts ? (row.counts as RunCounts) : null,
    countsByType: row.counts_by_type,
    totals: row.totals,
    calls: row.calls,
    error: row.error,
    createdAt: row.created_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    attempts: row.attempts,
  };
}

export interface NewRun {
  readonly id: string;
  readonly connectionId: string;
  readonly kind: RunKind;
  readonly trigger: RunTrigger;
  readonly requestedBy: string;
  readonly scope: readonly string[] | null;
}

/** Queues a run, or returns the one of the same kind that is queued or going already. A retry never joins: it names its own records. */
export async function requestRun(tx: Transaction, organizationId: string, run: NewRun): Promise<Run> {
  await tx.query('SELECT id FROM connections WHERE id = $1 FOR UPDATE', [run.connectionId]);
  const [open] = await tx.query<RunRow>(
    `SELECT ${columns} FROM runs WHERE connection_id = $1 AND kind = $2 AND status IN ('queued', 'running') ORDER BY created_at LIMIT 1`,
    [run.connectionId, run.kind],
  );
  if (open && run.kind !== 'retry') return fromRow(open);
  if (open?.status === 'queued') return mergeScope(tx, fromRow(open), run.scope ?? []);
  const [row] = await tx.query<RunRow>(
    `INSERT INTO runs (id, organization_id, connection_id, kind, trigger, requested_by, status, scope)
     VALUES ($1, $2, $3, $4, $5, $6, 'queued', $7::jsonb) RETURNING ${columns}`,
    [
      run.id,
      organizationId,
      run.connectionId,
      run.kind,
      run.trigger,
      run.requestedBy,
      run.scope === null ? null : JSON.stringify(run.scope),
    ],
  );
  if (!row) throw new Error('The run was not stored');
  return fromRow(row);
}

async function mergeScope(tx: Transaction, open: Run, scope: readonly string[]): Promise<Run> {
  const merged = [...new Set([...(open.scope ?? []), ...scope])];
  const [row] = await tx.query<RunRow>(
    `UPDATE runs SET scope = $2::jsonb WHERE id = $1 RETURNING ${columns}`,
    [open.id, JSON.stringify(merged)],
  );
  return row ? fromRow(row) : open;
}

/**
 * Takes the oldest run that may start: queued, with no other run of its connection going, or going with a lease that ran out.
 * `takeOverAll`: every other owner is dead (the embedded store has one process at a time).
 */
export async function claimRun(database: Database, owner: string, takeOverAll: boolean): Promise<Run | null> {
  return database.withSystem(async (tx) => {
    const [row] = await tx.query<RunRow>(
      `UPDATE runs SET status = 'running', lease_owner = $1, lease_expires_at = now() + $2 * interval '1 millisecond',
         started_at = coalesce(started_at, now()), attempts = attempts + 1
       WHERE id = (
         SELECT id FROM runs AS candidate
         WHERE (status = 'queued' AND NOT EXISTS (SELECT FROM runs AS going WHERE going.connection_id = candidate.connection_id AND going.status = 'running'))
            OR (status = 'running' AND (lease_expires_at < now() OR ($3 AND lease_owner IS DISTINCT FROM $1)))
         ORDER BY status DESC, created_at LIMIT 1 FOR UPDATE SKIP LOCKED)
       RETURNING ${columns}`,
      [owner, runLeaseMs, takeOverAll],
    );
    return row ? fromRow(row) : null;
  });
}

/** Renews the lease and keeps the progress. `lost`: another worker has the run; `canceled`: somebody asked to stop. */
export async function reportProgress(
  tx: Transaction,
  runId: string,
  owner: string,
  progress: RunProgress,
): Promise<'going' | 'canceled' | 'lost'> {
  const [row] = await tx.query<{ cancel_requested: boolean }>(
    `UPDATE runs SET progress = $3::jsonb, calls = $4, lease_expires_at = now() + $5 * interval '1 millisecond'
     WHERE id = $1 AND lease_owner = $2 AND status = 'running' RETURNING cancel_requested`,
    [runId, owner, JSON.stringify(progress), progress.calls, runLeaseMs],
  );
  if (!row) return 'lost';
  return row.cancel_requested ? 'canceled' : 'going';
}

/** Gives a run back to the queue: the worker stops in good order and another one goes on. */
export async function releaseRun(database: Database, runId: string, owner: string): Promise<void> {
  await database.withSystem((tx) =>
    tx.execute(
      `UPDATE runs SET lease_expires_at = now() - interval '1 second', attempts = attempts - 1 WHERE id = $1 AND lease_owner = $2 AND status = 'running'`,
      [runId, owner],
    ),
  );
}

export async function setRunConfiguration(tx: Transaction, runId: string, version: number): Promise<void> {
  await tx.execute('UPDATE runs SET configuration_version = $2 WHERE id = $1', [runId, version]);
}

export interface RunEnd {
  readonly status: RunStatus;
  readonly counts: RunCounts;
  readonly countsByType: Readonly<Record<string, RunCounts>>;
  readonly totals: Run['totals'];
  readonly progress: RunProgress;
  readonly error: Run['error'];
}

export async function finishRun(tx: Transaction, runId: string, owner: string, end: RunEnd): Promise<void> {
  await tx.execute(
    `UPDATE runs SET status = $3, counts = $4::jsonb, counts_by_type = $5::jsonb, totals = $6::jsonb, progress = $7::jsonb, calls = $8, error = $9::jsonb,
       finished_at = now(), lease_owner = NULL, lease_expires_at = NULL
     WHERE id = $1 AND lease_owner = $2 AND status = 'running'`,
    [
      runId,
      owner,
      end.status,
      JSON.stringify(end.counts),
      JSON.stringify(end.countsByType),
      JSON.stringify(end.totals),
      JSON.stringify(end.progress),
      end.progress.calls,
      end.error ? JSON.stringify(end.error) : null,
    ],
  );
}

/** A queued run ends at once; one that is going stops after the batch that it is writing. Null: there is no such run. */
export async function requestCancel(tx: Transaction, runId: string): Promise<Run | null> {
  const [row] = await tx.query<RunRow>(
    `UPDATE runs SET cancel_requested = status = 'running', status = CASE WHEN status = 'queued' THEN 'canceled' ELSE status END,
       finished_at = CASE WHEN status = 'queued' THEN now() ELSE finished_at END
     WHERE id = $1 RETURNING ${columns}`,
    [runId],
  );
  return row ? fromRow(row) : null;
}

export async function findRun(tx: Transaction, runId: string): Promise<Run | null> {
  const [row] = await tx.query<RunRow>(`SELECT ${columns} FROM runs WHERE id = $1`, [runId]);
  return row ? fromRow(row) : null;
}

export async function listRuns(
  tx: Transaction,
  filter: {
    readonly connectionId: string | null;
    readonly kind: RunKind | null;
    readonly before: string | null;
    readonly limit: number;
  },
): Promise<Run[]> {
  const rows = await tx.query<RunRow>(
    `SELECT ${columns} FROM runs
     WHERE ($1::uuid IS NULL OR connection_id = $1) AND ($2::text IS NULL OR kind = $2) AND ($3::uuid IS NULL OR id < $3)
     ORDER BY id DESC LIMIT $4`,
    [filter.connectionId, filter.kind, filter.before, filter.limit],
  );
  return rows.map(fromRow);
}

export async function countRuns(
  tx: Transaction,
  connectionId: string | null,
  kind: RunKind | null,
): Promise<number> {
  const [row] = await tx.query<{ count: string }>(
    'SELECT count(*) AS count FROM runs WHERE ($1::uuid IS NULL OR connection_id = $1) AND ($2::text IS NULL OR kind = $2)',
    [connectionId, kind],
  );
  return Number(row?.count ?? 0);
}
