import type { AuditProblem } from './audit-problem.ts';

/** Enough to see what happened; a forged table of a million rows is counted, not listed. */
export const problemsListedMax = 100;

/** Collects problems: all are counted, the first ones kept. */
export interface ProblemList {
  readonly add: (problem: AuditProblem) => void;
  readonly listed: () => readonly AuditProblem[];
  readonly count: () => number;
}

export function startProblemList(): ProblemList {
  const listed: AuditProblem[] = [];
  let count = 0;
  return {
    add: (problem) => {
      count += 1;
      if (listed.length < problemsListedMax) listed.push(problem);
    },
    listed: () => listed,
    count: () => count,
  };
}
