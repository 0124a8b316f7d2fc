import type { Address } from '../../model/document-draft.ts';
import type { Transaction } from '../../platform/database/database.ts';
import { normalizeCustomerName } from '../customer-name.ts';
import { type Customer, type CustomerRow, customerColumns, customerFromRow } from '../customers-store.ts';
import type { EntityScope } from '../entity-scope.ts';

/** Everything of a customer that a person can say. */
export interface CustomerFields {
  readonly kind: 'company' | 'person';
  readonly name: string;
  readonly website: string | null;
  readonly industry: string | null;
  readonly phone: string | null;
  readonly email: string | null;
  readonly taxId: string | null;
  readonly address: Address | null;
  readonly termsDays: number | null;
  readonly externalId: string | null;
  readonly taxCodeId: string | null;
  readonly active: boolean;
}

/** The customer, locked against another change; null when there is none in this organization. */
export async function lockCustomer(tx: Transaction, id: string): Promise<Customer | null> {
  const [row] = await tx.query<CustomerRow>(
    `SELECT ${customerColumns} FROM customers c WHERE c.id = $1::uuid FOR UPDATE`,
    [id],
  );
  return row ? customerFromRow(row) : null;
}

const parametersOf = (fields: CustomerFields): unknown[] => [
  fields.kind,
  fields.name,
  normalizeCustomerName(fields.name),
  fields.website,
  fields.industry,
  fields.phone,
  fields.email,
  fields.taxId,
  fields.address === null ? null : JSON.stringify(fields.address),
  fields.termsDays,
  fields.externalId,
  fields.taxCodeId,
  fields.active,
];

export async function insertCustomer(
  tx: Transaction,
  scope: EntityScope,
  id: string,
  fields: CustomerFields,
): Promise<void> {
  await tx.execute(
    `INSERT INTO customers (organization_id, entity_id, id, kind, name, normalized_name, website, industry, phone, email, tax_id,
       address, terms_days, external_id, tax_code_id, active)
     VALUES ($1::uuid, $2::uuid, $3::uuid, $4::text, $5::text, $6::text, $7::text, $8::text, $9::text, $10::text, $11::text,
       $12::jsonb, $13::integer, $14::text, $15::uuid, $16::boolean)`,
    [scope.organizationId, scope.entityId, id, ...parametersOf(fields)],
  );
}

export async function updateCustomer(tx: Transaction, id: string, fields: CustomerFields): Promise<void> {
  await tx.execute(
    `UPDATE customers c SET kind = $2::text, name = $3::text, normalized_name = $4::text, website = $5::text, industry = $6::text,
       phone = $7::text, email = $8::text, tax_id = $9::text, address = $10::jsonb, terms_days = $11::integer,
       external_id = $12::text, tax_code_id = $13::uuid, active = $14::boolean, version = c.version + 1, updated_at = now()
     WHERE c.id = $1::uuid`,
    [id, ...parametersOf(fields)],
  );
}

/** Deletes a customer that no document, no receipt and no record of a CRM has. False when one has, or when it is gone. */
export async function deleteUnusedCustomer(tx: Transaction, id: string): Promise<boolean> {
  const deleted = await tx.execute(
    `DELETE FROM customers c
     WHERE c.id = $1::uuid
       AND NOT EXISTS (SELECT FROM documents d WHERE d.customer_id = c.id)
       AND NOT EXISTS (SELECT FROM receipts r WHERE r.customer_id = c.id)
       AND NOT EXISTS (SELECT FROM links k WHERE k.target_id = c.id)
       AND NOT EXISTS (SELECT FROM customers m WHERE m.merged_into = c.id)`,
    [id],
  );
  return deleted === 1;
}
