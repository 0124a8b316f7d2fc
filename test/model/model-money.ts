/** Decimals of the currencies that the model knows. */
const decimals: Readonly<Record<string, number>> = { EUR: 2, USD: 2, JPY: 0, KWD: 3 };

export const modelCurrencies = ['EUR', 'USD', 'JPY', 'KWD'] as const;

export function decimalsOf(currency: string): number {
  const found = decimals[currency];
  if (found === undefined) throw new Error(`The model does not know ${currency}`);
  return found;
}

/** The direction in which the books round: half away from zero. A planted bug brings another one. */
export type Round = (numerator: bigint, denominator: bigint) => bigint;

export const roundHalfAway: Round = (numerator, denominator) => {
  const size = numerator < 0n ? -numerator : numerator;
  const rounded = (2n * size + denominator) / (2n * denominator);
  return numerator < 0n ? -rounded : rounded;
};

export const sum = (amounts: readonly bigint[]): bigint =>
  amounts.reduce((total, amount) => total + amount, 0n);

const sizeOf = (amount: bigint): bigint => (amount < 0n ? -amount : amount);

/** `1234` of EUR is `12.34`. */
export function amountText(minor: bigint, currency: string): string {
  const places = decimalsOf(currency);
  const digits = sizeOf(minor)
    .toString()
    .padStart(places + 1, '0');
  const whole = digits.slice(0, digits.length - places);
  const text = places === 0 ? whole : `${whole}.${digits.slice(-places)}`;
  return minor < 0n ? `-${text}` : text;
}

/**
 * Amounts of one currency in the base, at a rate such as `0.9174` base units for one unit. The sum of the results is the rounded sum: what
 * rounding each leaves over goes, a unit each, to those that rounding had moved furthest the other way, the first of equals.
 */
export function inBase(
  amounts: readonly bigint[],
  currency: string,
  base: string,
  rate: string,
  round: Round,
): bigint[] {
  const [whole = '0', fraction = ''] = rate.split('.');
  const times = BigInt(`${whole}${fraction}`) * 10n ** BigInt(decimalsOf(base));
  const per = 10n ** BigInt(fraction.length + decimalsOf(currency));
  const results = amounts.map((amount) => round(amount * times, per));
  for (;;) {
    const missing = round(sum(amounts) * times, per) - sum(results);
    if (missing === 0n) return results;
    const up = missing > 0n;
    const errors = amounts.map((amount, index) => {
      const error = amount * times - (results[index] ?? 0n) * per;
      return up ? error : -error;
    });
    const worst = errors.reduce((best, error, index) => (error > (errors[best] ?? 0n) ? index : best), 0);
    results[worst] = (results[worst] ?? 0n) + (up ? 1n : -1n);
  }
}

/** The part of a base amount that goes with a part of an open amount; the last part takes what there is. */
export function shareOf(base: bigint, open: bigint, part: bigint, round: Round): bigint {
  return part === open ? base : round(base * part, open);
}
