import type { CalendarDate, Instant } from '../kernel/dates.ts';
import { formatDecimal, parseDecimal } from '../kernel/decimal.ts';
import { formatMinor } from '../kernel/money.ts';
import type { Warning } from '../model/warning.ts';
import type { DocumentKind } from '../model/document-draft.ts';
import type { DocumentStatus } from './document-status.ts';
import type { Document, DocumentLine, DocumentTotal } from './documents-store.ts';

/** A line as JSON. Money has the currency's decimals; quantity, price and percentage have none that say nothing. */
export interface DocumentLineWire {
  readonly position: number;
  readonly description: string;
  readonly sku: string | null;
  readonly quantity: string;
  readonly unitPrice: string;
  readonly discountPercent: string | null;
  readonly discountAmount: string;
  readonly tax: string;
  readonly amount: string;
  readonly itemId: string | null;
  readonly sourceId: string | null;
  readonly taxCodeId: string | null;
  readonly taxCode: string | null;
  /** Number of the line's own income account; null: its item's. */
  readonly account: string | null;
}

/** What one tax code comes to on a document; `code` and `rate` null: the tax that came from the CRM. */
export interface DocumentTaxWire {
  readonly code: string | null;
  readonly name: string;
  readonly rate: string | null;
  /** Net amount that it is of. */
  readonly base: string;
  readonly tax: string;
  readonly note: string | null;
}

export interface DocumentWire {
  readonly id: string;
  readonly kind: DocumentKind;
  readonly number: string | null;
  readonly status: DocumentStatus;
  readonly currency: string;
  readonly total: string;
  readonly taxTotal: string;
  readonly openAmount: string;
  readonly documentDate: CalendarDate;
  readonly dueDate: CalendarDate;
  readonly description: string;
  readonly memo: string | null;
  readonly salesRep: { readonly name: string; readonly email: string | null } | null;
  readonly entity: string;
  readonly entityId: string;
  readonly customer: { readonly id: string; readonly name: string; readonly sourceId: string | null };
  readonly source: {
    readonly connector: string;
    readonly type: string;
    readonly id: string;
    readonly url: string | null;
  } | null;
  readonly connectionId: string | null;
  readonly lines: readonly DocumentLineWire[];
  readonly taxes: readonly DocumentTaxWire[];
  readonly dimensions: Readonly<Record<string, string>>;
  readonly customProperties: Readonly<Record<string, string>>;
  readonly warnings: readonly Warning[];
  readonly exchangeRate: string | null;
  readonly version: number;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  readonly updatedBy: string;
  readonly editedAt: Instant | null;
  readonly editedBy: string | null;
  readonly postedAt: Instant | null;
  readonly reversedAt: Instant | null;
  readonly creditsDocumentId: string | null;
  readonly dispute: Document['dispute'];
}

/** A numeric of the database (`10.500`) as the shortest decimal that says the same (`10.5`). */
export function numericToWire(text: string): string {
  const value = parseDecimal(text);
  return value === null ? text : formatDecimal(value);
}

const numericOrNull = (text: string | null): string | null => (text === null ? null : numericToWire(text));

export function documentLineToWire(line: DocumentLine, currency: string): DocumentLineWire {
  return {
    position: line.position,
    description: line.description,
    sku: line.sku,
    quantity: numericToWire(line.quantity),
    unitPrice: numericToWire(line.unitPrice),
    discountPercent: numericOrNull(line.discountPercent),
    discountAmount: formatMinor(line.discountMinor, currency),
    tax: formatMinor(line.taxMinor, currency),
    amount: formatMinor(line.amountMinor, currency),
    itemId: line.itemId,
    sourceId: line.sourceId,
    taxCodeId: line.taxCode?.id ?? null,
    taxCode: line.taxCode?.code ?? null,
    account: line.account,
  };
}

/** The taxes of a document by code, in the order in which its lines name them; lines without any tax are in none of them. */
export function taxSummaryToWire(lines: readonly DocumentLine[], currency: string): DocumentTaxWire[] {
  const sums = new Map<string, { line: DocumentLine; baseMinor: bigint; taxMinor: bigint }>();
  for (const line of lines) {
    if (line.taxCode === null && line.taxMinor === 0n) continue;
    const key = line.taxCode?.id ?? '';
    const sum = sums.get(key) ?? { line, baseMinor: 0n, taxMinor: 0n };
    sums.set(key, {
      line: sum.line,
      baseMinor: sum.baseMinor + line.amountMinor,
      taxMinor: sum.taxMinor + line.taxMinor,
    });
  }
  return [...sums.values()].map(({ line: { taxCode }, baseMinor, taxMinor }) => ({
    code: taxCode?.code ?? null,
    name: taxCode?.name ?? 'CRM tax',
    rate: numericOrNull(taxCode?.ratePercent ?? null),
    base: formatMinor(baseMinor, currency),
    tax: formatMinor(taxMinor, currency),
    note: taxCode?.note ?? null,
  }));
}

/** The line of `tributary documents` and the JSON of the API. */
export function documentToWire(document: Document): DocumentWire {
  const { currency, salesRep, source } = document;
  return {
    id: document.id,
    kind: document.kind,
    number: document.number,
    status: document.status,
    currency,
    total: formatMinor(document.totalMinor, currency),
    taxTotal: formatMinor(document.taxMinor, currency),
    openAmount: formatMinor(document.openMinor, currency),
    documentDate: document.documentDate,
    dueDate: document.dueDate,
    description: document.description,
    memo: document.memo,
    salesRep: salesRep === null ? null : { name: salesRep.name, email: salesRep.email },
    entity: document.entityName,
    entityId: document.entityId,
    customer: document.customer,
    source:
      source === null
        ? null
        : { connector: source.connector, type: source.type, id: source.id, url: source.url },
    connectionId: document.connectionId,
    lines: document.lines.map((line) => documentLineToWire(line, currency)),
    taxes: taxSummaryToWire(document.lines, currency),
    dimensions: document.dimensions,
    customProperties: document.customProperties,
    warnings: document.warnings,
    exchangeRate: numericOrNull(document.exchangeRate),
    version: document.version,
    createdAt: document.createdAt,
    updatedAt: document.updatedAt,
    updatedBy: document.updatedBy,
    editedAt: document.editedAt,
    editedBy: document.editedBy,
    postedAt: document.postedAt,
    reversedAt: document.reversedAt,
    creditsDocumentId: document.creditsDocumentId,
    dispute: document.dispute,
  };
}

export interface DocumentTotalWire {
  readonly currency: string;
  readonly status: DocumentStatus;
  readonly count: number;
  readonly total: string;
  readonly taxTotal: string;
  readonly openAmount: string;
}

export function documentTotalToWire(total: DocumentTotal): DocumentTotalWire {
  return {
    currency: total.currency,
    status: total.status,
    count: total.count,
    total: formatMinor(total.totalMinor, total.currency),
    taxTotal: formatMinor(total.taxMinor, total.currency),
    openAmount: formatMinor(total.openMinor, total.currency),
  };
}
