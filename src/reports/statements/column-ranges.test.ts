import { describe, expect, test } from 'vitest';
import type { CalendarDate } from '../../kernel/dates.ts';
import { type ColumnChoice, columnRanges, monthColumnsMax } from './column-ranges.ts';

const columns = (from: string, to: string, choice: ColumnChoice): string[] =>
  columnRanges({ from: from as CalendarDate, to: to as CalendarDate }, choice).map(
    (range) => `${range.from} ${range.to}`,
  );

describe('The columns of a statement', () => {
  test.each([
    ['2026-02-10', '2026-03-05', 'total', ['2026-02-10 2026-03-05']],
    [
      '2026-11-15',
      '2027-02-03',
      'months',
      ['2026-11-15 2026-11-30', '2026-12-01 2026-12-31', '2027-01-01 2027-01-31', '2027-02-01 2027-02-03'],
    ],
    ['2026-01-01', '2026-03-31', 'previous_period', ['2026-01-01 2026-03-31', '2025-10-01 2025-12-31']],
    ['2026-03-01', '2026-03-31', 'previous_period', ['2026-03-01 2026-03-31', '2026-02-01 2026-02-28']],
    ['2026-03-10', '2026-03-16', 'previous_period', ['2026-03-10 2026-03-16', '2026-03-03 2026-03-09']],
    ['2024-02-01', '2024-02-29', 'previous_year', ['2024-02-01 2024-02-29', '2023-02-01 2023-02-28']],
    ['2025-02-01', '2025-02-28', 'previous_year', ['2025-02-01 2025-02-28', '2024-02-01 2024-02-29']],
    ['2024-02-29', '2024-03-10', 'previous_year', ['2024-02-29 2024-03-10', '2023-02-28 2023-03-10']],
  ] as const)('from %s to %s by %s', (from, to, choice, expected) => {
    expect(columns(from, to, choice)).toEqual(expected);
  });

  test('are refused for a range that ends before it begins, and for more months than can be read', () => {
    expect(() => columns('2026-03-02', '2026-03-01', 'total')).toThrow(/ends before it begins/);
    expect(columns('2020-01-01', '2024-12-31', 'months')).toHaveLength(monthColumnsMax);
    expect(() => columns('2020-01-01', '2025-01-01', 'months')).toThrow(/At most 60 months/);
  });
});
