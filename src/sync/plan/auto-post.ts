import { parseDecimal } from '../../kernel/decimal.ts';
import { toMinor } from '../../kernel/money.ts';
import type { Configuration } from '../../model/configuration.ts';

/** After this many drafts of a connection were posted by hand as the sync had made them, posting by itself is offered. */
export const autoPostOfferAfter = 5;

export interface AutoPostCandidate {
  readonly currency: string;
  readonly totalMinor: bigint;
  /** Null: a customer that the sync is about to make. */
  readonly customerId: string | null;
}

/** Whether a draft that a sync makes is posted by the same run: nobody has to look at it first. */
export function qualifiesForAutoPost(
  autoPost: Configuration['autoPost'],
  { currency, totalMinor, customerId }: AutoPostCandidate,
): boolean {
  const { enabled, maximumAmounts = {}, onlyCustomers = [], exceptCustomers = [] } = autoPost;
  if (!enabled) return false;
  if (onlyCustomers.length > 0 && (customerId === null || !onlyCustomers.includes(customerId))) return false;
  if (customerId !== null && exceptCustomers.includes(customerId)) return false;
  if (Object.keys(maximumAmounts).length === 0) return true;
  // With limits, a currency without one is for a person to look at.
  const limit = parseDecimal(maximumAmounts[currency] ?? '');
  return limit !== null && totalMinor <= toMinor(limit, currency, 'toward_zero');
}
