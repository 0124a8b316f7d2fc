import { type DecisionKind, type Outcome, outcomeOf } from '../../model/decision.ts';
import { noCounts, type RunCounts } from '../../model/run.ts';
import type { Transaction } from '../../platform/database/database.ts';

export interface CountedRun {
  readonly counts: RunCounts;
  readonly countsByType: Readonly<Record<string, RunCounts>>;
  readonly totals: readonly {
    readonly currency: string;
    readonly count: number;
    readonly totalMinor: string;
  }[];
}

/**
 * What a run did, counted from what it wrote. Deals that it had no reason to look at count as what they are: unchanged when they
 * have a document, skipped when an earlier run skipped them; they are not written again.
 */
export async function countRun(
  tx: Transaction,
  connectionId: string,
  runId: string,
  standing: boolean,
): Promise<CountedRun> {
  const written = await tx.query<{ source_type: string; decision: DecisionKind; count: string }>(
    'SELECT source_type, decision, count(*) AS count FROM run_records WHERE run_id = $1 GROUP BY source_type, decision',
    [runId],
  );
  const byType: Record<string, Record<Outcome | 'processed', number>> = {};
  for (const { source_type, decision, count } of written)
    tally(byType, source_type, outcomeOf[decision], Number(count));
  if (standing) {
    const left = await tx.query<{ decision: DecisionKind; count: string }>(
      `SELECT decision, count(*) AS count FROM source_records
       WHERE connection_id = $1 AND object_type = 'deal' AND decision IS NOT NULL AND planned_run_id IS DISTINCT FROM $2 GROUP BY decision`,
      [connectionId, runId],
    );
    for (const { decision, count } of left) {
      const outcome = decision === 'create' || decision === 'update' ? 'unchanged' : outcomeOf[decision];
      tally(byType, 'deal', outcome, Number(count));
    }
  }
  const totals = await tx.query<{ currency: string; count: string; total: string }>(
    `SELECT currency, count(*) AS count, sum(amount_minor)::bigint AS total FROM run_records
     WHERE run_id = $1 AND source_type = 'deal' AND decision = 'create' AND currency IS NOT NULL GROUP BY currency ORDER BY currency`,
    [runId],
  );
  return {
    counts: byType.deal ?? noCounts,
    countsByType: byType,
    totals: totals.map((row) => ({
      currency: row.currency,
      count: Number(row.count),
      totalMinor: row.total,
    })),
  };
}

function tally(
  byType: Record<string, Record<Outcome | 'processed', number>>,
  type: string,
  outcome: Outcome,
  count: number,
): void {
  const counts = byType[type] ?? { ...noCounts };
  counts[outcome] += count;
  counts.processed += count;
  byType[type] = counts;
}
