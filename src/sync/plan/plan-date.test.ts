import { describe, expect, test } from 'vitest';
import type { CalendarDate } from '../../kernel/dates.ts';
import type { LinkedDocument, PeriodsSnapshot } from './plan-context.ts';
import { dateWarnings, movedFromField, openDate, standingDate } from './plan-date.ts';

const day = (text: string) => text as CalendarDate;
const month = (name: string, startDate: string, endDate: string) => ({
  name,
  startDate: day(startDate),
  endDate: day(endDate),
});
/** January and February are closed, and April, but not March. */
const periods: PeriodsSnapshot = {
  closed: [
    month('January 2026', '2026-01-01', '2026-01-31'),
    month('February 2026', '2026-02-01', '2026-02-28'),
    month('April 2026', '2026-04-01', '2026-04-30'),
  ],
  reach: { firstDay: day('2026-01-01'), lastDay: day('2027-12-31') },
};
const linked = (applied: Record<string, string | null>) =>
  ({ link: { applied } }) as unknown as LinkedDocument;

describe('The day of a document', () => {
  test.each([
    ['2026-01-15', '2026-03-01'],
    ['2026-02-28', '2026-03-01'],
    ['2026-03-31', '2026-03-31'],
    ['2026-04-01', '2026-05-01'],
    ['2025-12-31', '2025-12-31'],
  ])('of %s is %s where it takes the first open day', (from, to) => {
    expect(openDate(day(from), 'first_open_date', periods)).toBe(to);
  });

  test('in a closed period is refused where the settings say so, and only there', () => {
    expect(openDate(day('2026-02-01'), 'fail', periods)).toEqual({
      code: 'locked_period',
      reason: 'The document date 2026-02-01 lies in a closed period.',
    });
    expect(openDate(day('2026-03-01'), 'fail', periods)).toBe('2026-03-01');
  });

  test('stays where it was moved to as long as the CRM says the same day', () => {
    const moved = linked({ documentDate: '2026-03-01', [movedFromField]: '2026-02-10' });
    expect(standingDate(day('2026-02-10'), moved, periods)).toBe('2026-03-01');
    expect(standingDate(day('2026-02-11'), moved, periods)).toBe('2026-02-11');
    expect(standingDate(day('2026-02-10'), linked({ documentDate: '2026-02-10' }), periods)).toBe(
      '2026-02-10',
    );
  });

  test('of a link that was rebuilt is the document’s, where the CRM’s lies in a closed period before it', () => {
    const rebuilt = linked({ documentDate: '2026-03-01', $rebuilt: 'yes' });
    expect(standingDate(day('2026-02-10'), rebuilt, periods)).toBe('2026-03-01');
    expect(standingDate(day('2026-03-20'), rebuilt, periods)).toBe('2026-03-20');
  });

  test('is warned of when it was moved, or lies in no fiscal year', () => {
    const codes = (date: string, documentDate: string) =>
      dateWarnings(day(date), day(documentDate), periods).map(({ code }) => code);
    expect(codes('2026-02-10', '2026-03-01')).toEqual(['date_moved']);
    expect(codes('2026-03-01', '2026-03-01')).toEqual([]);
    expect(codes('2025-12-31', '2025-12-31')).toEqual(['unknown_period']);
    expect(codes('2028-01-01', '2028-01-01')).toEqual(['unknown_period']);
    expect(dateWarnings(day('1999-01-01'), day('1999-01-01'), { closed: [], reach: null })).toEqual([]);
  });
});
