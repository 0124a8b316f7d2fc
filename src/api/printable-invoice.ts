import { TributaryError } from '../kernel/errors.ts';
import { formatMinor } from '../kernel/money.ts';
import type { Address } from '../model/document-draft.ts';
import { getCustomerWire } from '../ledger/customers.ts';
import { getEntity } from '../ledger/entities.ts';
import { getCompanyDetails } from '../ledger/entity-details.ts';
import { readEntityLogo } from '../ledger/entity-details-store.ts';
import { type DocumentLine, getDocument } from '../ledger/documents-store.ts';
import { type DocumentTaxWire, numericToWire, taxSummaryToWire } from '../ledger/documents-wire.ts';
import type { Transaction } from '../platform/database/database.ts';
import { groupThousands } from '../reports/invoice-pdf/amount-text.ts';
import type { PrintableInvoice, PrintedLine } from '../reports/invoice-pdf/printable-invoice.ts';

/** A document with all that its PDF says. Errors: `not_found`; `invalid_request` (a contract, which is not sent to anybody). */
export async function readPrintableInvoice(tx: Transaction, id: string): Promise<PrintableInvoice> {
  const document = await getDocument(tx, id);
  if (!document) throw new TributaryError('not_found', 'There is no such document.');
  const { kind, currency } = document;
  if (kind !== 'invoice' && kind !== 'credit_note')
    throw new TributaryError('invalid_request', 'Only invoices and credit notes are printed.');
  const entity = await getEntity(tx, document.entityId);
  const company = await getCompanyDetails(tx, entity.id);
  const logo = await readEntityLogo(tx, entity.id);
  const customer = await getCustomerWire(tx, document.customer.id);
  const credited =
    document.creditsDocumentId === null ? null : await getDocument(tx, document.creditsDocumentId);
  const amount = (minor: bigint): string => groupThousands(formatMinor(minor, currency));
  const settledMinor = document.totalMinor - document.openMinor;
  return {
    kind,
    number: document.number,
    test: entity.mode === 'test',
    currency,
    documentDate: document.documentDate,
    dueDate: kind === 'invoice' ? document.dueDate : null,
    description: document.description,
    memo: document.memo,
    creditedNumber: credited?.number ?? null,
    seller: {
      name: company.legalName ?? entity.name,
      addressLines: addressLines(company.address),
      taxId: company.taxId,
      registrationNumber: company.registrationNumber,
      bankDetails: company.bankDetails,
      // A PDF takes no drawing: an SVG stands on the web page only.
      logo: logo && logo.mediaType !== 'image/svg+xml' ? logo.bytes : null,
      paper: letterCountries.has(company.address?.country ?? '') ? 'LETTER' : 'A4',
    },
    customer: {
      name: document.customer.name,
      addressLines: addressLines(customer.address),
      taxId: customer.taxId,
    },
    lines: document.lines.map((line) => printedLine(line, amount)),
    subtotal: amount(document.totalMinor - document.taxMinor),
    taxes: taxSummaryToWire(document.lines, currency).map(printedTax),
    total: amount(document.totalMinor),
    settled:
      settledMinor === 0n || document.status === 'reversed'
        ? null
        : { amount: amount(settledMinor), open: amount(document.openMinor) },
    changedAt: new Date(document.updatedAt),
  };
}

/** Where letters are written on paper of that size; names as people and CRMs write them. */
const letterCountries: ReadonlySet<string> = new Set([
  ...['US', 'USA', 'United States', 'United States of America'],
  ...['CA', 'Canada', 'MX', 'Mexico'],
]);

/** Name, rate and what it is of; below it what the law wants said, such as who owes the tax. */
function printedTax({
  code,
  name,
  rate,
  base,
  tax,
  note,
}: DocumentTaxWire): PrintableInvoice['taxes'][number] {
  const label = `${code === null ? 'Tax' : name}${rate === null ? '' : ` ${rate} %`} on ${groupThousands(base)}`;
  return { label: note === null ? label : `${label}\n${note}`, amount: groupThousands(tax) };
}

function printedLine(line: DocumentLine, amount: (minor: bigint) => string): PrintedLine {
  return {
    position: line.position,
    description: line.description,
    sku: line.sku,
    quantity: groupThousands(numericToWire(line.quantity)),
    unitPrice: groupThousands(numericToWire(line.unitPrice)),
    discount: discountOf(line, amount),
    tax: line.taxMinor === 0n ? null : amount(line.taxMinor),
    amount: amount(line.amountMinor),
  };
}

function discountOf(
  { discountPercent, discountMinor }: DocumentLine,
  amount: (minor: bigint) => string,
): string | null {
  if (discountMinor === 0n) return null;
  return discountPercent === null ? amount(discountMinor) : `${numericToWire(discountPercent)} %`;
}

/** As a letter is addressed: street, then place, then country. Parts that are missing leave no empty line. */
function addressLines(address: Address | null): string[] {
  if (!address) return [];
  const { line1, line2, city, region, postalCode, country } = address;
  const said = (part: string | null): part is string => part !== null && part !== '';
  const place = [postalCode, city, region].filter(said).join(' ');
  return [line1, line2, place, country].filter(said);
}

/** The name that a saved file gets: the number, or that it is a draft. */
export function fileNameOf({ kind, number }: Pick<PrintableInvoice, 'kind' | 'number'>): string {
  return `${number ?? `draft-${kind.replace('_', '-')}`}.pdf`;
}
