import type { Transaction } from '../platform/database/database.ts';

/** What was asked for when the consent page was opened. */
export interface OAuthParameters {
  readonly mode: 'live' | 'test';
  readonly name: string | null;
  readonly entityId: string | null;
  /** The connection to renew; null for a new one. */
  readonly connectionId: string | null;
  /** As it was sent to the vendor: the exchange has to name the same. */
  readonly redirectUrl: string;
}

export interface OAuthRequest {
  readonly stateHash: string;
  readonly organizationId: string;
  readonly connector: string;
  readonly requestedBy: string;
  readonly secretsSealed: string;
  readonly parameters: OAuthParameters;
}

interface OAuthRequestRow {
  readonly state_hash: string;
  readonly organization_id: string;
  readonly connector: string;
  readonly requested_by: string;
  readonly secrets_sealed: string;
  readonly parameters: OAuthParameters;
}

export async function insertOAuthRequest(
  tx: Transaction,
  request: OAuthRequest,
  times: { readonly createdAt: string; readonly expiresAt: string },
): Promise<void> {
  await tx.execute(
    `INSERT INTO oauth_requests (state_hash, organization_id, connector, requested_by, secrets_sealed, parameters, created_at,
       expires_at)
     VALUES ($1::text, $2::uuid, $3::text, $4::text, $5::text, $6::jsonb, $7::timestamptz, $8::timestamptz)`,
    [
      request.stateHash,
      request.organizationId,
      request.connector,
      request.requestedBy,
      request.secretsSealed,
      JSON.stringify(request.parameters),
      times.createdAt,
      times.expiresAt,
    ],
  );
}

/** Reads a request that has not expired. Its state proves who asks: the organization is not known yet. */
export async function findOAuthRequest(
  tx: Transaction,
  key: { readonly stateHash: string; readonly connector: string; readonly now: string },
): Promise<OAuthRequest | null> {
  const [row] = await tx.query<OAuthRequestRow>(
    `SELECT r.state_hash, r.organization_id, r.connector, r.requested_by, r.secrets_sealed, r.parameters FROM oauth_requests r
     WHERE r.state_hash = $1::text AND r.connector = $2::text AND r.expires_at > $3::timestamptz`,
    [key.stateHash, key.connector, key.now],
  );
  if (!row) return null;
  return {
    stateHash: row.state_hash,
    organizationId: row.organization_id,
    connector: row.connector,
    requestedBy: row.requested_by,
    secretsSealed: row.secrets_sealed,
    parameters: row.parameters,
  };
}

/** Uses the request up; false when somebody else did so first. */
export async function deleteOAuthRequest(tx: Transaction, stateHash: string): Promise<boolean> {
  const deleted = await tx.execute('DELETE FROM oauth_requests WHERE state_hash = $1::text', [stateHash]);
  return deleted === 1;
}

export async function deleteExpiredOAuthRequests(tx: Transaction, now: string): Promise<void> {
  await tx.execute('DELETE FROM oauth_requests WHERE expires_at <= $1::timestamptz', [now]);
}
