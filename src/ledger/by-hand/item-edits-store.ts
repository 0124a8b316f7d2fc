import type { Transaction } from '../../platform/database/database.ts';
import type { EntityScope } from '../entity-scope.ts';
import { type Item, itemColumns, itemFromRow, type ItemRow } from '../items-store.ts';

/** Everything of an item that a person can say. */
export interface ItemFields {
  readonly sku: string;
  readonly name: string;
  readonly description: string | null;
  readonly kind: 'service' | 'goods';
  readonly unitPrice: string | null;
  readonly incomeAccountId: string | null;
  readonly deferredAccountId: string | null;
  readonly taxCodeId: string | null;
  readonly active: boolean;
}

/** The item, locked against another change; null when there is none in this organization. */
export async function lockItem(tx: Transaction, id: string): Promise<Item | null> {
  const [row] = await tx.query<ItemRow>(
    `SELECT ${itemColumns} FROM items i WHERE i.id = $1::uuid FOR UPDATE`,
    [id],
  );
  return row ? itemFromRow(row) : null;
}

const parametersOf = (fields: ItemFields): unknown[] => [
  fields.sku,
  fields.name,
  fields.description,
  fields.kind,
  fields.unitPrice,
  fields.incomeAccountId,
  fields.deferredAccountId,
  fields.taxCodeId,
  fields.active,
];

/** False when the entity has an item of that SKU already. */
export async function insertItem(
  tx: Transaction,
  scope: EntityScope,
  id: string,
  fields: ItemFields,
): Promise<boolean> {
  const inserted = await tx.execute(
    `INSERT INTO items (organization_id, entity_id, id, sku, name, description, kind, unit_price, income_account_id,
       deferred_account_id, tax_code_id, active)
     VALUES ($1::uuid, $2::uuid, $3::uuid, $4::text, $5::text, $6::text, $7::text, $8::numeric, $9::uuid, $10::uuid, $11::uuid,
       $12::boolean)
     ON CONFLICT (entity_id, sku) DO NOTHING`,
    [scope.organizationId, scope.entityId, id, ...parametersOf(fields)],
  );
  return inserted === 1;
}

/** False when another item of the entity has that SKU. */
export async function updateItem(tx: Transaction, id: string, fields: ItemFields): Promise<boolean> {
  const updated = await tx.execute(
    `UPDATE items i SET sku = $2::text, name = $3::text, description = $4::text, kind = $5::text, unit_price = $6::numeric,
       income_account_id = $7::uuid, deferred_account_id = $8::uuid, tax_code_id = $9::uuid, active = $10::boolean,
       version = i.version + 1, updated_at = now()
     WHERE i.id = $1::uuid
       AND NOT EXISTS (SELECT FROM items o WHERE o.entity_id = i.entity_id AND o.sku = $2::text AND o.id <> i.id)`,
    [id, ...parametersOf(fields)],
  );
  return updated === 1;
}

/** Deletes an item that no line and no product of a CRM has, and that is not the default one. False when one has, or when it is gone. */
export async function deleteUnusedItem(tx: Transaction, id: string): Promise<boolean> {
  const deleted = await tx.execute(
    `DELETE FROM items i
     WHERE i.id = $1::uuid AND NOT i.is_default
       AND NOT EXISTS (SELECT FROM document_lines l WHERE l.item_id = i.id)
       AND NOT EXISTS (SELECT FROM links k WHERE k.target_id = i.id)`,
    [id],
  );
  return deleted === 1;
}
