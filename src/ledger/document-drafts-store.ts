import { assert } from '../kernel/assert.ts';
import type { Instant } from '../kernel/dates.ts';
import type { DocumentDraft } from '../model/document-draft.ts';
import type { Warning } from '../model/warning.ts';
import type { Transaction } from '../platform/database/database.ts';
import type { StoredDocumentStatus } from './document-status.ts';
import type { EntityScope } from './entity-scope.ts';

/** Which record of which account a document was made from. */
export interface DocumentSource {
  readonly connector: string;
  readonly accountId: string;
  readonly mode: 'live' | 'test';
  readonly connectionId: string;
  /** Such as `deal`. */
  readonly type: string;
  readonly id: string;
}

/** A draft with everything that it points at already in the books. */
export interface DocumentDraftRow {
  readonly id: string;
  readonly draft: DocumentDraft;
  readonly customerId: string;
  readonly salesRepId: string | null;
  /** The item of each line, in the order of `draft.lines`. */
  readonly lineItemIds: readonly string[];
  /** Null: made by hand. An update never changes it. */
  readonly source: DocumentSource | null;
  readonly revision: number;
}

export interface DocumentDraftChange extends DocumentDraftRow {
  /** The version that the change stood on; absent: whatever is there. */
  readonly expectedVersion?: number;
}

export interface DocumentDraftOutcome {
  readonly id: string;
  /** `not_draft`: posted meanwhile; `changed`: another version than expected; `missing`: no such document of this entity. */
  readonly outcome: 'done' | 'not_draft' | 'changed' | 'missing';
  /** After the change; null when it is missing or was deleted. */
  readonly version: number | null;
}

/** Adds up, or the plan that made it is wrong; the database asks the same again when the document is posted. */
function assertAddsUp({ draft, lineItemIds }: DocumentDraftRow): void {
  const tax = draft.lines.reduce((sum, line) => sum + line.taxMinor, 0n);
  const net = draft.lines.reduce((sum, line) => sum + line.amountMinor, 0n);
  assert(draft.taxMinor === tax && draft.totalMinor === net + tax, 'the total is the sum of lines and tax');
  assert(lineItemIds.length === draft.lines.length, 'every line has its item');
}

const contentColumns = (rows: readonly DocumentDraftRow[]): unknown[] => [
  rows.map((row) => row.id),
  rows.map((row) => row.customerId),
  rows.map(({ draft }) => (draft.customer.source.type === 'placeholder' ? null : draft.customer.source.id)),
  rows.map(({ draft }) => draft.currency),
  rows.map(({ draft }) => draft.totalMinor.toString()),
  rows.map(({ draft }) => draft.taxMinor.toString()),
  rows.map(({ draft }) => draft.documentDate),
  rows.map(({ draft }) => draft.dueDate),
  rows.map(({ draft }) => draft.description),
  rows.map(({ draft }) => draft.memo),
  rows.map((row) => row.salesRepId),
  rows.map(({ draft }) => JSON.stringify(draft.dimensions)),
  rows.map(({ draft }) => JSON.stringify(draft.customProperties)),
  rows.map(({ draft }) => JSON.stringify(draft.warnings)),
  rows.map(({ draft }) => draft.sourceUrl),
];

/**
 * Inserts draft documents with their lines: two statements whatever the number of rows. Returns the ids in the order given.
 * A source record that has a document of this revision already raises the database's unique violation
 * (`documents_source`) and inserts nothing: look at the links first.
 */
export async function insertDraftDocuments(
  tx: Transaction,
  scope: EntityScope,
  rows: readonly DocumentDraftRow[],
  actor = 'sync',
): Promise<string[]> {
  if (rows.length === 0) return [];
  rows.forEach(assertAddsUp);
  await tx.execute(
    `INSERT INTO documents (organization_id, entity_id, status, created_by, updated_by, id, customer_id, customer_source_id, currency,
       total_minor, open_minor, tax_minor, document_date, due_date, description, memo, sales_rep_id, dimensions, custom_properties,
       warnings, source_url, kind, source_connector, source_account_id, source_mode, connection_id, source_type, source_id, revision)
     SELECT $1::uuid, $2::uuid, 'draft', $3::text, $3::text, r.id, r.customer_id, r.customer_source_id, r.currency,
       r.total_minor, r.total_minor, r.tax_minor, r.document_date, r.due_date, r.description, r.memo, r.sales_rep_id,
       r.dimensions::jsonb, r.custom_properties::jsonb, r.warnings::jsonb, r.source_url, r.kind, r.source_connector,
       r.source_account_id, r.source_mode, r.connection_id, r.source_type, r.source_id, r.revision
     FROM unnest($4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::bigint[], $9::bigint[], $10::date[], $11::date[], $12::text[],
       $13::text[], $14::uuid[], $15::text[], $16::text[], $17::text[], $18::text[], $19::text[], $20::text[], $21::text[],
       $22::text[], $23::uuid[], $24::text[], $25::text[], $26::integer[])
       AS r (id, customer_id, customer_source_id, currency, total_minor, tax_minor, document_date, due_date, description, memo,
         sales_rep_id, dimensions, custom_properties, warnings, source_url, kind, source_connector, source_account_id, source_mode,
         connection_id, source_type, source_id, revision)`,
    [
      scope.organizationId,
      scope.entityId,
      actor,
      ...contentColumns(rows),
      rows.map(({ draft }) => draft.kind),
      rows.map(({ source }) => source?.connector ?? null),
      rows.map(({ source }) => source?.accountId ?? null),
      rows.map(({ source }) => source?.mode ?? null),
      rows.map(({ source }) => source?.connectionId ?? null),
      rows.map(({ source }) => source?.type ?? null),
      rows.map(({ source }) => source?.id ?? null),
      rows.map((row) => row.revision),
    ],
  );
  await insertLines(tx, scope, rows);
  return rows.map((row) => row.id);
}

