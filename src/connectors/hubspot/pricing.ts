import { z } from 'zod';
import { compare, type Decimal, parseDecimal } from '../../kernel/decimal.ts';
import type { PriceTiers, SourceFacts, TiersByCurrency } from '../../model/source-record.ts';

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
 * order. Accounts with several currencies have one price a range and currency: the line's own currency is taken, and where the line
 * says none, each currency's tiers are kept.
 * Source: products guide, "Tiered pricing", API version 2026-09.
 */
export function readPricing(properties: Properties): SourceFacts['pricing'] {
  const model = properties.hs_pricing_model?.trim().toLowerCase() ?? '';
  if (model === '' || model === 'flat') return undefined;
  const known = models.find((name) => name === model);
  if (!known) return { invalid: `the pricing model ${model} is unknown` };
  const ranges = rangesSchema.safeParse(parseExactly(properties.hs_tier_ranges));
  if (!ranges.success || ranges.data.length === 0) return { invalid: 'the tier ranges cannot be read' };
  const prices = pricesSchema.safeParse(parseExactly(properties.hs_tier_prices));
  if (!prices.success) return { invalid: 'the tier prices cannot be read' };
  const named = properties.hs_line_item_currency_code ?? null;
  const currencies = [...new Set(prices.data.flatMap((price) => (price.currency ? [price.currency] : [])))];
  if (named === null && currencies.length > 1)
    return tiersByCurrency(known, ranges.data, prices.data, currencies);
  if (named === null || currencies.length === 0) return tiersOf(known, ranges.data, prices.data);
  if (!currencies.includes(named)) return { invalid: `there are no tier prices in ${named}` };
  return tiersOf(known, ranges.data, ofCurrency(prices.data, named));
}

type Price = z.output<typeof pricesSchema>[number];

function ofCurrency(prices: readonly Price[], currency: string): Price[] {
  return prices.filter((price) => price.currency === currency);
}

/** A currency in which a tier has no price is left out. */
function tiersByCurrency(
  model: PriceTiers['model'],
  ranges: z.output<typeof rangesSchema>,
  prices: readonly Price[],
  currencies: readonly string[],
): TiersByCurrency {
  return {
    byCurrency: Object.fromEntries(
      currencies.flatMap((currency) => {
        const tiers = tiersOf(model, ranges, ofCurrency(prices, currency));
        return 'invalid' in tiers ? [] : [[currency, tiers]];
      }),
    ),
  };
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
