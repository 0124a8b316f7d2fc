import { assert } from '../kernel/assert.ts';
import type { DocumentKind } from '../model/document-draft.ts';
import type { Transaction } from '../platform/database/database.ts';
import type { EntityScope } from './entity-scope.ts';

/** What has numbers of its own. */
export type NumberedKind = DocumentKind | 'receipt';

/** How the numbers of a new entity's documents and receipts begin: `INV-000001`. */
export const standardPrefixes: Readonly<Record<NumberedKind, string>> = {
  invoice: 'INV-',
  credit_note: 'CN-',
  contract: 'CON-',
  sales_order: 'SO-',
  receipt: 'RCT-',
};

export async function insertNumberSeries(tx: Transaction, scope: EntityScope): Promise<void> {
  await tx.execute(
    `INSERT INTO number_series (organization_id, entity_id, kind, prefix)
     SELECT $1::uuid, $2::uuid, r.kind, r.prefix FROM unnest($3::text[], $4::text[]) AS r (kind, prefix)`,
    [scope.organizationId, scope.entityId, Object.keys(standardPrefixes), Object.values(standardPrefixes)],
  );
}

/**
 * Takes the next `count` numbers of a series. The row stays locked until the transaction ends: whoever posts next waits, and a
 * rollback gives the numbers back, so that none is ever missing. Take them last, and kinds in alphabetical order.
 */
export async function takeNumbers(
  tx: Transaction,
  entityId: string,
  kind: NumberedKind,
  count: number,
): Promise<string[]> {
  if (count === 0) return [];
  const [series] = await tx.query<{ prefix: string; digits: number; first_number: string }>(
    `UPDATE number_series s SET next_number = s.next_number + $3::bigint
     WHERE s.entity_id = $1::uuid AND s.kind = $2::text
     RETURNING s.prefix, s.digits, s.next_number - $3::bigint AS first_number`,
    [entityId, kind, count],
  );
  assert(series, `entity ${entityId} has a number series for ${kind}`);
  const first = BigInt(series.first_number);
  return Array.from(
    { length: count },
    (_, index) => `${series.prefix}${(first + BigInt(index)).toString().padStart(series.digits, '0')}`,
  );
}

/** How the numbers of one kind of document are made. */
export interface NumberSeries {
  readonly kind: DocumentKind;
  readonly prefix: string;
  /** Shorter numbers are filled up with zeros. */
  readonly digits: number;
  readonly nextNumber: bigint;
}

interface NumberSeriesRow {
  readonly kind: DocumentKind;
  readonly prefix: string;
  readonly digits: number;
  readonly next_number: string;
}

function fromRow(row: NumberSeriesRow): NumberSeries {
  return { kind: row.kind, prefix: row.prefix, digits: row.digits, nextNumber: BigInt(row.next_number) };
}

export async function listNumberSeries(tx: Transaction, entityId: string): Promise<NumberSeries[]> {
  const rows = await tx.query<NumberSeriesRow>(
    `SELECT s.kind, s.prefix, s.digits, s.next_number FROM number_series s WHERE s.entity_id = $1::uuid ORDER BY s.kind`,
    [entityId],
  );
  return rows.map(fromRow);
}

/** One series, held until the transaction ends: nobody takes a number meanwhile. Null when the entity has none of that kind. */
export async function lockNumberSeries(
  tx: Transaction,
  entityId: string,
  kind: string,
): Promise<NumberSeries | null> {
  const [row] = await tx.query<NumberSeriesRow>(
    `SELECT s.kind, s.prefix, s.digits, s.next_number FROM number_series s
     WHERE s.entity_id = $1::uuid AND s.kind = $2::text FOR UPDATE`,
    [entityId, kind],
  );
  return row ? fromRow(row) : null;
}

/** The database refuses a next number that is lower. */
export async function updateNumberSeries(
  tx: Transaction,
  entityId: string,
  series: NumberSeries,
): Promise<void> {
  await tx.execute(
    `UPDATE number_series s SET prefix = $3::text, digits = $4::integer, next_number = $5::bigint
     WHERE s.entity_id = $1::uuid AND s.kind = $2::text`,
    [entityId, series.kind, series.prefix, series.digits, series.nextNumber.toString()],
  );
}
