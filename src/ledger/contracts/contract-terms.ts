import { addDays, type CalendarDate } from '../../kernel/dates.ts';
import { TributaryError } from '../../kernel/errors.ts';
import { allocate } from '../../kernel/money.ts';
import { allocatePrice } from './allocation.ts';
import { addMonths, firstOfMonth } from '../../kernel/months.ts';
import { contractMonthsMax } from '../../model/configuration.ts';
import type { ContractObligation, ScheduledPart } from './contract-state.ts';
import { type RecognitionMethod, scheduleOf } from './schedule.ts';

/** A line of a draft contract, as far as its terms go. */
export interface ContractLine {
  readonly position: number;
  readonly itemId: string | null;
  readonly itemKind: 'service' | 'goods';
  readonly incomeAccountId: string | null;
  readonly deferredAccountId: string | null;
  readonly description: string;
  readonly quantity: string;
  readonly amountMinor: bigint;
  readonly discountMinor: bigint;
  readonly standaloneMinor: bigint | null;
  readonly serviceStart: CalendarDate | null;
  readonly serviceEnd: CalendarDate | null;
  /** Null: by the kind of the item. */
  readonly recognition: RecognitionMethod | null;
}

/** What somebody says of a line when the contract is activated; what is absent is as the deal has it. */
export interface LineTerms {
  readonly position: number;
  readonly recognition?: RecognitionMethod;
  readonly serviceStart?: CalendarDate;
  readonly serviceEnd?: CalendarDate;
  readonly standaloneMinor?: bigint;
  readonly milestones?: readonly { readonly name: string; readonly weight: bigint }[];
}

/** A performance obligation before its contract is activated. */
export interface ObligationTerms extends Omit<ContractObligation, 'id' | 'incomeAccountId'> {
  /** Null: the account that plays the part of income. */
  readonly incomeAccountId: string | null;
}

/** Months of a service whose deal says no term. */
export const termMonthsDefault = 12;

const invalid = (position: number, message: string): TributaryError =>
  new TributaryError('invalid_request', `Line ${position}: ${message}`, {
    fields: [{ field: `lines.${position}`, message }],
  });

function periodOf(
  line: ContractLine,
  terms: LineTerms | undefined,
  documentDate: CalendarDate,
): { readonly serviceStart: CalendarDate; readonly serviceEnd: CalendarDate } {
  const serviceStart = terms?.serviceStart ?? line.serviceStart ?? documentDate;
  const serviceEnd =
    terms?.serviceEnd ??
    line.serviceEnd ??
    (line.itemKind === 'goods' ? serviceStart : addDays(addMonths(serviceStart, termMonthsDefault), -1));
  if (serviceEnd < serviceStart) throw invalid(line.position, 'The service ends before it starts.');
  if (addMonths(firstOfMonth(serviceStart), contractMonthsMax) <= serviceEnd) {
    throw invalid(line.position, `The service is longer than ${contractMonthsMax} months.`);
  }
  return { serviceStart, serviceEnd };
}

const notYet = { reachedOn: null, recognised: false } as const;

function scheduleParts(
  amountMinor: bigint,
  recognition: RecognitionMethod,
  period: { readonly serviceStart: CalendarDate; readonly serviceEnd: CalendarDate },
  terms: LineTerms | undefined,
  position: number,
): ScheduledPart[] {
  if (recognition !== 'milestone') {
    return scheduleOf(amountMinor, recognition, period.serviceStart, period.serviceEnd)
      .filter((part) => part.amountMinor !== 0n)
      .map((part, index) => ({ ...part, ...notYet, position: index + 1, milestone: null, weight: null }));
  }
  const milestones = terms?.milestones ?? [];
  if (milestones.length === 0) throw invalid(position, 'Name at least one milestone with its weight.');
  const amounts = allocate(
    amountMinor,
    milestones.map(({ weight }) => weight),
  );
  return milestones.map(({ name, weight }, index) => ({
    ...notYet,
    position: index + 1,
    period: null,
    amountMinor: amounts[index] ?? 0n,
    milestone: name,
    weight,
  }));
}

/**
 * The performance obligations of a draft: one a line with a stand-alone price above zero. A line below zero is a discount on the
 * contract and falls on all of them. Errors: `invalid_request`, `invalid_amount` (nothing to promise, or the price is below zero).
 */
export function obligationsOf(
  lines: readonly ContractLine[],
  documentDate: CalendarDate,
  terms: readonly LineTerms[] = [],
): ObligationTerms[] {
  const termsOf = new Map(terms.map((line) => [line.position, line]));
  const unknown = terms.find(({ position }) => !lines.some((line) => line.position === position));
  if (unknown) throw invalid(unknown.position, 'The contract has no such line.');
  const priceMinor = lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
  const promised = lines
    .map((line) => ({
      line,
      standaloneMinor:
        termsOf.get(line.position)?.standaloneMinor ??
        line.standaloneMinor ??
        line.amountMinor + line.discountMinor,
    }))
    .filter(({ standaloneMinor }) => standaloneMinor > 0n);
  if (promised.length === 0 || priceMinor < 0n) {
    throw new TributaryError('invalid_amount', 'A contract needs a line with a price above zero.');
  }
  const prices = allocatePrice(
    priceMinor,
    promised.map(({ standaloneMinor }) => standaloneMinor),
  );
  return promised.map(({ line, standaloneMinor }, index) => {
    const own = termsOf.get(line.position);
    const period = periodOf(line, own, documentDate);
    const recognition =
      own?.recognition ??
      (own?.milestones
        ? 'milestone'
        : (line.recognition ?? (line.itemKind === 'goods' ? 'immediate' : 'daily')));
    const allocatedMinor = prices[index] ?? 0n;
    return {
      position: line.position,
      itemId: line.itemId,
      incomeAccountId: line.incomeAccountId,
      description: line.description,
      quantity: line.quantity,
      standaloneMinor,
      allocatedMinor,
      recognition,
      ...period,
      schedule: scheduleParts(allocatedMinor, recognition, period, own, line.position),
    };
  });
}
