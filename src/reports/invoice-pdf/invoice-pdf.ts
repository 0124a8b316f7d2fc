import PDFDocument from 'pdfkit';
import { drawFooters, drawStamp, drawTop } from './page-furniture.ts';
import type { PrintableInvoice, PrintedLine } from './printable-invoice.ts';
import {
  createTypesetter,
  lineHeightOf,
  type PdfDocument,
  type TextStyle,
  type Typesetter,
} from './text-block.ts';
import { color, documentWord, margin, text } from './theme.ts';

interface Column {
  readonly title: string;
  readonly width: number;
  readonly align: 'start' | 'right';
  readonly valueOf: (line: PrintedLine) => string;
}

interface Page {
  readonly document: PdfDocument;
  readonly typesetter: Typesetter;
  readonly left: number;
  readonly width: number;
  /** Nothing but the footer stands below. */
  readonly bottom: number;
}

/**
 * The document as a PDF file: seller with logo, customer, dates, lines over as many pages as they take, totals, bank details, page
 * numbers. Names may be in any script of `font-faces.ts`; what no font has is drawn as the replacement character.
 */
export async function renderInvoicePdf(invoice: PrintableInvoice): Promise<Uint8Array<ArrayBuffer>> {
  const document = new PDFDocument({
    size: invoice.seller.paper,
    margin: 0,
    bufferPages: true,
    lang: 'en',
    displayTitle: true,
    info: {
      Title: `${documentWord(invoice)} ${invoice.number ?? '(draft)'}`,
      Author: invoice.seller.name,
      Producer: 'Tributary',
      CreationDate: invoice.changedAt,
    },
  });
  const bytes = collect(document);
  const page: Page = {
    document,
    typesetter: createTypesetter(document),
    left: margin.side,
    width: document.page.width - 2 * margin.side,
    bottom: document.page.height - margin.bottom,
  };
  let y = drawTop(document, page.typesetter, invoice);
  y = drawLines(page, invoice, y);
  y = drawTotals(page, invoice, y);
  drawNotes(page, invoice, y);
  drawFooters(document, page.typesetter, invoice);
  if (invoice.number === null) drawStamp(document, page.typesetter, 'DRAFT');
  else if (invoice.test) drawStamp(document, page.typesetter, 'TEST');
  document.end();
  return bytes;
}

function collect(document: PdfDocument): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  return new Promise((resolve, reject) => {
    document.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    document.on('end', () => resolve(new Uint8Array(Buffer.concat(chunks))));
    document.on('error', reject);
  });
}

/** Discount and tax have a column only where a line has one. The description takes what the others leave. */
function columnsOf({ lines }: PrintableInvoice, width: number): Column[] {
  const right = (title: string, columnWidth: number, valueOf: Column['valueOf']): Column => ({
    title,
    width: columnWidth,
    align: 'right',
    valueOf,
  });
  const columns = [
    right('Quantity', 52, ({ quantity }) => quantity),
    right('Unit price', 74, ({ unitPrice }) => unitPrice),
    ...(lines.some(({ discount }) => discount !== null)
      ? [right('Discount', 70, ({ discount }) => discount ?? '')]
      : []),
    ...(lines.some(({ tax }) => tax !== null) ? [right('Tax', 52, ({ tax }) => tax ?? '')] : []),
    right('Amount', 78, ({ amount }) => amount),
  ];
  const taken = columns.reduce((sum, column) => sum + column.width, 0);
  return [
    { title: 'Description', width: width - taken, align: 'start', valueOf: ({ description }) => description },
    ...columns,
  ];
}

const cellGap = 8;
/** A longer line of the invoice is broken over two pages. */
const rowsKeptTogetherMax = 12;
const rowGap = 6;

function drawLines(page: Page, invoice: PrintableInvoice, top: number): number {
  const columns = columnsOf(invoice, page.width);
  let y = drawHeadings(page, columns, top);
  for (const line of invoice.lines) {
    const cells = columns.map((column, index) =>
      cellLines(page, column, line, index === 0 ? line.sku : null),
    );
    const rows = Math.max(...cells.map(({ length }) => length));
    const whole = rows <= rowsKeptTogetherMax ? rows * lineHeightOf(text.body) : 0;
    if (y + whole > page.bottom) y = drawHeadings(page, columns, nextPage(page));
    for (let row = 0; row < rows; row += 1) {
      const height = lineHeightOf(text.body);
      if (y + height > page.bottom) y = drawHeadings(page, columns, nextPage(page));
      drawRow(page, columns, cells, row, y);
      y += height;
    }
    y += rowGap / 2;
    drawRule(page, y, color.faint);
    y += rowGap / 2;
  }
  return y;
}

