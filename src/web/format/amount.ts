import { isCurrency, minorDigitsOf } from '../../kernel/currencies.ts';

const decimalPattern = /^(-?)(\d+)(?:\.(\d+))?$/;

function decimalSeparator(locale: string | undefined): string {
  const parts = new Intl.NumberFormat(locale, { numberingSystem: 'latn' }).formatToParts(0.5);
  return parts.find((part) => part.type === 'decimal')?.value ?? '.';
}

function join(sign: string, whole: string, fraction: string, locale: string | undefined): string {
  // BigInt keeps every digit; a float would lose them beyond 2^53.
  const grouped = new Intl.NumberFormat(locale, { numberingSystem: 'latn' }).format(BigInt(whole));
  const isZero = /^0*$/.test(`${whole}${fraction}`);
  const minus = sign === '-' && !isZero ? '−' : '';
  return `${minus}${grouped}${fraction === '' ? '' : `${decimalSeparator(locale)}${fraction}`}`;
}

/**
 * A decimal string of money as a reader of the locale writes it, with the currency's own decimals: `-1234.5` in USD is
 * `−1,234.50`. Decimals beyond the currency's are kept: rounding is not for the page to do. Anything else comes back as it is.
 */
export function formatAmount(amount: string, currency: string, locale?: string): string {
  const match = decimalPattern.exec(amount);
  if (!match) return amount;
  const [, sign = '', whole = '0', fraction = ''] = match;
  const digits = isCurrency(currency) ? minorDigitsOf(currency) : fraction.length;
  return join(sign, whole, fraction.replace(/0+$/, '').padEnd(digits, '0'), locale);
}

/** A quantity, price or rate with as many decimals as it has. */
export function formatNumber(value: string, locale?: string): string {
  const match = decimalPattern.exec(value);
  if (!match) return value;
  const [, sign = '', whole = '0', fraction = ''] = match;
  return join(sign, whole, fraction.replace(/0+$/, ''), locale);
}

/** A price: the currency's decimals at least, more where it has more. */
export const formatPrice = formatAmount;

export function isZeroAmount(amount: string): boolean {
  return /^-?0*(\.0*)?$/.test(amount);
}
