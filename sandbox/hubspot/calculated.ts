import {
  addDecimals,
  compareDecimals,
  currencyDigits,
  type Decimal,
  formatDecimal,
  multiplyDecimals,
  negateDecimal,
  parseDecimal,
  roundDecimal,
} from './decimal.ts';
import { isoText } from './iso-text.ts';
import type { ObjectTypeName } from './object-types.ts';
import { isWon } from './pipelines.ts';
import type { Portal } from './portal.ts';
import type { CrmRecord } from './record.ts';

type Calculation = (portal: Portal, record: CrmRecord) => string | null;

const ONE: Decimal = { units: 1n, scale: 0 };
const ZERO: Decimal = { units: 0n, scale: 0 };

const COMMON: Readonly<Record<string, Calculation>> = {
  hs_object_id: (_portal, record) => String(record.id),
  createdate: (_portal, record) => isoText(record.createdAt),
  hs_lastmodifieddate: (_portal, record) => isoText(record.updatedAt),
};

function stageFlag(read: (closed: boolean, won: boolean) => boolean): Calculation {
  return (portal, record) => {
    const stage = portal.stage(record.properties.dealstage);
    return String(read(stage?.isClosed === true, stage !== undefined && isWon(stage)));
  };
}

/** The rate to the portal's home currency; floating rates are frozen in the sandbox. */
function exchangeRate(portal: Portal, record: CrmRecord): string | null {
  const code = record.properties.deal_currency_code;
  if (code === undefined || code === portal.currency) return '1.0';
  return portal.exchangeRates.get(code) ?? null;
}

function amountInHomeCurrency(portal: Portal, record: CrmRecord): string | null {
  const amount = parseDecimal(record.properties.amount);
  const rate = parseDecimal(exchangeRate(portal, record));
  if (amount === null || rate === null) return null;
  return formatDecimal(roundDecimal(multiplyDecimals(amount, rate), currencyDigits(portal.currency)));
}

const DEALS: Readonly<Record<string, Calculation>> = {
  hs_is_closed: stageFlag((closed) => closed),
  hs_is_closed_won: stageFlag((_closed, won) => won),
  hs_is_closed_lost: stageFlag((closed, won) => closed && !won),
  hs_closed_won_date: (portal, record) => {
    const stage = portal.stage(record.properties.dealstage);
    return stage !== undefined && isWon(stage) ? (record.properties.closedate ?? null) : null;
  },
  hs_deal_stage_probability: (portal, record) =>
    portal.stage(record.properties.dealstage)?.probability ?? null,
  hs_num_of_associated_line_items: (portal, record) =>
    String(portal.liveAssociations('deals', record.id, 'line_items').length),
  num_associated_contacts: (portal, record) =>
    String(portal.liveAssociations('deals', record.id, 'contacts').length),
  hs_exchange_rate: exchangeRate,
  amount_in_home_currency: amountInHomeCurrency,
};

interface Tier {
  readonly start: Decimal;
  readonly end: Decimal | null;
  readonly price: Decimal;
}

function parseTiers(record: CrmRecord, currency: string): Tier[] {
  const ranges = JSON.parse(record.properties.hs_tier_ranges ?? '[]') as { start: number; end?: number }[];
  const prices = JSON.parse(record.properties.hs_tier_prices ?? '[]') as {
    index: number;
    price: number;
    currency?: string;
  }[];
  return ranges.flatMap((range, index) => {
    const entry = prices.find(
      (price) => price.index === index && (price.currency === undefined || price.currency === currency),
    );
    const price = parseDecimal(entry === undefined ? null : String(entry.price));
    const start = parseDecimal(String(range.start));
    if (price === null || start === null) return [];
    return [{ start, end: range.end === undefined ? null : parseDecimal(String(range.end)), price }];
  });
}

/**
 * The price of a quantity by HubSpot's tier rules (products guide, 2026-09): `volume` prices all units by the
 * tier of the total, `graduated` prices each unit by its own tier, `stairstep` is the flat fee of the tier reached.
 */
