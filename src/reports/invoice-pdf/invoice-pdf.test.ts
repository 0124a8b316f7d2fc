import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type PdfPage, readPdf } from '../../../test/support/read-pdf.ts';
import { renderInvoicePdf } from './invoice-pdf.ts';
import type { PrintableInvoice, PrintedLine } from './printable-invoice.ts';
import { margin } from './theme.ts';

function line(position: number, fields: Partial<PrintedLine> = {}): PrintedLine {
  return {
    position,
    description: `Licence ${position}`,
    sku: `SKU-${position}`,
    quantity: '3',
    unitPrice: '1,234.50',
    discount: null,
    tax: null,
    amount: '3,703.50',
    ...fields,
  };
}

function invoice(fields: Partial<PrintableInvoice> = {}): PrintableInvoice {
  return {
    kind: 'invoice',
    number: 'INV-000123',
    test: false,
    currency: 'EUR',
    documentDate: '2026-11-25',
    dueDate: '2026-12-25',
    description: 'Annual licence',
    memo: 'Thank you.',
    creditedNumber: null,
    seller: {
      name: 'Example Software GmbH',
      addressLines: ['Musterstraße 12', '10115 Berlin'],
      taxId: 'DE123456789',
      registrationNumber: 'HRB 12345 B',
      bankDetails: 'Commerzbank\nIBAN DE02 1203 0000 0000 2020 51',
      logo: null,
      paper: 'A4',
    },
    customer: { name: 'Acme Ltd', addressLines: ['1 High Street', 'London'], taxId: 'GB999' },
    lines: [line(1)],
    subtotal: '3,703.50',
    taxes: [{ label: 'VAT 19 %', amount: '703.67' }],
    total: '4,407.17',
    settled: null,
    changedAt: new Date('2026-11-25T10:00:00Z'),
    ...fields,
  };
}

const read = async (document: PrintableInvoice): Promise<PdfPage[]> =>
  (await readPdf(await renderInvoicePdf(document))).pages;
const textOf = async (document: PrintableInvoice): Promise<string> =>
  (await read(document)).map(({ text }) => text).join('\n');

/** Without spaces, as different fonts of one line come as different pieces. */
const packed = (text: string): string => text.replaceAll(/\s/g, '');

