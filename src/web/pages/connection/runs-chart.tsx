import { Bar, BarChart, Tooltip, XAxis, YAxis } from 'recharts';
import type { RunWire } from '../../../contract/sync-wire.ts';
import { formatInstant } from '../../format/date.ts';
import { runSentence } from '../../format/run-sentence.ts';

const outcomes = [
  { key: 'created', word: 'Created', color: 'var(--chart-created)' },
  { key: 'updated', word: 'Updated', color: 'var(--chart-updated)' },
  { key: 'skipped', word: 'Skipped', color: 'var(--chart-skipped)' },
  { key: 'held', word: 'Held', color: 'var(--chart-held)' },
  { key: 'failed', word: 'Failed', color: 'var(--chart-failed)' },
] as const;

/** Deals of each sync by outcome, the oldest on the left. The table below says the same in words. */
export function RunsChart({ runs }: { readonly runs: readonly RunWire[] }) {
  const data = runs.toReversed().map((run) => ({
    when: formatInstant(run.createdAt),
    sentence: runSentence(run),
    ...run.counts,
  }));
  return (
    <>
      <div role="img" aria-label={`Deals by outcome of the last ${runs.length} syncs`}>
        <BarChart
          data={data}
          responsive
          style={{ width: '100%', height: 120 }}
          margin={{ top: 4, right: 0, bottom: 0, left: 0 }}
          barCategoryGap={3}
          accessibilityLayer={false}
        >
          <XAxis dataKey="when" hide />
          <YAxis width={44} tickLine={false} axisLine={false} allowDecimals={false} tickCount={3} />
          <Tooltip
            cursor={{ fill: 'var(--raised)' }}
            contentStyle={{ background: 'var(--page)', border: '1px solid var(--line)', borderRadius: 6 }}
          />
          {outcomes.map(({ key, word, color }) => (
            <Bar key={key} dataKey={key} name={word} stackId="deals" fill={color} isAnimationActive={false} />
          ))}
        </BarChart>
      </div>
      <ul className="legend">
        {outcomes.map(({ key, word, color }) => (
          <li key={key}>
            <span className="swatch" style={{ background: color }} />
            {word}
          </li>
        ))}
      </ul>
    </>
  );
}