function tierTotal(model: string, tiers: readonly Tier[], quantity: Decimal): Decimal {
  const reached = tiers.filter((tier) => compareDecimals(quantity, tier.start) >= 0).at(-1);
  if (reached === undefined) return ZERO;
  if (model === 'volume') return multiplyDecimals(quantity, reached.price);
  if (model === 'stairstep') return reached.price;
  let below = ZERO;
  let total = ZERO;
  for (const tier of tiers) {
    const top = tier.end === null || compareDecimals(quantity, tier.end) < 0 ? quantity : tier.end;
    const units = addDecimals(top, negateDecimal(below));
    if (units.units > 0n) total = addDecimals(total, multiplyDecimals(units, tier.price));
    below = top;
  }
  return total;
}

function lineCurrency(portal: Portal, record: CrmRecord): string {
  return record.properties.hs_line_item_currency_code ?? portal.currency;
}

function preDiscountAmount(portal: Portal, record: CrmRecord): Decimal | null {
  const quantity = parseDecimal(record.properties.quantity) ?? ONE;
  const price = parseDecimal(record.properties.price);
  if (price !== null) return multiplyDecimals(quantity, price);
  const model = record.properties.hs_pricing_model;
  if (model === undefined || model === 'flat') return null;
  return tierTotal(model, parseTiers(record, lineCurrency(portal, record)), quantity);
}

/** Net amount: a percentage is of the line's total and then rounded; a fixed `discount` is for each unit. */
function lineAmount(portal: Portal, record: CrmRecord): Decimal | null {
  const gross = preDiscountAmount(portal, record);
  if (gross === null) return null;
  const percentage = parseDecimal(record.properties.hs_discount_percentage);
  const perUnit = parseDecimal(record.properties.discount);
  let net = gross;
  if (percentage !== null) {
    const share = { units: percentage.units, scale: percentage.scale + 2 };
    net = addDecimals(gross, negateDecimal(multiplyDecimals(gross, share)));
  } else if (perUnit !== null) {
    const quantity = parseDecimal(record.properties.quantity) ?? ONE;
    net = addDecimals(gross, negateDecimal(multiplyDecimals(quantity, perUnit)));
  }
  return roundDecimal(net, currencyDigits(lineCurrency(portal, record)));
}

const LINE_ITEMS: Readonly<Record<string, Calculation>> = {
  amount: (portal, record) => {
    const amount = lineAmount(portal, record);
    return amount === null ? null : formatDecimal(amount);
  },
  hs_pre_discount_amount: (portal, record) => {
    const gross = preDiscountAmount(portal, record);
    if (gross === null) return null;
    return formatDecimal(roundDecimal(gross, currencyDigits(lineCurrency(portal, record))));
  },
  hs_total_discount: (portal, record) => {
    const gross = preDiscountAmount(portal, record);
    const net = lineAmount(portal, record);
    if (gross === null || net === null) return null;
    const discount = addDecimals(gross, negateDecimal(net));
    return formatDecimal(roundDecimal(discount, currencyDigits(lineCurrency(portal, record))));
  },
};

const CONTACTS: Readonly<Record<string, Calculation>> = {
  lastmodifieddate: (_portal, record) => isoText(record.updatedAt),
  associatedcompanyid: (portal, record) => {
    const company = portal.associations.primary('contacts', record.id, 'companies');
    return company === undefined ? null : String(company);
  },
};

const CALCULATIONS: Readonly<Record<ObjectTypeName, Readonly<Record<string, Calculation>>>> = {
  deals: { ...COMMON, ...DEALS },
  companies: COMMON,
  contacts: { hs_object_id: COMMON.hs_object_id!, createdate: COMMON.createdate!, ...CONTACTS },
  line_items: { ...COMMON, ...LINE_ITEMS },
  products: COMMON,
  invoices: COMMON,
};

/** A reader of one property: stored or calculated, null when it has no value. */
export function propertyReader(type: ObjectTypeName, name: string): Calculation {
  return CALCULATIONS[type][name] ?? ((_portal, record) => record.properties[name] ?? null);
}
