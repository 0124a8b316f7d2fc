import { addDays, type CalendarDate } from '../../kernel/dates.ts';
import { TributaryError } from '../../kernel/errors.ts';
import { divideRounded, formatMinor } from '../../kernel/money.ts';
import { firstOfMonth } from '../../kernel/months.ts';
import { allocatePrice } from './allocation.ts';
import { type BillingChange, changeBillings } from './change-billing.ts';
import {
  lastPosition,
  type NewMilestone,
  rewriteMilestones,
  rewriteMonths,
  upToOf,
} from './change-schedule.ts';
import { type ContractObligation, type ContractState, sumOf, taxOfBillings } from './contract-state.ts';
import { earnedBefore } from './earned.ts';
import { scheduleOf } from './schedule.ts';

/**
 * How a modification is accounted for (IFRS 15.20-21, ASC 606-10-25-12 and 13): what it adds is a contract of its own at its
 * stand-alone price; the rest of the contract starts anew from the day on; or the contract goes on as one, and what has been recognised
 * is brought to where the new price and progress have it.
 */
export const modificationMethods = ['separate', 'prospective', 'catch_up'] as const;
export type ModificationMethod = (typeof modificationMethods)[number];

/** A change of one obligation that is there. */
export interface ObligationChange {
  readonly position: number;
  /** Nothing more of it is delivered from the day on. */
  readonly cancelled?: boolean;
  readonly serviceEnd?: CalendarDate;
  /** Prospectively: of what is still to be delivered; catch-up: of the whole. Absent: as it was. */
  readonly standaloneMinor?: bigint;
  readonly milestones?: readonly NewMilestone[];
}

/** An obligation that the modification adds, its schedule empty. */
export interface AddedObligation
  extends Omit<ContractObligation, 'position' | 'allocatedMinor' | 'schedule'> {
  readonly milestones: readonly NewMilestone[];
}

export interface ModificationRequest {
  /** The first day on which the change holds. */
  readonly date: CalendarDate;
  readonly method: ModificationMethod;
  readonly priceChangeMinor: bigint;
  /** Absent: in the ratio of the contract's tax to its price. */
  readonly taxChangeMinor?: bigint;
  readonly obligations: readonly ObligationChange[];
  readonly added: readonly AddedObligation[];
  readonly billing: Exclude<BillingChange, 'last'>;
}

export const refuse = (field: string, message: string): TributaryError =>
  new TributaryError('invalid_request', message, { fields: [{ field, message }] });

/** An obligation on its way through a change. */
interface Change {
  readonly old: ContractObligation;
  readonly serviceEnd: CalendarDate;
  readonly milestones: readonly NewMilestone[];
  readonly earnedMinor: bigint;
  /** What the price is divided by: of the rest (prospectively) or of the whole. */
  readonly weight: bigint;
  readonly standaloneMinor: bigint;
}

/**
 * The contract after a modification. Errors: `invalid_request` by field, `invalid_amount` (a price below zero, or below what is
 * earned).
 */
export function planModification(state: ContractState, request: ModificationRequest): ContractState {
  const priceMinor = state.priceMinor + request.priceChangeMinor;
  if (priceMinor < 0n) throw belowZero(priceMinor, state.currency);
  const after =
    request.method === 'separate' ? separate(state, request) : together(state, request, priceMinor);
  const taxMinor = request.taxChangeMinor ?? taxChange(state, request.priceChangeMinor);
  if (taxMinor * request.priceChangeMinor < 0n) {
    throw refuse('taxChange', 'The tax goes the same way as the price.');
  }
  return {
    ...state,
    priceMinor,
    obligations: after,
    billings: changeBillings(
      state.billings,
      { amountMinor: request.priceChangeMinor, taxMinor },
      request.billing,
      request.date,
    ),
  };
}

const belowZero = (priceMinor: bigint, currency: string): TributaryError =>
  new TributaryError(
    'invalid_amount',
    `The price would be ${formatMinor(priceMinor, currency)} ${currency}.`,
  );

/** Tax in the ratio that the contract has it, rounded half away from zero. */
export function taxChange({ priceMinor, billings }: ContractState, changeMinor: bigint): bigint {
  if (priceMinor === 0n) return 0n;
  return divideRounded(taxOfBillings(billings) * changeMinor, priceMinor, 'half_away_from_zero');
}

function numbered(state: ContractState, { added, date }: ModificationRequest): Change[] {
  const last = state.obligations.reduce((highest, { position }) => Math.max(highest, position), 0);
  added.forEach(({ serviceStart }, index) => {
    if (serviceStart < date) throw refuse(`added.${index}.serviceStart`, `The change holds from ${date} on.`);
  });
  return added.map(({ milestones, ...obligation }, index) => ({
    old: { ...obligation, position: last + 1 + index, allocatedMinor: 0n, schedule: [] },
    serviceEnd: obligation.serviceEnd,
    milestones,
    earnedMinor: 0n,
    weight: obligation.standaloneMinor,
    standaloneMinor: obligation.standaloneMinor,
  }));
}

/** What is added costs what it costs alone; what is there stays as it is. */
function separate(state: ContractState, request: ModificationRequest): ContractObligation[] {
  const added = numbered(state, request);
  const addedMinor = sumOf(added.map(({ standaloneMinor }) => standaloneMinor));
  if (request.obligations.length > 0) {
    throw refuse('obligations', 'A contract of its own leaves the other obligations as they are.');
  }
  if (added.length === 0) throw refuse('added', 'Say what the modification adds.');
  if (addedMinor !== request.priceChangeMinor) {
    const price = formatMinor(addedMinor, state.currency);
    throw refuse('priceChange', `At stand-alone prices the addition costs ${price} ${state.currency}.`);
  }
  return [...state.obligations, ...added.map((change) => divided(change, change.standaloneMinor, request))];
}

