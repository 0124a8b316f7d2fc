import { expect, test } from 'vitest';
import { settingChanges } from './setting-changes.ts';

test('Two versions differ by the keys that were set otherwise', () => {
  const before = { deals: { kind: 'invoice', stages: [] }, conflicts: 'hold' };
  const after = { deals: { kind: 'invoice', stages: ['a'] }, conflicts: 'source_wins' };
  expect(settingChanges(before, after)).toEqual([
    { key: 'deals.stages', from: '[]', to: '["a"]' },
    { key: 'conflicts', from: 'hold', to: 'source_wins' },
  ]);
});

test('A version differs from itself in nothing', () => {
  expect(settingChanges({ a: { b: null } }, { a: {} })).toEqual([]);
});