async function insertLines(
  tx: Transaction,
  scope: EntityScope,
  rows: readonly DocumentDraftRow[],
): Promise<void> {
  const lines = rows.flatMap((row) =>
    row.draft.lines.map((line, index) => ({
      ...line,
      documentId: row.id,
      itemId: row.lineItemIds[index] ?? null,
    })),
  );
  if (lines.length === 0) return;
  await tx.execute(
    `INSERT INTO document_lines (organization_id, document_id, position, source_id, item_id, sku, description, quantity, unit_price,
       discount_percent, discount_minor, tax_minor, amount_minor, service_start, service_end, recognition)
     SELECT $1::uuid, r.document_id, r.position, r.source_id, r.item_id,
       r.sku, r.description, r.quantity, r.unit_price, r.discount_percent, r.discount_minor, r.tax_minor, r.amount_minor,
       r.service_start, r.service_end, r.recognition
     FROM unnest($2::uuid[], $3::integer[], $4::text[], $5::uuid[], $6::text[], $7::text[], $8::numeric[], $9::numeric[],
       $10::numeric[], $11::bigint[], $12::bigint[], $13::bigint[], $14::date[], $15::date[], $16::text[])
       AS r (document_id, position, source_id, item_id, sku, description, quantity, unit_price, discount_percent, discount_minor,
         tax_minor, amount_minor, service_start, service_end, recognition)`,
    [
      scope.organizationId,
      lines.map((line) => line.documentId),
      lines.map((line) => line.position),
      lines.map((line) => line.sourceId),
      lines.map((line) => line.itemId),
      lines.map((line) => line.sku),
      lines.map((line) => line.description),
      lines.map((line) => line.quantity),
      lines.map((line) => line.unitPrice),
      lines.map((line) => line.discountPercent),
      lines.map((line) => line.discountMinor.toString()),
      lines.map((line) => line.taxMinor.toString()),
      lines.map((line) => line.amountMinor.toString()),
      lines.map((line) => line.serviceStart ?? null),
      lines.map((line) => line.serviceEnd ?? null),
      lines.map((line) => line.recognition ?? null),
    ],
  );
}

interface DocumentLock {
  readonly id: string;
  readonly status: StoredDocumentStatus;
  readonly version: number;
}

/** Locks the documents in the order of their ids, so that two batches never wait for each other in a circle. */
function lockDocuments(tx: Transaction, scope: EntityScope, ids: readonly string[]): Promise<DocumentLock[]> {
  return tx.query<DocumentLock>(
    `SELECT d.id, d.status, d.version FROM documents d
     WHERE d.id = ANY ($2::uuid[]) AND d.entity_id = $1::uuid
     ORDER BY d.id
     FOR UPDATE`,
    [scope.entityId, ids],
  );
}

function classify(
  lock: DocumentLock | undefined,
  expectedVersion: number | undefined,
): DocumentDraftOutcome['outcome'] {
  if (!lock) return 'missing';
  if (lock.status !== 'draft') return 'not_draft';
  return expectedVersion !== undefined && expectedVersion !== lock.version ? 'changed' : 'done';
}

/**
 * Replaces the content and the lines of drafts: four statements whatever the number of rows. One outcome a row, in the order given;
 * a row that is refused stops no other. The kind, the source and the revision of a document never change.
 */
