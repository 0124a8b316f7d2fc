import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addDecimals, formatDecimal, parseDecimal } from './decimal.ts';
import { type Json, startTestClient, type TestClient } from './test-client.ts';

let client: TestClient;
let deals: Json[];
let lines: Map<string, Json>;

const LINE_PROPERTIES = [
  'amount',
  'name',
  'price',
  'quantity',
  'discount',
  'hs_discount_percentage',
  'hs_product_id',
  'hs_sku',
  'hs_pricing_model',
  'hs_tier_ranges',
  'hs_tier_prices',
  'hs_recurring_billing_period',
  'hs_position_on_quote',
  'hs_line_item_currency_code',
];

beforeAll(async () => {
  client = await startTestClient();
  deals = client.running.control.records({ type: 'deals' }) as Json[];
  lines = new Map();
  let after = '';
  do {
    const page: Json = await client.get(
      `/crm/objects/2026-09/line_items?limit=100&properties=${LINE_PROPERTIES.join(',')}${after}`,
    );
    for (const record of page.results) lines.set(record.id, record.properties);
    after = page.paging === undefined ? '' : `&after=${page.paging.next.after}`;
  } while (after !== '');
});
afterAll(() => client.running.close());

function linesOf(deal: Json): Json[] {
  return deal.associations.line_items.map((id: string) => lines.get(id));
}

function total(deal: Json): string {
  const zero = { units: 0n, scale: 0 };
  return formatDecimal(
    linesOf(deal).reduce((sum, line) => addDecimals(sum, parseDecimal(line.amount) ?? zero), zero),
  );
}

function isWonDeal(deal: Json): boolean {
  return ['closedwon', '1048576203', 'e91c3f4a-20d7-4a35-b4a9-5f0e7c6d1b23'].includes(
    deal.properties.dealstage,
  );
}

