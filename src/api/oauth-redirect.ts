import type { FastifyInstance } from 'fastify';
import type { Operations } from '../contract/handler.ts';
import { routes } from '../contract/routes.ts';
import type { Clock } from '../kernel/dates.ts';
import { isTributaryError, TributaryError } from '../kernel/errors.ts';
import type { Database } from '../platform/database/database.ts';
import { authenticate } from './authenticate.ts';
import { addressRateLimit, type RateLimiter } from './rate-limit.ts';

export interface OAuthRedirectOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly rateLimiter: RateLimiter;
  readonly completeOAuth: Operations['completeOAuth'];
}

/**
 * Where the vendor sends the browser back to. It does what `completeOAuth` does and shows the connection's page, or the
 * integration's page with the error's code. Whoever is signed in is handed on with the single-use `state`, so that nobody can
 * have somebody else finish what they began.
 */
export function registerOAuthRedirect(app: FastifyInstance, options: OAuthRedirectOptions): void {
  app.get<{ Params: { connector: string } }>('/oauth/:connector/callback', async (request, reply) => {
    options.rateLimiter.take(`address ${request.ip}`, addressRateLimit);
    const page = `/settings/integrations/${encodeURIComponent(request.params.connector)}`;
    reply.header('cache-control', 'no-store').header('referrer-policy', 'no-referrer');
    try {
      const body = routes.completeOAuth.body.safeParse(request.query);
      if (!body.success) throw new TributaryError('invalid_state');
      const authenticated = await authenticate(options.database, options.clock, request);
      const connection = await options.completeOAuth(authenticated?.caller ?? null, {
        params: request.params,
        query: undefined,
        body: body.data,
      });
      return await reply.redirect(`${page}/${encodeURIComponent(connection.id)}`, 303);
    } catch (error) {
      if (!isTributaryError(error)) request.log.error({ err: error, requestId: request.id }, 'oauth failed');
      const code = isTributaryError(error) ? error.code : 'internal';
      return reply.redirect(`${page}?error=${code}`, 303);
    }
  });
}
