import type { PrintableInvoice, PrintedParty } from './printable-invoice.ts';
import { lineHeightOf, type PdfDocument, type TextStyle, type Typesetter } from './text-block.ts';
import { color, documentWord, margin, text } from './theme.ts';

interface Paragraph {
  readonly body: string;
  readonly style: TextStyle;
}

const logoBox = { width: 160, height: 56 };
const columnGap = 24;

/** Who invoices whom, and the heading. Returns where the lines begin. */
export function drawTop(document: PdfDocument, typesetter: Typesetter, invoice: PrintableInvoice): number {
  const width = document.page.width - 2 * margin.side;
  const half = (width - columnGap) / 2;
  const right = margin.side + half + columnGap;
  const logoBottom = drawLogo(document, invoice);
  const block = (paragraphs: readonly Paragraph[], x: number, y: number): number =>
    drawParagraphs(typesetter, paragraphs, { x, y, width: half });

  const { seller, customer } = invoice;
  const sellerBottom = block(partyParagraphs(seller, text.name), margin.side, margin.top);
  const factsTop = Math.max(sellerBottom, logoBottom) + 24;
  const titleBottom = block([{ body: documentWord(invoice), style: text.title }], margin.side, factsTop);
  const customerBottom = block(
    [
      { body: invoice.kind === 'invoice' ? 'Bill to' : 'Credit to', style: text.heading },
      ...partyParagraphs(customer, text.strong),
    ],
    margin.side,
    titleBottom + 8,
  );
  const factsBottom = drawFacts(typesetter, factsOf(invoice), { x: right, y: titleBottom + 8, width: half });
  const top = Math.max(customerBottom, factsBottom) + 12;
  if (invoice.description === '') return top + 8;
  return (
    drawParagraphs(typesetter, [{ body: invoice.description, style: text.strong }], {
      x: margin.side,
      y: top,
      width,
    }) + 12
  );
}

function drawLogo(document: PdfDocument, { seller }: PrintableInvoice): number {
  if (seller.logo === null) return margin.top;
  document.image(Buffer.from(seller.logo), document.page.width - margin.side - logoBox.width, margin.top, {
    fit: [logoBox.width, logoBox.height],
    align: 'right',
  });
  return margin.top + logoBox.height;
}

function partyParagraphs(party: PrintedParty, nameStyle: TextStyle): Paragraph[] {
  return [
    { body: party.name, style: nameStyle },
    ...party.addressLines.map((body) => ({ body, style: text.body })),
    ...(party.taxId === null ? [] : [{ body: `Tax ID ${party.taxId}`, style: text.body }]),
  ];
}

function factsOf(invoice: PrintableInvoice): [label: string, value: string][] {
  const word = documentWord(invoice);
  return [
    [`${word} number`, invoice.number ?? 'Draft'],
    [`${word} date`, invoice.documentDate],
    ...(invoice.dueDate === null ? [] : [['Due date', invoice.dueDate] as [string, string]]),
    ...(invoice.creditedNumber === null ? [] : [['For invoice', invoice.creditedNumber] as [string, string]]),
    ['Currency', invoice.currency],
  ];
}

interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

const labelShare = 0.45;

function drawFacts(
  typesetter: Typesetter,
  facts: readonly (readonly [string, string])[],
  area: Area,
): number {
  let { y } = area;
  const valueWidth = area.width * (1 - labelShare);
  for (const [label, value] of facts) {
    typesetter.draw(label, text.note, { ...area, y: y + text.strong.size - text.note.size, align: 'left' });
    for (const line of typesetter.wrap(value, text.strong, valueWidth)) {
      typesetter.draw(line, text.strong, { x: area.x, y, width: area.width, align: 'right' });
      y += lineHeightOf(text.strong);
    }
    y += 2;
  }
  return y;
}

function drawParagraphs(typesetter: Typesetter, paragraphs: readonly Paragraph[], area: Area): number {
  let { y } = area;
  for (const { body, style } of paragraphs) {
    for (const line of typesetter.wrap(body, style, area.width).slice(0, paragraphLinesMax)) {
      typesetter.draw(line, style, { x: area.x, y, width: area.width, align: 'left' });
      y += lineHeightOf(style);
    }
  }
  return y;
}

/** A name or an address line that is longer would push the lines off the first page. */
const paragraphLinesMax = 6;

/** On every page, when all of them are known: whose it is, which one, and which page of how many. */
export function drawFooters(document: PdfDocument, typesetter: Typesetter, invoice: PrintableInvoice): void {
  const { seller } = invoice;
  const width = document.page.width - 2 * margin.side;
  const y = document.page.height - margin.bottom + 18;
  const registration = seller.registrationNumber === null ? '' : ` · Reg. no. ${seller.registrationNumber}`;
  const [legal = ''] = typesetter.wrap(`${seller.name}${registration}`, text.note, width * 0.6);
  const { start, count } = document.bufferedPageRange();
  for (let page = start; page < start + count; page += 1) {
    document.switchToPage(page);
    document
      .moveTo(margin.side, y - 6)
      .lineTo(margin.side + width, y - 6)
      .lineWidth(0.5)
      .strokeColor(color.faint)
      .stroke();
    typesetter.draw(legal, text.note, { x: margin.side, y, width: width * 0.6, align: 'left' });
    const numbered = `${documentWord(invoice)} ${invoice.number ?? '(draft)'} · Page ${page - start + 1} of ${count}`;
    typesetter.draw(numbered, text.note, { x: margin.side, y, width, align: 'right' });
  }
}

/** A word across every page, faint enough to read what is below. */
export function drawStamp(document: PdfDocument, typesetter: Typesetter, word: 'DRAFT' | 'TEST'): void {
  const { start, count } = document.bufferedPageRange();
  const { width, height } = document.page;
  for (let page = start; page < start + count; page += 1) {
    document.switchToPage(page);
    document
      .save()
      .rotate(-35, { origin: [width / 2, height / 2] })
      .fillOpacity(0.1);
    typesetter.draw(word, text.stamp, { x: 0, y: height / 2 - text.stamp.size / 2, width, align: 'center' });
    document.restore();
  }
}
