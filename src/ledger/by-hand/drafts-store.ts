import type { CalendarDate, Instant } from '../../kernel/dates.ts';
import type { DocumentKind } from '../../model/document-draft.ts';
import type { Transaction } from '../../platform/database/database.ts';
import type { StoredDocumentStatus } from '../document-status.ts';
import type { EntityScope } from '../entity-scope.ts';
import type { DraftLine } from './draft-lines.ts';

/** A document locked for an edit. */
export interface LockedDraft {
  readonly id: string;
  readonly entityId: string;
  readonly kind: DocumentKind;
  readonly status: StoredDocumentStatus;
  readonly version: number;
  readonly customerId: string;
  readonly currency: string;
  readonly documentDate: CalendarDate;
  readonly dueDate: CalendarDate;
  readonly description: string;
  readonly memo: string | null;
  readonly isFromSource: boolean;
  /** The contract that it bills. */
  readonly contractId: string | null;
  readonly updatedAt: Instant;
  readonly updatedBy: string;
}

/** Null when there is none in this organization. */
export async function lockDraft(tx: Transaction, id: string): Promise<LockedDraft | null> {
  const [row] = await tx.query<{
    id: string;
    entity_id: string;
    kind: DocumentKind;
    status: StoredDocumentStatus;
    version: number;
    customer_id: string;
    currency: string;
    document_date: CalendarDate;
    due_date: CalendarDate;
    description: string;
    memo: string | null;
    is_from_source: boolean;
    contract_id: string | null;
    updated_at: Instant;
    updated_by: string;
  }>(
    `SELECT d.id, d.entity_id, d.kind, d.status, d.version, d.customer_id, d.currency, d.document_date, d.due_date, d.description,
       d.memo, d.source_id IS NOT NULL AS is_from_source, d.contract_id, d.updated_at, d.updated_by
     FROM documents d WHERE d.id = $1::uuid FOR UPDATE`,
    [id],
  );
  if (!row) return null;
  return {
    id: row.id,
    entityId: row.entity_id,
    kind: row.kind,
    status: row.status,
    version: row.version,
    customerId: row.customer_id,
    currency: row.currency,
    documentDate: row.document_date,
    dueDate: row.due_date,
    description: row.description,
    memo: row.memo,
    isFromSource: row.is_from_source,
    contractId: row.contract_id,
    updatedAt: row.updated_at,
    updatedBy: row.updated_by,
  };
}

/** What a draft says beside its lines. */
export interface DraftHeading {
  readonly customerId: string;
  readonly currency: string;
  readonly documentDate: CalendarDate;
  readonly dueDate: CalendarDate;
  readonly description: string;
  readonly memo: string | null;
}

export interface DraftTotals {
  readonly totalMinor: bigint;
  readonly taxMinor: bigint;
}

export async function insertDraft(
  tx: Transaction,
  scope: EntityScope,
  id: string,
  draft: DraftHeading & DraftTotals & { readonly kind?: 'invoice' | 'contract' },
  actor: string,
): Promise<void> {
  await tx.execute(
    `INSERT INTO documents (id, organization_id, entity_id, kind, customer_id, currency, total_minor, tax_minor, open_minor,
       document_date, due_date, description, memo, created_by, updated_by)
     VALUES ($1::uuid, $2::uuid, $3::uuid, $13::text, $4::uuid, $5::text, $6::bigint, $7::bigint, $6::bigint,
       $8::date, $9::date, $10::text, $11::text, $12::text, $12::text)`,
    [
      id,
      scope.organizationId,
      scope.entityId,
      draft.customerId,
      draft.currency,
      draft.totalMinor.toString(),
      draft.taxMinor.toString(),
      draft.documentDate,
      draft.dueDate,
      draft.description,
      draft.memo,
      actor,
      draft.kind ?? 'invoice',
    ],
  );
}

/** Null totals stay as they are. A draft that a sync made remembers that a person edited it, and for whom it was made while he stays. */
export async function updateDraft(
  tx: Transaction,
  id: string,
  heading: DraftHeading,
  totals: DraftTotals | null,
  actor: string,
): Promise<void> {
  await tx.execute(
    `UPDATE documents d SET
       customer_source_id = CASE WHEN d.customer_id = $2::uuid THEN d.customer_source_id END,
       customer_id = $2::uuid, currency = $3::text, document_date = $4::date, due_date = $5::date, description = $6::text,
       memo = $7::text, total_minor = coalesce($8::bigint, d.total_minor), open_minor = coalesce($8::bigint, d.total_minor),
       tax_minor = coalesce($9::bigint, d.tax_minor),
       edited_at = CASE WHEN d.source_id IS NOT NULL THEN now() END,
       edited_by = CASE WHEN d.source_id IS NOT NULL THEN $10::text END,
       version = d.version + 1, updated_at = now(), updated_by = $10::text
     WHERE d.id = $1::uuid`,
    [
      id,
      heading.customerId,
      heading.currency,
      heading.documentDate,
      heading.dueDate,
      heading.description,
      heading.memo,
      totals?.totalMinor.toString() ?? null,
      totals?.taxMinor.toString() ?? null,
      actor,
    ],
  );
}

