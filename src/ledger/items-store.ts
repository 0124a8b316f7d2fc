import type { ItemDraft } from '../model/document-draft.ts';
import type { Transaction } from '../platform/database/database.ts';
import type { EntityScope } from './entity-scope.ts';

export interface Item {
  readonly id: string;
  readonly entityId: string;
  readonly sku: string;
  readonly name: string;
  readonly description: string | null;
  readonly kind: 'service' | 'goods';
  /** Decimal string; for information: the price of a line decides. */
  readonly unitPrice: string | null;
  /** Null: the account of the role `income`. */
  readonly incomeAccountId: string | null;
  readonly expenseAccountId: string | null;
  readonly deferredAccountId: string | null;
  /** What its lines are charged by where the customer has no code of its own. */
  readonly taxCodeId: string | null;
  readonly active: boolean;
  /** The item of lines without a product; one in each entity. */
  readonly isDefault: boolean;
  readonly version: number;
}

export interface ItemRow {
  readonly id: string;
  readonly entity_id: string;
  readonly sku: string;
  readonly name: string;
  readonly description: string | null;
  readonly kind: 'service' | 'goods';
  readonly unit_price: string | null;
  readonly income_account_id: string | null;
  readonly expense_account_id: string | null;
  readonly deferred_account_id: string | null;
  readonly tax_code_id: string | null;
  readonly active: boolean;
  readonly is_default: boolean;
  readonly version: number;
}

/** The columns of an `ItemRow` of the table under the alias `i`. */
export const itemColumns = `i.id, i.entity_id, i.sku, i.name, i.description, i.kind, i.unit_price, i.income_account_id,
  i.expense_account_id, i.deferred_account_id, i.tax_code_id, i.active, i.is_default, i.version`;

export function itemFromRow(row: ItemRow): Item {
  return {
    id: row.id,
    entityId: row.entity_id,
    sku: row.sku,
    name: row.name,
    description: row.description,
    kind: row.kind,
    unitPrice: row.unit_price,
    incomeAccountId: row.income_account_id,
    expenseAccountId: row.expense_account_id,
    deferredAccountId: row.deferred_account_id,
    taxCodeId: row.tax_code_id,
    active: row.active,
    isDefault: row.is_default,
    version: row.version,
  };
}

export interface IdentifiedItemDraft {
  readonly id: string;
  readonly draft: ItemDraft;
}

const draftColumns = (rows: readonly IdentifiedItemDraft[]): unknown[] => [
  rows.map((row) => row.id),
  rows.map(({ draft }) => draft.sku),
  rows.map(({ draft }) => draft.name),
  rows.map(({ draft }) => draft.description),
  rows.map(({ draft }) => draft.kind),
  rows.map(({ draft }) => draft.unitPrice),
];

/**
 * Inserts items with the ids that they bring. Services carry the entity's deferred-revenue account, for contracts; goods do not.
 * A SKU that the entity has already (made by a concurrent sync) is not inserted twice: the item that has it is taken.
 * Returns the ids that now stand for the drafts, in the order given; of two drafts with one SKU the first counts.
 */
export async function insertItems(
  tx: Transaction,
  scope: EntityScope,
  rows: readonly IdentifiedItemDraft[],
): Promise<string[]> {
  if (rows.length === 0) return [];
  await tx.execute(
    `INSERT INTO items (organization_id, entity_id, id, sku, name, description, kind, unit_price, deferred_account_id)
     SELECT $1::uuid, $2::uuid, r.id, r.sku, r.name, r.description, r.kind, r.unit_price,
       CASE WHEN r.kind = 'service' THEN (
         SELECT a.account_id FROM account_roles a WHERE a.entity_id = $2::uuid AND a.role = 'deferred_revenue'
       ) END
     FROM unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::numeric[])
       AS r (id, sku, name, description, kind, unit_price)
     ON CONFLICT (entity_id, sku) DO NOTHING`,
    [scope.organizationId, scope.entityId, ...draftColumns(rows)],
  );
  const standing = await findItemsBySku(
    tx,
    scope,
    rows.map(({ draft }) => draft.sku),
  );
  const idBySku = new Map(standing.map((item) => [item.sku, item.id]));
  return rows.map((row) => idBySku.get(row.draft.sku) ?? row.id);
}

