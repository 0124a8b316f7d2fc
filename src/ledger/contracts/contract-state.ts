import type { CalendarDate } from '../../kernel/dates.ts';
import type { RecognitionMethod } from './schedule.ts';

/** One row of an obligation's schedule. Amounts in minor units; a correction can be below zero. */
export interface ScheduledPart {
  readonly position: number;
  /** First day of the month; null: a milestone that is not reached. */
  readonly period: CalendarDate | null;
  readonly amountMinor: bigint;
  readonly milestone: string | null;
  /** Of a milestone: its share of the obligation among the others'. */
  readonly weight: bigint | null;
  readonly reachedOn: CalendarDate | null;
  readonly recognised: boolean;
}

export interface ServiceTerms {
  readonly recognition: RecognitionMethod;
  readonly serviceStart: CalendarDate;
  readonly serviceEnd: CalendarDate;
}

/** A performance obligation of an active contract with its schedule. */
export interface ContractObligation extends ServiceTerms {
  readonly id: string;
  readonly position: number;
  readonly itemId: string | null;
  readonly incomeAccountId: string;
  readonly description: string;
  readonly quantity: string;
  readonly standaloneMinor: bigint;
  readonly allocatedMinor: bigint;
  readonly schedule: readonly ScheduledPart[];
}

/** A part of the billing plan; below zero: a credit note. */
export interface ContractBilling {
  readonly position: number;
  readonly date: CalendarDate;
  readonly amountMinor: bigint;
  readonly taxMinor: bigint;
  /** A document that stands bills it: it does not change any more. */
  readonly billed: boolean;
}

/** What a change of a contract starts from, and what it leads to. */
export interface ContractState {
  readonly currency: string;
  readonly priceMinor: bigint;
  readonly obligations: readonly ContractObligation[];
  readonly billings: readonly ContractBilling[];
}

export const sumOf = (amounts: readonly bigint[]): bigint =>
  amounts.reduce((sum, amountMinor) => sum + amountMinor, 0n);

/** The tax of the whole billing plan. */
export const taxOfBillings = (billings: readonly ContractBilling[]): bigint =>
  sumOf(billings.map(({ taxMinor }) => taxMinor));
