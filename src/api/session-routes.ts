import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../contract/handler.ts';
import { sessionCookieName } from '../contract/headers.ts';
import { routes } from '../contract/routes.ts';
import type { Clock } from '../kernel/dates.ts';
import { TributaryError } from '../kernel/errors.ts';
import { scopesOfRole } from '../organizations/access.ts';
import { getOrganization } from '../organizations/organization-store.ts';
import { signIn } from '../organizations/sign-in.ts';
import type { SignInAttempts } from '../organizations/sign-in-attempts.ts';
import { closeSession, sessionMsMax } from '../organizations/sessions.ts';
import type { Database } from '../platform/database/database.ts';
import { sessionTokenOf } from './authenticate.ts';
import { userToWire } from './handlers/people.ts';
import type { Work } from './register-operation.ts';

export interface SessionContext {
  readonly database: Database;
  readonly clock: Clock;
  readonly attempts: SignInAttempts;
  /** The address is https: the cookie is never sent in the clear. */
  readonly secure: boolean;
}

/** Signs in and hands out the session's cookie. */
export function signInWork({ database, clock, attempts, secure }: SessionContext): Work {
  return async (_caller, { body }, request: FastifyRequest, reply: FastifyReply) => {
    // Parsed once already; parsing again gives the type.
    const { email, password } = routes.signIn.body.parse(body);
    const { token, user } = await signIn(
      { database, clock, attempts },
      { email, password, address: request.ip, userAgent: request.headers['user-agent'] ?? null },
    );
    const organization = await database.withOrganization(user.organizationId, (tx) =>
      getOrganization(tx, user.organizationId),
    );
    if (!organization) throw new TributaryError('invalid_credentials');
    reply.setCookie(sessionCookieName, token, {
      path: '/',
      httpOnly: true,
      sameSite: 'lax',
      secure,
      maxAge: Math.floor(sessionMsMax / 1000),
    });
    return { user: userToWire(user), organization, scopes: scopesOfRole(user.role) };
  };
}

/** Ends the session on the server, not only in the browser. An API key has none to end. */
export function signOutWork({ database, secure }: SessionContext): Work {
  return async (_caller: Caller | null, _input, request, reply) => {
    const token = sessionTokenOf(request);
    if (token !== null) await closeSession(database, token);
    reply.clearCookie(sessionCookieName, { path: '/', httpOnly: true, sameSite: 'lax', secure });
    return null;
  };
}
