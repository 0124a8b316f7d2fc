import { type Instant } from '../kernel/dates.ts';
import type { Transaction } from '../platform/database/database.ts';
import type { Role } from './access.ts';
import { instantFromRow } from './row-instant.ts';

export interface NewSession {
  readonly tokenHash: string;
  readonly organizationId: string;
  readonly userId: string;
  readonly now: Date;
  readonly expiresAt: Date;
  readonly userAgent: string | null;
}

export async function insertSession(tx: Transaction, session: NewSession): Promise<void> {
  await tx.execute(
    `INSERT INTO sessions (token_hash, organization_id, user_id, created_at, last_seen_at, expires_at, user_agent)
     VALUES ($1, $2::uuid, $3::uuid, $4::timestamptz, $4::timestamptz, $5::timestamptz, $6)`,
    [
      session.tokenHash,
      session.organizationId,
      session.userId,
      session.now.toISOString(),
      session.expiresAt.toISOString(),
      session.userAgent,
    ],
  );
}

/** A session whose member is active. Whether it has expired is the caller's to judge. */
export interface StoredSession {
  readonly organizationId: string;
  readonly userId: string;
  readonly email: string;
  readonly role: Role;
  readonly lastSeenAt: Instant;
  readonly expiresAt: Instant;
}

export async function findSession(tx: Transaction, tokenHash: string): Promise<StoredSession | null> {
  const [row] = await tx.query<{
    readonly organization_id: string;
    readonly user_id: string;
    readonly email: string;
    readonly role: Role;
    readonly last_seen_at: string;
    readonly expires_at: string;
  }>(
    `SELECT s.organization_id, s.user_id, u.email, u.role, s.last_seen_at, s.expires_at
     FROM sessions s JOIN users u ON u.id = s.user_id AND u.organization_id = s.organization_id
     WHERE s.token_hash = $1 AND u.active`,
    [tokenHash],
  );
  if (!row) return null;
  return {
    organizationId: row.organization_id,
    userId: row.user_id,
    email: row.email,
    role: row.role,
    lastSeenAt: instantFromRow(row.last_seen_at),
    expiresAt: instantFromRow(row.expires_at),
  };
}

export async function touchSession(tx: Transaction, tokenHash: string, now: Date): Promise<void> {
  await tx.execute('UPDATE sessions SET last_seen_at = $2::timestamptz WHERE token_hash = $1', [
    tokenHash,
    now.toISOString(),
  ]);
}

export async function deleteSession(tx: Transaction, tokenHash: string): Promise<void> {
  await tx.execute('DELETE FROM sessions WHERE token_hash = $1', [tokenHash]);
}

export async function deleteSessionsOfUser(
  tx: Transaction,
  organizationId: string,
  userId: string,
): Promise<void> {
  await tx.execute('DELETE FROM sessions WHERE organization_id = $1::uuid AND user_id = $2::uuid', [
    organizationId,
    userId,
  ]);
}

/** Removes what no request can use any more, of every organization. */
export async function deleteExpiredSessions(tx: Transaction, now: Date, idleSince: Date): Promise<void> {
  await tx.execute(
    'DELETE FROM sessions WHERE expires_at <= $1::timestamptz OR last_seen_at <= $2::timestamptz',
    [now.toISOString(), idleSince.toISOString()],
  );
}
