import type { Clock } from '../kernel/dates.ts';
import { TributaryError } from '../kernel/errors.ts';
import type { Database } from '../platform/database/database.ts';
import { hashPassword, verifyPassword } from '../platform/secrets/password-hash.ts';
import { newToken } from '../platform/secrets/token-hash.ts';
import { openSession } from './sessions.ts';
import type { SignInAttempts } from './sign-in-attempts.ts';
import { findSignIn, type User } from './user-store.ts';

export interface SignInRequest {
  readonly email: string;
  readonly password: string;
  /** Where the request came from, for the limit on attempts. */
  readonly address: string;
  readonly userAgent: string | null;
}

export interface SignInDependencies {
  readonly database: Database;
  readonly clock: Clock;
  readonly attempts: SignInAttempts;
}

/**
 * Signs a member in by password. An unknown address costs the same time as a wrong password: the password is compared with a
 * hash that nothing matches. Errors: invalid_credentials, too_many_attempts.
 */
export async function signIn(
  { database, clock, attempts }: SignInDependencies,
  request: SignInRequest,
): Promise<{ readonly token: string; readonly user: User }> {
  const email = request.email.trim().toLowerCase();
  attempts.begin(email, request.address);
  const known = await database.withSystem((tx) => findSignIn(tx, email));
  const matches = await verifyPassword(request.password, known?.passwordHash ?? (await unmatchedHash()));
  if (!known || !matches || !known.user.active) throw new TributaryError('invalid_credentials');
  const session = await openSession(database, clock, known.user, request.userAgent);
  if (!session) throw new TributaryError('invalid_credentials');
  attempts.succeed(email, request.address);
  return session;
}

let unmatched: Promise<string> | undefined;

/** Made once in the process; the first unknown address would pay for it, which `prepareSignIn` saves it from. */
function unmatchedHash(): Promise<string> {
  const hash = unmatched ?? hashPassword(newToken());
  unmatched = hash;
  return hash;
}

/** Makes the hash that stands in for unknown members; called at start, so that the first attempt is as quick as any other. */
export async function prepareSignIn(): Promise<void> {
  await unmatchedHash();
}
