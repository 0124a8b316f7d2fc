/**
 * An exact decimal number: `digits / 10^scale`. Quantities, unit prices, percentages and rates are decimals;
 * money is made from them once, by rounding to minor units with a named direction.
 */
export interface Decimal {
  readonly digits: bigint;
  readonly scale: number;
}

/** More digits than any price, quantity or rate carries; a longer text is an attack or an error, not a number. */
export const decimalDigitsMax = 40;

const decimalPattern = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;

export const zero: Decimal = { digits: 0n, scale: 0 };

/**
 * The number that the text says exactly, or null when it is not one: empty, words, separators of thousands,
 * `NaN`, or more than `decimalDigitsMax` digits (so that `1e400` is refused instead of filling the memory).
 */
export function parseDecimal(text: string): Decimal | null {
  const trimmed = text.trim();
  const match = decimalPattern.exec(trimmed);
  if (!match) return null;
  const [, sign = '', whole = '', fraction = '', exponentText = '0'] = match;
  if (whole === '' && fraction === '') return null;
  const exponent = Number(exponentText);
  if (whole.length + fraction.length > decimalDigitsMax || Math.abs(exponent) > decimalDigitsMax) return null;
  let digits = BigInt(`${whole}${fraction}`);
  let scale = fraction.length - exponent;
  if (scale < 0) {
    digits *= 10n ** BigInt(-scale);
    scale = 0;
  }
  return normalize({ digits: sign === '-' ? -digits : digits, scale });
}

function normalize(value: Decimal): Decimal {
  let { digits, scale } = value;
  while (scale > 0 && digits % 10n === 0n) {
    digits /= 10n;
    scale -= 1;
  }
  return { digits, scale };
}

export function decimalFromInteger(value: bigint | number): Decimal {
  return { digits: BigInt(value), scale: 0 };
}

export function formatDecimal(value: Decimal): string {
  const negative = value.digits < 0n;
  const text = (negative ? -value.digits : value.digits).toString().padStart(value.scale + 1, '0');
  const whole = text.slice(0, text.length - value.scale);
  const fraction = text.slice(text.length - value.scale);
  return `${negative ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

export function add(left: Decimal, right: Decimal): Decimal {
  const scale = Math.max(left.scale, right.scale);
  return normalize({
    digits:
      left.digits * 10n ** BigInt(scale - left.scale) + right.digits * 10n ** BigInt(scale - right.scale),
    scale,
  });
}

export function negate(value: Decimal): Decimal {
  return { digits: -value.digits, scale: value.scale };
}

export function subtract(left: Decimal, right: Decimal): Decimal {
  return add(left, negate(right));
}

export function multiply(left: Decimal, right: Decimal): Decimal {
  return normalize({ digits: left.digits * right.digits, scale: left.scale + right.scale });
}

/** The value divided by 100, exactly: what a percentage is of one. */
export function percentOf(value: Decimal): Decimal {
  return normalize({ digits: value.digits, scale: value.scale + 2 });
}

export function compare(left: Decimal, right: Decimal): number {
  const { digits } = subtract(left, right);
  return digits < 0n ? -1 : digits > 0n ? 1 : 0;
}

export function isZero(value: Decimal): boolean {
  return value.digits === 0n;
}

export function isNegative(value: Decimal): boolean {
  return value.digits < 0n;
}
