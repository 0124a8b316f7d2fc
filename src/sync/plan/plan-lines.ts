import {
  type Decimal,
  decimalFromInteger,
  formatDecimal,
  isZero,
  parseDecimal,
  zero,
} from '../../kernel/decimal.ts';
import type { CalendarDate } from '../../kernel/dates.ts';
import { formatMinor, isAmountInRange, toMinor } from '../../kernel/money.ts';
import { contractDefaults, type FieldSource } from '../../model/configuration.ts';
import type { Warning } from '../../model/warning.ts';
import type { DocumentLineDraft } from '../../model/document-draft.ts';
import type { PriceTiers, SourceFacts, SourceRecord } from '../../model/source-record.ts';
import { type Properties, readField } from './field-source.ts';
import { serviceOf, wholeTerm } from './contract-term.ts';
import { lineAmount } from './line-amount.ts';
import type { BooksSnapshot, DealSnapshot, PlanContext, PlanOverlay } from './plan-context.ts';
import { itemKindOf, planItem } from './plan-item.ts';
import { type Refusal, refusal } from './refusal.ts';

export interface PlannedLines {
  readonly lines: readonly DocumentLineDraft[];
  readonly warnings: readonly Warning[];
}

/** The most lines of one document: PDFs and pages stay readable, and one deal cannot fill a batch by itself. */
export const documentLinesMax = 2_000;

/** The amounts of a deal's line items before any item or customer is looked at, in the CRM's order. */
export interface PricedLine {
  readonly record: SourceRecord;
  readonly quantity: Decimal;
  readonly unitPrice: Decimal;
  readonly discountPercent: Decimal | null;
  readonly discountMinor: bigint;
  readonly taxMinor: bigint;
  readonly amountMinor: bigint;
}

/** Line items with their amounts, or why one of them makes no sense. Zero lines are still among them. */
export function priceLines(
  snapshot: DealSnapshot,
  context: PlanContext,
  currency: string,
): PricedLine[] | Refusal {
  if (snapshot.lineItems.length > documentLinesMax) {
    return refusal('invalid_amount', {
      detail: `the deal has ${snapshot.lineItems.length} line items, more than ${documentLinesMax}`,
    });
  }
  const priced: PricedLine[] = [];
  for (const record of inOrder(snapshot.lineItems, context.configuration.deals.lines.position)) {
    const line = priceLine(record, context, currency);
    if ('code' in line) return line;
    priced.push(line);
  }
  return priced;
}

function tiersIn(
  currency: string,
  pricing: SourceFacts['pricing'],
): PriceTiers | { readonly invalid: string } | null {
  if (!pricing || !('byCurrency' in pricing)) return pricing ?? null;
  return pricing.byCurrency[currency] ?? { invalid: `there are no tier prices in ${currency}` };
}

function priceLine(record: SourceRecord, context: PlanContext, currency: string): PricedLine | Refusal {
  const { lines } = context.configuration.deals;
  const label = `of line item ${readField(lines.name, record.properties) ?? record.id}`;
  const quantity = readDecimal(lines.quantity, record.properties, decimalFromInteger(1));
  const unitPrice = readDecimal(lines.unitPrice, record.properties, null);
  const discountPerUnit = readDecimal(lines.discountAmount, record.properties, zero);
  const discountPercent = readDecimal(lines.discountPercent, record.properties, zero);
  const tax = readDecimal(lines.tax, record.properties, zero);
  for (const [name, value] of Object.entries({
    quantity,
    'unit price': unitPrice,
    discount: discountPerUnit,
    'discount percentage': discountPercent,
    tax,
  })) {
    if (typeof value === 'string')
      return refusal('invalid_amount', {
        detail: `the ${name} ${label} is “${value.slice(0, 60)}”, not a number`,
      });
  }
  const tiers = unitPrice === null ? tiersIn(currency, record.facts.pricing) : null;
  if (tiers && 'invalid' in tiers) {
    return refusal('invalid_vendor_data', {
      detail: `the price tiers ${label} cannot be read (${tiers.invalid.slice(0, 100)})`,
    });
  }
  const exact = {
    quantity: quantity as Decimal,
    unitPrice: unitPrice as Decimal | null,
    tiers,
    discountPerUnit: discountPerUnit as Decimal,
    discountPercent: discountPercent as Decimal,
  };
  const ofPeriod = lineAmount(exact, currency);
  if (!ofPeriod) return refusal('missing_required_field', { field: `unit price ${label}` });
  const priced = { ...ofPeriod, taxMinor: toMinor(tax as Decimal, currency, 'half_away_from_zero') };
  const amount = context.configuration.deals.kind === 'contract' ? wholeTerm(priced, record.facts) : priced;
  const { taxMinor } = amount;
  if (![amount.amountMinor, amount.discountMinor, taxMinor].every(isAmountInRange)) {
    return refusal('amount_out_of_range', {
      amount: `${formatMinor(amount.amountMinor, currency)} ${currency} ${label}`,
    });
  }
  return {
    record,
    quantity: exact.quantity,
    unitPrice: exact.unitPrice ?? effectiveUnitPrice(exact, currency),
    discountPercent: isZero(exact.discountPercent) ? null : exact.discountPercent,
    discountMinor: amount.discountMinor,
    taxMinor,
    amountMinor: amount.amountMinor,
  };
}

