import { describe, expect, test } from 'vitest';
import type { TiersByCurrency } from '../../model/source-record.ts';
import { readPricing } from './pricing.ts';

const ranges = '[{"start":0,"end":99},{"start":100,"end":199},{"start":200}]';
const line = (more: Record<string, string | null>): Record<string, string | null> => ({
  hs_pricing_model: 'volume',
  hs_tier_ranges: ranges,
  hs_tier_prices: '[{"index":0,"price":100},{"index":1,"price":80},{"index":2,"price":60}]',
  ...more,
});

describe('Tiered prices', () => {
  test('are none when the price is flat', () => {
    expect(readPricing({})).toBeUndefined();
    expect(readPricing({ hs_pricing_model: null })).toBeUndefined();
    expect(readPricing({ hs_pricing_model: 'flat', hs_tier_prices: 'x' })).toBeUndefined();
  });

  test('are read in the documented form', () => {
    expect(readPricing(line({}))).toEqual({
      model: 'volume',
      tiers: [
        { from: '0', price: '100' },
        { from: '100', price: '80' },
        { from: '200', price: '60' },
      ],
    });
  });

  test('belong to the range that the index names, in whatever order they come', () => {
    const prices = '[ {"price" : 60, "index" : 2}, {"index":0,"price":100},{"index":1,"price":"80.5"} ]';
    expect(readPricing(line({ hs_tier_prices: prices }))).toMatchObject({
      tiers: [{ price: '100' }, { price: '80.5' }, { price: '60' }],
    });
  });

  test('keep every digit', () => {
    const prices =
      '[{"index":0,"price":0.12345678901234567891},{"index":1,"price":1e-7},{"index":2,"price":-5}]';
    expect(readPricing(line({ hs_tier_prices: prices }))).toMatchObject({
      tiers: [{ price: '0.12345678901234567891' }, { price: '1e-7' }, { price: '-5' }],
    });
  });

  test('are those of the line’s currency', () => {
    const prices = ['USD', 'GBP'].flatMap((currency, at) =>
      [0, 1, 2].map((index) => ({ index, price: 10 * (at + 1) + index, currency })),
    );
    const properties = line({ hs_tier_prices: JSON.stringify(prices) });
    expect(readPricing({ ...properties, hs_line_item_currency_code: 'GBP' })).toMatchObject({
      tiers: [{ price: '20' }, { price: '21' }, { price: '22' }],
    });
    expect(readPricing({ ...properties, hs_line_item_currency_code: 'EUR' })).toHaveProperty('invalid');
    expect(readPricing(properties)).toMatchObject({
      byCurrency: { USD: { tiers: [{ price: '10' }, {}, {}] }, GBP: { tiers: [{ price: '20' }, {}, {}] } },
    });
  });

  test('of a currency in which a tier has no price are left out', () => {
    const prices = '[{"index":0,"price":1,"currency":"USD"},{"index":0,"price":2,"currency":"GBP"}]';
    const one = line({ hs_tier_ranges: '[{"start":0}]', hs_tier_prices: prices });
    expect(Object.keys((readPricing(one) as TiersByCurrency).byCurrency)).toEqual(['USD', 'GBP']);
    const two = line({ hs_tier_ranges: '[{"start":0},{"start":5}]', hs_tier_prices: prices });
    expect(readPricing(two)).toEqual({ byCurrency: {} });
  });

  test.each([
    ['an unknown model', { hs_pricing_model: 'auction' }],
    ['no ranges', { hs_tier_ranges: null }],
    ['broken JSON', { hs_tier_ranges: '[{"start":0' }],
    ['a tier without a price', { hs_tier_prices: '[{"index":0,"price":100}]' }],
    ['a price that is no number', { hs_tier_prices: '[{"index":0,"price":"free"}]' }],
    ['two tiers from the same quantity', { hs_tier_ranges: '[{"start":0},{"start":0},{"start":9}]' }],
  ])('say what cannot be read: %s', (_name, more) => {
    expect(readPricing(line(more))).toHaveProperty('invalid');
  });
});
