import { add, type Decimal, formatDecimal, parseDecimal, subtract, zero } from '../../kernel/decimal.ts';

interface Summand {
  readonly currency: string;
  readonly total: string;
}

/** The exact total and number of rows for each currency, in the order of the codes. */
export function totalsPerCurrency(rows: readonly Summand[]) {
  const sums = new Map<string, { total: Decimal; count: number }>();
  for (const { currency, total } of rows) {
    const sum = sums.get(currency) ?? { total: zero, count: 0 };
    sums.set(currency, { total: add(sum.total, parseDecimal(total) ?? zero), count: sum.count + 1 });
  }
  return [...sums]
    .map(([currency, { total, count }]) => ({ currency, count, total: formatDecimal(total) }))
    .sort((left, right) => left.currency.localeCompare(right.currency));
}

/** `left − right` of two decimal strings, exactly. */
export function subtractAmounts(left: string, right: string): string {
  return formatDecimal(subtract(parseDecimal(left) ?? zero, parseDecimal(right) ?? zero));
}

/** The exact sum of decimal strings; what is no decimal counts as nothing. */
export function sumAmounts(amounts: readonly string[]): string {
  return formatDecimal(amounts.reduce((sum, amount) => add(sum, parseDecimal(amount) ?? zero), zero));
}
