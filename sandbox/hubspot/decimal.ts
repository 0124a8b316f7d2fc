/**
 * Exact decimals for the portal's calculated amounts: HubSpot shows line amounts as decimal strings, and a
 * stand-in that computed them with floats would teach its users wrong cents.
 */
export interface Decimal {
  readonly units: bigint;
  readonly scale: number;
}

const PATTERN = /^([+-])?(\d*)(?:\.(\d*))?$/;

/** Parses a plain decimal string; null when it is none. */
export function parseDecimal(text: string | null | undefined): Decimal | null {
  if (text == null || text === '' || text === '.') return null;
  const match = PATTERN.exec(text);
  if (match === null) return null;
  const fraction = match[3] ?? '';
  const digits = `${match[2] ?? ''}${fraction}`;
  if (digits === '') return null;
  const units = BigInt(digits);
  return { units: match[1] === '-' ? -units : units, scale: fraction.length };
}

export function multiplyDecimals(left: Decimal, right: Decimal): Decimal {
  return { units: left.units * right.units, scale: left.scale + right.scale };
}

export function addDecimals(left: Decimal, right: Decimal): Decimal {
  const scale = Math.max(left.scale, right.scale);
  return { units: rescale(left, scale) + rescale(right, scale), scale };
}

export function negateDecimal(value: Decimal): Decimal {
  return { units: -value.units, scale: value.scale };
}

/** Rounds half away from zero to a number of fraction digits. */
export function roundDecimal(value: Decimal, digits: number): Decimal {
  if (value.scale <= digits) return { units: rescale(value, digits), scale: digits };
  const divisor = 10n ** BigInt(value.scale - digits);
  const negative = value.units < 0n;
  const absolute = negative ? -value.units : value.units;
  const rounded = (absolute * 2n + divisor) / (divisor * 2n);
  return { units: negative ? -rounded : rounded, scale: digits };
}

/** Writes a decimal with exactly its scale's fraction digits. */
export function formatDecimal(value: Decimal): string {
  const negative = value.units < 0n;
  const digits = (negative ? -value.units : value.units).toString().padStart(value.scale + 1, '0');
  const whole = digits.slice(0, digits.length - value.scale);
  const fraction = value.scale === 0 ? '' : `.${digits.slice(digits.length - value.scale)}`;
  return `${negative ? '-' : ''}${whole}${fraction}`;
}

/** Orders two decimals: negative, zero or positive as in Array.sort. */
export function compareDecimals(left: Decimal, right: Decimal): number {
  const difference = addDecimals(left, negateDecimal(right)).units;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

function rescale(value: Decimal, scale: number): bigint {
  return value.units * 10n ** BigInt(scale - value.scale);
}

/** Fraction digits of a currency (ISO 4217) among those that the sandbox uses. */
export function currencyDigits(code: string): number {
  if (code === 'JPY' || code === 'KRW' || code === 'CLP' || code === 'ISK') return 0;
  if (code === 'KWD' || code === 'BHD' || code === 'TND') return 3;
  return 2;
}
