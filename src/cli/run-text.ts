import type { RunWire } from '../contract/sync-wire.ts';
import { formatTable } from './format-table.ts';
import { groupThousands, plainText } from './plain-text.ts';

const seconds = (ms: number): string => `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;

/** What a run is at, on one line. */
export function progressText(run: RunWire): string {
  const { progress } = run;
  if (run.status === 'queued') return 'Waiting for a worker …';
  if (!progress) return 'Starting …';
  const read = Object.entries(progress.read).filter(([, count]) => count > 0);
  const parts: string[] = [];
  if (progress.stage === 'pull')
    parts.push('Reading', read.map(([type, count]) => `${count} ${type}`).join(', '));
  else if (progress.dealsToPlan === null) parts.push('Planning');
  else
    parts.push(
      `${run.kind === 'preview' ? 'Planning' : 'Writing'} ${progress.dealsDone} of ${progress.dealsToPlan} deals`,
    );
  parts.push(`${progress.calls} calls`);
  if (progress.waitingUntil !== null) parts.push(`waiting for the rate limit until ${progress.waitingUntil}`);
  return parts.filter((part) => part !== '').join(' · ');
}

const statusWords: Readonly<Record<RunWire['status'], string>> = {
  queued: 'is waiting',
  running: 'is going on',
  succeeded: 'succeeded',
  succeeded_with_failures: 'is done; some records failed',
  failed: 'failed',
  canceled: 'was canceled',
};
const kindWords: Readonly<Record<RunWire['kind'], string>> = {
  sync: 'Sync',
  preview: 'Plan',
  retry: 'Retry',
};

/** What came of a run, for a person: counts, totals per currency, and why records made nothing. Ends with a newline. */
export function runSummary(run: RunWire): string {
  const took = run.durationMs === null ? '' : ` in ${seconds(run.durationMs)}${stagesText(run)}`;
  // Of a preview nothing can have failed but itself: its table says what would.
  const status =
    run.kind === 'preview' && run.status === 'succeeded_with_failures' ? 'succeeded' : run.status;
  const lines = [`${kindWords[run.kind]} ${statusWords[status]} (${run.calls} calls to the vendor${took}).`];
  if (run.error) lines.push(plainText(run.error.message), plainText(run.error.mend));
  const { processed, ...outcomes } = run.counts;
  const counted = Object.entries(outcomes)
    .filter(([, count]) => count > 0)
    .map(([outcome, count]) => `${count} ${outcome}`);
  if (run.kind !== 'preview') {
    lines.push(`Deals: ${processed} processed${counted.length > 0 ? `: ${counted.join(', ')}` : ''}.`);
  }
  return `${lines.join('\n')}\n${totalsText(run)}${codesText(run)}`;
}

/** Where the time went: `: pull 2.1 s, plan 0.1 s, apply 0.4 s`. */
function stagesText({ progress }: RunWire): string {
  const stages = Object.entries(progress?.stageMs ?? {}).filter(([, ms]) => ms > 0);
  return stages.length === 0 ? '' : `: ${stages.map(([stage, ms]) => `${stage} ${seconds(ms)}`).join(', ')}`;
}

function totalsText(run: RunWire): string {
  if (run.totals.length === 0) return '';
  const table = formatTable(
    run.totals,
    [
      { title: 'Currency', value: ({ currency }) => currency },
      { title: 'Invoices', value: ({ count }) => count, align: 'right' },
      { title: 'Total', value: ({ total }) => groupThousands(total), align: 'right' },
    ],
    null,
  );
  return `\n${table}`;
}

const decisionWords: Readonly<Record<string, string>> = { skip: 'skipped', fail: 'failed', hold: 'held' };

function codesText(run: RunWire): string {
  if (run.codes.length === 0) return '';
  const table = formatTable(
    run.codes,
    [
      { title: 'Deals', value: ({ count }) => count, align: 'right' },
      { title: '', value: ({ decision }) => decisionWords[decision] ?? decision },
      { title: 'Code', value: ({ code }) => code },
      { title: 'Why', value: ({ sentence }) => sentence },
    ],
    null,
  );
  return `\n${table}`;
}
