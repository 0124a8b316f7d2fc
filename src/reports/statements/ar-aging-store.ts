import type { CalendarDate } from '../../kernel/dates.ts';
import type { Transaction } from '../../platform/database/database.ts';
import {
  checkLimit,
  decodeCursor,
  type CountedPage,
  type PageRequest,
  toPage,
} from '../../platform/database/page-cursor.ts';

/** Days past due, or past the document date: not yet, 1–30, 31–60, 61–90, more. */
export const agingBuckets = ['current', 'days1to30', 'days31to60', 'days61to90', 'over90'] as const;
export type AgingBucket = (typeof agingBuckets)[number];

export interface AgingFilter {
  readonly entityId: string;
  /** What was open when this day ended, whatever was paid since. */
  readonly at: CalendarDate;
  readonly by: 'due_date' | 'document_date';
  readonly customerId: string | null;
}

type Buckets = Readonly<Record<AgingBucket, bigint>>;

/**
 * What is open in one currency, in its minor units and in those of the base currency: the buckets, which credit notes count against,
 * less what receipts hold unapplied.
 */
export interface AgingAmounts {
  readonly currency: string;
  readonly openMinor: bigint;
  readonly baseMinor: bigint;
  readonly buckets: Buckets;
  /** Money that came in and is on no invoice yet; negative, as it counts against what is open. */
  readonly unappliedMinor: bigint;
  readonly unappliedBaseMinor: bigint;
}

export interface CustomerAging extends AgingAmounts {
  readonly customerId: string;
  readonly customerName: string;
}

export interface DocumentAging {
  readonly documentId: string;
  readonly kind: string;
  readonly number: string | null;
  readonly documentDate: CalendarDate;
  readonly dueDate: CalendarDate;
  readonly currency: string;
  readonly openMinor: bigint;
  readonly baseMinor: bigint;
  readonly daysPast: number;
  readonly bucket: AgingBucket;
}

/** The documents with something open at the end of a day, from the journal: `$1` entity, `$2` day, `$3` what ages it, `$4` customer. */
const openDocumentsSql = `SELECT d.id, d.kind, d.number, d.customer_id, d.document_date, d.due_date, d.currency, o.open_minor, o.base_minor,
    $2::date - CASE $3::text WHEN 'due_date' THEN d.due_date ELSE d.document_date END AS days_past
  FROM (
    SELECT l.document_id, sum(l.debit_minor - l.credit_minor) AS open_minor, sum(l.base_debit_minor - l.base_credit_minor) AS base_minor
    FROM journal_lines l JOIN accounts a ON a.id = l.account_id
    WHERE l.document_id IS NOT NULL AND a.entity_id = $1::uuid AND l.entry_date <= $2::date
      AND ($4::uuid IS NULL OR l.document_id = ANY (ARRAY(SELECT c.id FROM documents c WHERE c.customer_id = $4::uuid)))
    GROUP BY l.document_id
    HAVING sum(l.debit_minor - l.credit_minor) <> 0 OR sum(l.base_debit_minor - l.base_credit_minor) <> 0
  ) AS o
  JOIN documents d ON d.id = o.document_id`;

/**
 * What each receipt holds unapplied at the end of the day, as a negative amount: what it brought, less what was allocated and refunded,
 * by the entries that its prepayment account has of it. Parameters as above.
 */
const unappliedSql = `SELECT r.customer_id, r.currency, sum(l.debit_minor - l.credit_minor) AS open_minor,
    sum(l.base_debit_minor - l.base_credit_minor) AS base_minor
  FROM (
    SELECT r.id AS receipt_id, r.entry_id FROM receipts r WHERE r.entity_id = $1::uuid
    UNION ALL
    SELECT r.id, r.reversal_entry_id FROM receipts r WHERE r.entity_id = $1::uuid AND r.reversal_entry_id IS NOT NULL
    UNION ALL
    SELECT s.receipt_id, s.entry_id FROM settlements s WHERE s.entity_id = $1::uuid AND s.receipt_id IS NOT NULL
    UNION ALL
    SELECT s.receipt_id, s.undone_entry_id FROM settlements s
    WHERE s.entity_id = $1::uuid AND s.receipt_id IS NOT NULL AND s.undone_entry_id IS NOT NULL
  ) AS m
  JOIN receipts r ON r.id = m.receipt_id
  JOIN journal_lines l ON l.entry_id = m.entry_id AND l.account_id = r.prepayment_account_id AND l.entry_date <= $2::date
  WHERE $4::uuid IS NULL OR r.customer_id = $4::uuid
  GROUP BY r.id, r.customer_id, r.currency
  HAVING sum(l.debit_minor - l.credit_minor) <> 0 OR sum(l.base_debit_minor - l.base_credit_minor) <> 0`;

