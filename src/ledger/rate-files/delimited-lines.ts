import { refuseRateFile } from './rate-file.ts';

export interface DelimitedLine {
  /** From 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/**
 * The lines of a delimited text (comma, semicolon or tab: whichever the first line has), empty ones left out, cells trimmed and without
 * their quotes. A cell does not go over a line's end: no date, code or rate does. Errors: `invalid_rate_file` (an open quote).
 */
export function readDelimitedLines(content: string): DelimitedLine[] {
  const lines = content.replace(/^\u{feff}/u, '').split(/\r\n|\n|\r/);
  const first = lines.find((text) => text.trim() !== '') ?? '';
  const delimiter = [';', '\t'].find((candidate) => first.includes(candidate)) ?? ',';
  return lines.flatMap((text, index) =>
    text.trim() === '' ? [] : [{ line: index + 1, cells: cellsOf(text, delimiter, index + 1) }],
  );
}

function cellsOf(text: string, delimiter: string, line: number): string[] {
  if (!text.includes('"')) return text.split(delimiter).map((cell) => cell.trim());
  const cells: string[] = [];
  let cell = '';
  let isQuoted = false;
  for (let place = 0; place < text.length; place += 1) {
    const character = text.charAt(place);
    if (character === '"' && isQuoted && text.charAt(place + 1) === '"') {
      cell += '"';
      place += 1;
    } else if (character === '"') {
      isQuoted = !isQuoted;
    } else if (character === delimiter && !isQuoted) {
      cells.push(cell.trim());
      cell = '';
    } else {
      cell += character;
    }
  }
  if (isQuoted) refuseRateFile(`Line ${line} has a quote that is not closed.`);
  return [...cells, cell.trim()];
}
