import { describe, expect, test } from 'vitest';
import { sampleConfiguration } from '../plan/sample-configuration.ts';
import { parseConfiguration, setKeys } from './configuration-schema.ts';

const errorsOf = (changes: Record<string, unknown>) => {
  const parsed = parseConfiguration(setKeys(sampleConfiguration, changes));
  return 'errors' in parsed ? parsed.errors.map(({ field }) => field) : [];
};

describe('A configuration', () => {
  test('that is whole is taken as it is', () => {
    expect(parseConfiguration(sampleConfiguration)).toEqual({ configuration: sampleConfiguration });
  });

  test('has every setting that operators’ scripts rely on', () => {
    const keys = [
      'deals',
      'companies',
      'contacts',
      'customers',
      'conflicts',
      'lockedPeriod',
      'schedule',
      'history',
      'autoPost',
      'accounts',
      'entityRules',
      'writeback',
      'crmInvoices',
    ];
    expect(Object.keys(sampleConfiguration)).toEqual(expect.arrayContaining(keys));
    const deals = [
      'enabled',
      'stages',
      'trigger',
      'filters',
      'minimumAmount',
      'cutoff',
      'kind',
      'fields',
      'lines',
      'amountPolicy',
      'noCompany',
      'onChange',
    ];
    expect(Object.keys(sampleConfiguration.deals)).toEqual(expect.arrayContaining(deals));
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['a typing error', { 'deals.minimumAmuont': '5' }, 'deals.minimumAmuont'],
    ['a section that is none', { wage: true }, 'wage'],
    ['an amount that is none', { 'deals.minimumAmount': 'five' }, 'deals.minimumAmount'],
    ['a day that does not exist', { 'deals.cutoff': '2026-02-30' }, 'deals.cutoff'],
    ['a required field without a source', { 'deals.fields.description': null }, 'deals.fields.description'],
    ['a trigger without its property', { 'deals.trigger': { on: 'property' } }, 'deals.trigger.property'],
    ['what this version cannot do', { 'deals.kind': 'sales_order' }, 'deals.kind'],
    ['a role that is none', { 'accounts.petty_cash': '1000' }, 'accounts.petty_cash'],
    ['a way into the prototype', { '__proto__.polluted': 'yes' }, '__proto__'],
  ])('names the key of %s', (_, changes, field) => {
    expect(errorsOf(changes)).toContain(field);
    expect('polluted' in {}).toBe(false);
  });

  test('takes a number where a decimal is meant, and brackets after a list', () => {
    const parsed = parseConfiguration(
      setKeys(sampleConfiguration, { 'deals.minimumAmount': 99.5, 'deals.stages[]': ['closedwon', 7] }),
    );
    expect(parsed).toMatchObject({
      configuration: { deals: { minimumAmount: '99.5', stages: ['closedwon', '7'] } },
    });
  });

  test('refuses sources and filters that are nested without end', () => {
    let filter: unknown = { property: 'a', operator: 'is_set' };
    for (let depth = 0; depth < 40; depth += 1) filter = { all: [filter] };
    expect(errorsOf({ 'deals.filters': [filter] }).length).toBeGreaterThan(0);
  });
});
