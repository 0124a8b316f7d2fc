import { z } from 'zod';
import { compare, type Decimal, parseDecimal } from '../../kernel/decimal.ts';
import type { PriceTiers } from '../../model/source-record.ts';

type Properties = Readonly<Record<string, string | null>>;

const models = ['volume', 'graduated', 'stairstep'] as const;

const amount = z.string().transform((text, context) => {
  const value = parseDecimal(text);
  if (value === null) context.addIssue('not a number');
  return { text, value: value ?? { digits: 0n, scale: 0 } };
});

const rangesSchema = z.array(z.object({ start: amount }));
const pricesSchema = z.array(
  z.object({
    index: z.coerce.number().int().min(0),
    price: amount,
    currency: z.string().nullish(),
  }),
);

/**
 * The tiers of a line item, or undefined when its price is flat. HubSpot keeps them in two properties of JSON text: ranges
 * `[{"start":0,"end":99},{"start":100}]` and prices `[{"index":0,"price":100,"currency":"USD"}]`, where `index` points at the range, in any
 * order. Accounts with several currencies have one price a range and currency: the line's own currency is taken.
 * Source: products guide, "Tiered pricing", API version 2026-09.
 */
export function readPricing(properties: Properties): PriceTiers | { invalid: string } | undefined {
  const model = properties.hs_pricing_model?.trim().toLowerCase() ?? '';
  if (model === '' || model === 'flat') return undefined;
  const known = models.find((name) => name === model);
  if (!known) return { invalid: `the pricing model ${model} is unknown` };
  const ranges = rangesSchema.safeParse(parseExactly(properties.hs_tier_ranges));
  if (!ranges.success || ranges.data.length === 0) return { invalid: 'the tier ranges cannot be read' };
  const prices = pricesSchema.safeParse(parseExactly(properties.hs_tier_prices));
  if (!prices.success) return { invalid: 'the tier prices cannot be read' };
  const chosen = pricesOfCurrency(prices.data, properties.hs_line_item_currency_code ?? null);
  if ('invalid' in chosen) return chosen;
  return tiersOf(known, ranges.data, chosen.prices);
}

type Price = z.output<typeof pricesSchema>[number];

function pricesOfCurrency(
  prices: readonly Price[],
  currency: string | null,
): { readonly prices: readonly Price[] } | { invalid: string } {
  const currencies = new Set(prices.flatMap((price) => (price.currency ? [price.currency] : [])));
  if (currencies.size === 0) return { prices };
  if (currency !== null && currencies.has(currency))
    return { prices: prices.filter((price) => price.currency === currency) };
  if (currency !== null) return { invalid: `there are no tier prices in ${currency}` };
  if (currencies.size > 1)
    return { invalid: 'there are tier prices in several currencies and the line names none' };
  return { prices };
}

function tiersOf(
  model: PriceTiers['model'],
  ranges: z.output<typeof rangesSchema>,
  prices: readonly Price[],
): PriceTiers | { invalid: string } {
  const tiers: { from: string; fromValue: Decimal; price: string }[] = [];
  for (const [index, range] of ranges.entries()) {
    const price = prices.find((candidate) => candidate.index === index);
    if (!price) return { invalid: `tier ${index + 1} has no price` };
    tiers.push({ from: range.start.text, fromValue: range.start.value, price: price.price.text });
  }
  tiers.sort((left, right) => compare(left.fromValue, right.fromValue));
  const doubled = tiers.some((tier, index) => {
    const before = tiers[index - 1];
    return before !== undefined && compare(before.fromValue, tier.fromValue) === 0;
  });
  if (doubled) return { invalid: 'two tiers start at the same quantity' };
  return { model, tiers: tiers.map(({ from, price }) => ({ from, price })) };
}

/**
 * JSON whose numbers come as the text that stands there: no float ever holds a price. Only numbers that are a value stand after a
 * colon; the texts of this JSON are currency codes.
 */
function parseExactly(json: string | null | undefined): unknown {
  try {
    return JSON.parse((json ?? '').replace(/(:\s*)(-?\d[\d.eE+-]*)(?=\s*[,}])/g, '$1"$2"'));
  } catch {
    return null;
  }
}