describe('The PDF of an invoice', () => {
  test('says who invoices whom, for what, how much and how to pay', async () => {
    const text = await textOf(invoice());
    for (const part of [
      ...['Example Software GmbH', 'Musterstraße 12', 'Tax ID DE123456789', 'Reg. no. HRB 12345 B'],
      ...['Bill to', 'Acme Ltd', '1 High Street', 'Tax ID GB999'],
      ...['Invoice number INV-000123', 'Invoice date 2026-11-25', 'Due date 2026-12-25'],
      ...['Licence 1 3 1,234.50 3,703.50', 'SKU-1'],
      ...['Subtotal 3,703.50', 'VAT 19 % 703.67', 'Total EUR 4,407.17'],
      ...['Payment details', 'IBAN DE02 1203 0000 0000 2020 51', 'Thank you.', 'Page 1 of 1'],
    ])
      expect(text).toContain(part);
    expect(text).not.toMatch(/DRAFT|TEST|Discount|Amount due/);
    expect((await readPdf(await renderInvoicePdf(invoice()))).title).toBe('Invoice INV-000123');
  });

  test('shows discount and tax where lines have them, and what is open where something was paid', async () => {
    const text = await textOf(
      invoice({
        lines: [line(1, { discount: '10 %', tax: '19 %' })],
        settled: { amount: '1,000.00', open: '3,407.17' },
      }),
    );
    expect(text).toContain('Discount Tax Amount');
    expect(text).toContain('10 % 19 % 3,703.50');
    expect(text).toContain('Paid or credited 1,000.00');
    expect(text).toContain('Amount due EUR 3,407.17');
  });

  test('is stamped as a draft, and as a test, on every page', async () => {
    const lines = Array.from({ length: 80 }, (_, index) => line(index + 1));
    for (const page of await read(invoice({ number: null, lines }))) expect(page.text).toContain('DRAFT');
    for (const page of await read(invoice({ test: true, lines }))) expect(page.text).toContain('TEST');
  });

  test('of a credit note names the invoice, and no way to pay', async () => {
    const text = await textOf(
      invoice({ kind: 'credit_note', number: 'CN-000001', dueDate: null, creditedNumber: 'INV-000123' }),
    );
    expect(text).toContain('Credit note number CN-000001');
    expect(text).toContain('For invoice INV-000123');
    expect(text).not.toContain('Payment details');
    expect(text).not.toContain('Due date');
  });

  test('goes over as many pages as its lines take: none is lost, headings and numbers stand on each', async () => {
    const count = 400;
    const pages = await read(
      invoice({ lines: Array.from({ length: count }, (_, index) => line(index + 1)) }),
    );
    const all = pages.map(({ text }) => text).join('\n');
    for (let position = 1; position <= count; position += 1)
      expect(all).toMatch(new RegExp(`^Licence ${position} 3 `, 'm'));
    for (const [index, { text }] of pages.entries()) {
      expect(text).toContain(`Page ${index + 1} of ${pages.length}`);
      expect(text).toContain('Description Quantity Unit price Amount');
    }
    expect(pages.at(-1)?.text).toContain('Total EUR 4,407.17');
  });

  test('writes names of any script, from the right where they are read so', async () => {
    const names = [
      '株式会社テスト',
      '北京示例有限公司',
      '한국어 주식회사',
      'ООО «Ромашка»',
      'บริษัท ตัวอย่าง',
      'कंपनी',
    ];
    const text = packed(
      await textOf(invoice({ lines: names.map((description, i) => line(i + 1, { description })) })),
    );
    for (const name of names) expect(text).toContain(packed(name));

    const [page] = await read(invoice({ customer: { name: 'חברה (א) 45', addressLines: [], taxId: null } }));
    const xOf = (part: string): number =>
      page?.texts.find(({ text: found }) => found.includes(part))?.x ?? -1;
    expect(xOf('45')).toBeGreaterThan(0);
    expect(xOf('45')).toBeLessThan(xOf('א'));
    expect(page?.text).not.toContain('\uFFFD');
  });

  test('draws what no font has as the replacement character', async () => {
    expect(await textOf(invoice({ description: 'Party 🎉 pack' }))).toContain('\uFFFD');
  });

  test('is the same file for the same document', async () => {
    expect(await renderInvoicePdf(invoice())).toEqual(await renderInvoicePdf(invoice()));
  });

  test('keeps whatever text on the page, and above the footer', { timeout: 120_000 }, async () => {
    const anything = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 8 }),
      fc.string({ maxLength: 3 }).map((part) => part.repeat(60)),
      fc.constantFrom(
        'W'.repeat(5000),
        'שלום '.repeat(80),
        '製品'.repeat(300),
        'a\u0301\u202Eb\u0000\n\n\r\nc',
      ),
    );
    await fc.assert(
      fc.asyncProperty(
        anything,
        anything,
        fc.integer({ min: 1, max: 4 }),
        async (name, description, count) => {
          const pages = await read(
            invoice({
              customer: { name, addressLines: [description], taxId: name },
              lines: Array.from({ length: count }, (_, index) => line(index + 1, { description, sku: name })),
              memo: description,
            }),
          );
          for (const { width, height, texts } of pages)
            for (const { text, x, y, width: textWidth } of texts.filter(
              ({ text: found }) => found.trim() !== '',
            )) {
              expect(x, text).toBeGreaterThanOrEqual(margin.side - 1);
              expect(x + textWidth, text).toBeLessThanOrEqual(width - margin.side + 1);
              expect(y, text).toBeLessThan(height - 20);
            }
        },
      ),
      { numRuns: 5 },
    );
  });
});
