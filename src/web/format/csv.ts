interface CsvColumn<Row> {
  readonly header: string;
  readonly text: (row: Row) => string;
}

const isNumber = /^-?\d+(\.\d+)?$/;

/** A spreadsheet runs a cell that begins like this as a formula; an apostrophe before it makes it text. Numbers stay numbers. */
function harmless(text: string): string {
  return /^[=+\-@\t\r]/.test(text) && !isNumber.test(text) ? `'${text}` : text;
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** RFC 4180 with a byte order mark, without which spreadsheets take UTF-8 for something else. */
export function toCsv<Row>(columns: readonly CsvColumn<Row>[], rows: readonly Row[]): string {
  const lines = [
    columns.map(({ header }) => quoted(header)).join(','),
    ...rows.map((row) => columns.map(({ text }) => quoted(harmless(text(row)))).join(',')),
  ];
  return `\uFEFF${lines.join('\r\n')}\r\n`;
}
