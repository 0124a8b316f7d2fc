import type { Transaction } from '../platform/database/database.ts';
import { type Customer, type CustomerRow, customerColumns, customerFromRow } from './customers-store.ts';
import {
  checkLimit,
  decodeCursor,
  type Page,
  type PageRequest,
  toPage,
} from '../platform/database/page-cursor.ts';

/** Which customers; what is absent does not matter. */
export interface CustomerFilter {
  readonly entityId?: string;
  readonly active?: boolean;
  /** Part of the name, e-mail address or external id, whatever the case. */
  readonly text?: string;
  /** The name as `normalizeCustomerName` makes it. */
  readonly normalizedName?: string;
}

/** A page of customers by name. Errors: `invalid_request` (limit, cursor). */
export async function listCustomers(
  tx: Transaction,
  filter: CustomerFilter,
  page: PageRequest = {},
): Promise<Page<Customer>> {
  const limit = checkLimit(page.limit);
  const after = decodeCursor(page.after, 'name', ['text', 'uuid']);
  const text = filter.text?.trim() ?? '';
  const rows = await tx.query<CustomerRow & { readonly sort_value: string }>(
    `SELECT ${customerColumns}, lower(c.name) AS sort_value FROM customers c
     WHERE ($1::uuid IS NULL OR c.entity_id = $1::uuid)
       AND ($2::boolean IS NULL OR c.active = $2::boolean)
       AND ($3::text IS NULL OR strpos(lower(concat_ws(' ', c.name, c.email, c.external_id)), lower($3::text)) > 0)
       AND ($7::text IS NULL OR c.normalized_name = $7::text)
       AND ($5::uuid IS NULL OR (lower(c.name), c.id) > ($4::text, $5::uuid))
     ORDER BY lower(c.name), c.id
     LIMIT $6::integer`,
    [
      filter.entityId ?? null,
      filter.active ?? null,
      text === '' ? null : text,
      after?.[0] ?? null,
      after?.[1] ?? null,
      limit + 1,
      filter.normalizedName ?? null,
    ],
  );
  const { data, next } = toPage(rows, limit, 'name', (row) => [row.sort_value, row.id]);
  return { data: data.map(customerFromRow), next };
}

/** What one customer was invoiced and owes, in one currency; drafts and reversed documents do not count. */
export interface CustomerBalance {
  readonly customerId: string;
  readonly currency: string;
  readonly invoicedMinor: bigint;
  readonly openMinor: bigint;
}

/** A row for each of these customers and each currency that occurs. */
export async function readCustomerBalances(
  tx: Transaction,
  customerIds: readonly string[],
): Promise<CustomerBalance[]> {
  if (customerIds.length === 0) return [];
  const rows = await tx.query<{
    customer_id: string;
    currency: string;
    invoiced_minor: string;
    open_minor: string;
  }>(
    `SELECT d.customer_id, d.currency, sum(d.total_minor) AS invoiced_minor, sum(d.open_minor) AS open_minor
     FROM documents d
     WHERE d.customer_id = ANY ($1::uuid[]) AND d.kind = 'invoice' AND d.status NOT IN ('draft', 'reversed')
     GROUP BY 1, 2
     ORDER BY 1, 2`,
    [customerIds],
  );
  return rows.map((row) => ({
    customerId: row.customer_id,
    currency: row.currency,
    invoicedMinor: BigInt(row.invoiced_minor),
    openMinor: BigInt(row.open_minor),
  }));
}

/** The CRM record that a customer or an item is linked to. */
export interface SourceLink {
  readonly targetId: string;
  readonly connector: string;
  readonly type: string;
  readonly id: string;
}

/** The links of these customers or items, oldest first. */
export async function readSourceLinks(tx: Transaction, targetIds: readonly string[]): Promise<SourceLink[]> {
  if (targetIds.length === 0) return [];
  const rows = await tx.query<{
    target_id: string;
    connector: string;
    source_object: string;
    source_id: string;
  }>(
    `SELECT k.target_id, k.connector, k.source_object, k.source_id FROM links k
     WHERE k.target_id = ANY ($1::uuid[]) AND k.state = 'active'
     ORDER BY k.created_at, k.source_id`,
    [targetIds],
  );
  return rows.map((row) => ({
    targetId: row.target_id,
    connector: row.connector,
    type: row.source_object,
    id: row.source_id,
  }));
}
