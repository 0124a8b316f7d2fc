import type { Instant } from '../kernel/dates.ts';
import type { RunProgress, RunStage } from '../model/run.ts';
import type { Database } from '../platform/database/database.ts';
import { reportProgress, type Run } from './runs/runs-store.ts';
import type { SessionOptions } from '../connections/connection-sessions.ts';

/** The run goes on no further here: it was canceled, another worker has it, or this worker stops. */
export class RunStopped extends Error {
  override readonly name = 'RunStopped';
  readonly why: 'canceled' | 'lost' | 'stopping';

  constructor(why: RunStopped['why']) {
    super(`The run was stopped: ${why}`);
    this.why = why;
  }
}

/** Progress is written at most this often between batches: each write is a transaction of its own. */
const reportIntervalMs = 400;
/** The lease is renewed this often while a run waits for the vendor. */
const heartbeatMs = 10_000;

/** What a run tells the page while it goes on, and how it learns that it should stop. One for each carried-out run. */
export class RunReporter {
  readonly #database: Database;
  readonly #run: Run;
  readonly #owner: string;
  readonly #signal: AbortSignal;
  readonly #stopping = new AbortController();
  #stage: RunStage = 'pull';
  #read: Readonly<Record<string, number>> = {};
  #dealsToPlan: number | null = null;
  #dealsDone = 0;
  #calls: number;
  #waitingUntil: Instant | null = null;
  #reportedAt = 0;
  readonly #stageMs: Partial<Record<RunStage, number>>;
  #enteredAt = Date.now();
  #beatAt = Date.now();

  constructor(database: Database, run: Run, owner: string, signal: AbortSignal) {
    this.#database = database;
    this.#run = run;
    this.#owner = owner;
    this.#signal = signal;
    // A run that was taken over goes on counting.
    this.#calls = run.progress?.calls ?? 0;
    this.#stageMs = { ...run.progress?.stageMs };
  }

  sessionHooks(): SessionOptions {
    return {
      signal: AbortSignal.any([this.#signal, this.#stopping.signal]),
      onCall: () => {
        this.#calls += 1;
        this.#beat();
      },
      onWait: (until) => {
        this.#waitingUntil = until;
        this.#beat();
      },
    };
  }

  /** Why the run's calls were broken off, where they were. */
  stopped(): RunStopped | null {
    const { reason } = this.#stopping.signal;
    return reason instanceof RunStopped ? reason : null;
  }

  /** Keeps the lease while calls or waits go on for long; what it learns is heard at the next report. */
  #beat(): void {
    if (Date.now() - this.#beatAt < heartbeatMs && this.#waitingUntil === null) return;
    this.#beatAt = Date.now();
    this.#write().then(
      (state) => {
        if (state !== 'going') this.#stopping.abort(new RunStopped(state));
      },
      // A store that fails shows itself at the next statement of the run.
      () => undefined,
    );
  }

  progress(stage: RunStage = this.#stage): RunProgress {
    this.#countTime();
    return {
      stage,
      read: { ...this.#read },
      dealsToPlan: this.#dealsToPlan,
      dealsDone: this.#dealsDone,
      calls: this.#calls,
      waitingUntil: this.#waitingUntil,
      stageMs: { ...this.#stageMs },
    };
  }

  #countTime(): void {
    const now = Date.now();
    this.#spend(this.#stage, now - this.#enteredAt);
    this.#enteredAt = now;
  }

  /** The clock can be set back while a run goes on. */
  #spend(stage: RunStage, ms: number): void {
    this.#stageMs[stage] = (this.#stageMs[stage] ?? 0) + Math.max(0, Math.round(ms));
  }

  /** Time that went into another stage than the one that the run is in: a sync plans and applies batch by batch. */
  spent(stage: RunStage, ms: number): void {
    this.#spend(stage, ms);
    this.#enteredAt += Math.round(ms);
  }

  async enter(stage: RunStage, dealsToPlan: number | null = this.#dealsToPlan): Promise<void> {
    this.#countTime();
    this.#stage = stage;
    this.#dealsToPlan = dealsToPlan;
    await this.#report(true);
  }

  async read(read: Readonly<Record<string, number>>): Promise<void> {
    this.#read = read;
    await this.#report(false);
  }

  async done(deals: number): Promise<void> {
    this.#dealsDone += deals;
    await this.#report(false);
  }

  #write(): Promise<'going' | 'canceled' | 'lost'> {
    return this.#database.withOrganization(this.#run.organizationId, (tx) =>
      reportProgress(tx, this.#run.id, this.#owner, this.progress()),
    );
  }

  /** Throws `RunStopped` between batches, never in the middle of one. */
  async #report(always: boolean): Promise<void> {
    if (this.#signal.aborted) throw new RunStopped('stopping');
    if (!always && Date.now() - this.#reportedAt < reportIntervalMs) return;
    this.#reportedAt = Date.now();
    const state = await this.#write();
    if (state !== 'going') throw new RunStopped(state);
  }
}