interface CellLine {
  readonly line: string;
  readonly style: TextStyle;
}

function cellLines(page: Page, column: Column, line: PrintedLine, note: string | null): CellLine[] {
  const width = column.width - cellGap;
  const wrapped = (content: string, style: TextStyle): CellLine[] =>
    page.typesetter.wrap(content, style, width).map((part) => ({ line: part, style }));
  return [...wrapped(column.valueOf(line), text.body), ...(note === null ? [] : wrapped(note, text.note))];
}

function drawRow(
  page: Page,
  columns: readonly Column[],
  cells: readonly (readonly CellLine[])[],
  row: number,
  y: number,
): void {
  let x = page.left;
  for (const [index, column] of columns.entries()) {
    const cell = cells[index]?.[row];
    const box = { x: column.align === 'right' ? x + cellGap : x, y, width: column.width - cellGap };
    if (cell) page.typesetter.draw(cell.line, cell.style, { ...box, align: column.align });
    x += column.width;
  }
}

function drawHeadings(page: Page, columns: readonly Column[], y: number): number {
  const cells = columns.map(({ title }) => [{ line: title, style: text.heading }]);
  drawRow(page, columns, cells, 0, y);
  const below = y + lineHeightOf(text.heading) + 3;
  drawRule(page, below, color.text);
  return below + rowGap;
}

function drawRule({ document, left, width }: Page, y: number, stroke: string): void {
  document
    .moveTo(left, y)
    .lineTo(left + width, y)
    .lineWidth(0.5)
    .strokeColor(stroke)
    .stroke();
}

function nextPage({ document }: Page): number {
  document.addPage();
  return margin.top;
}

const totalsWidth = 250;

/** Kept together: a total alone on a page would leave its reader guessing what it is the total of. */
function drawTotals(page: Page, invoice: PrintableInvoice, top: number): number {
  const { currency, settled } = invoice;
  const rows = [
    ...(invoice.taxes.length > 0
      ? [
          { label: 'Subtotal', value: invoice.subtotal, style: text.body },
          ...invoice.taxes.map(({ label, amount }) => ({ label, value: amount, style: text.body })),
        ]
      : []),
    { label: `Total ${currency}`, value: invoice.total, style: text.total },
    ...(settled
      ? [
          { label: 'Paid or credited', value: settled.amount, style: text.body },
          {
            label: `${invoice.kind === 'invoice' ? 'Amount due' : 'Not yet used'} ${currency}`,
            value: settled.open,
            style: text.total,
          },
        ]
      : []),
  ].map((row) => ({ ...row, labels: page.typesetter.wrap(row.label, row.style, totalsWidth / 2) }));
  const height = rows.reduce(
    (sum, { labels, style }) => sum + labels.length * lineHeightOf(style) + rowGap,
    rowGap,
  );
  let y = (top + height > page.bottom ? nextPage(page) : top) + rowGap;
  const x = page.left + page.width - totalsWidth;
  for (const { labels, value, style } of rows) {
    page.typesetter.draw(value, style, { x, y, width: totalsWidth, align: 'right' });
    for (const label of labels) {
      page.typesetter.draw(label, style, { x, y, width: totalsWidth / 2, align: 'left' });
      y += lineHeightOf(style);
    }
    y += rowGap;
  }
  return y;
}

/** How to pay, and the memo: below the totals, over as many pages as they take. */
function drawNotes(page: Page, invoice: PrintableInvoice, top: number): void {
  const blocks = [
    ...(invoice.kind === 'invoice' ? [{ title: 'Payment details', body: invoice.seller.bankDetails }] : []),
    { title: 'Notes', body: invoice.memo },
  ];
  let y = top + rowGap;
  for (const { title, body } of blocks) {
    if (body === null || body.trim() === '') continue;
    const lines = [
      { line: title, style: text.heading },
      ...page.typesetter.wrap(body, text.body, page.width).map((line) => ({ line, style: text.body })),
    ];
    y = startOfBlock(page, lines, y);
    for (const { line, style } of lines) {
      if (y + lineHeightOf(style) > page.bottom) y = nextPage(page);
      page.typesetter.draw(line, style, { x: page.left, y, width: page.width, align: 'start' });
      y += lineHeightOf(style);
    }
    y += rowGap * 2;
  }
}

/** On the next page where this one has no room for the block; a long one begins here when its title and a line fit. */
function startOfBlock(page: Page, lines: readonly CellLine[], y: number): number {
  const kept = lines.slice(0, lines.length <= rowsKeptTogetherMax ? lines.length : 2);
  const height = kept.reduce((sum, { style }) => sum + lineHeightOf(style), 0);
  return y + height > page.bottom ? nextPage(page) : y;
}
