import { TributaryError } from '../../kernel/errors.ts';
import { divideRounded, formatMinor } from '../../kernel/money.ts';
import type { CreditableLine } from './credit-notes-store.ts';

/** What of a line is taken back. */
export interface CreditPart {
  readonly line: CreditableLine;
  readonly amountMinor: bigint;
  readonly taxMinor: bigint;
}

/** Everything that is left of every line. */
export function wholeCredit(lines: readonly CreditableLine[]): CreditPart[] {
  return lines
    .map((line) => ({ line, amountMinor: line.leftMinor, taxMinor: line.leftTaxMinor }))
    .filter(isSomething);
}

const isSomething = ({ amountMinor, taxMinor }: CreditPart): boolean => amountMinor !== 0n || taxMinor !== 0n;

/**
 * Net amounts of named lines; each takes its share of the line's tax, half away from zero, the last of a line all that is left.
 * Errors: `invalid_request` (no such line, named twice), `exceeds_creditable`.
 */
export function creditOfLines(
  lines: readonly CreditableLine[],
  wanted: readonly { readonly position: number; readonly amountMinor: bigint | null }[],
  currency: string,
): CreditPart[] {
  if (new Set(wanted.map(({ position }) => position)).size !== wanted.length) {
    throw new TributaryError('invalid_request', 'A line is named twice.');
  }
  return wanted.map(({ position, amountMinor }) => {
    const line = lines.find((found) => found.position === position);
    if (!line) throw new TributaryError('invalid_request', `The invoice has no line ${position}.`);
    if (amountMinor === null) return { line, amountMinor: line.leftMinor, taxMinor: line.leftTaxMinor };
    // A line of a discount is negative: the credit of it is too.
    const signedMinor = line.leftMinor < 0n ? -amountMinor : amountMinor;
    const leftMinor = line.leftMinor < 0n ? -line.leftMinor : line.leftMinor;
    if (amountMinor > leftMinor) {
      throw new TributaryError(
        'exceeds_creditable',
        `Of line ${position} ${formatMinor(leftMinor, currency)} ${currency} are left.`,
      );
    }
    const taxMinor =
      signedMinor === line.leftMinor
        ? line.leftTaxMinor
        : divideRounded(line.leftTaxMinor * amountMinor, leftMinor, 'half_away_from_zero');
    return { line, amountMinor: signedMinor, taxMinor };
  });
}

/**
 * A gross amount over all lines and their tax in proportion to what is left of each, so that the parts sum to it exactly and none
 * takes more than is left: rounded along the running sum. Errors: `exceeds_creditable`.
 */
export function creditOfAmount(
  lines: readonly CreditableLine[],
  amountMinor: bigint,
  currency: string,
): CreditPart[] {
  const leftMinor = lines.reduce((sum, line) => sum + line.leftMinor + line.leftTaxMinor, 0n);
  if (amountMinor > leftMinor) {
    throw new TributaryError(
      'exceeds_creditable',
      `Of the invoice ${formatMinor(leftMinor, currency)} ${currency} are left to credit.`,
    );
  }
  let summedMinor = 0n;
  let givenMinor = 0n;
  const next = (partMinor: bigint): bigint => {
    summedMinor += partMinor;
    const shareMinor =
      divideRounded(summedMinor * amountMinor, leftMinor, 'half_away_from_zero') - givenMinor;
    givenMinor += shareMinor;
    return shareMinor;
  };
  return lines
    .map((line) => {
      const netMinor = next(line.leftMinor);
      return { line, amountMinor: netMinor, taxMinor: next(line.leftTaxMinor) };
    })
    .filter(isSomething);
}
