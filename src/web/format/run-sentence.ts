import type { RunWire } from '../../contract/sync-wire.ts';
import { countOf, formatCount, listOf } from './count.ts';

type Counts = RunWire['counts'];

const isOver = new Set<RunWire['status']>(['succeeded', 'succeeded_with_failures', 'failed', 'canceled']);

export function isRunOver(run: Pick<RunWire, 'status'>): boolean {
  return isOver.has(run.status);
}

const done = {
  created: 'created',
  updated: 'updated',
  unchanged: 'unchanged',
  skipped: 'skipped',
  held: 'held',
  failed: 'failed',
};
const planned = {
  created: 'to create',
  updated: 'to update',
  unchanged: 'unchanged',
  skipped: 'to skip',
  held: 'to hold',
  failed: 'would fail',
};

/** What a run did, or a preview found, in one sentence: `347 deals: 305 created, 40 skipped and 2 failed.` */
export function runSentence(run: Pick<RunWire, 'kind' | 'status' | 'counts'>): string {
  const words = run.kind === 'preview' ? planned : done;
  const parts = countParts(run.counts, words);
  if (run.counts.processed === 0) {
    return run.status === 'failed'
      ? 'It ended before any deal was looked at.'
      : 'No deal has changed since the last sync.';
  }
  return `${countOf(run.counts.processed, 'deal')}: ${listOf(parts)}.`;
}

function countParts(counts: Counts, words: Readonly<Record<keyof typeof done, string>>): string[] {
  return (Object.keys(done) as (keyof typeof done)[])
    .filter((outcome) => counts[outcome] > 0)
    .map((outcome) => `${formatCount(counts[outcome])} ${words[outcome]}`);
}