describe('forty deals', () => {
  test('are won, lost and open, in three pipelines with generated stage ids', () => {
    expect(deals).toHaveLength(40);
    expect(deals.filter(isWonDeal)).toHaveLength(33);
    expect(
      deals.filter((deal) => ['closedlost', '1048576204'].includes(deal.properties.dealstage)),
    ).toHaveLength(3);
    expect(new Set(deals.map((deal) => deal.properties.pipeline)).size).toBe(3);
  });

  test('have five currencies, among them without cents and with three decimals, and one without a code', () => {
    const codes = new Set(deals.map((deal) => deal.properties.deal_currency_code));
    expect(codes).toEqual(new Set(['USD', 'EUR', 'GBP', 'JPY', 'KWD', undefined]));
    const amount = (code: string): string =>
      deals.find((deal) => deal.properties.deal_currency_code === code)?.properties.amount;
    expect(amount('JPY')).toMatch(/^\d+$/);
    expect(amount('KWD')).toMatch(/^\d+\.\d{3}$/);
  });

  test('have names in any script, formulas and HTML', () => {
    const names = deals.map((deal) => deal.properties.dealname as string);
    for (const pattern of [
      /\p{Script=Arabic}/u,
      /\p{Script=Han}/u,
      /\p{Emoji_Presentation}/u,
      /^=HYPERLINK/,
      /<script>/,
    ]) {
      expect(names.some((name) => pattern.test(name))).toBe(true);
    }
  });

  test('have no company, two with a primary one, and two without', () => {
    const count = (companies: number, primary: boolean): number =>
      deals.filter(
        (deal) =>
          deal.associations.companies.length === companies && (deal.primaryCompanyId !== null) === primary,
      ).length;
    expect(count(0, false)).toBe(1);
    expect(count(2, true)).toBe(1);
    expect(count(2, false)).toBe(1);
    expect(count(1, true)).toBe(37);
  });

  test('close just before and just after midnight of the account, on another date than in UTC', () => {
    const localDay = new Intl.DateTimeFormat('en-CA', { timeZone: 'Pacific/Auckland', dateStyle: 'short' });
    const turns = deals.filter((deal) => {
      const local = localDay.format(new Date(deal.properties.closedate));
      return local.slice(0, 7) !== deal.properties.closedate.slice(0, 7);
    });
    expect(turns.length).toBeGreaterThanOrEqual(1);
    const minutes = deals.map((deal) =>
      new Date(deal.properties.closedate).toLocaleTimeString('en-GB', { timeZone: 'Pacific/Auckland' }),
    );
    expect(minutes).toContain('00:10:00');
    expect(minutes).toContain('23:59:00');
  });

  test('have from none to forty lines, with discounts of both kinds, terms, tiers, zero and negative lines', () => {
    const counts = deals.map((deal) => deal.associations.line_items.length);
    expect(Math.min(...counts)).toBe(0);
    expect(Math.max(...counts)).toBe(40);
    const own = deals.filter(isWonDeal).flatMap(linesOf);
    expect(own.some((line) => line.hs_discount_percentage !== null)).toBe(true);
    expect(own.some((line) => line.discount !== null)).toBe(true);
    expect(own.some((line) => line.hs_recurring_billing_period === 'P12M')).toBe(true);
    for (const model of ['volume', 'graduated', 'stairstep']) {
      const line = own.find((entry) => entry.hs_pricing_model === model);
      expect(line.price).toBeNull();
      expect(Number(line.amount)).toBeGreaterThan(0);
    }
    expect(own.some((line) => Number(line.amount) === 0)).toBe(true);
    expect(own.some((line) => Number(line.amount) < 0)).toBe(true);
    expect(own.some((line) => line.hs_product_id === null)).toBe(true);
    expect(own.some((line) => line.hs_product_id !== null && line.hs_sku === null)).toBe(true);
    expect(
      own.every((line) => !line.amount?.includes('.') || line.hs_line_item_currency_code !== 'JPY'),
    ).toBe(true);
  });

  test('have amounts that are the sum of their lines, but for those that are missing or differ on purpose', () => {
    const withLines = deals.filter(
      (deal) => linesOf(deal).length > 0 && deal.properties.amount !== undefined,
    );
    const differing = withLines.filter((deal) => Number(deal.properties.amount) !== Number(total(deal)));
    expect(differing).toHaveLength(1);
    expect(deals.filter((deal) => deal.properties.amount === undefined)).toHaveLength(2);
    expect(withLines.every((deal) => Number(total(deal)) >= 0)).toBe(true);
  });

  test('are mostly healthy: four of the won ones cannot be invoiced with default settings', () => {
    const broken = deals.filter(isWonDeal).filter((deal) => {
      const all = linesOf(deal);
      const nothing = all.length === 0 && deal.properties.amount === undefined;
      const allZero = all.length > 0 && all.every((line) => Number(line.amount) === 0);
      const ambiguous = deal.associations.companies.length > 1 && deal.primaryCompanyId === null;
      return nothing || allZero || ambiguous || deal.associations.companies.length === 0;
    });
    expect(broken).toHaveLength(4);
  });

  test('have an archived owner, products without SKU and near-duplicate companies', async () => {
    const archived = await client.get('/crm/owners/2026-09?archived=true');
    const ids = archived.results.map((owner: Json) => owner.id);
    expect(archived.results[0]).toMatchObject({ archived: true, userId: null });
    expect(deals.some((deal) => ids.includes(deal.properties.hubspot_owner_id))).toBe(true);
    const products = client.running.control.records({ type: 'products' }) as Json[];
    expect(products.some((product) => product.properties.hs_sku === undefined)).toBe(true);
    const companies = client.running.control.records({ type: 'companies' }) as Json[];
    const names = companies.map((company) => company.properties.name);
    expect(names).toEqual(
      expect.arrayContaining(['Acme Corp', 'ACME Corporation, Inc.', 'Müller & Söhne GmbH']),
    );
  });

  test('come with CRM invoices: a whole one, one without a party, one without a due date', () => {
    const invoices = client.running.control.records({ type: 'invoices' }) as Json[];
    expect(invoices).toHaveLength(3);
    expect(invoices.filter((invoice) => invoice.associations.companies.length === 0)).toHaveLength(1);
    expect(invoices.filter((invoice) => invoice.properties.hs_due_date === undefined)).toHaveLength(1);
    expect(invoices.every((invoice) => invoice.associations.line_items.length > 0)).toBe(true);
  });
});

