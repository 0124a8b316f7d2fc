import type { FastifyRequest } from 'fastify';
import { pageHeader } from '../contract/headers.ts';
import { TributaryError } from '../kernel/errors.ts';

/**
 * Refuses a request that a browser sent from another site: the browser itself says where it comes from, in Sec-Fetch-Site and in
 * Origin, and no script can change either. Programs send neither and pass. Errors: csrf_rejected.
 */
export function refuseForeignOrigin(request: FastifyRequest, publicOrigin: string): void {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') throw new TributaryError('csrf_rejected');
  const { origin } = request.headers;
  if (origin === undefined || origin === publicOrigin) return;
  // Behind a proxy or under a second name the page's own origin is that of the Host that it was asked for.
  if (!URL.canParse(origin) || new URL(origin).host !== request.headers.host) {
    throw new TributaryError('csrf_rejected');
  }
}

/**
 * For writes with a session cookie. Besides the origin the page's own header is asked for: a browser that sends neither
 * Sec-Fetch-Site nor Origin still lets no foreign page set it. Errors: csrf_rejected.
 */
export function requirePage(request: FastifyRequest, publicOrigin: string): void {
  refuseForeignOrigin(request, publicOrigin);
  if (request.headers[pageHeader] === undefined) throw new TributaryError('csrf_rejected');
}
