import type { Outcome } from './decision.ts';

export const runKinds = ['sync', 'preview', 'retry'] as const;
export type RunKind = (typeof runKinds)[number];

export const runStatuses = [
  'queued',
  'running',
  'succeeded',
  'succeeded_with_failures',
  'failed',
  'canceled',
] as const;
export type RunStatus = (typeof runStatuses)[number];

/** The stages that a run goes through, in order; `write_back` stands for later. */
export const runStages = ['pull', 'plan', 'apply', 'done'] as const;
export type RunStage = (typeof runStages)[number];

export type RunTrigger = 'manual' | 'schedule' | 'webhook' | 'import' | 'first_sync';

/** Counts of records by outcome; `processed` is their sum. */
export type RunCounts = Readonly<Record<Outcome | 'processed', number>>;

export const noCounts: RunCounts = {
  processed: 0,
  created: 0,
  updated: 0,
  unchanged: 0,
  skipped: 0,
  held: 0,
  failed: 0,
};

export type StageMs = Readonly<Partial<Record<RunStage, number>>>;

/** What a page shows while a run goes on. `waitingUntil` is set while the vendor's rate limit is waited for. */
export interface RunProgress {
  readonly stage: RunStage;
  readonly read: Readonly<Record<string, number>>;
  readonly dealsToPlan: number | null;
  readonly dealsDone: number;
  readonly calls: number;
  readonly waitingUntil: string | null;
  /** Milliseconds that each stage took so far, waiting for the vendor included; absent in runs of before it was kept. */
  readonly stageMs?: StageMs;
}