/**
 * Updates items as their drafts say: name, kind, and description and price where the draft has them. The SKU follows too, unless
 * another item has it: then the old one stays, so that one product renamed onto another stops no batch. Accounts stay. Returns the ids
 * of those that changed, in no order.
 */
export async function updateItems(
  tx: Transaction,
  scope: EntityScope,
  changes: readonly IdentifiedItemDraft[],
): Promise<string[]> {
  if (changes.length === 0) return [];
  const rows = await tx.query<{ id: string }>(
    `WITH wanted AS (
       SELECT r.*,
         CASE WHEN count(*) OVER (PARTITION BY r.sku) > 1
           OR EXISTS (SELECT FROM items o WHERE o.entity_id = $1::uuid AND o.sku = r.sku AND o.id <> r.id)
         THEN NULL ELSE r.sku END AS free_sku
       FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::numeric[])
         AS r (id, sku, name, description, kind, unit_price)
     )
     UPDATE items i SET
       sku = coalesce(w.free_sku, i.sku),
       name = w.name,
       description = coalesce(w.description, i.description),
       kind = w.kind,
       unit_price = coalesce(w.unit_price, i.unit_price),
       version = i.version + 1,
       updated_at = now()
     FROM wanted w
     WHERE i.id = w.id AND i.entity_id = $1::uuid
       AND (i.sku, i.name, i.description, i.kind, i.unit_price)
         IS DISTINCT FROM
         (coalesce(w.free_sku, i.sku), w.name, coalesce(w.description, i.description), w.kind, coalesce(w.unit_price, i.unit_price))
     RETURNING i.id`,
    [scope.entityId, ...draftColumns(changes)],
  );
  return rows.map((row) => row.id);
}

/** The items with these SKUs (exactly as written, inactive ones too: a SKU is taken for ever), in no order. */
export async function findItemsBySku(
  tx: Transaction,
  scope: EntityScope,
  skus: readonly string[],
): Promise<Item[]> {
  if (skus.length === 0) return [];
  const rows = await tx.query<ItemRow>(
    `SELECT ${itemColumns} FROM items i WHERE i.entity_id = $1::uuid AND i.sku = ANY ($2::text[])`,
    [scope.entityId, [...new Set(skus)]],
  );
  return rows.map(itemFromRow);
}

/** The items with these ids, of any entity of the organization, in no order; unknown ids are left out. */
export async function getItems(tx: Transaction, ids: readonly string[]): Promise<Item[]> {
  if (ids.length === 0) return [];
  const rows = await tx.query<ItemRow>(`SELECT ${itemColumns} FROM items i WHERE i.id = ANY ($1::uuid[])`, [
    [...new Set(ids)],
  ]);
  return rows.map(itemFromRow);
}

/** The item of lines without a product; null only when somebody deactivated it. */
export async function findDefaultItem(tx: Transaction, scope: EntityScope): Promise<Item | null> {
  const [row] = await tx.query<ItemRow>(
    `SELECT ${itemColumns} FROM items i WHERE i.entity_id = $1::uuid AND i.is_default AND i.active`,
    [scope.entityId],
  );
  return row ? itemFromRow(row) : null;
}

/** Inserts the default item of a new entity: "Sales", SKU `DEFAULT`, a service. */
export async function insertDefaultItem(tx: Transaction, scope: EntityScope, id: string): Promise<void> {
  await tx.execute(
    `INSERT INTO items (organization_id, entity_id, id, sku, name, kind, is_default, deferred_account_id)
     SELECT $1::uuid, $2::uuid, $3::uuid, 'DEFAULT', 'Sales', 'service', true, (
       SELECT a.account_id FROM account_roles a WHERE a.entity_id = $2::uuid AND a.role = 'deferred_revenue'
     )`,
    [scope.organizationId, scope.entityId, id],
  );
}
