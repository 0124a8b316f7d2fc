import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays, type CalendarDate } from '../../kernel/dates.ts';
import { fiscalYearStartOf, planFiscalYear, planFiscalYears } from './fiscal-calendar.ts';

const date = (text: string) => text as CalendarDate;

describe('A fiscal year', () => {
  test('of a calendar year has its months by name, with the leap day in February', () => {
    const year = planFiscalYear(date('2028-01-01'));
    expect(year).toMatchObject({ name: '2028', startDate: '2028-01-01', endDate: '2028-12-31' });
    expect(year.periods).toHaveLength(12);
    expect(year.periods[1]).toEqual({
      position: 2,
      name: 'February 2028',
      startDate: '2028-02-01',
      endDate: '2028-02-29',
    });
  });

  test('that begins in the middle of a month names both its years and its periods by their days', () => {
    const year = planFiscalYear(date('2025-04-06'));
    expect(year).toMatchObject({ name: '2025/26', endDate: '2026-04-05' });
    expect(year.periods[0]?.name).toBe('2025-04-06 to 2025-05-05');
    expect(planFiscalYear(date('2099-07-01')).name).toBe('2099/00');
  });

  test('of a day is the one that has begun last', () => {
    const april = { month: 4, day: 6 };
    expect(fiscalYearStartOf(date('2026-04-05'), april)).toBe('2025-04-06');
    expect(fiscalYearStartOf(date('2026-04-06'), april)).toBe('2026-04-06');
  });

  test('has every day of its years once, whatever day it begins with', () => {
    const starts = fc.record({
      month: fc.integer({ min: 1, max: 12 }),
      day: fc.integer({ min: 1, max: 28 }),
    });
    const days = fc.integer({ min: 0, max: 40_000 }).map((days) => addDays(date('1990-01-01'), days));
    fc.assert(
      fc.property(starts, days, fc.integer({ min: 0, max: 2_000 }), (start, from, length) => {
        const to = addDays(from, length);
        const periods = planFiscalYears(from, to, start).flatMap((year) => year.periods);
        expect(periods[0]?.startDate.localeCompare(from)).toBeLessThanOrEqual(0);
        expect(periods.at(-1)?.endDate.localeCompare(to)).toBeGreaterThanOrEqual(0);
        periods.slice(1).forEach((period, index) => {
          expect(period.startDate).toBe(addDays(periods[index]?.endDate ?? date(''), 1));
        });
      }),
    );
  });
});
