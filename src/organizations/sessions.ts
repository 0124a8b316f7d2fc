import type { Clock } from '../kernel/dates.ts';
import { appendAuditEntries } from '../platform/audit/audit-store.ts';
import type { Database } from '../platform/database/database.ts';
import { hashToken, newToken } from '../platform/secrets/token-hash.ts';
import { type Role, type Scope, scopesOfRole } from './access.ts';
import {
  deleteExpiredSessions,
  deleteSession,
  findSession,
  insertSession,
  touchSession,
} from './session-store.ts';
import { recordSignIn, type User } from './user-store.ts';

/** A session ends after so long without a request. */
export const sessionIdleMsMax = 12 * 3_600_000;
/** A session ends after so long in any case. */
export const sessionMsMax = 14 * 24 * 3_600_000;
/** `last_seen_at` is written this often at most: a write for every request would make every reader a writer. */
const touchMsMin = 60_000;

/** Whom a session or a key speaks for. */
export interface SignedIn {
  readonly organizationId: string;
  readonly actor: string;
  readonly scopes: readonly Scope[];
  readonly userId: string | null;
}

function actorOf(email: string): string {
  return `user:${email}`;
}

function signedInAs(user: {
  readonly organizationId: string;
  readonly userId: string;
  readonly email: string;
  readonly role: Role;
}): SignedIn {
  return {
    organizationId: user.organizationId,
    actor: actorOf(user.email),
    scopes: scopesOfRole(user.role),
    userId: user.userId,
  };
}

/** Opens a session for a member who has just shown the password. The token goes to the browser; only its hash is stored. */
export async function openSession(
  database: Database,
  clock: Clock,
  user: User,
  userAgent: string | null,
): Promise<{ readonly token: string; readonly user: User } | null> {
  const token = newToken();
  const now = clock();
  return database.withOrganization(user.organizationId, async (tx) => {
    const signedIn = await recordSignIn(tx, user.organizationId, user.id);
    if (!signedIn) return null;
    await insertSession(tx, {
      tokenHash: hashToken(token),
      organizationId: user.organizationId,
      userId: user.id,
      now,
      expiresAt: new Date(now.getTime() + sessionMsMax),
      userAgent: userAgent?.slice(0, 500) ?? null,
    });
    await appendAuditEntries(tx, { organizationId: user.organizationId, actor: actorOf(user.email) }, [
      { action: 'session.opened', subjectType: 'user', subjectId: user.id },
    ]);
    return { token, user: signedIn };
  });
}

/** Whom the token speaks for, or null when it is unknown, expired or of a member who is no longer active. */
export async function findSignedIn(
  database: Database,
  clock: Clock,
  token: string,
): Promise<SignedIn | null> {
  const tokenHash = hashToken(token);
  const now = clock();
  return database.withSystem(async (tx) => {
    const session = await findSession(tx, tokenHash);
    if (!session) return null;
    const idleMs = now.getTime() - new Date(session.lastSeenAt).getTime();
    if (idleMs >= sessionIdleMsMax || now.getTime() >= new Date(session.expiresAt).getTime()) return null;
    if (idleMs >= touchMsMin) await touchSession(tx, tokenHash, now);
    return signedInAs(session);
  });
}

export async function closeSession(database: Database, token: string): Promise<void> {
  await database.withSystem((tx) => deleteSession(tx, hashToken(token)));
}

export async function removeExpiredSessions(database: Database, clock: Clock): Promise<void> {
  const now = clock();
  await database.withSystem((tx) =>
    deleteExpiredSessions(tx, now, new Date(now.getTime() - sessionIdleMsMax)),
  );
}
