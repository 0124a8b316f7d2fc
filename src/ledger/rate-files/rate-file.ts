import type { CalendarDate } from '../../kernel/dates.ts';
import type { Decimal } from '../../kernel/decimal.ts';
import { decimalFromInteger, compare, parseDecimal } from '../../kernel/decimal.ts';
import { type FieldError, TributaryError } from '../../kernel/errors.ts';

/** The forms that a file of rates can have: columns date, currency and rate, or one of those that the ECB publishes. */
export const rateFileFormats = ['csv', 'ecb_csv', 'ecb_xml'] as const;
export type RateFileFormat = (typeof rateFileFormats)[number];

/** The ECB's whole history since 1999 as XML is some 8 MB; a larger file is something else, and would fill the memory. */
export const rateFileBytesMax = 16 * 1024 * 1024;
/** The ECB's whole history is some 220,000 rates. Beyond this an import takes minutes in one transaction. */
export const rateFileRowsMax = 300_000;
/** More mistakes than a person mends in one go; the file is the wrong one then. */
const mistakesMax = 20;

/** A rate as the file has it. What it is a rate of, its format says. */
export interface RateFileRow {
  /** From 1. */
  readonly line: number;
  readonly date: CalendarDate;
  readonly currency: string;
  readonly rate: Decimal;
}

/** Collects what is wrong with a file, each mistake with its line, so that all of them can be mended at once. */
export interface Mistakes {
  readonly add: (line: number, column: string | null, message: string) => void;
  /** Throws `invalid_rate_file` when there were any. */
  readonly throwIfAny: () => void;
}

export function collectMistakes(): Mistakes {
  const fields: FieldError[] = [];
  let count = 0;
  return {
    add: (line, column, message) => {
      count += 1;
      if (fields.length < mistakesMax) {
        fields.push({ field: column === null ? `line ${line}` : `line ${line}, ${column}`, message });
      }
    },
    throwIfAny: () => {
      const [first] = fields;
      if (!first) return;
      const more = count === 1 ? '' : ` There are ${count} mistakes.`;
      throw new TributaryError('invalid_rate_file', `${first.field}: ${first.message}${more}`, { fields });
    },
  };
}

/** The file as a whole is wrong. */
export function refuseRateFile(message: string): never {
  throw new TributaryError('invalid_rate_file', message, { fields: [{ field: 'content', message }] });
}

/** Rates from here on are typing errors; the database refuses them too. */
const rateMax = decimalFromInteger(10n ** 12n);

/** The rate that a text says, or what is wrong with it. */
export function readRate(text: string): Decimal | string {
  const value = /^\d+(\.\d+)?$/.test(text) ? parseDecimal(text) : null;
  if (value === null) {
    return text.includes(',')
      ? `“${shorten(text)}” has a comma: write decimals with a point, such as 1.0825.`
      : `“${shorten(text)}” is no rate: write a decimal greater than 0, such as 1.0825.`;
  }
  if (compare(value, decimalFromInteger(0)) <= 0) return 'A rate is greater than 0.';
  return compare(value, rateMax) >= 0 ? 'A rate is less than 10^12; check it for a typing error.' : value;
}

/** What is repeated of a file in a message: a few characters of a cell, whatever it holds. */
export function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
