import type { Instant } from '../kernel/dates.ts';
import type { Transaction } from '../platform/database/database.ts';
import type { Scope } from './access.ts';
import {
  checkLimit,
  type CountedPage,
  decodeCursor,
  type PageRequest,
  toPage,
} from '../platform/database/page-cursor.ts';
import { instantFromRow, optionalInstantFromRow } from './row-instant.ts';

/** An API key as it is shown: never the key itself, which is not stored. */
export interface ApiKey {
  readonly id: string;
  readonly organizationId: string;
  readonly name: string;
  /** The beginning of the key, to tell one from another. */
  readonly prefix: string;
  readonly scopes: readonly Scope[];
  readonly createdBy: string;
  readonly createdAt: Instant;
  readonly lastUsedAt: Instant | null;
  readonly revokedAt: Instant | null;
}

interface ApiKeyRow {
  readonly id: string;
  readonly organization_id: string;
  readonly name: string;
  readonly key_prefix: string;
  readonly scopes: readonly Scope[];
  readonly created_by: string;
  readonly created_at: string;
  readonly last_used_at: string | null;
  readonly revoked_at: string | null;
}

const columns =
  'id, organization_id, name, key_prefix, scopes, created_by, created_at, last_used_at, revoked_at';

function fromRow(row: ApiKeyRow): ApiKey {
  return {
    id: row.id,
    organizationId: row.organization_id,
    name: row.name,
    prefix: row.key_prefix,
    scopes: row.scopes,
    createdBy: row.created_by,
    createdAt: instantFromRow(row.created_at),
    lastUsedAt: optionalInstantFromRow(row.last_used_at),
    revokedAt: optionalInstantFromRow(row.revoked_at),
  };
}

export interface NewApiKey {
  readonly id: string;
  readonly organizationId: string;
  readonly name: string;
  readonly keyHash: string;
  readonly prefix: string;
  readonly scopes: readonly Scope[];
  readonly createdBy: string;
}

export async function insertApiKey(tx: Transaction, key: NewApiKey): Promise<ApiKey | null> {
  const [row] = await tx.query<ApiKeyRow>(
    `INSERT INTO api_keys (id, organization_id, name, key_hash, key_prefix, scopes, created_by)
     VALUES ($1::uuid, $2::uuid, $3, $4, $5, $6::text[], $7)
     ON CONFLICT (key_hash) DO NOTHING
     RETURNING ${columns}`,
    [key.id, key.organizationId, key.name, key.keyHash, key.prefix, key.scopes, key.createdBy],
  );
  return row ? fromRow(row) : null;
}

/** Keys, the newest first: ids grow with time. */
export async function listApiKeys(
  tx: Transaction,
  organizationId: string,
  request: PageRequest,
): Promise<CountedPage<ApiKey>> {
  const limit = checkLimit(request.limit);
  const [afterId] = decodeCursor(request.after, 'newest', ['uuid']) ?? [null];
  const rows = await tx.query<ApiKeyRow>(
    `SELECT ${columns} FROM api_keys
     WHERE organization_id = $1::uuid AND ($2::uuid IS NULL OR id < $2)
     ORDER BY id DESC LIMIT $3::integer`,
    [organizationId, afterId, limit + 1],
  );
  const [counted] = await tx.query<{ total: number }>(
    'SELECT count(*)::integer AS total FROM api_keys WHERE organization_id = $1::uuid',
    [organizationId],
  );
  return { ...toPage(rows.map(fromRow), limit, 'newest', (key) => [key.id]), total: counted?.total ?? 0 };
}

/** Revokes a key. A second time changes nothing; null when there is no such key. */
export async function revokeApiKey(
  tx: Transaction,
  organizationId: string,
  id: string,
): Promise<ApiKey | null> {
  const [row] = await tx.query<ApiKeyRow>(
    `UPDATE api_keys SET revoked_at = coalesce(revoked_at, now())
     WHERE organization_id = $1::uuid AND id = $2::uuid
     RETURNING ${columns}`,
    [organizationId, id],
  );
  return row ? fromRow(row) : null;
}

/** The key with this hash that is not revoked, of whichever organization. */
export async function findApiKey(tx: Transaction, keyHash: string): Promise<ApiKey | null> {
  const [row] = await tx.query<ApiKeyRow>(
    `SELECT ${columns} FROM api_keys WHERE key_hash = $1 AND revoked_at IS NULL`,
    [keyHash],
  );
  return row ? fromRow(row) : null;
}

export async function touchApiKey(tx: Transaction, id: string, now: Date): Promise<void> {
  await tx.execute('UPDATE api_keys SET last_used_at = $2::timestamptz WHERE id = $1::uuid', [
    id,
    now.toISOString(),
  ]);
}