/** For a tiered line, which has no unit price of its own: the undiscounted amount of the line for one unit, as far as it divides. */
function effectiveUnitPrice(price: Parameters<typeof lineAmount>[0], currency: string): Decimal {
  const gross = lineAmount({ ...price, discountPerUnit: zero, discountPercent: zero }, currency);
  if (!gross || isZero(price.quantity)) return zero;
  const scale = 12;
  const numerator = gross.amountMinor * 10n ** BigInt(scale + price.quantity.scale);
  const perUnitMinor = numerator / price.quantity.digits;
  const oneMinor = toMinor(decimalFromInteger(1), currency, 'toward_zero');
  return parseDecimal(formatDecimal({ digits: perUnitMinor / oneMinor, scale })) ?? zero;
}

/** The number; the fallback when the field is empty or unmapped; the text itself when it is not a number. */
function readDecimal<Fallback>(
  source: FieldSource | null,
  properties: Properties,
  fallback: Fallback,
): Decimal | Fallback | string {
  const text = readField(source, properties);
  if (text === null) return fallback;
  return parseDecimal(text) ?? text;
}

/** By the mapped position where there is one, then by id: ids grow in the order of making. */
function inOrder(records: readonly SourceRecord[], position: FieldSource | null): SourceRecord[] {
  const rank = (record: SourceRecord): number => {
    const text = readField(position, record.properties);
    const value = text === null ? Number.NaN : Number(text);
    return Number.isFinite(value) ? value : Number.MAX_SAFE_INTEGER;
  };
  return [...records].sort(
    (a, b) => rank(a) - rank(b) || a.id.length - b.id.length || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
  );
}

/** The lines of the document with their items; zero lines left out and said so. */
export function planLines(
  priced: readonly PricedLine[],
  context: PlanContext,
  books: BooksSnapshot,
  overlay: PlanOverlay,
  snapshot: DealSnapshot,
  documentDate: CalendarDate,
): PlannedLines | Refusal {
  const { deals } = context.configuration;
  const fields = deals.lines;
  const lines: DocumentLineDraft[] = [];
  const warnings: Warning[] = [];
  for (const line of priced) {
    const { properties } = line.record;
    const name =
      readField(fields.name, properties) ??
      readField(fields.sku, properties) ??
      `Line item ${line.record.id}`;
    if (line.amountMinor === 0n && line.taxMinor === 0n) {
      warnings.push({
        code: 'zero_line_left_out',
        message: `The line item “${name}” has a zero amount and was left out.`,
      });
      continue;
    }
    const position = lines.length + 1;
    const lineSku = readField(fields.sku, properties);
    const productId = readField(fields.product, properties);
    const product =
      productId === null
        ? null
        : {
            id: productId,
            record: snapshot.products.get(productId) ?? null,
            fallbackName: name,
            fallbackSku: lineSku,
          };
    const item = planItem(product, position, context, books, overlay);
    if ('code' in item) return item;
    lines.push({
      position,
      sourceId: line.record.id,
      item,
      sku: lineSku ?? skuOf(snapshot, productId, context),
      description: describe(name, readField(fields.description, properties)),
      quantity: formatDecimal(line.quantity),
      unitPrice: formatDecimal(line.unitPrice),
      discountPercent: line.discountPercent ? formatDecimal(line.discountPercent) : null,
      discountMinor: line.discountMinor,
      taxMinor: line.taxMinor,
      amountMinor: line.amountMinor,
      ...(deals.kind === 'contract'
        ? serviceOf(
            line.record.facts,
            documentDate,
            itemKindOf(product, context),
            deals.contract ?? contractDefaults,
          )
        : {}),
    });
  }
  return { lines, warnings };
}

function skuOf(snapshot: DealSnapshot, productId: string | null, context: PlanContext): string | null {
  if (productId === null) return null;
  const product = snapshot.products.get(productId);
  const sku = product ? readField(context.configuration.products.fields.sku, product.properties) : null;
  return sku ?? `${context.skuPrefix}${productId}`;
}

function describe(name: string, description: string | null): string {
  return description === null || description === name ? name : `${name}\n${description}`;
}

/** One line that is not a line item of the CRM: the whole deal, or what makes up a difference. */
export function plainLine(
  position: number,
  description: string,
  amountMinor: bigint,
  currency: string,
  books: BooksSnapshot,
): DocumentLineDraft | Refusal {
  if (!books.defaultItemId) return refusal('item_not_found', { position: String(position) });
  return {
    position,
    sourceId: null,
    item: { action: 'use', productId: null, itemId: books.defaultItemId, draft: null },
    sku: null,
    description,
    quantity: '1',
    unitPrice: formatMinor(amountMinor, currency),
    discountPercent: null,
    discountMinor: 0n,
    taxMinor: 0n,
    amountMinor,
  };
}
