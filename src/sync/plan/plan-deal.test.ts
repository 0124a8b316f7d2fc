import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Instant } from '../../kernel/dates.ts';
import type { Configuration } from '../../model/configuration.ts';
import { decisionCodes } from '../../model/decision-codes.ts';
import type { SourceRecord } from '../../model/source-record.ts';
import { type BooksSnapshot, type DealSnapshot, newOverlay, type PlanContext } from './plan-context.ts';
import { planDeal } from './plan-deal.ts';
import { refusal } from './refusal.ts';
import { sampleConfiguration } from './sample-configuration.ts';

const at = '2026-01-01T00:00:00.000Z' as Instant;

function record(
  type: SourceRecord['type'],
  id: string,
  properties: Record<string, string | null>,
  facts: SourceRecord['facts'] = {},
): SourceRecord {
  return {
    type,
    id,
    updatedAt: at,
    archived: false,
    mergedIds: [],
    properties,
    facts,
    associations: null,
    url: null,
  };
}

type Changes = Partial<DealSnapshot> & {
  readonly properties?: Record<string, string | null>;
  readonly facts?: SourceRecord['facts'];
};

function snapshot({ properties = {}, facts = {}, ...changes }: Changes = {}): DealSnapshot {
  const company = record('company', '7', { name: 'Acme' });
  const all = { name: 'A deal', amount: '100', closed: '2026-03-31T11:30:00Z', ...properties };
  const deal: SourceRecord = {
    ...record('deal', '1', all, { stageId: 'won', stageOutcome: 'won', ...facts }),
    associations: { companies: ['7'], primaryCompany: '7', contacts: [], lineItems: [] },
  };
  const nothing = {
    contacts: [],
    lineItems: [],
    products: new Map(),
    owner: null,
    document: null,
    readFailure: null,
    survivorId: null,
  };
  return { deal, hydrated: true, companies: [company], ...nothing, ...changes };
}

function context(deals: Partial<Configuration['deals']> = {}, more: Partial<PlanContext> = {}): PlanContext {
  return {
    configuration: { ...sampleConfiguration, deals: { ...sampleConfiguration.deals, ...deals } },
    account: { currency: 'USD', timeZone: 'Pacific/Auckland' },
    entity: { termsDays: 30 },
    missingSettings: [],
    stages: new Map([['won', { label: 'Closed won', outcome: 'won' }]]),
    deletedProperties: {},
    skuPrefix: 'X_',
    dealWord: 'Deal',
    ...more,
  };
}

const books: BooksSnapshot = {
  customerLinks: new Map(),
  customerCandidates: new Map(),
  customerTerms: new Map(),
  itemLinks: new Map(),
  itemsBySku: new Map(),
  defaultItemId: 'default',
  periods: { closed: [], reach: null },
};

const plan = (one: DealSnapshot, where: PlanContext = context(), known: BooksSnapshot = books) =>
  planDeal(one, where, known, newOverlay());
const line = (id: string, properties: Record<string, string | null>) =>
  record('line_item', id, { name: `Line ${id}`, quantity: '1', ...properties });

