import { parseDecimal } from '../kernel/decimal.ts';
import { TributaryError } from '../kernel/errors.ts';
import { formatMinor } from '../kernel/money.ts';
import { taxOf } from './by-hand/draft-lines.ts';
import type { PostingLine } from './posting-store.ts';

/** One credit of tax; `accountId` null: the account of the role `tax_payable`. */
export interface TaxToPost {
  readonly accountId: string | null;
  readonly amountMinor: bigint;
}

/**
 * The tax of a document, one sum for each code and one for the CRM's tax of lines without a code, in the order of the lines; a sum of
 * zero is left out. Throws `invalid_amount` when a line's tax is not what its code's rate makes of it: the rate was changed since.
 */
export function taxesToPost(lines: readonly PostingLine[], currency: string): TaxToPost[] {
  const sums = new Map<string | null, TaxToPost>();
  for (const { position, taxCode, taxMinor, amountMinor } of lines) {
    const rate = parseDecimal(taxCode?.ratePercent ?? '');
    const charged = rate ? taxOf(amountMinor, rate, currency) : taxMinor;
    if (charged !== taxMinor) {
      throw new TributaryError(
        'invalid_amount',
        `Line ${position}: its tax is ${formatMinor(taxMinor, currency)}, but ${taxCode?.code ?? ''} comes to ${formatMinor(charged, currency)}. Save the draft again, so that its tax is worked out anew.`,
      );
    }
    const key = taxCode?.id ?? null;
    sums.set(key, {
      accountId: taxCode?.accountId ?? null,
      amountMinor: (sums.get(key)?.amountMinor ?? 0n) + taxMinor,
    });
  }
  return [...sums.values()].filter(({ amountMinor }) => amountMinor !== 0n);
}
