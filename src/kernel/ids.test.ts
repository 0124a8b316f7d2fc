import { expect, test } from 'vitest';
import { isUuid, newId } from './ids.ts';

test('ids made one after the other sort as they were made, also within one millisecond', () => {
  const ids = Array.from({ length: 20_000 }, newId);
  expect(ids.toSorted()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.every((id) => isUuid(id) && id[14] === '7')).toBe(true);
});