describe('A plan', () => {
  test('dates the document in the account’s zone and the due date by the terms', () => {
    expect(plan(snapshot()).draft).toMatchObject({
      documentDate: '2026-04-01',
      dueDate: '2026-05-01',
      totalMinor: 10_000n,
      currency: 'USD',
    });
  });

  test.each<[string, Changes, Partial<Configuration['deals']>, string]>([
    [
      'archived before its stage',
      { deal: { ...snapshot().deal, archived: true, facts: { stageId: 'open', stageOutcome: 'open' } } },
      {},
      'archived',
    ],
    [
      'its stage before the cutoff',
      { facts: { stageOutcome: 'open' } },
      { cutoff: '2027-01-01' },
      'stage_not_selected',
    ],
    [
      'the cutoff before a filter',
      {},
      { cutoff: '2027-01-01', filters: [{ property: 'none', operator: 'is_set' }] },
      'before_cutoff',
    ],
    [
      'a filter before the minimum',
      {},
      { minimumAmount: '1000', filters: [{ property: 'none', operator: 'is_set' }] },
      'filtered_out',
    ],
    ['the minimum before what is wrong', { companies: [] }, { minimumAmount: '1000' }, 'below_minimum'],
    ['a zero total before a missing date', { properties: { amount: '0', closed: null } }, {}, 'zero_total'],
    [
      'a missing amount before a missing date',
      { properties: { amount: null, closed: null } },
      {},
      'missing_required_field',
    ],
    [
      'a bad amount before a missing date',
      { properties: { amount: 'much', closed: null } },
      {},
      'invalid_amount',
    ],
    [
      'a missing date before an unknown currency',
      { properties: { closed: null, currency: 'XQX' } },
      {},
      'missing_date',
    ],
    [
      'an unknown currency before a missing company',
      { companies: [], properties: { currency: 'XQX' } },
      {},
      'unknown_currency',
    ],
  ])('names %s', (_, changes, deals, code) => {
    expect(plan(snapshot(changes), context(deals))).toMatchObject({
      code,
      decision: decisionCodes[code as keyof typeof decisionCodes].decision,
    });
  });

  test('counts a property as the trigger, alone or together with the stage', () => {
    const ready = { properties: { ready: 'true' }, facts: { stageOutcome: 'open' as const } };
    const trigger = (on: 'property' | 'stage_and_property') =>
      context({ trigger: { on, property: 'ready' } });
    expect(plan(snapshot(ready), trigger('property')).decision).toBe('create');
    expect(plan(snapshot(ready), trigger('stage_and_property')).code).toBe('stage_not_selected');
    expect(plan(snapshot(), trigger('property')).code).toBe('stage_not_selected');
  });

  test('lets lines win over the deal’s amount and says by how much they differ', () => {
    const lineItems = [line('1', { price: '40' }), line('2', { price: '45.50' })];
    const { draft } = plan(snapshot({ lineItems }));
    expect(draft).toMatchObject({
      totalMinor: 8_550n,
      warnings: [{ code: 'amount_differs', message: expect.stringContaining('14.50 USD') }],
    });
  });

  test('makes up the difference with one line where the amount wins', () => {
    const lineItems = [line('1', { price: '40' }), line('2', { price: '45.50' })];
    const { draft } = plan(snapshot({ lineItems }), context({ amountPolicy: 'amount' }));
    expect(draft?.lines.map(({ amountMinor }) => amountMinor)).toEqual([4_000n, 4_550n, 1_450n]);
    expect(draft?.totalMinor).toBe(10_000n);
  });

  test('leaves zero lines out and says so, and skips a deal of nothing else', () => {
    const mixed = plan(snapshot({ lineItems: [line('1', { price: '0' }), line('2', { price: '100' })] }));
    expect(mixed.draft?.lines).toMatchObject([{ position: 1, sourceId: '2' }]);
    expect(mixed.warnings.map(({ code }) => code)).toEqual(['zero_line_left_out']);
    expect(plan(snapshot({ lineItems: [line('1', { price: '0' })] })).code).toBe('no_valid_line_items');
  });

  test('prices a line of tiers in several currencies by those of the document’s currency', () => {
    const tiers = (price: string) => ({ model: 'volume' as const, tiers: [{ from: '0', price }] });
    const pricing = { byCurrency: { USD: tiers('10'), GBP: tiers('20') } };
    const properties = { name: 'Seats', quantity: '3' };
    const lineItems = [record('line_item', '1', properties, { pricing })];
    const inCurrency = (currency: string) => plan(snapshot({ lineItems, properties: { currency } }));
    expect(inCurrency('GBP').draft).toMatchObject({ currency: 'GBP', totalMinor: 6_000n });
    expect(inCurrency('EUR')).toMatchObject({
      code: 'invalid_vendor_data',
      reason: expect.stringContaining('no tier prices in EUR'),
    });
  });

  test('refuses a negative total and keeps a negative line', () => {
    const lineItems = [line('1', { price: '100' }), line('2', { price: '-30' })];
    expect(plan(snapshot({ lineItems })).draft?.totalMinor).toBe(7_000n);
    expect(plan(snapshot({ lineItems: [line('1', { price: '-30' })] })).code).toBe('invalid_amount');
  });

  test('takes the primary company of several, and refuses to guess without one', () => {
    const companies = [record('company', '8', { name: 'Other' }), record('company', '7', { name: 'Acme' })];
    expect(plan(snapshot({ companies })).draft?.customer).toMatchObject({ source: { id: '7' } });
    const deal = {
      ...snapshot().deal,
      associations: { companies: ['8', '7'], primaryCompany: null, contacts: [], lineItems: [] },
    };
    expect(plan(snapshot({ companies, deal })).code).toBe('ambiguous_customer');
  });

  test('says what is missing where the contact stands in for the company', () => {
    const alone = { companies: [], deal: { ...snapshot().deal, associations: null } };
    const reasonBy = (noCompany: 'fail' | 'contact') => plan(snapshot(alone), context({ noCompany })).reason;
    expect(reasonBy('fail')).toBe('The deal has no company in the CRM.');
    expect(reasonBy('contact')).toBe('The deal has no company and no contact in the CRM.');
  });

  test('plans one customer for two deals of one new company, and does not give one customer to two companies', () => {
    const overlay = newOverlay();
    const candidates = new Map([7, 8].map((id) => [`company:${id}`, [{ customerId: 'c', name: 'Acme' }]]));
    const known = { ...books, customerCandidates: candidates };
    const other = {
      companies: [record('company', '8', { name: 'Acme' })],
      deal: {
        ...snapshot().deal,
        associations: { companies: ['8'], primaryCompany: null, contacts: [], lineItems: [] },
      },
    };
    const plans = [snapshot(), snapshot(), snapshot(other)].map(
      (one) => planDeal(one, context(), known, overlay).draft?.customer,
    );
    expect(plans.map((customer) => customer?.action)).toEqual(['match', 'match', 'create']);
    expect(plans[0]).toBe(plans[1]);
  });

  test('shares one item between two products of one SKU and prefixes a product without one', () => {
    const products = new Map([
      ['p1', record('product', 'p1', { name: 'One', sku: 'S' })],
      ['p2', record('product', 'p2', { name: 'Two', sku: 'S' })],
      ['p3', record('product', 'p3', { name: 'Three', sku: null })],
    ]);
    const lineItems = ['p1', 'p2', 'p3'].map((product, index) =>
      line(String(index + 1), { price: '10', product }),
    );
    const { draft } = plan(snapshot({ lineItems, products }));
    expect(draft?.lines.map(({ item }) => item.draft?.sku)).toEqual(['S', 'S', 'X_p3']);
    expect(draft?.lines.map(({ sku }) => sku)).toEqual(['S', 'S', 'X_p3']);
  });

  test('fails where setup is incomplete, a property was deleted, or a name is absurdly long', () => {
    expect(plan(snapshot(), context({}, { missingSettings: ['Income account: none'] })).code).toBe(
      'setup_incomplete',
    );
    expect(plan(snapshot(), context({}, { deletedProperties: { deal: new Set(['name']) } })).code).toBe(
      'mapping_error',
    );
    expect(plan(snapshot({ properties: { name: 'x'.repeat(70_000) } })).code).toBe('invalid_vendor_data');
  });

  test('adds up, whatever the lines, and says the same again', () => {
    const money = fc
      .tuple(fc.integer({ min: -100_000, max: 1_000_000 }), fc.integer({ min: 0, max: 4 }))
      .map(([digits, scale]) => (digits / 10 ** scale).toFixed(scale));
    const arbitraryLine = fc.record({
      price: money,
      quantity: fc.integer({ min: 1, max: 40 }).map(String),
      percent: fc.integer({ min: 0, max: 100 }).map(String),
    });
    fc.assert(
      fc.property(
        fc.array(arbitraryLine, { minLength: 1, maxLength: 40 }),
        fc.constantFrom('USD', 'JPY', 'KWD'),
        (lines, currency) => {
          const one = snapshot({
            lineItems: lines.map((properties, index) => line(String(index + 1), properties)),
            properties: { currency },
          });
          const { draft, code } = plan(one);
          if (!draft) {
            expect(['invalid_amount', 'zero_total', 'no_valid_line_items']).toContain(code);
            return;
          }
          expect(
            draft.lines.reduce((sum, { amountMinor, taxMinor }) => sum + amountMinor + taxMinor, 0n),
          ).toBe(draft.totalMinor);
          expect(draft.lines.map(({ position }) => position)).toEqual(
            draft.lines.map((_, index) => index + 1),
          );
          expect(plan(one).fingerprint).toBe(plan(one).fingerprint);
        },
      ),
    );
  });

  describe('of a deal that cannot be read itself', () => {
    const readFailure = refusal('record_unreadable', { record: 'deal 1', detail: 'The CRM answered 500.' });
    const unread = (changes: Changes = {}): DealSnapshot => {
      const { deal, ...rest } = snapshot(changes);
      return { ...rest, deal: { ...deal, associations: null }, hydrated: false, readFailure };
    };

    test('fails where the lack of its properties alone would have it skipped', () => {
      const ready = context({ trigger: { on: 'property', property: 'ready' } });
      const filtered = context({ filters: [{ property: 'region', operator: 'is_set' }] });
      for (const where of [ready, filtered])
        expect(plan(unread(), where)).toMatchObject({ decision: 'fail', ...readFailure });
    });

    test('skips it for its stage, which is known', () => {
      const open = unread({ facts: { stageId: 'open', stageOutcome: 'open' } });
      expect(plan(open)).toMatchObject({ decision: 'skip', code: 'stage_not_selected' });
    });
  });
});
