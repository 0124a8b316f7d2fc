import type { SalesRepDraft } from '../model/document-draft.ts';
import type { Transaction } from '../platform/database/database.ts';
import type { EntityScope } from './entity-scope.ts';

export interface IdentifiedSalesRepDraft {
  readonly id: string;
  readonly draft: SalesRepDraft;
}

const matchKeyOf = ({ id, draft }: IdentifiedSalesRepDraft): string =>
  draft.email === null || draft.email.trim() === '' ? id : draft.email.trim().toLowerCase();

/**
 * Inserts or updates sales reps. A known id is updated; an unknown one takes the rep of the same e-mail address where there is one,
 * so that one person of two CRM accounts is one rep. An address that another rep has is not taken over. Returns the ids that
 * stand for the drafts, in the order given.
 */
export async function upsertSalesReps(
  tx: Transaction,
  scope: EntityScope,
  rows: readonly IdentifiedSalesRepDraft[],
): Promise<string[]> {
  if (rows.length === 0) return [];
  const known = new Set(await updateKnownSalesReps(tx, scope, rows));
  // Of several with one key the last counts: one statement may not touch a row twice.
  const byKey = new Map(rows.filter((row) => !known.has(row.id)).map((row) => [matchKeyOf(row), row]));
  const idByKey = await insertSalesReps(tx, scope, byKey);
  return rows.map((row) => (known.has(row.id) ? row.id : (idByKey.get(matchKeyOf(row)) ?? row.id)));
}

async function updateKnownSalesReps(
  tx: Transaction,
  scope: EntityScope,
  rows: readonly IdentifiedSalesRepDraft[],
): Promise<string[]> {
  const updated = await tx.query<{ id: string }>(
    `WITH wanted AS (
       SELECT r.*,
         count(*) OVER (PARTITION BY r.match_key) = 1
           AND NOT EXISTS (SELECT FROM sales_reps o WHERE o.entity_id = $1::uuid AND o.match_key = r.match_key AND o.id <> r.id)
           AS is_free
       FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[]) AS r (id, name, email, match_key)
     )
     UPDATE sales_reps s SET
       name = w.name,
       email = CASE WHEN w.is_free AND w.email IS NOT NULL THEN w.email ELSE s.email END,
       match_key = CASE WHEN w.is_free AND w.email IS NOT NULL THEN w.match_key ELSE s.match_key END,
       updated_at = now()
     FROM wanted w
     WHERE s.id = w.id AND s.entity_id = $1::uuid
     RETURNING s.id`,
    [
      scope.entityId,
      rows.map((row) => row.id),
      rows.map((row) => row.draft.name),
      rows.map((row) => row.draft.email),
      rows.map(matchKeyOf),
    ],
  );
  return updated.map((row) => row.id);
}

async function insertSalesReps(
  tx: Transaction,
  scope: EntityScope,
  byKey: ReadonlyMap<string, IdentifiedSalesRepDraft>,
): Promise<Map<string, string>> {
  if (byKey.size === 0) return new Map();
  const rows = [...byKey.values()];
  const written = await tx.query<{ id: string; match_key: string }>(
    `INSERT INTO sales_reps (organization_id, entity_id, id, name, email, match_key)
     SELECT $1::uuid, $2::uuid, r.id, r.name, r.email, r.match_key
     FROM unnest($3::uuid[], $4::text[], $5::text[], $6::text[]) AS r (id, name, email, match_key)
     ON CONFLICT (entity_id, match_key) DO UPDATE SET name = excluded.name, updated_at = now()
     RETURNING id, match_key`,
    [
      scope.organizationId,
      scope.entityId,
      rows.map((row) => row.id),
      rows.map((row) => row.draft.name),
      rows.map((row) => row.draft.email),
      [...byKey.keys()],
    ],
  );
  return new Map(written.map((row) => [row.match_key, row.id]));
}
