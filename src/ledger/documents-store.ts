import type { CalendarDate, Instant } from '../kernel/dates.ts';
import type { Warning } from '../model/warning.ts';
import type { DocumentKind } from '../model/document-draft.ts';
import type { Transaction } from '../platform/database/database.ts';
import {
  type DocumentFilter,
  documentFilterParameters,
  documentFilterSql,
  documentStatusSql,
} from './document-filter.ts';
import type { DocumentStatus } from './document-status.ts';
import { groupBy } from './group-by.ts';
import {
  checkLimit,
  type CursorValues,
  decodeCursor,
  type Page,
  type PageRequest,
  toPage,
} from '../platform/database/page-cursor.ts';

export interface DocumentLine {
  /** From 1, in the CRM's order. */
  readonly position: number;
  readonly sourceId: string | null;
  readonly itemId: string | null;
  readonly description: string;
  readonly sku: string | null;
  /** Decimal strings. */
  readonly quantity: string;
  readonly unitPrice: string;
  readonly discountPercent: string | null;
  /** Of the whole line. */
  readonly discountMinor: bigint;
  readonly taxMinor: bigint;
  readonly amountMinor: bigint;
  readonly accountId: string | null;
  /** Number of that account. */
  readonly account: string | null;
  readonly taxCode: {
    readonly id: string;
    readonly code: string;
    readonly name: string;
    readonly ratePercent: string;
    readonly note: string | null;
  } | null;
}

/** A document as it is read: status as of the time of the call, money in minor units of its currency. */
export interface Document {
  readonly id: string;
  readonly entityId: string;
  readonly entityName: string;
  readonly kind: DocumentKind;
  readonly number: string | null;
  readonly status: DocumentStatus;
  readonly customer: { readonly id: string; readonly name: string; readonly sourceId: string | null };
  readonly currency: string;
  readonly totalMinor: bigint;
  readonly taxMinor: bigint;
  readonly openMinor: bigint;
  readonly documentDate: CalendarDate;
  readonly dueDate: CalendarDate;
  readonly description: string;
  readonly memo: string | null;
  readonly salesRep: { readonly id: string; readonly name: string; readonly email: string | null } | null;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly customProperties: Readonly<Record<string, string>>;
  readonly warnings: readonly Warning[];
  readonly source: {
    readonly connector: string;
    readonly accountId: string;
    readonly type: string;
    readonly id: string;
    readonly url: string | null;
  } | null;
  readonly connectionId: string | null;
  readonly revision: number;
  readonly version: number;
  readonly exchangeRate: string | null;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  /** Who made it: `user:…`, `key:…`, or the run of a sync. */
  readonly createdBy: string;
  readonly updatedBy: string;
  /** Set when a person edited a draft that a sync had made. */
  readonly editedAt: Instant | null;
  readonly editedBy: string | null;
  readonly postedAt: Instant | null;
  readonly reversedAt: Instant | null;
  /** The invoice that a credit note takes back. */
  readonly creditsDocumentId: string | null;
  readonly dispute: { readonly at: Instant; readonly by: string; readonly reason: string } | null;
  readonly lines: readonly DocumentLine[];
}

interface DocumentRow {
  readonly id: string;
  readonly entity_id: string;
  readonly entity_name: string;
  readonly kind: DocumentKind;
  readonly number: string | null;
  readonly status: DocumentStatus;
  readonly customer_id: string;
  readonly customer_name: string;
  readonly customer_source_id: string | null;
  readonly currency: string;
  readonly total_minor: string;
  readonly tax_minor: string;
  readonly open_minor: string;
  readonly document_date: CalendarDate;
  readonly due_date: CalendarDate;
  readonly description: string;
  readonly memo: string | null;
  readonly sales_rep_id: string | null;
  readonly sales_rep_name: string | null;
  readonly sales_rep_email: string | null;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly custom_properties: Readonly<Record<string, string>>;
  readonly warnings: readonly Warning[];
  readonly source_connector: string | null;
  readonly source_account_id: string | null;
  readonly source_type: string | null;
  readonly source_id: string | null;
  readonly source_url: string | null;
  readonly connection_id: string | null;
  readonly revision: number;
  readonly version: number;
  readonly exchange_rate: string | null;
  readonly created_at: Instant;
  readonly updated_at: Instant;
  readonly created_by: string;
  readonly updated_by: string;
  readonly edited_at: Instant | null;
  readonly edited_by: string | null;
  readonly posted_at: Instant | null;
  readonly reversed_at: Instant | null;
  readonly credits_document_id: string | null;
  readonly disputed_at: Instant | null;
  readonly disputed_by: string | null;
  readonly dispute_reason: string | null;
  readonly sort_value: string;
}

