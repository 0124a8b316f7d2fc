import { expect, test } from 'vitest';
import type { Configuration } from '../../../model/configuration.ts';
import { readSetting, writeSetting } from './setting-path.ts';

// A part is enough: the functions know no key.
const settings = {
  deals: { fields: { total: 'amount', dimensions: { 'cost.centre': 'code' } } },
} as unknown as Configuration;

test('A setting is read and set by its path, and the old configuration stays as it was', () => {
  const changed = writeSetting(settings, ['deals', 'fields', 'total'], { constant: '5' });
  expect(readSetting(changed, ['deals', 'fields', 'total'])).toEqual({ constant: '5' });
  expect(readSetting(settings, ['deals', 'fields', 'total'])).toBe('amount');
});

test('A name that holds a dot is one step of the path', () => {
  const path = ['deals', 'fields', 'dimensions', 'cost.centre'];
  expect(readSetting(settings, path)).toBe('code');
  expect(readSetting(writeSetting(settings, path, undefined), path)).toBeUndefined();
});
