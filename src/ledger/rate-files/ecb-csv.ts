import { type CalendarDate, parseCalendarDate } from '../../kernel/dates.ts';
import type { DelimitedLine } from './delimited-lines.ts';
import {
  collectMistakes,
  type Mistakes,
  type RateFileRow,
  readRate,
  refuseRateFile,
  shorten,
} from './rate-file.ts';

const months = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];

/** Whether the first line is that of a CSV file of the ECB: "Date", and then codes. */
export function isEcbHeader(cells: readonly string[]): boolean {
  const codes = withoutTrailing(cells).slice(1);
  return (
    cells[0]?.toLowerCase() === 'date' && codes.length > 0 && codes.every((code) => /^[A-Z]{3}$/.test(code))
  );
}

/**
 * Rates of eurofxref.csv or eurofxref-hist.csv: a line a day, a column a currency, units of the currency for one euro. `N/A` and an
 * empty cell are no rate. The day is `31 March 2026` in the first file and `2026-03-31` in the second. Errors: `invalid_rate_file`.
 */
export function readEcbCsv(lines: readonly DelimitedLine[]): RateFileRow[] {
  const [header, ...body] = lines;
  const codes = withoutTrailing(header?.cells ?? []);
  if (new Set(codes).size !== codes.length) refuseRateFile('Line 1 names a currency twice.');
  const mistakes = collectMistakes();
  const lineByDate = new Map<string, number>();
  const rows: RateFileRow[] = [];
  for (const { line, cells } of body) {
    const date = readDay(cells[0] ?? '');
    if (date === null) {
      mistakes.add(line, 'Date', `“${shorten(cells[0] ?? '')}” is no day of the ECB's, such as 2026-03-31.`);
      continue;
    }
    const earlier = lineByDate.get(date);
    if (earlier !== undefined) mistakes.add(line, 'Date', `${date} stands on line ${earlier} already.`);
    lineByDate.set(date, earlier ?? line);
    // A comma ends each line, so that the last cell is empty.
    const width = cells.at(-1) === '' ? cells.length - 1 : cells.length;
    if (width > codes.length || cells.length < codes.length) {
      mistakes.add(
        line,
        null,
        `It has ${cells.length} columns, but line 1 names ${codes.length}: it is cut off or damaged.`,
      );
      continue;
    }
    readDayLine(rows, mistakes, codes, { line, cells }, date);
  }
  mistakes.throwIfAny();
  return rows;
}

function readDayLine(
  rows: RateFileRow[],
  mistakes: Mistakes,
  codes: readonly string[],
  { line, cells }: DelimitedLine,
  date: CalendarDate,
): void {
  for (const [place, currency] of codes.entries()) {
    const text = cells[place] ?? '';
    if (place === 0 || text === '' || text === 'N/A') continue;
    const rate = readRate(text);
    if (typeof rate === 'string') mistakes.add(line, currency, rate);
    else rows.push({ line, date, currency, rate });
  }
}

function withoutTrailing(cells: readonly string[]): readonly string[] {
  return cells.at(-1) === '' ? cells.slice(0, -1) : cells;
}

function readDay(text: string): CalendarDate | null {
  const match = /^(\d{1,2}) ([A-Za-z]+) (\d{4})$/.exec(text);
  if (!match) return parseCalendarDate(text);
  const [, day = '', name = '', year = ''] = match;
  const month = months.indexOf(name.toLowerCase()) + 1;
  return parseCalendarDate(`${year}-${String(month).padStart(2, '0')}-${day.padStart(2, '0')}`);
}
