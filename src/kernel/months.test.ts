import { describe, expect, test } from 'vitest';
import type { CalendarDate } from './dates.ts';
import { addMonths, daysInRange, firstOfMonth, lastOfMonth } from './months.ts';

const day = (text: string): CalendarDate => text as CalendarDate;

describe('Months', () => {
  test.each([
    ['2026-01-15', 1, '2026-02-15'],
    ['2027-01-31', 1, '2027-02-28'],
    ['2028-01-31', 1, '2028-02-29'],
    ['2028-02-29', -12, '2027-02-28'],
    ['2026-12-15', 1, '2027-01-15'],
    ['2026-01-15', -13, '2024-12-15'],
    ['0099-11-30', 3, '0100-02-28'],
  ])('%s moved by %i is %s: the same day, or the last of a shorter month', (from, months, to) => {
    expect(addMonths(day(from), months)).toBe(to);
  });

  test('begin with their first day and end with their last', () => {
    expect(firstOfMonth(day('2028-02-17'))).toBe('2028-02-01');
    expect(lastOfMonth(day('2028-02-17'))).toBe('2028-02-29');
    expect(lastOfMonth(day('2026-12-31'))).toBe('2026-12-31');
  });

  test('a range counts both of its ends', () => {
    expect(daysInRange(day('2026-01-01'), day('2026-01-01'))).toBe(1);
    expect(daysInRange(day('2026-01-01'), day('2026-12-31'))).toBe(365);
    expect(daysInRange(day('2026-01-02'), day('2026-01-01'))).toBe(0);
  });
});
