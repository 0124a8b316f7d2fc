import type { CalendarDate } from '../../kernel/dates.ts';
import { decimalFromInteger, parseDecimal } from '../../kernel/decimal.ts';
import { TributaryError } from '../../kernel/errors.ts';
import { isAmountInRange } from '../../kernel/money.ts';
import { toBaseAmounts } from '../base-amounts.ts';
import type { FoundRate } from '../exchange-rates-store.ts';
import type { NewJournalLine } from '../journal-store.ts';
import type { MonetaryBalance } from './monetary-balances-store.ts';

/** A balance at the closing rate. */
export interface RevaluationFigure extends MonetaryBalance {
  /** Base units for one unit. Null where nothing is left in the currency. */
  readonly rate: string | null;
  readonly rateDate: CalendarDate | null;
  readonly newBaseMinor: bigint;
}

/** What the base has to gain (positive: a debit) for the balance to stand at the closing rate. */
export const differenceOf = (figure: RevaluationFigure): bigint => figure.newBaseMinor - figure.bookBaseMinor;

/**
 * Balances at their closing rates, rounded half away from zero to minor units of the base. Where no foreign currency is left, what
 * is left of it in the base goes too. Errors: `amount_out_of_range`. Every balance that is not zero has a rate.
 */
export function toFigures(
  balances: readonly MonetaryBalance[],
  baseCurrency: string,
  rateOf: (currency: string) => FoundRate,
): RevaluationFigure[] {
  return balances.map((balance) => {
    if (balance.balanceMinor === 0n) return { ...balance, rate: null, rateDate: null, newBaseMinor: 0n };
    const { rate, date } = rateOf(balance.currency);
    const factor = parseDecimal(rate) ?? decimalFromInteger(1);
    const [newBaseMinor = 0n] = toBaseAmounts([balance.balanceMinor], balance.currency, baseCurrency, factor);
    if (!isAmountInRange(newBaseMinor)) {
      const where = `${balance.account} ${balance.accountName} in ${balance.currency} at a rate of ${rate}.`;
      throw new TributaryError('amount_out_of_range', where);
    }
    return { ...balance, rate, rateDate: date, newBaseMinor };
  });
}

/**
 * The lines of the entry: each balance's difference, and against it the gains and the losses of each currency, all in the base alone
 * (the amount in the currency is zero). Empty: every balance stands at its closing rate already.
 */
export function revaluationLines(
  figures: readonly RevaluationFigure[],
  accounts: { readonly gain: string; readonly loss: string },
): NewJournalLine[] {
  const lines: NewJournalLine[] = [];
  const results = new Map<string, { gainMinor: bigint; lossMinor: bigint }>();
  for (const figure of figures) {
    const differenceMinor = differenceOf(figure);
    if (differenceMinor === 0n) continue;
    const { accountId, currency } = figure;
    lines.push({ accountId, currency, amountMinor: 0n, baseMinor: differenceMinor });
    const result = results.get(currency) ?? { gainMinor: 0n, lossMinor: 0n };
    if (differenceMinor > 0n) result.gainMinor += differenceMinor;
    else result.lossMinor -= differenceMinor;
    results.set(currency, result);
  }
  for (const [currency, { gainMinor, lossMinor }] of results) {
    if (gainMinor > 0n)
      lines.push({ accountId: accounts.gain, currency, amountMinor: 0n, baseMinor: -gainMinor });
    if (lossMinor > 0n)
      lines.push({ accountId: accounts.loss, currency, amountMinor: 0n, baseMinor: lossMinor });
  }
  return lines;
}

/** Whether nothing that the figures stand on has changed: balances, book amounts, and what the rates make of them. */
export function sameFigures(
  left: readonly RevaluationFigure[],
  right: readonly RevaluationFigure[],
): boolean {
  const textOf = (figures: readonly RevaluationFigure[]): string =>
    figures
      .map(({ accountId, currency, balanceMinor, bookBaseMinor, newBaseMinor }) =>
        [accountId, currency, balanceMinor, bookBaseMinor, newBaseMinor].join(' '),
      )
      .sort((a, b) => (a < b ? -1 : 1))
      .join('\n');
  return textOf(left) === textOf(right);
}
