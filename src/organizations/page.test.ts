import { describe, expect, test } from 'vitest';
import { decodeCursor, encodeCursor, pageOf } from './page.ts';

describe('A page', () => {
  test('has a next cursor only when a row more than wanted was read', () => {
    const sortValues = (row: string): string[] => [row];
    expect(pageOf(['a', 'b'], 2, 2, sortValues)).toEqual({ rows: ['a', 'b'], next: null, total: 2 });
    const first = pageOf(['a', 'b', 'c'], 3, 2, sortValues);
    expect(first.rows).toEqual(['a', 'b']);
    expect(decodeCursor(first.next ?? '', ['text'])).toEqual(['b']);
  });

  test('takes back the cursor that it gave, of any text', () => {
    const values = ['Zoë "Q" Ltd', '01890000-0000-7000-8000-000000000000', '42'];
    expect(decodeCursor(encodeCursor(values), ['text', 'uuid', 'whole'])).toEqual(values);
    expect(decodeCursor(undefined, ['text'])).toBeNull();
  });

  test.each([
    ['garbage', '!!'],
    ['a cursor of another list', encodeCursor(['a', 'b'])],
    ['what is no id', encodeCursor(['x'])],
    ['JSON of another shape', Buffer.from('{"a":1}').toString('base64url')],
  ])('refuses %s as a wrong field', (_, cursor) => {
    expect(() => decodeCursor(cursor, ['uuid'])).toThrow(
      expect.objectContaining({
        code: 'invalid_request',
        fields: [expect.objectContaining({ field: 'after' })],
      }),
    );
  });
});
