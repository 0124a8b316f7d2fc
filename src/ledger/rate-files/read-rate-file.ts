import { type CrossRates, toCrossRates } from './cross-rates.ts';
import { readDelimitedLines } from './delimited-lines.ts';
import { isEcbHeader, readEcbCsv } from './ecb-csv.ts';
import { readEcbXml } from './ecb-xml.ts';
import { readRateCsv } from './rate-csv.ts';
import {
  rateFileBytesMax,
  type RateFileFormat,
  type RateFileRow,
  rateFileRowsMax,
  refuseRateFile,
} from './rate-file.ts';

export interface ReadRateFile extends CrossRates {
  readonly format: RateFileFormat;
}

/**
 * The rates of a file, whichever of the formats it has, as base units for one unit of the currency. Errors: `invalid_rate_file` (no such
 * file, too large, wrong lines by line and column, the base currency not among the ECB's).
 */
export function readRateFile(content: string, baseCurrency: string): ReadRateFile {
  if (Buffer.byteLength(content) > rateFileBytesMax) {
    refuseRateFile(`It is larger than ${rateFileBytesMax / 1024 / 1024} MB: import it in parts.`);
  }
  const start = content.replace(/^\u{feff}/u, '').trimStart();
  if (start === '') refuseRateFile('It is empty.');
  if (start.startsWith('PK')) refuseRateFile('It is a zip archive: unpack it, and import the file in it.');
  if (start.startsWith('<')) return fromEcb('ecb_xml', readEcbXml(content), baseCurrency);
  const lines = readDelimitedLines(content);
  if (isEcbHeader(lines[0]?.cells ?? [])) return fromEcb('ecb_csv', readEcbCsv(lines), baseCurrency);
  if (lines.length - 1 > rateFileRowsMax) refuseTooManyRows(lines.length - 1);
  const rows = readRateCsv(lines, baseCurrency);
  if (rows.length === 0) refuseRateFile('There is no rate in it.');
  return { format: 'csv', rows, unknownCurrencies: [], daysWithoutBase: [] };
}

function fromEcb(
  format: RateFileFormat,
  published: readonly RateFileRow[],
  baseCurrency: string,
): ReadRateFile {
  if (published.length > rateFileRowsMax) refuseTooManyRows(published.length);
  if (published.length === 0) refuseRateFile('There is no rate in it.');
  const crossRates = toCrossRates(published, baseCurrency);
  if (crossRates.rows.length === 0) {
    refuseRateFile(
      `It has no rate of ${baseCurrency}, the base currency, so that no other can be worked out: import a file with the columns date, currency and rate.`,
    );
  }
  return { format, ...crossRates };
}

function refuseTooManyRows(count: number): never {
  refuseRateFile(
    `It has ${count} rates, and at most ${rateFileRowsMax} are imported at once: do it in parts.`,
  );
}
