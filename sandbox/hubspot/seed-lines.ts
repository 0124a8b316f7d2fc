import type { Random } from './random.ts';
import type { CrmRecord } from './record.ts';

/** What is special about a line; `plain` is nothing. */
export type LineKind =
  | 'plain'
  | 'percent'
  | 'fixed'
  | 'recurring'
  | 'volume'
  | 'graduated'
  | 'stairstep'
  | 'zero'
  | 'negative'
  | 'no_product'
  | 'no_sku';

const QUANTITIES = ['1', '1', '2', '3', '5', '10', '12', '2.5', '0.75'];
const PERCENTAGES = ['10', '12.5', '33.333', '5', '100'];

/** A unit price as text, as sales people and imports leave it: with or without trailing zeros. */
export function unitPrice(currency: string, random: Random): string {
  const whole = random.between(15, 2400);
  if (currency === 'JPY') return String(whole * 100);
  const form = random.between(0, 3);
  if (form === 0) return String(whole);
  if (currency === 'KWD') return `${whole}.${String(random.between(0, 999)).padStart(3, '0')}`;
  return form === 1 ? `${whole}.5` : `${whole}.${String(random.between(0, 99)).padStart(2, '0')}`;
}

/**
 * Tier ranges start at 1 for graduated prices: HubSpot's own example starts at 0, where it is open whether the
 * first tier holds 99 or 100 units; from 1 both readings agree.
 */
function tierProperties(
  model: 'volume' | 'graduated' | 'stairstep',
  currency: string,
): Record<string, string> {
  const start = model === 'graduated' ? 1 : 0;
  const ranges = [{ start, end: 10 }, { start: 11, end: 50 }, { start: 51 }];
  const unit = currency === 'JPY' ? 100 : 1;
  const prices = (model === 'stairstep' ? [900, 3200, 5000] : [100, 80, 62.5]).map((price, index) => ({
    index,
    price: Math.round(price * unit * 10) / 10,
    currency,
  }));
  return {
    hs_pricing_model: model,
    hs_tier_ranges: JSON.stringify(ranges),
    // Shuffled on purpose: `index` says which range a price belongs to, the order does not.
    hs_tier_prices: JSON.stringify([...prices.slice(1), ...prices.slice(0, 1)]),
  };
}

/** The properties of one line item of a deal. */
export function lineProperties(
  kind: LineKind,
  product: CrmRecord,
  position: number,
  currency: string,
  startDate: string,
  random: Random,
): Record<string, string> {
  const base: Record<string, string> = {
    name: product.properties.name ?? 'Item',
    quantity: random.pick(QUANTITIES),
    price: unitPrice(currency, random),
    hs_line_item_currency_code: currency,
    hs_position_on_quote: String(position),
  };
  if (kind !== 'no_product') {
    base.hs_product_id = String(product.id);
    base.hs_product_type = product.properties.hs_product_type ?? 'service';
    if (product.properties.hs_sku !== undefined) base.hs_sku = product.properties.hs_sku;
  }
  if (kind === 'plain') return base;
  return { ...base, ...special(kind, base, currency, startDate, random) };
}

function special(
  kind: LineKind,
  base: Readonly<Record<string, string>>,
  currency: string,
  startDate: string,
  random: Random,
): Record<string, string> {
  const whole = Number((base.price ?? '0').split('.')[0]);
  switch (kind) {
    case 'percent':
      return { hs_discount_percentage: random.pick(PERCENTAGES.slice(0, 4)) };
    case 'fixed':
      return { discount: currency === 'JPY' ? '100' : `${Math.max(1, Math.floor(whole / 10))}.25` };
    case 'recurring':
      return {
        hs_recurring_billing_period: 'P12M',
        recurringbillingfrequency: 'monthly',
        hs_recurring_billing_start_date: startDate,
        hs_recurring_billing_number_of_payments: '12',
        hs_term_in_months: '12',
        hs_product_type: 'service',
      };
    case 'volume':
    case 'graduated':
    case 'stairstep':
      return {
        ...tierProperties(kind, currency),
        quantity: String(random.pick([7, 10, 11, 25, 60])),
        price: '',
      };
    case 'zero':
      return { price: '0', description: 'Included at no charge' };
    case 'negative':
      return { price: `-${Math.max(1, Math.floor(whole / 20))}`, quantity: '1', name: 'Loyalty credit' };
    case 'no_product':
      return { name: 'Custom work as agreed' };
    case 'plain':
    case 'no_sku':
      return {};
  }
}
