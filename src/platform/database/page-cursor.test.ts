import { describe, expect, test } from 'vitest';
import {
  checkLimit,
  decodeCursor,
  encodeCursor,
  pageLimitDefault,
  pageLimitMax,
  toPage,
} from './page-cursor.ts';

const refusalOf = (field: string) =>
  expect.objectContaining({ code: 'invalid_request', fields: [expect.objectContaining({ field })] });

describe('A page', () => {
  test('has a next cursor only when a row more than wanted was read', () => {
    const valuesOf = (row: string): string[] => [row];
    expect(toPage(['a', 'b'], 2, 'name', valuesOf)).toEqual({ data: ['a', 'b'], next: null });
    const first = toPage(['a', 'b', 'c'], 2, 'name', valuesOf);
    expect(first.data).toEqual(['a', 'b']);
    expect(decodeCursor(first.next, 'name', ['text'])).toEqual(['b']);
  });

  test('has at most so many rows, and so many when nothing is said', () => {
    expect(checkLimit(undefined)).toBe(pageLimitDefault);
    expect(checkLimit(pageLimitMax)).toBe(pageLimitMax);
    for (const limit of [0, -1, 1.5, pageLimitMax + 1, Number.NaN])
      expect(() => checkLimit(limit)).toThrow(refusalOf('limit'));
  });

  test('takes back the cursor that it gave, of any text', () => {
    const values = ['Zoë "Q" Ltd', '01890000-0000-7000-8000-000000000000', 42];
    expect(decodeCursor(encodeCursor('name', values), 'name', ['text', 'uuid', 'integer'])).toEqual(values);
    expect(decodeCursor(undefined, 'name', ['text'])).toBeNull();
    expect(decodeCursor(null, 'name', ['text'])).toBeNull();
  });

  test.each([
    ['garbage', '!!'],
    ['a cursor of more values', encodeCursor('id', ['a', 'b'])],
    ['a cursor of another order', encodeCursor('name', ['01890000-0000-7000-8000-000000000000'])],
    ['what is no id', encodeCursor('id', ['x'])],
    ['JSON of another shape', Buffer.from('{"a":1}').toString('base64url')],
  ])('refuses %s as a wrong field', (_, cursor) => {
    expect(() => decodeCursor(cursor, 'id', ['uuid'])).toThrow(refusalOf('after'));
  });

  test('refuses a text that the database cannot hold', () => {
    expect(() => decodeCursor(encodeCursor('name', ['a\0b']), 'name', ['text'])).toThrow(refusalOf('after'));
  });
});