const columns = `d.id, d.entity_id, e.name AS entity_name, d.kind, d.number, ${documentStatusSql} AS status, d.customer_id,
  c.name AS customer_name, d.customer_source_id, d.currency, d.total_minor, d.tax_minor, d.open_minor, d.document_date, d.due_date,
  d.description, d.memo, d.sales_rep_id, s.name AS sales_rep_name, s.email AS sales_rep_email, d.dimensions, d.custom_properties,
  d.warnings, d.source_connector, d.source_account_id, d.source_type, d.source_id, d.source_url, d.connection_id, d.revision,
  d.version, d.exchange_rate, d.created_at, d.updated_at, d.created_by, d.updated_by, d.edited_at, d.edited_by, d.posted_at, d.reversed_at,
  d.credits_document_id, d.disputed_at, d.disputed_by, d.dispute_reason`;

const tables = `documents d
    JOIN entities e ON e.id = d.entity_id
    JOIN customers c ON c.id = d.customer_id
    LEFT JOIN sales_reps s ON s.id = d.sales_rep_id`;

function sourceFromRow(row: DocumentRow): Document['source'] {
  const { source_connector: connector, source_account_id: accountId, source_type: type, source_id: id } = row;
  if (connector === null || accountId === null || type === null || id === null) return null;
  return { connector, accountId, type, id, url: row.source_url };
}

function fromRow(row: DocumentRow, lines: readonly DocumentLine[]): Document {
  return {
    id: row.id,
    entityId: row.entity_id,
    entityName: row.entity_name,
    kind: row.kind,
    number: row.number,
    status: row.status,
    customer: { id: row.customer_id, name: row.customer_name, sourceId: row.customer_source_id },
    currency: row.currency,
    totalMinor: BigInt(row.total_minor),
    taxMinor: BigInt(row.tax_minor),
    openMinor: BigInt(row.open_minor),
    documentDate: row.document_date,
    dueDate: row.due_date,
    description: row.description,
    memo: row.memo,
    salesRep:
      row.sales_rep_id === null
        ? null
        : { id: row.sales_rep_id, name: row.sales_rep_name ?? '', email: row.sales_rep_email },
    dimensions: row.dimensions,
    customProperties: row.custom_properties,
    warnings: row.warnings,
    source: sourceFromRow(row),
    connectionId: row.connection_id,
    revision: row.revision,
    version: row.version,
    exchangeRate: row.exchange_rate,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    createdBy: row.created_by,
    updatedBy: row.updated_by,
    editedAt: row.edited_at,
    editedBy: row.edited_by,
    postedAt: row.posted_at,
    reversedAt: row.reversed_at,
    creditsDocumentId: row.credits_document_id,
    dispute:
      row.disputed_at === null
        ? null
        : { at: row.disputed_at, by: row.disputed_by ?? '', reason: row.dispute_reason ?? '' },
    lines,
  };
}

interface SortKey {
  readonly sql: string;
  readonly type: 'date' | 'text' | 'bigint' | 'timestamptz';
}

/** What a list can be sorted by; ties are in the order of the ids, which is that of making by the millisecond. */
const sortKeys = {
  documentDate: { sql: 'd.document_date', type: 'date' },
  dueDate: { sql: 'd.due_date', type: 'date' },
  number: { sql: `coalesce(d.number, '')`, type: 'text' },
  customer: { sql: 'lower(c.name)', type: 'text' },
  status: { sql: `(${documentStatusSql})`, type: 'text' },
  currency: { sql: 'd.currency', type: 'text' },
  total: { sql: 'd.total_minor', type: 'bigint' },
  openAmount: { sql: 'd.open_minor', type: 'bigint' },
  createdAt: { sql: 'd.created_at', type: 'timestamptz' },
} as const satisfies Record<string, SortKey>;

export type DocumentSortKey = keyof typeof sortKeys;
export const documentSortKeys = Object.keys(sortKeys) as readonly DocumentSortKey[];

export interface DocumentSort {
  readonly by: DocumentSortKey;
  readonly descending: boolean;
}

const newestFirst: DocumentSort = { by: 'documentDate', descending: true };

/**
 * A page of documents with their lines. Default order: newest document date first.
 * Errors: `invalid_request` (limit, or a cursor of another order).
 */
export async function listDocuments(
  tx: Transaction,
  filter: DocumentFilter,
  page: PageRequest & { readonly sort?: DocumentSort; readonly now?: Date } = {},
): Promise<Page<Document>> {
  const limit = checkLimit(page.limit);
  const { by, descending } = page.sort ?? newestFirst;
  const key: SortKey = sortKeys[by];
  const order = descending ? 'DESC' : 'ASC';
  const sort = `${by} ${order}`;
  const after: CursorValues | null = decodeCursor(page.after, sort, [key.type, 'uuid']);
  const rows = await tx.query<DocumentRow>(
    `SELECT ${columns}, ${key.sql}::text AS sort_value
     FROM ${tables}
     WHERE ${documentFilterSql}
       AND ($16::uuid IS NULL OR (${key.sql}, d.id) ${descending ? '<' : '>'} ($15::${key.type}, $16::uuid))
     ORDER BY ${key.sql} ${order}, d.id ${order}
     LIMIT $17::integer`,
    [
      ...documentFilterParameters(filter, page.now ?? new Date()),
      after?.[0] ?? null,
      after?.[1] ?? null,
      limit + 1,
    ],
  );
  const { data, next } = toPage(rows, limit, sort, (row) => [row.sort_value, row.id]);
  const lines = await readDocumentLines(
    tx,
    data.map((row) => row.id),
  );
  return { data: data.map((row) => fromRow(row, lines.get(row.id) ?? [])), next };
}

