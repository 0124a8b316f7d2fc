import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FieldSource } from '../../model/configuration.ts';
import { propertiesOf, readField } from './field-source.ts';

const properties = {
  name: ' Acme ',
  empty: '  ',
  none: null,
  segment: 'smb',
  first: 'Ada',
  last: 'Lovelace',
};

describe('A field source', () => {
  test.each<[string, FieldSource | null, string | null]>([
    ['a property, without the space around it', 'name', 'Acme'],
    ['an empty property as nothing', 'empty', null],
    ['a property that the CRM did not answer as nothing', 'unheard', null],
    ['nothing', null, null],
    ['a default where the property is empty', { property: 'none', default: 'n/a' }, 'n/a'],
    ['a constant', { constant: 'Sales' }, 'Sales'],
    ['several fields joined', { join: ['first', 'last'] }, 'Ada Lovelace'],
    [
      'several fields joined without the empty ones',
      { join: ['first', 'none', 'last'], separator: ', ' },
      'Ada, Lovelace',
    ],
    ['a default where all joined fields are empty', { join: ['none', 'empty'], default: 'nobody' }, 'nobody'],
    ['a value of a lookup table', { lookup: 'segment', table: { smb: 'Small business' } }, 'Small business'],
    [
      'the default of a table without that key',
      { lookup: 'name', table: { smb: 'x' }, default: 'Other' },
      'Other',
    ],
    ['nothing of what every object inherits', { lookup: { constant: 'constructor' }, table: {} }, null],
  ])('reads %s', (_, source, expected) => {
    expect(readField(source, properties)).toBe(expected);
  });

  test('names every property that it reads', () => {
    expect(propertiesOf({ lookup: { join: ['a', { property: 'b' }] }, table: {}, default: 'x' })).toEqual([
      'a',
      'b',
    ]);
  });

  test('never fails, whatever stands in the property', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const read = readField({ join: ['text', { constant: 'x' }] }, { text });
        expect(typeof read).toBe('string');
      }),
    );
  });
});
