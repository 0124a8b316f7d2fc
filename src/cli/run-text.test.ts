import { expect, test } from 'vitest';
import type { RunWire } from '../contract/sync-wire.ts';
import { runSummary } from './run-text.ts';

const ended: RunWire = {
  runId: '01890000-0000-7000-8000-000000000001',
  connectionId: '01890000-0000-7000-8000-000000000002',
  kind: 'sync',
  trigger: 'manual',
  requestedBy: 'user:ann',
  status: 'succeeded',
  counts: { processed: 2, created: 2, updated: 0, unchanged: 0, skipped: 0, held: 0, failed: 0 },
  countsByType: {},
  totals: [],
  codes: [],
  calls: 14,
  durationMs: 3_240,
  progress: null,
  error: null,
  configurationVersion: 1,
  createdAt: '2026-01-01T00:00:00Z',
  startedAt: '2026-01-01T00:00:00Z',
  finishedAt: '2026-01-01T00:00:03Z',
};

const progress = {
  stage: 'done' as const,
  read: {},
  dealsToPlan: 2,
  dealsDone: 2,
  calls: 14,
  waitingUntil: null,
};

test('The summary of a run says how long it took and where the time went', () => {
  const stageMs = { pull: 2_100, plan: 130, apply: 840 };
  expect(runSummary({ ...ended, progress: { ...progress, stageMs } })).toContain(
    'Sync succeeded (14 calls to the vendor in 3.2 s: pull 2.1 s, plan 0.1 s, apply 0.8 s).',
  );
});

test('The summary of a run that kept no stages says how long it took alone', () => {
  expect(runSummary({ ...ended, progress: { ...progress, stageMs: {} } })).toContain(
    'Sync succeeded (14 calls to the vendor in 3.2 s).',
  );
});
