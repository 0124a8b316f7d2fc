import { type Column, formatTable } from './format-table.ts';
import { type Terminal, writeLine } from './terminal.ts';

/** A table shows so many rows under one line of titles; widths are reckoned again for the next ones. */
const tableRowsMax = 1_000;

export interface RowOutput<Row> {
  readonly json: boolean;
  readonly columns: readonly Column<Row>[];
  /** What is said instead of an empty table. */
  readonly empty: string;
}

/** Rows as JSON lines, each as soon as it is there, or as tables for a person. Returns how many there were. */
export async function writeRows<Row>(
  terminal: Terminal,
  rows: AsyncIterable<Row> | Iterable<Row>,
  output: RowOutput<Row>,
): Promise<number> {
  let count = 0;
  let waiting: Row[] = [];
  const flush = (): void => {
    if (waiting.length === 0) return;
    terminal.write(formatTable(waiting, output.columns, terminal.isInteractive ? terminal.columns : null));
    waiting = [];
  };
  for await (const row of rows) {
    count += 1;
    if (output.json) {
      writeLine(terminal, JSON.stringify(row));
      continue;
    }
    waiting.push(row);
    if (waiting.length >= tableRowsMax) flush();
  }
  flush();
  if (count === 0 && !output.json) writeLine(terminal, output.empty);
  return count;
}