export async function updateDraftDocuments(
  tx: Transaction,
  scope: EntityScope,
  rows: readonly DocumentDraftChange[],
  actor = 'sync',
): Promise<DocumentDraftOutcome[]> {
  if (rows.length === 0) return [];
  rows.forEach(assertAddsUp);
  const locks = await lockDocuments(
    tx,
    scope,
    rows.map((row) => row.id),
  );
  const lockById = new Map(locks.map((lock) => [lock.id, lock]));
  const outcomes = rows.map((row): DocumentDraftOutcome => {
    const lock = lockById.get(row.id);
    const outcome = classify(lock, row.expectedVersion);
    const version = lock ? lock.version + (outcome === 'done' ? 1 : 0) : null;
    return { id: row.id, outcome, version };
  });
  const accepted = rows.filter((_, index) => outcomes[index]?.outcome === 'done');
  if (accepted.length > 0) {
    await updateContents(tx, accepted, actor);
    await tx.execute('DELETE FROM document_lines l WHERE l.document_id = ANY ($1::uuid[])', [
      accepted.map((row) => row.id),
    ]);
    await insertLines(tx, scope, accepted);
  }
  return outcomes;
}

async function updateContents(
  tx: Transaction,
  rows: readonly DocumentDraftRow[],
  actor: string,
): Promise<void> {
  await tx.execute(
    `UPDATE documents d SET
       customer_id = r.customer_id,
       customer_source_id = r.customer_source_id,
       currency = r.currency,
       total_minor = r.total_minor,
       open_minor = r.total_minor,
       tax_minor = r.tax_minor,
       document_date = r.document_date,
       due_date = r.due_date,
       description = r.description,
       memo = r.memo,
       sales_rep_id = r.sales_rep_id,
       dimensions = r.dimensions::jsonb,
       custom_properties = r.custom_properties::jsonb,
       warnings = r.warnings::jsonb,
       source_url = coalesce(r.source_url, d.source_url),
       edited_at = NULL,
       edited_by = NULL,
       edit_kept_version = NULL,
       version = d.version + 1,
       updated_at = now(),
       updated_by = $1::text
     FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::date[], $9::date[], $10::text[],
       $11::text[], $12::uuid[], $13::text[], $14::text[], $15::text[], $16::text[])
       AS r (id, customer_id, customer_source_id, currency, total_minor, tax_minor, document_date, due_date, description, memo,
         sales_rep_id, dimensions, custom_properties, warnings, source_url)
     WHERE d.id = r.id`,
    [actor, ...contentColumns(rows)],
  );
}

/** Replaces the warnings of drafts where they are others; what the documents say stays, and so does their version. */
export async function replaceWarnings(
  tx: Transaction,
  rows: readonly { readonly id: string; readonly warnings: readonly Warning[] }[],
): Promise<void> {
  if (rows.length === 0) return;
  await tx.execute(
    `UPDATE documents AS d SET warnings = r.warnings
     FROM unnest($1::uuid[], $2::jsonb[]) AS r (id, warnings)
     WHERE d.id = r.id AND d.status = 'draft' AND d.warnings <> r.warnings`,
    [rows.map(({ id }) => id), rows.map(({ warnings }) => JSON.stringify(warnings))],
  );
}

/**
 * Deletes drafts with their lines. One outcome an id, in the order given; what is not a draft stays, and so does one that is in another
 * version than `expectedVersions` has for it.
 */
export async function deleteDraftDocuments(
  tx: Transaction,
  scope: EntityScope,
  ids: readonly string[],
  expectedVersions: ReadonlyMap<string, number> = new Map(),
): Promise<DocumentDraftOutcome[]> {
  if (ids.length === 0) return [];
  const locks = await lockDocuments(tx, scope, ids);
  const lockById = new Map(locks.map((lock) => [lock.id, lock]));
  const outcomes = ids.map((id): DocumentDraftOutcome => {
    const lock = lockById.get(id);
    const outcome = classify(lock, expectedVersions.get(id));
    return { id, outcome, version: outcome === 'done' ? null : (lock?.version ?? null) };
  });
  const accepted = outcomes.filter(({ outcome }) => outcome === 'done').map(({ id }) => id);
  if (accepted.length > 0) {
    await tx.execute('DELETE FROM documents d WHERE d.id = ANY ($1::uuid[])', [accepted]);
  }
  return outcomes;
}

export interface DocumentState {
  readonly id: string;
  readonly status: StoredDocumentStatus;
  readonly number: string | null;
  readonly version: number;
  /** When a person edited a draft that a sync had made; null: nobody did. */
  readonly editedAt: Instant | null;
  readonly editKeptVersion: Instant | null;
}

/** How these documents stand, of any entity of the organization, in no order; one that was deleted is left out. */
export function documentStates(tx: Transaction, ids: readonly string[]): Promise<DocumentState[]> {
  if (ids.length === 0) return Promise.resolve([]);
  return tx.query<DocumentState>(
    `SELECT d.id, d.status, d.number, d.version, d.edited_at AS "editedAt", d.edit_kept_version AS "editKeptVersion"
     FROM documents d WHERE d.id = ANY ($1::uuid[])`,
    [[...new Set(ids)]],
  );
}
