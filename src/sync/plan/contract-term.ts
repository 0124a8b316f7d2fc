import { addDays, type CalendarDate, parseCalendarDate } from '../../kernel/dates.ts';
import { divideRounded } from '../../kernel/money.ts';
import { addMonths, firstOfMonth } from '../../kernel/months.ts';
import { contractMonthsMax, type ContractSettings } from '../../model/configuration.ts';
import type { SourceFacts } from '../../model/source-record.ts';

/** A line's amounts as the CRM shows them: for one billing period. */
interface PeriodAmounts {
  readonly amountMinor: bigint;
  readonly discountMinor: bigint;
  readonly taxMinor: bigint;
}

/** The term that the CRM says; one that is longer than a schedule can be says nothing. */
const termOf = ({ termMonths }: SourceFacts): number | undefined =>
  termMonths !== undefined && termMonths <= contractMonthsMax ? termMonths : undefined;

/** What a contract takes of a recurring line: the whole term, each amount rounded once. One that does not recur counts as it is. */
export function wholeTerm<Line extends PeriodAmounts>(line: Line, facts: SourceFacts): Line {
  const { billingPeriodMonths } = facts;
  const termMonths = termOf(facts);
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

/** When what a line promises is delivered, and how its revenue is recognised. */
export interface Service {
  readonly serviceStart: CalendarDate;
  readonly serviceEnd: CalendarDate;
  readonly recognition: 'immediate' | 'daily' | 'monthly';
}

/**
 * The service as the CRM says it: from its start (else the document's date) to its end, else over its term. A service of which it says
 * neither end nor term lasts as long as is configured; goods are delivered on the day.
 */
export function serviceOf(
  facts: SourceFacts,
  documentDate: CalendarDate,
  kind: 'service' | 'goods',
  { termMonths, recognition }: ContractSettings,
): Service {
  const serviceStart = parseCalendarDate(facts.serviceStart ?? '') ?? documentDate;
  const said = parseCalendarDate(facts.serviceEnd ?? '');
  const isPossible =
    said !== null && said >= serviceStart && said < addMonths(firstOfMonth(serviceStart), contractMonthsMax);
  const term = termOf(facts);
  const months = term ?? (kind === 'goods' ? null : termMonths);
  const termEnd = months === null ? serviceStart : addDays(addMonths(serviceStart, months), -1);
  return {
    serviceStart,
    serviceEnd: isPossible ? said : termEnd,
    recognition: kind === 'goods' && term === undefined ? 'immediate' : recognition,
  };
}
