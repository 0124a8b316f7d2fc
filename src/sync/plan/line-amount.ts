import {
  add,
  compare,
  type Decimal,
  decimalFromInteger,
  isZero,
  multiply,
  parseDecimal,
  percentOf,
  subtract,
  zero,
} from '../../kernel/decimal.ts';
import { toMinor } from '../../kernel/money.ts';
import type { PriceTiers } from '../../model/source-record.ts';

/** What decides a line's amount, as exact numbers. `unitPrice` null: the tiers give it. */
export interface LinePrice {
  readonly quantity: Decimal;
  readonly unitPrice: Decimal | null;
  readonly tiers: PriceTiers | null;
  readonly discountPerUnit: Decimal;
  /** 10 means ten percent. */
  readonly discountPercent: Decimal;
}

export interface LineAmount {
  /** Net of discount, rounded once, half away from zero. */
  readonly amountMinor: bigint;
  /** Discount of the whole line: what the rounded gross amount is above the net one, so that a reader's subtraction comes out. */
  readonly discountMinor: bigint;
}

/**
 * quantity × unit price − discount, exactly, then rounded once. A fixed discount is per unit, a percentage is of the line
 * (HubSpot's `discount` and `hs_discount_percentage`); both together both reduce the undiscounted line.
 * Null: neither a price nor a tier that the quantity falls into.
 */
export function lineAmount(price: LinePrice, currency: string): LineAmount | null {
  const gross = price.unitPrice
    ? multiply(price.quantity, price.unitPrice)
    : tieredAmount(price.tiers, price.quantity);
  if (!gross) return null;
  const fixed = multiply(price.quantity, price.discountPerUnit);
  const percentage = percentOf(multiply(gross, price.discountPercent));
  const discount = add(fixed, percentage);
  const amountMinor = toMinor(subtract(gross, discount), currency, 'half_away_from_zero');
  const grossMinor = toMinor(gross, currency, 'half_away_from_zero');
  return { amountMinor, discountMinor: grossMinor - amountMinor };
}

/**
 * The undiscounted amount by tiers. volume: every unit costs what the tier of the whole quantity says. graduated: each unit costs
 * what its own tier says. stairstep: the tier's price is the price of the whole line, whatever the quantity within it.
 */
export function tieredAmount(tiers: PriceTiers | null, quantity: Decimal): Decimal | null {
  if (!tiers) return null;
  const steps = readTiers(tiers);
  if (!steps) return null;
  const reached = steps.filter((step) => compare(step.from, quantity) <= 0);
  const last = reached.at(-1) ?? steps[0];
  if (!last) return null;
  if (tiers.model === 'stairstep') return isZero(quantity) ? zero : last.price;
  if (tiers.model === 'volume') return multiply(quantity, last.price);
  return graduatedAmount(steps, quantity);
}

/** Tiers start at whole units: the tier from 11 holds what lies above 10. */
function graduatedAmount(steps: readonly { from: Decimal; price: Decimal }[], quantity: Decimal): Decimal {
  let amount = zero;
  steps.forEach((step, index) => {
    const below = index === 0 ? zero : subtract(step.from, decimalFromInteger(1));
    const next = steps[index + 1];
    const upper = next ? subtract(next.from, decimalFromInteger(1)) : quantity;
    const end = compare(upper, quantity) < 0 ? upper : quantity;
    if (compare(end, below) > 0) amount = add(amount, multiply(subtract(end, below), step.price));
  });
  return amount;
}

function readTiers(tiers: PriceTiers): { from: Decimal; price: Decimal }[] | null {
  const steps: { from: Decimal; price: Decimal }[] = [];
  for (const tier of tiers.tiers) {
    const from = parseDecimal(tier.from);
    const price = parseDecimal(tier.price);
    if (!from || !price) return null;
    steps.push({ from, price });
  }
  return steps.length > 0 ? steps.sort((a, b) => compare(a.from, b.from)) : null;
}
