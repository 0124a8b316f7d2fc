import { addDays, type CalendarDate, parseCalendarDate } from '../../kernel/dates.ts';
import { divideRounded } from '../../kernel/money.ts';
import { addMonths } from '../../kernel/months.ts';
import type { SourceFacts } from '../../model/source-record.ts';

/** A line's amounts as the CRM shows them: for one billing period. */
interface PeriodAmounts {
  readonly amountMinor: bigint;
  readonly discountMinor: bigint;
  readonly taxMinor: bigint;
}

/** What a contract takes of a recurring line: the whole term, each amount rounded once. One that does not recur counts as it is. */
export function wholeTerm<Line extends PeriodAmounts>(line: Line, facts: SourceFacts): Line {
  const { termMonths, billingPeriodMonths } = facts;
  if (termMonths === undefined || billingPeriodMonths === undefined) return line;
  const over = (amountMinor: bigint): bigint =>
    divideRounded(amountMinor * BigInt(termMonths), BigInt(billingPeriodMonths), 'half_away_from_zero');
  return {
    ...line,
    amountMinor: over(line.amountMinor),
    discountMinor: over(line.discountMinor),
    taxMinor: over(line.taxMinor),
  };
}

/** First and last day of the service as the CRM says them; a term without a start counts from the document's date. */
export function servicePeriod(
  facts: SourceFacts,
  documentDate: CalendarDate,
): { readonly serviceStart: CalendarDate | null; readonly serviceEnd: CalendarDate | null } {
  const start = parseCalendarDate(facts.serviceStart ?? '');
  const end = parseCalendarDate(facts.serviceEnd ?? '');
  if (start === null && facts.termMonths === undefined) return { serviceStart: null, serviceEnd: null };
  const serviceStart = start ?? documentDate;
  const termEnd =
    facts.termMonths === undefined ? null : addDays(addMonths(serviceStart, facts.termMonths), -1);
  const serviceEnd = end ?? termEnd;
  return { serviceStart, serviceEnd: serviceEnd !== null && serviceEnd < serviceStart ? null : serviceEnd };
}
