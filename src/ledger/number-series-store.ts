import { assert } from '../kernel/assert.ts';
import type { DocumentKind } from '../model/document-draft.ts';
import type { Transaction } from '../platform/database/database.ts';
import type { EntityScope } from './entity-scope.ts';

/** How the numbers of a new entity's documents begin: `INV-000001`. */
export const standardPrefixes: Readonly<Record<DocumentKind, string>> = {
  invoice: 'INV-',
  credit_note: 'CN-',
  contract: 'CON-',
  sales_order: 'SO-',
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
  kind: DocumentKind,
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
