import type { Address } from '../model/document-draft.ts';
import type { Transaction } from '../platform/database/database.ts';
import type { Entity } from './entities-store.ts';
import type { EntityScope } from './entity-scope.ts';

/** What an invoice says of the company that sends it. */
export interface CompanyDetails {
  /** Null: the entity's name. */
  readonly legalName: string | null;
  readonly address: Address | null;
  readonly taxId: string | null;
  readonly registrationNumber: string | null;
  /** As it is printed: several lines. */
  readonly bankDetails: string | null;
}

export const logoMediaTypes = ['image/png', 'image/jpeg', 'image/svg+xml'] as const;
export type LogoMediaType = (typeof logoMediaTypes)[number];

export interface Logo {
  readonly mediaType: LogoMediaType;
  readonly bytes: Uint8Array;
}

/** What of the entity cannot be changed any more. */
export interface EntityUse {
  readonly hasEntries: boolean;
  readonly hasDocuments: boolean;
  readonly hasRates: boolean;
  /** A period was closed or locked, or a year closed. */
  readonly hasClosedPeriods: boolean;
}

export async function readCompanyDetails(tx: Transaction, entityId: string): Promise<CompanyDetails | null> {
  const [row] = await tx.query<{
    legal_name: string | null;
    address: Address | null;
    tax_id: string | null;
    registration_number: string | null;
    bank_details: string | null;
  }>(
    `SELECT e.legal_name, e.address, e.tax_id, e.registration_number, e.bank_details FROM entities e
     WHERE e.id = $1::uuid`,
    [entityId],
  );
  if (!row) return null;
  return {
    legalName: row.legal_name,
    address: row.address,
    taxId: row.tax_id,
    registrationNumber: row.registration_number,
    bankDetails: row.bank_details,
  };
}

/** Locks the entity: changes of one come one after the other. */
export async function lockEntity(tx: Transaction, entityId: string): Promise<void> {
  await tx.execute('SELECT FROM entities e WHERE e.id = $1::uuid FOR NO KEY UPDATE', [entityId]);
}

/** Whether another entity of the mode has the name. */
export async function isEntityNameTaken(tx: Transaction, entity: Entity): Promise<boolean> {
  const rows = await tx.query(
    `SELECT e.id FROM entities e
     WHERE e.organization_id = $1::uuid AND e.mode = $2::text AND e.name = $3::text AND e.id <> $4::uuid`,
    [entity.organizationId, entity.mode, entity.name, entity.id],
  );
  return rows.length > 0;
}

export async function updateEntityRow(
  tx: Transaction,
  entity: Entity,
  details: CompanyDetails,
): Promise<void> {
  await tx.execute(
    `UPDATE entities e SET name = $2::text, base_currency = $3::text, time_zone = $4::text, terms_days = $5::integer,
       fiscal_year_start_month = $6::integer, fiscal_year_start_day = $7::integer, legal_name = $8::text, address = $9::jsonb,
       tax_id = $10::text, registration_number = $11::text, bank_details = $12::text
     WHERE e.id = $1::uuid`,
    [
      entity.id,
      entity.name,
      entity.baseCurrency,
      entity.timeZone,
      entity.termsDays,
      entity.fiscalYearStart.month,
      entity.fiscalYearStart.day,
      details.legalName,
      details.address === null ? null : JSON.stringify(details.address),
      details.taxId,
      details.registrationNumber,
      details.bankDetails,
    ],
  );
}

export async function readEntityUse(tx: Transaction, entityId: string): Promise<EntityUse> {
  const [row] = await tx.query<{
    has_entries: boolean;
    has_documents: boolean;
    has_rates: boolean;
    has_closed_periods: boolean;
  }>(
    `SELECT EXISTS (SELECT FROM journal_entries e WHERE e.entity_id = $1::uuid) AS has_entries,
       EXISTS (SELECT FROM documents d WHERE d.entity_id = $1::uuid) AS has_documents,
       EXISTS (SELECT FROM exchange_rates x WHERE x.entity_id = $1::uuid) AS has_rates,
       EXISTS (SELECT FROM fiscal_periods p WHERE p.entity_id = $1::uuid AND p.status <> 'open')
         OR EXISTS (SELECT FROM fiscal_years y WHERE y.entity_id = $1::uuid AND y.closed_at IS NOT NULL) AS has_closed_periods`,
    [entityId],
  );
  return {
    hasEntries: row?.has_entries ?? false,
    hasDocuments: row?.has_documents ?? false,
    hasRates: row?.has_rates ?? false,
    hasClosedPeriods: row?.has_closed_periods ?? false,
  };
}

/** Null: it has none. */
export async function readEntityLogo(tx: Transaction, entityId: string): Promise<Logo | null> {
  const [row] = await tx.query<{ media_type: LogoMediaType; data: string }>(
    `SELECT l.media_type, encode(l.data, 'base64') AS data FROM entity_logos l WHERE l.entity_id = $1::uuid`,
    [entityId],
  );
  return row ? { mediaType: row.media_type, bytes: Buffer.from(row.data, 'base64') } : null;
}

/** What kind of picture it has and how many bytes; null: none. */
export async function readLogoFacts(
  tx: Transaction,
  entityId: string,
): Promise<{ readonly mediaType: LogoMediaType; readonly bytes: number } | null> {
  const [row] = await tx.query<{ media_type: LogoMediaType; bytes: number }>(
    `SELECT l.media_type, octet_length(l.data) AS bytes FROM entity_logos l WHERE l.entity_id = $1::uuid`,
    [entityId],
  );
  return row ? { mediaType: row.media_type, bytes: row.bytes } : null;
}

export async function upsertEntityLogo(tx: Transaction, scope: EntityScope, logo: Logo): Promise<void> {
  await tx.execute(
    `INSERT INTO entity_logos (organization_id, entity_id, media_type, data)
     VALUES ($1::uuid, $2::uuid, $3::text, decode($4::text, 'base64'))
     ON CONFLICT (entity_id) DO UPDATE SET media_type = excluded.media_type, data = excluded.data, updated_at = now()`,
    [scope.organizationId, scope.entityId, logo.mediaType, Buffer.from(logo.bytes).toString('base64')],
  );
}

export async function deleteEntityLogoRow(tx: Transaction, entityId: string): Promise<boolean> {
  return (await tx.execute('DELETE FROM entity_logos l WHERE l.entity_id = $1::uuid', [entityId])) === 1;
}
