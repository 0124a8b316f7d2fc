import { describe, expect, test } from 'vitest';
import type { Filter } from '../../model/configuration.ts';
import { failingFilter, holds } from './filters.ts';

const properties = { amount: '1000.00', region: 'EMEA', closed: '2026-03-31', empty: '', none: null };

describe('A filter', () => {
  test.each<[Filter, boolean]>([
    [{ property: 'region', operator: 'equals', value: 'emea' }, true],
    [{ property: 'amount', operator: 'equals', value: '1000' }, true],
    [{ property: 'region', operator: 'not_equals', value: 'APAC' }, true],
    [{ property: 'none', operator: 'not_equals', value: 'APAC' }, true],
    [{ property: 'region', operator: 'in', value: ['apac', 'emea'] }, true],
    [{ property: 'region', operator: 'not_in', value: ['apac', 'emea'] }, false],
    [{ property: 'region', operator: 'contains', value: 'me' }, true],
    [{ property: 'amount', operator: 'greater_than', value: '999.99' }, true],
    [{ property: 'amount', operator: 'greater_than', value: '1000' }, false],
    [{ property: 'amount', operator: 'at_least', value: '1000' }, true],
    [{ property: 'amount', operator: 'less_than', value: '9' }, false],
    [{ property: 'closed', operator: 'at_most', value: '2026-03-31' }, true],
    [{ property: 'closed', operator: 'less_than', value: '2026-03-31' }, false],
    [{ property: 'none', operator: 'less_than', value: '5' }, false],
    [{ property: 'empty', operator: 'is_set' }, false],
    [{ property: 'unheard', operator: 'is_not_set' }, true],
    [
      {
        all: [
          { property: 'region', operator: 'is_set' },
          { property: 'none', operator: 'is_set' },
        ],
      },
      false,
    ],
    [
      {
        any: [
          { property: 'region', operator: 'is_set' },
          { property: 'none', operator: 'is_set' },
        ],
      },
      true,
    ],
  ])('%j is %s', (filter, expected) => {
    expect(holds(filter, properties)).toBe(expected);
  });

  test('that does not hold is named by its properties', () => {
    const filters: Filter[] = [
      { property: 'region', operator: 'is_set' },
      {
        any: [
          { property: 'none', operator: 'is_set' },
          { property: 'empty', operator: 'is_set' },
        ],
      },
    ];
    expect(failingFilter(filters, properties)).toBe('none, empty');
    expect(failingFilter(filters.slice(0, 1), properties)).toBeNull();
  });
});