/** Replaces all lines of a draft. */
export async function replaceDraftLines(
  tx: Transaction,
  scope: EntityScope,
  documentId: string,
  lines: readonly DraftLine[],
): Promise<void> {
  await tx.execute('DELETE FROM document_lines l WHERE l.document_id = $1::uuid', [documentId]);
  if (lines.length === 0) return;
  await tx.execute(
    `INSERT INTO document_lines (organization_id, document_id, position, source_id, item_id, sku, description, quantity, unit_price,
       discount_percent, discount_minor, tax_code_id, tax_minor, amount_minor, account_id, service_start, service_end, recognition)
     SELECT $1::uuid, $2::uuid, r.*
     FROM unnest($3::integer[], $4::text[], $5::uuid[], $6::text[], $7::text[], $8::numeric[], $9::numeric[], $10::numeric[],
       $11::bigint[], $12::uuid[], $13::bigint[], $14::bigint[], $15::uuid[], $16::date[], $17::date[], $18::text[]) AS r`,
    [
      scope.organizationId,
      documentId,
      lines.map((line) => line.position),
      lines.map((line) => line.sourceId),
      lines.map((line) => line.itemId),
      lines.map((line) => line.sku),
      lines.map((line) => line.description),
      lines.map((line) => line.quantity),
      lines.map((line) => line.unitPrice),
      lines.map((line) => line.discountPercent),
      lines.map((line) => line.discountMinor.toString()),
      lines.map((line) => line.taxCodeId),
      lines.map((line) => line.taxMinor.toString()),
      lines.map((line) => line.amountMinor.toString()),
      lines.map((line) => line.accountId),
      lines.map((line) => line.service?.start ?? null),
      lines.map((line) => line.service?.end ?? null),
      lines.map((line) => line.service?.recognition ?? null),
    ],
  );
}

/** A customer as far as a draft cares. */
export interface DraftCustomer {
  readonly id: string;
  readonly entityId: string;
  readonly active: boolean;
  readonly termsDays: number | null;
  readonly taxCodeId: string | null;
}

export async function findDraftCustomer(tx: Transaction, id: string): Promise<DraftCustomer | null> {
  const [row] = await tx.query<{
    id: string;
    entity_id: string;
    active: boolean;
    terms_days: number | null;
    tax_code_id: string | null;
  }>(
    'SELECT c.id, c.entity_id, c.active, c.terms_days, c.tax_code_id FROM customers c WHERE c.id = $1::uuid FOR KEY SHARE',
    [id],
  );
  if (!row) return null;
  const { entity_id: entityId, terms_days: termsDays, tax_code_id: taxCodeId, active } = row;
  return { id: row.id, entityId, active, termsDays, taxCodeId };
}

/** An item as far as a line cares. */
export interface DraftItem {
  readonly id: string;
  readonly sku: string;
  readonly name: string;
  readonly unitPrice: string | null;
  readonly taxCodeId: string | null;
}

/** The items of the entity with these ids, active or not, in no order; others are left out. */
export async function findDraftItems(
  tx: Transaction,
  entityId: string,
  ids: readonly string[],
): Promise<DraftItem[]> {
  if (ids.length === 0) return [];
  const rows = await tx.query<{
    id: string;
    sku: string;
    name: string;
    unit_price: string | null;
    tax_code_id: string | null;
  }>(
    `SELECT i.id, i.sku, i.name, i.unit_price, i.tax_code_id FROM items i
     WHERE i.entity_id = $1::uuid AND i.id = ANY ($2::uuid[]) FOR KEY SHARE`,
    [entityId, [...new Set(ids)]],
  );
  return rows.map(({ id, sku, name, unit_price: unitPrice, tax_code_id: taxCodeId }) => {
    return { id, sku, name, unitPrice, taxCodeId };
  });
}

/** The person's edit of a draft that a sync made is over: the next sync takes the CRM's values. */
export async function clearEdit(tx: Transaction, documentId: string, actor: string): Promise<void> {
  await tx.execute(
    `UPDATE documents d SET edited_at = NULL, edited_by = NULL, edit_kept_version = NULL, version = d.version + 1, updated_at = now(),
       updated_by = $2::text
     WHERE d.id = $1::uuid`,
    [documentId, actor],
  );
}