describe('calculated amounts', () => {
  async function amountOf(properties: Record<string, string>): Promise<Json> {
    const { id } = client.running.control.createRecord({ type: 'line_items', properties });
    const names = 'amount,hs_total_discount,hs_pre_discount_amount';
    return (await client.get(`/crm/objects/2026-09/line_items/${id}?properties=${names}`)).properties;
  }

  test('a percentage is of the line and rounded once, half away from zero', async () => {
    expect(await amountOf({ price: '0.05', quantity: '1', hs_discount_percentage: '50' })).toMatchObject({
      amount: '0.03',
      hs_pre_discount_amount: '0.05',
      hs_total_discount: '0.02',
    });
    const jpy = {
      price: '333',
      quantity: '1',
      hs_discount_percentage: '50',
      hs_line_item_currency_code: 'JPY',
    };
    expect((await amountOf(jpy)).amount).toBe('167');
  });

  test('a fixed discount is for each unit', async () => {
    expect((await amountOf({ price: '10', quantity: '3', discount: '1.5' })).amount).toBe('25.50');
  });

  test('a missing quantity is one, and a line without a price has no amount', async () => {
    expect((await amountOf({ price: '12.345' })).amount).toBe('12.35');
    expect((await amountOf({ quantity: '2' })).amount).toBeNull();
  });

  test('tiers price by total, by unit or by step', async () => {
    const tiers = {
      hs_tier_ranges: '[{"start":1,"end":10},{"start":11,"end":20},{"start":21}]',
      hs_tier_prices: '[{"index":1,"price":8},{"index":0,"price":10},{"index":2,"price":5}]',
      quantity: '15',
    };
    expect((await amountOf({ ...tiers, hs_pricing_model: 'volume' })).amount).toBe('120.00');
    expect((await amountOf({ ...tiers, hs_pricing_model: 'graduated' })).amount).toBe('140.00');
    expect((await amountOf({ ...tiers, hs_pricing_model: 'stairstep' })).amount).toBe('8.00');
  });
});

describe('the seed', () => {
  test('is the same for the same seed, tokens included, and another for another', async () => {
    const [again, other] = await Promise.all([startTestClient(), startTestClient({ seed: 2 })]);
    expect(again.running.portals).toEqual(client.running.portals);
    expect(again.running.control.records({ type: 'contacts' })).toEqual(
      client.running.control.records({ type: 'contacts' }),
    );
    const originals = deals.map((deal) => deal.id);
    expect(again.running.control.records({ type: 'deals' }).map((deal) => (deal as Json).id)).toEqual(
      originals,
    );
    expect(other.running.portals[0]?.token).not.toBe(client.running.portals[0]?.token);
    await Promise.all([again.running.close(), other.running.close()]);
  });

  test('shares ids between types, so that mixing types up is visible', () => {
    const companies = new Set(
      client.running.control.records({ type: 'companies' }).map((record) => (record as Json).id),
    );
    expect(deals.some((deal) => companies.has(deal.id))).toBe(true);
  });

  test('is never newer than the clock', async () => {
    const early = Date.parse('2026-05-01T00:00:00Z');
    const past = await startTestClient({ now: () => early });
    const records = past.running.control.records({ type: 'deals' }) as Json[];
    expect(records.every((record) => Date.parse(record.updatedAt) <= early)).toBe(true);
    await past.running.close();
  });

  test('of the benchmark has won deals only, with three lines and parents of their own', async () => {
    const bench = await startTestClient({ deals: 300, profile: 'bench' });
    const records = bench.running.control.records({ type: 'deals' }) as Json[];
    expect(records.every((deal) => deal.properties.dealstage === 'closedwon')).toBe(true);
    expect(records.every((deal) => deal.associations.line_items.length === 3)).toBe(true);
    expect(new Set(records.map((deal) => deal.primaryCompanyId)).size).toBe(300);
    expect(new Set(records.map((deal) => deal.associations.contacts[0])).size).toBe(300);
    await bench.running.close();
  });

  test('repeats its hard cases at any size', async () => {
    const large = await startTestClient({ deals: 2000 });
    const records = large.running.control.records({ type: 'deals' }) as Json[];
    expect(records).toHaveLength(2000);
    expect(records.filter((deal) => deal.associations.line_items.length === 40)).toHaveLength(50);
    expect(records.filter((deal) => deal.associations.companies.length === 0)).toHaveLength(50);
    await large.running.close();
  });
});
