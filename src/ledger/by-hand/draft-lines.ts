import type { CalendarDate } from '../../kernel/dates.ts';
import {
  compare,
  type Decimal,
  decimalFromInteger,
  formatDecimal,
  isNegative,
  multiply,
  parseDecimal,
  percentOf,
  subtract,
} from '../../kernel/decimal.ts';
import { type FieldError, TributaryError } from '../../kernel/errors.ts';
import { formatMinor, fromMinor, isAmountInRange, toMinor } from '../../kernel/money.ts';

/** A line as a person gives it; decimals as text. */
export interface DraftLineInput {
  readonly itemId?: string | null | undefined;
  readonly description?: string | undefined;
  /** Absent: 1. */
  readonly quantity?: string | undefined;
  /** Absent: the item's. */
  readonly unitPrice?: string | undefined;
  readonly discountPercent?: string | null | undefined;
  /** Of the whole line. */
  readonly discountAmount?: string | null | undefined;
  /** Absent: the customer's code, else the item's. Null: none. */
  readonly taxCodeId?: string | null | undefined;
  /** The CRM's tax of a line without a code; only on drafts that a sync made. */
  readonly tax?: string | undefined;
  /** Number of an income account; null or absent: the item's. */
  readonly account?: string | null | undefined;
  /** The CRM's line item that it came from. */
  readonly sourceId?: string | null | undefined;
}

/** What a line's item, code and account are in the books; the caller has looked them up. */
export interface LineReferences {
  readonly item: {
    readonly id: string;
    readonly sku: string;
    readonly name: string;
    readonly unitPrice: string | null;
  } | null;
  readonly taxCode: { readonly id: string; readonly ratePercent: string } | null;
  readonly accountId: string | null;
}

/** A line that the books can keep. */
export interface DraftLine {
  readonly position: number;
  readonly sourceId: string | null;
  readonly itemId: string | null;
  readonly description: string;
  readonly sku: string | null;
  readonly quantity: string;
  readonly unitPrice: string;
  readonly discountPercent: string | null;
  readonly discountMinor: bigint;
  readonly taxCodeId: string | null;
  readonly taxMinor: bigint;
  readonly amountMinor: bigint;
  readonly accountId: string | null;
  /** Of a line of a contract: when what it promises is delivered. */
  readonly service?: {
    readonly start: CalendarDate;
    readonly end: CalendarDate;
    readonly recognition: 'immediate' | 'daily' | 'monthly';
  };
}

const hundred = decimalFromInteger(100);

/** Tax of one line: its net amount at the rate, rounded once, half away from zero, to the currency's minor unit. */
export function taxOf(amountMinor: bigint, ratePercent: Decimal, currency: string): bigint {
  return toMinor(
    percentOf(multiply(fromMinor(amountMinor, currency), ratePercent)),
    currency,
    'half_away_from_zero',
  );
}

/**
 * The line with its amounts: quantity × unit price − discount, rounded once, half away from zero; the tax of its code is worked out of
 * that. Returns what is wrong by field instead when a number is none. Throws `amount_out_of_range`.
 */
export function priceDraftLine(
  input: DraftLineInput,
  references: LineReferences,
  position: number,
  currency: string,
): DraftLine | readonly FieldError[] {
  const errors: FieldError[] = [];
  const at = (field: string) => `lines.${position - 1}.${field}`;
  const read = (field: string, text: string | null | undefined): Decimal | null => {
    if (text === null || text === undefined) return null;
    const value = parseDecimal(text);
    if (!value) errors.push({ field: at(field), message: 'Give a decimal number such as 12.50.' });
    return value;
  };
  const { item, taxCode, accountId } = references;
  const description = input.description?.trim() ?? item?.name ?? '';
  if (description === '') errors.push({ field: at('description'), message: 'Say what is charged.' });
  const quantity = read('quantity', input.quantity ?? '1');
  const unitPrice = read('unitPrice', input.unitPrice ?? item?.unitPrice);
  if (!unitPrice && errors.length === 0) {
    errors.push({ field: at('unitPrice'), message: 'Give a unit price: the item has none.' });
  }
  const percent = read('discountPercent', input.discountPercent);
  const discount = read('discountAmount', input.discountAmount);
  if (percent && discount) {
    errors.push({ field: at('discountAmount'), message: 'Give a percentage or an amount, not both.' });
  }
  if (percent && (isNegative(percent) || compare(percent, hundred) > 0)) {
    errors.push({ field: at('discountPercent'), message: 'Give a percentage from 0 to 100.' });
  }
  const tax = read('tax', input.tax);
  if (tax && taxCode) {
    errors.push({ field: at('tax'), message: 'The tax code works the tax out: leave the amount out.' });
  }
  if (errors.length > 0 || !quantity || !unitPrice) return errors;
  const gross = multiply(quantity, unitPrice);
  const amountMinor = toMinor(
    subtract(gross, percent ? percentOf(multiply(gross, percent)) : (discount ?? decimalFromInteger(0))),
    currency,
    'half_away_from_zero',
  );
  const grossMinor = toMinor(gross, currency, 'half_away_from_zero');
  const rate = taxCode ? parseDecimal(taxCode.ratePercent) : null;
  const given = tax ? toMinor(tax, currency, 'half_away_from_zero') : 0n;
  const taxMinor = rate ? taxOf(amountMinor, rate, currency) : given;
  for (const value of [grossMinor, amountMinor, grossMinor - amountMinor, taxMinor]) {
    if (!isAmountInRange(value)) {
      throw new TributaryError('amount_out_of_range', `Line ${position}: ${formatMinor(value, currency)}.`);
    }
  }
  return {
    position,
    sourceId: input.sourceId ?? null,
    itemId: item?.id ?? null,
    description,
    sku: item?.sku ?? null,
    quantity: formatDecimal(quantity),
    unitPrice: formatDecimal(unitPrice),
    discountPercent: percent ? formatDecimal(percent) : null,
    discountMinor: grossMinor - amountMinor,
    taxCodeId: taxCode?.id ?? null,
    taxMinor,
    amountMinor,
    accountId,
  };
}