/** Both together; unapplied money is in no bucket. */
const openSql = `SELECT d.customer_id, d.currency, d.open_minor, d.base_minor, d.days_past, false AS unapplied FROM (${openDocumentsSql}) AS d
  UNION ALL
  SELECT u.customer_id, u.currency, u.open_minor, u.base_minor, NULL::integer, true FROM (${unappliedSql}) AS u`;

const inBucket: Readonly<Record<AgingBucket, string>> = {
  current: 'o.days_past <= 0',
  days1to30: 'o.days_past BETWEEN 1 AND 30',
  days31to60: 'o.days_past BETWEEN 31 AND 60',
  days61to90: 'o.days_past BETWEEN 61 AND 90',
  over90: 'o.days_past > 90',
};
const bucketsSql = agingBuckets
  .map((bucket) => `coalesce(sum(o.open_minor) FILTER (WHERE ${inBucket[bucket]}), 0) AS ${bucket}`)
  .join(', ');
const amountsSql = `o.currency, sum(o.open_minor) AS open_minor, sum(o.base_minor) AS base_minor, ${bucketsSql},
  coalesce(sum(o.open_minor) FILTER (WHERE o.unapplied), 0) AS unapplied_minor,
  coalesce(sum(o.base_minor) FILTER (WHERE o.unapplied), 0) AS unapplied_base_minor`;

type AmountsRow = {
  readonly currency: string;
  readonly open_minor: string;
  readonly base_minor: string;
  readonly unapplied_minor: string;
  readonly unapplied_base_minor: string;
} & {
  // PostgreSQL folds the names of columns to lower case.
  readonly [Bucket in Lowercase<AgingBucket>]: string;
};

const lowerCase = (bucket: AgingBucket): Lowercase<AgingBucket> =>
  bucket.toLowerCase() as Lowercase<AgingBucket>;

function amountsFromRow(row: AmountsRow): AgingAmounts {
  const minorIn = (bucket: AgingBucket): bigint => BigInt(row[lowerCase(bucket)]);
  return {
    currency: row.currency,
    openMinor: BigInt(row.open_minor),
    baseMinor: BigInt(row.base_minor),
    buckets: {
      current: minorIn('current'),
      days1to30: minorIn('days1to30'),
      days31to60: minorIn('days31to60'),
      days61to90: minorIn('days61to90'),
      over90: minorIn('over90'),
    },
    unappliedMinor: BigInt(row.unapplied_minor),
    unappliedBaseMinor: BigInt(row.unapplied_base_minor),
  };
}

const parametersOf = (filter: AgingFilter): unknown[] => [
  filter.entityId,
  filter.at,
  filter.by,
  filter.customerId,
];

const customerOrder = 'ar-aging';

/** A page of customers, and what is open over all pages. */
export interface AgingPage extends CountedPage<CustomerAging> {
  readonly totals: readonly AgingAmounts[];
}

/**
 * A page of customers with something open or unapplied, by name, a row for each currency, and the totals by currency. One statement, since going
 * through the journal is what it costs. Errors: `invalid_request` (limit, cursor).
 */
export async function readAging(
  tx: Transaction,
  filter: AgingFilter,
  request: PageRequest,
): Promise<AgingPage> {
  const limit = checkLimit(request.limit);
  const after = decodeCursor(request.after, customerOrder, ['text', 'uuid', 'text']);
  const rows = await tx.query<
    AmountsRow & { customer_id: string | null; customer_name: string; rows: string }
  >(
    `WITH o AS MATERIALIZED (${openSql})
     SELECT NULL::uuid AS customer_id, '' AS customer_name, ${amountsSql}, count(DISTINCT o.customer_id) AS rows
     FROM o GROUP BY o.currency
     UNION ALL
     (SELECT c.id, c.name, ${amountsSql}, 0
      FROM o JOIN customers c ON c.id = o.customer_id
      WHERE $6::uuid IS NULL OR (c.name, c.id, o.currency) > ($5::text, $6::uuid, $7::text)
      GROUP BY c.id, c.name, o.currency
      ORDER BY c.name, c.id, o.currency
      LIMIT $8::integer)`,
    [...parametersOf(filter), after?.[0] ?? null, after?.[1] ?? null, after?.[2] ?? null, limit + 1],
  );
  const totals = rows.filter(({ customer_id: id }) => id === null);
  const customers = rows.flatMap(({ customer_id: id, ...row }) => (id === null ? [] : { ...row, id }));
  const page = toPage(customers, limit, customerOrder, (row) => [row.customer_name, row.id, row.currency]);
  return {
    data: page.data.map((row) => ({
      customerId: row.id,
      customerName: row.customer_name,
      ...amountsFromRow(row),
    })),
    next: page.next,
    total: totals.reduce((sum, row) => sum + Number(row.rows), 0),
    totals: totals.map(amountsFromRow).toSorted((left, right) => (left.currency < right.currency ? -1 : 1)),
  };
}

