import type { Address, CustomerDraft } from '../model/document-draft.ts';
import type { Transaction } from '../platform/database/database.ts';
import { normalizeCustomerName } from './customer-name.ts';
import type { EntityScope } from './entity-scope.ts';

export interface Customer {
  readonly id: string;
  readonly entityId: string;
  readonly kind: 'company' | 'person';
  readonly name: string;
  readonly normalizedName: string;
  readonly website: string | null;
  readonly industry: string | null;
  readonly phone: string | null;
  readonly email: string | null;
  readonly taxId: string | null;
  readonly address: Address | null;
  /** Null: the entity's terms. */
  readonly termsDays: number | null;
  readonly externalId: string | null;
  /** What every line is charged by, whatever its item says. */
  readonly taxCodeId: string | null;
  readonly customProperties: Readonly<Record<string, string>>;
  readonly active: boolean;
  /** The customer that it was merged into. */
  readonly mergedInto: string | null;
  readonly version: number;
}

export interface CustomerRow {
  readonly id: string;
  readonly entity_id: string;
  readonly kind: 'company' | 'person';
  readonly name: string;
  readonly normalized_name: string;
  readonly website: string | null;
  readonly industry: string | null;
  readonly phone: string | null;
  readonly email: string | null;
  readonly tax_id: string | null;
  readonly address: Address | null;
  readonly terms_days: number | null;
  readonly external_id: string | null;
  readonly tax_code_id: string | null;
  readonly custom_properties: Readonly<Record<string, string>>;
  readonly active: boolean;
  readonly merged_into: string | null;
  readonly version: number;
}

/** The columns of a `CustomerRow` of the table under the alias `c`. */
export const customerColumns = `c.id, c.entity_id, c.kind, c.name, c.normalized_name, c.website, c.industry, c.phone, c.email,
  c.tax_id, c.address, c.terms_days, c.external_id, c.tax_code_id, c.custom_properties, c.active,
  c.merged_into, c.version`;

export function customerFromRow(row: CustomerRow): Customer {
  return {
    id: row.id,
    entityId: row.entity_id,
    kind: row.kind,
    name: row.name,
    normalizedName: row.normalized_name,
    website: row.website,
    industry: row.industry,
    phone: row.phone,
    email: row.email,
    taxId: row.tax_id,
    address: row.address,
    termsDays: row.terms_days,
    externalId: row.external_id,
    taxCodeId: row.tax_code_id,
    customProperties: row.custom_properties,
    active: row.active,
    mergedInto: row.merged_into,
    version: row.version,
  };
}

export interface IdentifiedCustomerDraft {
  readonly id: string;
  readonly draft: CustomerDraft;
}

const draftColumns = (rows: readonly IdentifiedCustomerDraft[]): unknown[] => [
  rows.map((row) => row.id),
  rows.map(({ draft }) => draft.kind),
  rows.map(({ draft }) => draft.name),
  rows.map(({ draft }) => normalizeCustomerName(draft.name)),
  rows.map(({ draft }) => draft.website),
  rows.map(({ draft }) => draft.industry),
  rows.map(({ draft }) => draft.phone),
  rows.map(({ draft }) => draft.email),
  rows.map(({ draft }) => draft.taxId),
  rows.map(({ draft }) => (draft.address === null ? null : JSON.stringify(draft.address))),
  rows.map(({ draft }) => draft.externalId),
  rows.map(({ draft }) => JSON.stringify(draft.customProperties)),
];

/** Inserts customers with the ids that they bring. Returns the ids in the order given. */
export async function insertCustomers(
  tx: Transaction,
  scope: EntityScope,
  rows: readonly IdentifiedCustomerDraft[],
): Promise<string[]> {
  if (rows.length === 0) return [];
  await tx.execute(
    `INSERT INTO customers (organization_id, entity_id, id, kind, name, normalized_name, website, industry, phone, email, tax_id,
       address, external_id, custom_properties)
     SELECT $1::uuid, $2::uuid, r.id, r.kind, r.name, r.normalized_name, r.website, r.industry, r.phone, r.email, r.tax_id,
       r.address::jsonb, r.external_id, r.custom_properties::jsonb
     FROM unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[],
       $12::text[], $13::text[], $14::text[])
       AS r (id, kind, name, normalized_name, website, industry, phone, email, tax_id, address, external_id, custom_properties)`,
    [scope.organizationId, scope.entityId, ...draftColumns(rows)],
  );
  return rows.map((row) => row.id);
}