function together(
  state: ContractState,
  request: ModificationRequest,
  priceMinor: bigint,
): ContractObligation[] {
  const ahead = request.method === 'prospective';
  const changes = [
    ...state.obligations.map((old) => changeOf(old, request, ahead)),
    ...numbered(state, request),
  ];
  const unknown = request.obligations.find(
    ({ position }) => !state.obligations.some((obligation) => obligation.position === position),
  );
  if (unknown) throw refuse('obligations', `The contract has no obligation ${unknown.position}.`);
  const earned = ahead ? sumOf(changes.map(({ earnedMinor }) => earnedMinor)) : 0n;
  const left = priceMinor - earned;
  const { currency } = state;
  if (left < 0n) {
    const message = `${formatMinor(earned, currency)} ${currency} are earned already, more than the new price: correct them by a cumulative catch-up.`;
    throw new TributaryError('invalid_amount', message);
  }
  const weights = changes.map(({ weight }) => weight);
  if (left !== 0n && weights.every((weight) => weight === 0n)) {
    throw refuse(
      'obligations',
      `Nothing is left to be delivered that could take ${formatMinor(left, currency)} ${currency}: say what is, or correct by a cumulative catch-up.`,
    );
  }
  const parts = allocatePrice(left, weights);
  return changes.map((change, index) =>
    divided(change, (ahead ? change.earnedMinor : 0n) + (parts[index] ?? 0n), request),
  );
}

function changeOf(old: ContractObligation, request: ModificationRequest, ahead: boolean): Change {
  const own = request.obligations.find(({ position }) => position === old.position);
  const field = `obligations.${old.position}`;
  if (own?.cancelled && !ahead) {
    throw refuse(field, 'What is not delivered any more is changed prospectively.');
  }
  if (own?.milestones && old.recognition !== 'milestone') {
    throw refuse(field, 'The obligation is not recognised by milestones.');
  }
  const earnedMinor = earnedBefore(old, request.date);
  const ended = endBefore(old, request.date);
  const serviceEnd = own?.cancelled ? ended : (own?.serviceEnd ?? old.serviceEnd);
  if (serviceEnd < old.serviceStart) throw refuse(field, 'The service ends before it starts.');
  if (own?.serviceEnd !== undefined && serviceEnd < ended) {
    throw refuse(field, `The service cannot end before ${ended}, the day before the change.`);
  }
  const restMinor =
    old.allocatedMinor === 0n
      ? 0n
      : divideRounded(
          old.standaloneMinor * (old.allocatedMinor - earnedMinor),
          old.allocatedMinor,
          'half_away_from_zero',
        );
  const openMinor = restMinor > 0n ? restMinor : 0n;
  const weight = own?.cancelled ? 0n : (own?.standaloneMinor ?? (ahead ? openMinor : old.standaloneMinor));
  if (ahead && weight > 0n && !canDeliver(old, serviceEnd, own?.milestones ?? [], request.date)) {
    throw refuse(field, 'The service has ended: give a later end, or add what is to be delivered.');
  }
  return {
    old,
    serviceEnd,
    milestones: own?.milestones ?? [],
    earnedMinor,
    weight,
    standaloneMinor: ahead ? old.standaloneMinor - restMinor + weight : weight,
  };
}

/** The last day before the change, or the first day of the service where the change comes before it. */
export function endBefore(
  { serviceStart, serviceEnd }: ContractObligation,
  date: CalendarDate,
): CalendarDate {
  const before = addDays(date, -1);
  if (before < serviceStart) return serviceStart;
  return before < serviceEnd ? before : serviceEnd;
}

function canDeliver(
  { recognition, serviceStart, schedule }: ContractObligation,
  serviceEnd: CalendarDate,
  milestones: readonly NewMilestone[],
  date: CalendarDate,
): boolean {
  if (recognition === 'milestone') {
    return (
      milestones.length > 0 ||
      schedule.some(({ milestone, reachedOn }) => milestone !== null && reachedOn === null)
    );
  }
  return recognition === 'immediate' ? serviceStart >= date : serviceEnd >= date;
}

/** The obligation at its new price, its schedule written from the month of the change on. */
function divided(
  { old, serviceEnd, milestones, earnedMinor, standaloneMinor }: Change,
  allocatedMinor: bigint,
  { date, method }: ModificationRequest,
): ContractObligation {
  const next = { ...old, serviceEnd, standaloneMinor, allocatedMinor };
  const fromMonth = firstOfMonth(date);
  const ahead = method !== 'catch_up';
  if (old.recognition === 'milestone') {
    return { ...next, schedule: rewriteMilestones(old, milestones, allocatedMinor, fromMonth, ahead) };
  }
  const restMinor = allocatedMinor - earnedMinor;
  const first = ahead && date > old.serviceStart ? date : old.serviceStart;
  const amounts =
    ahead && restMinor === 0n
      ? []
      : scheduleOf(
          ahead ? restMinor : allocatedMinor,
          old.recognition,
          old.recognition === 'immediate' ? old.serviceStart : first,
          serviceEnd,
        );
  return {
    ...next,
    schedule: rewriteMonths(old.schedule, {
      fromMonth,
      lastMonth: firstOfMonth(serviceEnd),
      upTo: upToOf(ahead ? earnedMinor : 0n, amounts),
      totalMinor: allocatedMinor,
      afterPosition: lastPosition(old.schedule),
    }),
  };
}