/** What is open in each currency over all customers of the filter. */
export async function readAgingTotals(tx: Transaction, filter: AgingFilter): Promise<AgingAmounts[]> {
  const rows = await tx.query<AmountsRow>(
    `SELECT ${amountsSql} FROM (${openSql}) AS o GROUP BY o.currency ORDER BY o.currency`,
    parametersOf(filter),
  );
  return rows.map(amountsFromRow);
}

const documentOrder = 'ar-aging-documents';

/** A page of the open documents themselves, the oldest due first. Errors: `invalid_request` (limit, cursor). */
export async function listDocumentAging(
  tx: Transaction,
  filter: AgingFilter,
  request: PageRequest,
): Promise<CountedPage<DocumentAging>> {
  const limit = checkLimit(request.limit);
  const after = decodeCursor(request.after, documentOrder, ['date', 'uuid']);
  const rows = await tx.query<{
    total: string;
    id: string | null;
    kind: string;
    number: string | null;
    document_date: CalendarDate;
    due_date: CalendarDate;
    currency: string;
    open_minor: string;
    base_minor: string;
    days_past: number;
    bucket: AgingBucket;
  }>(
    `WITH o AS MATERIALIZED (${openDocumentsSql})
     SELECT t.total, p.*
     FROM (SELECT count(*) AS total FROM o) AS t
     LEFT JOIN (
       SELECT o.*, CASE ${agingBuckets.map((bucket) => `WHEN ${inBucket[bucket]} THEN '${bucket}'`).join(' ')} END AS bucket
       FROM o
       WHERE $6::uuid IS NULL OR (o.due_date, o.id) > ($5::date, $6::uuid)
       ORDER BY o.due_date, o.id
       LIMIT $7::integer
     ) AS p ON true
     ORDER BY p.due_date, p.id`,
    [...parametersOf(filter), after?.[0] ?? null, after?.[1] ?? null, limit + 1],
  );
  const documents = rows.flatMap(({ id, ...row }) => (id === null ? [] : { ...row, id }));
  const page = toPage(documents, limit, documentOrder, (row) => [row.due_date, row.id]);
  return {
    data: page.data.map((row) => ({
      documentId: row.id,
      kind: row.kind,
      number: row.number,
      documentDate: row.document_date,
      dueDate: row.due_date,
      currency: row.currency,
      openMinor: BigInt(row.open_minor),
      baseMinor: BigInt(row.base_minor),
      daysPast: row.days_past,
      bucket: row.bucket,
    })),
    next: page.next,
    total: Number(rows[0]?.total ?? 0),
  };
}

/**
 * Whether the account `a` has receivables of documents. A range of one account, and not an equality or EXISTS: the planner takes the lines of
 * documents for evenly spread over the accounts and would read the whole journal for each account that has none.
 */
const hasReceivablesSql = `(
           SELECT true FROM journal_lines u
           WHERE u.account_id >= a.id AND u.account_id <= a.id AND u.document_id IS NOT NULL
           ORDER BY u.account_id LIMIT 1
         )`;

/**
 * What the accounts of the receivables less those of customer prepayments come to at the end of the day, in the base currency: with the
 * total of documents and unapplied receipts it has to be the same, but for entries by hand and revaluations, which belong to neither.
 */
export async function readCustomerBalance(
  tx: Transaction,
  entityId: string,
  at: CalendarDate,
): Promise<bigint> {
  const [row] = await tx.query<{ base_minor: string }>(
    `SELECT coalesce(sum(l.base_debit_minor - l.base_credit_minor), 0) AS base_minor
     FROM journal_lines l
     WHERE l.entry_date <= $2::date AND l.account_id = ANY (ARRAY(
       SELECT a.id FROM accounts a
       WHERE a.entity_id = $1::uuid AND (
         EXISTS (
           SELECT FROM account_roles r
           WHERE r.entity_id = $1::uuid AND r.account_id = a.id AND r.role IN ('accounts_receivable', 'customer_prepayments')
         )
         OR a.id IN (SELECT r.prepayment_account_id FROM receipts r WHERE r.entity_id = $1::uuid)
         OR ${hasReceivablesSql}
       )
     ))`,
    [entityId, at],
  );
  return BigInt(row?.base_minor ?? 0);
}
