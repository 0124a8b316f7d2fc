import { describe, expect, test } from 'vitest';
import { parsePairs, parseSettingsFile } from './parse-settings.ts';

describe('--set', () => {
  test('takes text as text, numbers too, and what looks like JSON as JSON', () => {
    expect(
      parsePairs([
        'deals.minimumAmount=100.50',
        'deals.enabled=false',
        'deals.cutoff=null',
        'deals.stages=["a","b"]',
        'deals.fields.memo={"constant":"x=y"}',
        'deals.fields.description=dealname',
      ]),
    ).toEqual({
      'deals.minimumAmount': '100.50',
      'deals.enabled': false,
      'deals.cutoff': null,
      'deals.stages': ['a', 'b'],
      'deals.fields.memo': { constant: 'x=y' },
      'deals.fields.description': 'dealname',
    });
  });

  test('makes a list of key[]', () => {
    expect(parsePairs(['deals.stages[]=a', 'deals.stages[]=b'])).toEqual({ 'deals.stages': ['a', 'b'] });
    expect(parsePairs(['deals.stages[]='])).toEqual({ 'deals.stages': [] });
  });

  test('says what is no pair and no JSON', () => {
    expect(() => parsePairs(['deals.enabled'])).toThrow('key=value');
    expect(() => parsePairs(['deals.stages=[a'])).toThrow('deals.stages');
  });
});

describe('--file', () => {
  const sections = ['deals', 'companies'];

  test('takes what `configuration` prints, or the settings alone, as the whole', () => {
    const settings = { deals: { enabled: true }, companies: {} };
    expect(parseSettingsFile(JSON.stringify({ version: 3, settings }), sections)).toEqual({
      whole: settings,
    });
    expect(parseSettingsFile(JSON.stringify(settings), sections)).toEqual({ whole: settings });
  });

  test('takes a part as the keys that it names', () => {
    const part = { deals: { minimumAmount: '5', stages: [] }, 'companies.enabled': false, conflicts: 'hold' };
    expect(parseSettingsFile(JSON.stringify(part), sections)).toEqual({
      set: {
        'deals.minimumAmount': '5',
        'deals.stages': [],
        'companies.enabled': false,
        conflicts: 'hold',
      },
    });
  });

  test('refuses what is no JSON object', () => {
    expect(() => parseSettingsFile('deals:', sections)).toThrow('not JSON');
    expect(() => parseSettingsFile('[]', sections)).toThrow('not a JSON object');
  });
});
