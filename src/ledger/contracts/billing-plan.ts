import { addDays, type CalendarDate } from '../../kernel/dates.ts';
import { allocate } from '../../kernel/money.ts';
import { addMonths } from '../../kernel/months.ts';

export const billingPlans = [
  'up_front',
  'monthly_advance',
  'quarterly_advance',
  'annual_advance',
  'monthly_arrears',
  'quarterly_arrears',
  'annual_arrears',
  'custom',
] as const;
export type BillingPlan = (typeof billingPlans)[number];

export interface PlannedBilling {
  readonly date: CalendarDate;
  readonly amountMinor: bigint;
  readonly taxMinor: bigint;
}

const monthsOfPlan = { monthly: 1, quarterly: 3, annual: 12 } as const;

/** Days on which invoices are made, from the first day of the contract to its last. In arrears: the last day of each part. */
function billDates(
  plan: Exclude<BillingPlan, 'custom'>,
  start: CalendarDate,
  end: CalendarDate,
): CalendarDate[] {
  if (plan === 'up_front') return [start];
  const [every, when] = plan.split('_') as [keyof typeof monthsOfPlan, 'advance' | 'arrears'];
  const dates: CalendarDate[] = [];
  for (let part = 0; addMonths(start, part * monthsOfPlan[every]) <= end; part += 1) {
    const first = addMonths(start, part * monthsOfPlan[every]);
    const last = addDays(addMonths(start, (part + 1) * monthsOfPlan[every]), -1);
    dates.push(when === 'advance' ? first : last < end ? last : end);
  }
  return dates;
}

/**
 * When the price and its tax are billed: equal parts (a shorter last part counts as a whole one) that sum exactly, those that
 * rounding leaves a minor unit larger first.
 */
export function planBilling(
  amountMinor: bigint,
  taxMinor: bigint,
  plan: Exclude<BillingPlan, 'custom'>,
  start: CalendarDate,
  end: CalendarDate,
): PlannedBilling[] {
  const dates = billDates(plan, start, end);
  const even = dates.map(() => 1n);
  const amounts = allocate(amountMinor, even);
  const taxes = allocate(taxMinor, even);
  return dates.map((date, index) => ({
    date,
    amountMinor: amounts[index] ?? 0n,
    taxMinor: taxes[index] ?? 0n,
  }));
}