/** Documents by their ids, with lines, in no order; unknown ids are left out. Ask for at most a page's worth of ids. */
export async function getDocuments(
  tx: Transaction,
  ids: readonly string[],
  now: Date = new Date(),
): Promise<Document[]> {
  if (ids.length === 0) return [];
  const rows = await tx.query<DocumentRow>(
    `SELECT ${columns}, '' AS sort_value FROM ${tables} WHERE d.id = ANY ($2::uuid[])`,
    [now, [...new Set(ids)]],
  );
  const lines = await readDocumentLines(
    tx,
    rows.map((row) => row.id),
  );
  return rows.map((row) => fromRow(row, lines.get(row.id) ?? []));
}

/** Null when there is none in this organization. */
export async function getDocument(
  tx: Transaction,
  id: string,
  now: Date = new Date(),
): Promise<Document | null> {
  const [document] = await getDocuments(tx, [id], now);
  return document ?? null;
}

interface DocumentLineRow {
  readonly document_id: string;
  readonly position: number;
  readonly source_id: string | null;
  readonly item_id: string | null;
  readonly description: string;
  readonly sku: string | null;
  readonly quantity: string;
  readonly unit_price: string;
  readonly discount_percent: string | null;
  readonly discount_minor: string;
  readonly tax_minor: string;
  readonly amount_minor: string;
  readonly account_id: string | null;
  readonly account: string | null;
  readonly tax_code_id: string | null;
  readonly tax_code: string | null;
  readonly tax_name: string | null;
  readonly rate_percent: string | null;
  readonly tax_note: string | null;
}

async function readDocumentLines(
  tx: Transaction,
  documentIds: readonly string[],
): Promise<Map<string, DocumentLine[]>> {
  if (documentIds.length === 0) return new Map();
  const rows = await tx.query<DocumentLineRow>(
    `SELECT l.document_id, l.position, l.source_id, l.item_id, l.description, l.sku, l.quantity, l.unit_price, l.discount_percent,
       l.discount_minor, l.tax_minor, l.amount_minor, l.account_id,
       (SELECT a.number FROM accounts a WHERE a.id = l.account_id) AS account,
       t.id AS tax_code_id, t.code AS tax_code, t.name AS tax_name, t.rate_percent, t.note AS tax_note
     FROM document_lines l LEFT JOIN tax_codes t ON t.id = l.tax_code_id WHERE l.document_id = ANY ($1::uuid[])
     ORDER BY l.document_id, l.position`,
    [documentIds],
  );
  const groups = groupBy(rows, (row) => row.document_id);
  return new Map([...groups].map(([id, group]) => [id, group.map(lineFromRow)]));
}

function lineFromRow(row: DocumentLineRow): DocumentLine {
  return {
    position: row.position,
    sourceId: row.source_id,
    itemId: row.item_id,
    description: row.description,
    sku: row.sku,
    quantity: row.quantity,
    unitPrice: row.unit_price,
    discountPercent: row.discount_percent,
    discountMinor: BigInt(row.discount_minor),
    taxMinor: BigInt(row.tax_minor),
    amountMinor: BigInt(row.amount_minor),
    accountId: row.account_id,
    account: row.account,
    taxCode:
      row.tax_code_id === null
        ? null
        : {
            id: row.tax_code_id,
            code: row.tax_code ?? '',
            name: row.tax_name ?? '',
            ratePercent: row.rate_percent ?? '0',
            note: row.tax_note,
          },
  };
}

/** What the documents of a filter come to, by currency and status. */
export interface DocumentTotal {
  readonly currency: string;
  readonly status: DocumentStatus;
  readonly count: number;
  readonly totalMinor: bigint;
  readonly taxMinor: bigint;
  readonly openMinor: bigint;
}

/** One row for each currency and status that occurs, sorted by both. */
export async function readDocumentTotals(
  tx: Transaction,
  filter: DocumentFilter,
  now: Date = new Date(),
): Promise<DocumentTotal[]> {
  const rows = await tx.query<{
    currency: string;
    status: DocumentStatus;
    count: string;
    total_minor: string;
    tax_minor: string;
    open_minor: string;
  }>(
    `SELECT d.currency, ${documentStatusSql} AS status, count(*) AS count, sum(d.total_minor) AS total_minor,
       sum(d.tax_minor) AS tax_minor, sum(d.open_minor) AS open_minor
     FROM ${tables}
     WHERE ${documentFilterSql}
     GROUP BY 1, 2
     ORDER BY 1, 2`,
    documentFilterParameters(filter, now),
  );
  return rows.map((row) => ({
    currency: row.currency,
    status: row.status,
    count: Number(row.count),
    totalMinor: BigInt(row.total_minor),
    taxMinor: BigInt(row.tax_minor),
    openMinor: BigInt(row.open_minor),
  }));
}
