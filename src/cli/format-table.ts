import { cutText, plainText, textWidth } from './plain-text.ts';

export interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => string | number | null | undefined;
  readonly align?: 'right';
  /** Names and sentences: what gives way where the terminal is narrow. */
  readonly shrinks?: boolean;
}

const gap = '  ';
/** A column that gives way stays at least this wide: a name is still told from another one. */
const shrunkWidthMin = 12;

/** Rows as aligned columns with a line of titles. `widthMax` null: nothing is cut (the output goes to a file or a program). */
export function formatTable<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  widthMax: number | null,
): string {
  const cells = rows.map((row) => columns.map((column) => plainText(String(column.value(row) ?? ''))));
  const natural = columns.map((column, place) =>
    Math.max(textWidth(column.title), ...cells.map((line) => textWidth(line[place] ?? ''))),
  );
  const widths = widthMax === null ? natural : fitWidths(natural, columns, widthMax);
  const lines = [columns.map(({ title }) => title), ...cells].map((line) =>
    line
      .map((cell, place) => padCell(cell, widths[place] ?? 0, columns[place]?.align === 'right'))
      .join(gap)
      .trimEnd(),
  );
  return `${lines.join('\n')}\n`;
}

/** Takes the columns that are too many from the widest of those that may shrink. */
function fitWidths<Row>(
  natural: readonly number[],
  columns: readonly Column<Row>[],
  widthMax: number,
): number[] {
  const widths = [...natural];
  let over = widths.reduce((sum, width) => sum + width, 0) + gap.length * (widths.length - 1) - widthMax;
  while (over > 0) {
    const shrinkable = widths
      .map((width, place) => ({ width, place }))
      .filter(({ width, place }) => columns[place]?.shrinks === true && width > shrunkWidthMin);
    const widest = shrinkable.toSorted((left, right) => right.width - left.width)[0];
    if (!widest) break;
    const cut = Math.min(
      over,
      Math.max(1, widest.width - (secondWidth(shrinkable, widest) ?? shrunkWidthMin)),
    );
    widths[widest.place] = Math.max(shrunkWidthMin, widest.width - cut);
    over -= cut;
  }
  return widths;
}

function secondWidth(
  shrinkable: readonly { readonly width: number; readonly place: number }[],
  widest: { readonly place: number },
): number | undefined {
  const others = shrinkable.filter(({ place }) => place !== widest.place).map(({ width }) => width);
  return others.length > 0 ? Math.max(...others) : undefined;
}

function padCell(cell: string, width: number, right: boolean): string {
  const cut = cutText(cell, width);
  const padding = ' '.repeat(Math.max(0, width - textWidth(cut)));
  return right ? padding + cut : cut + padding;
}
