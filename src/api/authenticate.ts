import type { FastifyRequest } from 'fastify';
import type { Caller } from '../contract/handler.ts';
import { sessionCookieName } from '../contract/headers.ts';
import { TributaryError } from '../kernel/errors.ts';
import type { Clock } from '../kernel/dates.ts';
import { findKeyHolder } from '../organizations/api-keys.ts';
import { findSignedIn } from '../organizations/sessions.ts';
import type { Database } from '../platform/database/database.ts';

/** A longer key or token is none of ours; hashing megabytes of header is work for nothing. */
const credentialLengthMax = 500;

export interface Authenticated {
  readonly caller: Caller;
  /** A cookie is sent by the browser whoever asks for it, so writes need more proof; a key is not. */
  readonly by: 'session' | 'key';
}

export function sessionTokenOf(request: FastifyRequest): string | null {
  const token = request.cookies[sessionCookieName];
  return token !== undefined && token !== '' && token.length <= credentialLengthMax ? token : null;
}

/**
 * Who sends the request: the API key where one is given, else the session cookie; null without either. A key that is unknown or
 * revoked and a session that has ended are refused, never taken for nobody. Errors: unauthenticated.
 */
export async function authenticate(
  database: Database,
  clock: Clock,
  request: FastifyRequest,
): Promise<Authenticated | null> {
  const { authorization } = request.headers;
  if (authorization !== undefined) {
    const key = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
    if (key === undefined || key.length > credentialLengthMax) throw new TributaryError('unauthenticated');
    const caller = await findKeyHolder(database, clock, key);
    if (!caller) throw new TributaryError('unauthenticated', 'The API key is unknown or revoked.');
    return { caller, by: 'key' };
  }
  const token = sessionTokenOf(request);
  if (token === null) return null;
  const caller = await findSignedIn(database, clock, token);
  return caller ? { caller, by: 'session' } : null;
}
