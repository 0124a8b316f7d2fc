import { assert } from '../../kernel/assert.ts';
import type { CalendarDate } from '../../kernel/dates.ts';
import { allocate } from '../../kernel/money.ts';
import { addMonths } from '../../kernel/months.ts';
import { type ContractObligation, type ScheduledPart, sumOf } from './contract-state.ts';
import type { ScheduledAmount } from './schedule.ts';

/** What an obligation is to have come to at the end of a month. */
export type UpTo = (month: CalendarDate) => bigint;

/** A sum that is there from the beginning, and what months add to it. */
export function upToOf(startMinor: bigint, amounts: readonly ScheduledAmount[]): UpTo {
  return (month) =>
    startMinor + sumOf(amounts.filter(({ period }) => period <= month).map(({ amountMinor }) => amountMinor));
}

export const lastPosition = (parts: readonly ScheduledPart[]): number =>
  parts.reduce((last, { position }) => Math.max(last, position), 0);

export interface MonthsChange {
  readonly fromMonth: CalendarDate;
  readonly lastMonth: CalendarDate;
  readonly upTo: UpTo;
  readonly totalMinor: bigint;
  /** New rows come after it. */
  readonly afterPosition: number;
}

/**
 * The months of a schedule after a change: what is recognised, and every month before `fromMonth`, stands; each later month gets what
 * `upTo` lacks at its end, so that a month which was recognised too high or too low is made good in the next one that is not.
 * Together they come to `totalMinor`.
 */
export function rewriteMonths(parts: readonly ScheduledPart[], change: MonthsChange): ScheduledPart[] {
  const { fromMonth, lastMonth, upTo, totalMinor, afterPosition } = change;
  const kept = parts.filter(({ period, recognised }) => recognised || (period ?? '') < fromMonth);
  const recognised = new Map(
    kept.flatMap(({ period, amountMinor }): [CalendarDate, bigint][] =>
      period !== null && period >= fromMonth ? [[period, amountMinor]] : [],
    ),
  );
  const until = [...recognised.keys()].reduce((last, month) => (month > last ? month : last), lastMonth);
  let given = sumOf(kept.map(({ amountMinor }) => amountMinor)) - sumOf([...recognised.values()]);
  const written: ScheduledPart[] = [];
  const bringTo = (period: CalendarDate, wantedMinor: bigint): void => {
    const amountMinor = wantedMinor - given;
    given = wantedMinor;
    if (amountMinor === 0n) return;
    const position = afterPosition + written.length + 1;
    written.push({
      position,
      period,
      amountMinor,
      milestone: null,
      weight: null,
      reachedOn: null,
      recognised: false,
    });
  };
  let month = fromMonth;
  for (; month <= until; month = addMonths(month, 1)) {
    const already = recognised.get(month);
    if (already === undefined) bringTo(month, upTo(month));
    else given += already;
  }
  bringTo(month, totalMinor);
  return [...kept, ...written];
}

export interface NewMilestone {
  readonly name: string;
  readonly weight: bigint;
}

/**
 * The milestones of an obligation after a change. What is reached stands. `ahead`: what is not yet reached takes the rest of the price
 * by weight; else every milestone has its share of the whole price, and what those reached have too little or too much is
 * corrected in `fromMonth`.
 */
export function rewriteMilestones(
  { schedule }: Pick<ContractObligation, 'schedule'>,
  added: readonly NewMilestone[],
  totalMinor: bigint,
  fromMonth: CalendarDate,
  ahead: boolean,
): ScheduledPart[] {
  const last = lastPosition(schedule);
  const milestones = schedule.filter(({ milestone }) => milestone !== null);
  const corrections = schedule.filter(({ milestone }) => milestone === null);
  const all = [
    ...milestones,
    ...added.map(
      ({ name, weight }, index): ScheduledPart => ({
        position: last + 1 + index,
        period: null,
        amountMinor: 0n,
        milestone: name,
        weight,
        reachedOn: null,
        recognised: false,
      }),
    ),
  ];
  const reached = all.filter(({ reachedOn }) => reachedOn !== null);
  const open = all.filter(({ reachedOn }) => reachedOn === null);
  const weightsOf = (parts: readonly ScheduledPart[]): bigint[] => parts.map(({ weight }) => weight ?? 0n);
  const share = new Map<number, bigint>();
  const divide = (amountMinor: bigint, parts: readonly ScheduledPart[]): void => {
    if (parts.length === 0) return;
    allocate(amountMinor, weightsOf(parts)).forEach((part, index) =>
      share.set(parts[index]?.position ?? 0, part),
    );
  };
  const standing = sumOf([...reached, ...corrections].map(({ amountMinor }) => amountMinor));
  if (ahead) divide(totalMinor - standing, open);
  else divide(totalMinor, all);
  const openParts = open.map((part) => ({ ...part, amountMinor: share.get(part.position) ?? 0n }));
  const wanted = totalMinor - sumOf(openParts.map(({ amountMinor }) => amountMinor));
  const ofReached = sumOf(reached.map(({ amountMinor }) => amountMinor));
  const corrected = rewriteMonths(corrections, {
    fromMonth,
    lastMonth: fromMonth,
    upTo: () => wanted - ofReached,
    totalMinor: wanted - ofReached,
    afterPosition: last + added.length,
  });
  const parts = [...reached, ...openParts, ...corrected];
  assert(sumOf(parts.map(({ amountMinor }) => amountMinor)) === totalMinor, 'milestones come to the price');
  return parts;
}
