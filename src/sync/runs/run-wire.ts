import type { RunWire } from '../../contract/sync-wire.ts';
import { formatMinor } from '../../kernel/money.ts';
import type { DecisionKind } from '../../model/decision.ts';
import { type DecisionCode, decisionCodes } from '../../model/decision-codes.ts';
import { noCounts } from '../../model/run.ts';
import type { Run } from './runs-store.ts';

export interface CodeCount {
  readonly runId: string;
  readonly decision: DecisionKind;
  readonly code: string;
  readonly count: number;
}

export function isDecisionCode(code: string): code is DecisionCode {
  return Object.hasOwn(decisionCodes, code);
}

/** How to mend what the code says; null for one that needs no mending. */
export function mendOf(code: string | null): string | null {
  return code !== null && isDecisionCode(code) ? decisionCodes[code].mend : null;
}

/** What the records of a code have in common; the code itself for one that this version does not know. */
export function causeOf(code: string): string {
  return isDecisionCode(code) ? decisionCodes[code].cause : code;
}

export function toWire(run: Run, codes: readonly CodeCount[], now: Date): RunWire {
  const started = run.startedAt === null ? null : Date.parse(run.startedAt);
  const ended = run.finishedAt === null ? now.getTime() : Date.parse(run.finishedAt);
  return {
    runId: run.id,
    connectionId: run.connectionId,
    kind: run.kind,
    trigger: run.trigger,
    requestedBy: run.requestedBy,
    status: run.status,
    counts: run.counts ?? noCounts,
    countsByType: { ...run.countsByType },
    totals: run.totals.map(({ currency, count, totalMinor }) => ({
      currency,
      count,
      total: formatMinor(BigInt(totalMinor), currency),
    })),
    codes: codes.map(({ decision, code, count }) => ({
      decision,
      code,
      sentence: causeOf(code),
      mend: mendOf(code) ?? '',
      count,
    })),
    calls: run.calls,
    durationMs: started === null ? null : Math.max(0, ended - started),
    progress: run.progress && {
      ...run.progress,
      read: { ...run.progress.read },
      stageMs: { ...run.progress.stageMs },
    },
    error: run.error && { ...run.error },
    configurationVersion: run.configurationVersion,
    createdAt: run.createdAt,
    startedAt: run.startedAt,
    finishedAt: run.finishedAt,
  };
}
