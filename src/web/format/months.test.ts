import { expect, test } from 'vitest';
import { lastDayOf, monthFromNow, parseMonth, shiftMonth } from './months.ts';

test('Months are counted over the turn of the year, and end on their own last day', () => {
  expect(shiftMonth('2026-11', 3)).toBe('2027-02');
  expect(shiftMonth('2026-01', -1)).toBe('2025-12');
  expect(lastDayOf('2028-02')).toBe('2028-02-29');
  expect(monthFromNow(-1, new Date(2026, 0, 15))).toBe('2025-12');
});

test('What is no month is none', () => {
  expect(['2026-13', '2026-1', 'march', undefined].map(parseMonth)).toEqual([null, null, null, null]);
  expect(parseMonth('2026-12')).toBe('2026-12');
});
