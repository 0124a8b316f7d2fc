import { isCurrency } from '../../kernel/currencies.ts';
import { parseCalendarDate } from '../../kernel/dates.ts';
import type { DelimitedLine } from './delimited-lines.ts';
import {
  collectMistakes,
  type Mistakes,
  type RateFileRow,
  readRate,
  refuseRateFile,
  shorten,
} from './rate-file.ts';

const columnNames = ['date', 'currency', 'rate'] as const;
type ColumnName = (typeof columnNames)[number];

/**
 * Rates of a file with the columns date, currency and rate, in any order: base units for one unit of the currency. Other columns are
 * refused, since who wrote them means something by them. Errors: `invalid_rate_file`, with every wrong line and column.
 */
export function readRateCsv(lines: readonly DelimitedLine[], baseCurrency: string): RateFileRow[] {
  const [header, ...body] = lines;
  const places = placesOf(header?.cells ?? []);
  const mistakes = collectMistakes();
  const lineByKey = new Map<string, number>();
  const rows: RateFileRow[] = [];
  for (const { line, cells } of body) {
    if (cells.length !== columnNames.length) {
      mistakes.add(line, null, `It has ${cells.length} columns and not ${columnNames.length}.`);
      continue;
    }
    const row = rowOf(line, (name) => cells[places[name]] ?? '', baseCurrency, mistakes);
    if (row === null) continue;
    const key = `${row.currency} ${row.date}`;
    const earlier = lineByKey.get(key);
    if (earlier === undefined) rows.push(row);
    else mistakes.add(line, null, `${key} stands on line ${earlier} already: leave one of them.`);
    lineByKey.set(key, earlier ?? line);
  }
  mistakes.throwIfAny();
  return rows;
}

function placesOf(cells: readonly string[]): Record<ColumnName, number> {
  const names = cells.map((cell) => cell.toLowerCase());
  const isWhole =
    names.length === columnNames.length && columnNames.every((name) => names.indexOf(name) !== -1);
  if (!isWhole) {
    refuseRateFile(
      `Line 1 has to name the columns date, currency and rate; it says “${shorten(cells.join(', '))}”. A file of the ECB is taken as it is published.`,
    );
  }
  return { date: names.indexOf('date'), currency: names.indexOf('currency'), rate: names.indexOf('rate') };
}

function rowOf(
  line: number,
  cell: (name: ColumnName) => string,
  baseCurrency: string,
  mistakes: Mistakes,
): RateFileRow | null {
  const currency = cell('currency');
  const date = parseCalendarDate(cell('date'));
  const rate = readRate(cell('rate'));
  const isKnown = isCurrency(currency);
  if (date === null) {
    mistakes.add(line, 'date', `“${shorten(cell('date'))}” is no day: write YYYY-MM-DD, such as 2026-03-31.`);
  }
  if (!isKnown) {
    const message = `“${shorten(currency)}” is no ISO 4217 code: use three capital letters, such as USD.`;
    mistakes.add(line, 'currency', message);
  }
  if (currency === baseCurrency) {
    mistakes.add(line, 'currency', `${currency} is the base currency, whose rate is always 1: leave it out.`);
  }
  if (typeof rate === 'string') mistakes.add(line, 'rate', rate);
  if (date === null || !isKnown || currency === baseCurrency || typeof rate === 'string') return null;
  return { line, date, currency, rate };
}