/**
 * Updates customers as their drafts say. A null of the draft keeps what stands in the books (a phone number typed in here is not
 * lost because the CRM has none), custom properties are merged by name, kind and terms stay. Returns the ids of those that
 * changed, in no order; one that is already as its draft says keeps its version.
 */
export async function updateCustomers(
  tx: Transaction,
  scope: EntityScope,
  changes: readonly IdentifiedCustomerDraft[],
): Promise<string[]> {
  if (changes.length === 0) return [];
  const rows = await tx.query<{ id: string }>(
    `UPDATE customers c SET
       name = r.name,
       normalized_name = r.normalized_name,
       website = coalesce(r.website, c.website),
       industry = coalesce(r.industry, c.industry),
       phone = coalesce(r.phone, c.phone),
       email = coalesce(r.email, c.email),
       tax_id = coalesce(r.tax_id, c.tax_id),
       address = coalesce(r.address::jsonb, c.address),
       external_id = coalesce(r.external_id, c.external_id),
       custom_properties = c.custom_properties || r.custom_properties::jsonb,
       version = c.version + 1,
       updated_at = now()
     FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[],
       $11::text[], $12::text[], $13::text[])
       AS r (id, kind, name, normalized_name, website, industry, phone, email, tax_id, address, external_id, custom_properties)
     WHERE c.id = r.id AND c.entity_id = $1::uuid
       AND (c.name, c.website, c.industry, c.phone, c.email, c.tax_id, c.address, c.external_id, c.custom_properties)
         IS DISTINCT FROM
         (r.name, coalesce(r.website, c.website), coalesce(r.industry, c.industry), coalesce(r.phone, c.phone),
          coalesce(r.email, c.email), coalesce(r.tax_id, c.tax_id), coalesce(r.address::jsonb, c.address),
          coalesce(r.external_id, c.external_id), c.custom_properties || r.custom_properties::jsonb)
     RETURNING c.id`,
    [scope.entityId, ...draftColumns(changes)],
  );
  return rows.map((row) => row.id);
}

/** A customer that a match by name found. Several can share one normalized name: then the match is ambiguous. */
export interface CustomerNameMatch {
  readonly id: string;
  readonly normalizedName: string;
  readonly name: string;
}

/** Active customers whose normalized name is one of `names` (as `normalizeCustomerName` makes them), oldest first. */
export async function findCustomersByNormalizedNames(
  tx: Transaction,
  scope: EntityScope,
  names: readonly string[],
): Promise<CustomerNameMatch[]> {
  if (names.length === 0) return [];
  const rows = await tx.query<{ id: string; normalized_name: string; name: string }>(
    `SELECT c.id, c.normalized_name, c.name FROM customers c
     WHERE c.entity_id = $1::uuid AND c.normalized_name = ANY ($2::text[]) AND c.active
     ORDER BY c.id`,
    [scope.entityId, [...new Set(names)]],
  );
  return rows.map((row) => ({ id: row.id, normalizedName: row.normalized_name, name: row.name }));
}

export interface CustomerExternalIdMatch {
  readonly id: string;
  readonly externalId: string;
  readonly name: string;
}

/** Active customers with one of the external ids, oldest first. */
export async function findCustomersByExternalIds(
  tx: Transaction,
  scope: EntityScope,
  externalIds: readonly string[],
): Promise<CustomerExternalIdMatch[]> {
  if (externalIds.length === 0) return [];
  const rows = await tx.query<{ id: string; external_id: string; name: string }>(
    `SELECT c.id, c.external_id, c.name FROM customers c
     WHERE c.entity_id = $1::uuid AND c.external_id = ANY ($2::text[]) AND c.active
     ORDER BY c.id`,
    [scope.entityId, [...new Set(externalIds)]],
  );
  return rows.map((row) => ({ id: row.id, externalId: row.external_id, name: row.name }));
}

/** The customers with these ids, of any entity of the organization, in no order; unknown ids are left out. */
export async function getCustomers(tx: Transaction, ids: readonly string[]): Promise<Customer[]> {
  if (ids.length === 0) return [];
  const rows = await tx.query<CustomerRow>(
    `SELECT ${customerColumns} FROM customers c WHERE c.id = ANY ($1::uuid[])`,
    [[...new Set(ids)]],
  );
  return rows.map(customerFromRow);
}
