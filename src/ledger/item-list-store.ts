import type { Transaction } from '../platform/database/database.ts';
import { numericToWire } from './documents-wire.ts';
import { itemColumns, type ItemRow } from './items-store.ts';
import {
  checkLimit,
  decodeCursor,
  type Page,
  type PageRequest,
  toPage,
} from '../platform/database/page-cursor.ts';

/** Which items; what is absent does not matter. */
export interface ItemFilter {
  readonly entityId?: string;
  readonly id?: string;
  readonly active?: boolean;
  /** Part of the SKU, name or description, whatever the case. */
  readonly text?: string;
}

/** An item as the page and the API show it; accounts by their numbers, null: the account of the role. */
export interface ItemWire {
  readonly id: string;
  readonly entityId: string;
  readonly sku: string;
  readonly name: string;
  readonly description: string | null;
  readonly kind: 'service' | 'goods';
  readonly unitPrice: string | null;
  readonly incomeAccount: string | null;
  readonly expenseAccount: string | null;
  readonly deferredAccount: string | null;
  readonly taxCodeId: string | null;
  readonly active: boolean;
  readonly isDefault: boolean;
  readonly version: number;
}

interface ItemWithAccountsRow extends ItemRow {
  readonly income_account: string | null;
  readonly expense_account: string | null;
  readonly deferred_account: string | null;
}

/** A page of items by SKU. Errors: `invalid_request` (limit, cursor). */
export async function listItems(
  tx: Transaction,
  filter: ItemFilter,
  page: PageRequest = {},
): Promise<Page<ItemWire>> {
  const limit = checkLimit(page.limit);
  const after = decodeCursor(page.after, 'sku', ['text', 'uuid']);
  const text = filter.text?.trim() ?? '';
  const rows = await tx.query<ItemWithAccountsRow>(
    `SELECT ${itemColumns}, income.number AS income_account, expense.number AS expense_account, deferred.number AS deferred_account
     FROM items i
     LEFT JOIN accounts income ON income.id = i.income_account_id
     LEFT JOIN accounts expense ON expense.id = i.expense_account_id
     LEFT JOIN accounts deferred ON deferred.id = i.deferred_account_id
     WHERE ($1::uuid IS NULL OR i.entity_id = $1::uuid)
       AND ($7::uuid IS NULL OR i.id = $7::uuid)
       AND ($2::boolean IS NULL OR i.active = $2::boolean)
       AND ($3::text IS NULL OR strpos(lower(concat_ws(' ', i.sku, i.name, i.description)), lower($3::text)) > 0)
       AND ($5::uuid IS NULL OR (i.sku, i.id) > ($4::text, $5::uuid))
     ORDER BY i.sku, i.id
     LIMIT $6::integer`,
    [
      filter.entityId ?? null,
      filter.active ?? null,
      text === '' ? null : text,
      after?.[0] ?? null,
      after?.[1] ?? null,
      limit + 1,
      filter.id ?? null,
    ],
  );
  const { data, next } = toPage(rows, limit, 'sku', (row) => [row.sku, row.id]);
  return { data: data.map(toWire), next };
}

function toWire(row: ItemWithAccountsRow): ItemWire {
  return {
    id: row.id,
    entityId: row.entity_id,
    sku: row.sku,
    name: row.name,
    description: row.description,
    kind: row.kind,
    unitPrice: row.unit_price === null ? null : numericToWire(row.unit_price),
    incomeAccount: row.income_account,
    expenseAccount: row.expense_account,
    deferredAccount: row.deferred_account,
    taxCodeId: row.tax_code_id,
    active: row.active,
    isDefault: row.is_default,
    version: row.version,
  };
}
