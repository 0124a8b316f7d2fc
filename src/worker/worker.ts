import { errorCatalogue } from '../kernel/errors.ts';
import type { Database } from '../platform/database/database.ts';
import { claimRun, releaseRun, type Run, runAttemptsMax, runLeaseMs } from '../sync/runs/runs-store.ts';
import { giveUpRun, renewLease } from './lease-store.ts';

/** More at once only wait for each other: planning and writing use one core. Those that wait for a vendor are few. */
export const concurrentRunsMax = 4;
/** How often a worker looks for runs that other processes queued, or whose lease ran out. */
const pollMs = { postgres: 1_000, pglite: 5_000 } as const;
/** After an error of the store: it is given time to come back. */
const pollAfterErrorMs = 5_000;

export interface WorkerLogger {
  readonly info: (fields: object, message: string) => void;
  readonly warn: (fields: object, message: string) => void;
  readonly error: (fields: object, message: string) => void;
}

export interface WorkerDependencies {
  readonly database: Database;
  readonly logger: WorkerLogger;
  /** Names this process among all; no two processes have the same. */
  readonly owner: string;
  /** Carries out one claimed run and writes its end, unless the signal stops it. */
  readonly carryOut: (run: Run, owner: string, signal: AbortSignal) => Promise<void>;
}

export interface Worker {
  /** Looks for work now: a run was queued in this process. */
  readonly wake: () => void;
  /** Stops taking runs, lets those that go on stop after their batch, and gives them back. */
  readonly stop: () => Promise<void>;
}

interface Going {
  readonly controller: AbortController;
  readonly done: Promise<void>;
}

/** Starts to take runs, until it is stopped. */
export function startWorker(deps: WorkerDependencies): Worker {
  const going = new Map<string, Going>();
  let stopping = false;
  let timer: NodeJS.Timeout | null = null;
  let looking: Promise<void> | null = null;
  let lookAgain = false;

  const schedule = (ms: number): void => {
    if (stopping) return;
    if (timer) clearTimeout(timer);
    timer = setTimeout(() => look(), ms);
  };

  const begin = (run: Run): void => {
    const controller = new AbortController();
    const done = carryOutRun(deps, run, controller).finally(() => {
      going.delete(run.id);
      look();
    });
    going.set(run.id, { controller, done });
  };

  const claim = async (): Promise<void> => {
    while (!stopping && going.size < concurrentRunsMax) {
      const run = await claimRun(deps.database, deps.owner, deps.database.kind === 'pglite');
      // A lease of our own that ran out, because the process was asleep, is renewed by the claim and no more.
      if (!run || going.has(run.id)) return;
      if (stopping) await releaseRun(deps.database, run.id, deps.owner);
      else begin(run);
    }
  };

  const look = (): void => {
    if (stopping) return;
    if (looking) {
      lookAgain = true;
      return;
    }
    looking = claim()
      .then(
        () => schedule(pollMs[deps.database.kind]),
        (error: unknown) => {
          deps.logger.warn({ err: error }, 'looking for runs failed');
          schedule(pollAfterErrorMs);
        },
      )
      .finally(() => {
        looking = null;
        if (!lookAgain) return;
        lookAgain = false;
        look();
      });
  };

  look();
  return {
    wake: look,
    stop: async () => {
      stopping = true;
      if (timer) clearTimeout(timer);
      await looking;
      for (const { controller } of going.values()) controller.abort();
      await Promise.all([...going.values()].map(({ done }) => done));
    },
  };
}

/** Carries out one run and keeps its lease meanwhile. Never throws: a store that fails is logged, and the lease runs out. */
async function carryOutRun(deps: WorkerDependencies, run: Run, controller: AbortController): Promise<void> {
  const { database, logger, owner } = deps;
  const log = { organizationId: run.organizationId, connectionId: run.connectionId, runId: run.id };
  const heartbeat = setInterval(() => {
    renewLease(database, run.id, owner).then(
      (renewed) => {
        if (!renewed) controller.abort();
      },
      (error: unknown) => logger.warn({ ...log, err: error }, 'lease not renewed'),
    );
  }, runLeaseMs / 4);
  try {
    if (run.attempts > runAttemptsMax) return await giveUp(deps, run);
    logger.info({ ...log, kind: run.kind, attempts: run.attempts }, 'run started');
    await deps.carryOut(run, owner, controller.signal);
    if (!controller.signal.aborted) logger.info({ ...log, kind: run.kind }, 'run ended');
    else await releaseRun(database, run.id, owner);
  } catch (error) {
    logger.error({ ...log, err: error }, 'run interrupted; it goes on when its lease has run out');
  } finally {
    clearInterval(heartbeat);
  }
}

async function giveUp({ database, logger, owner }: WorkerDependencies, run: Run): Promise<void> {
  const { message, mend } = errorCatalogue.internal;
  const detail = `The run was begun ${runAttemptsMax} times and never came to its end.`;
  await giveUpRun(database, run.id, owner, { code: 'internal', message: `${message} ${detail}`, mend });
  const { organizationId, connectionId, id } = run;
  logger.error({ organizationId, connectionId, runId: id }, 'run given up');
}
