import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { apiBasePath } from '../contract/headers.ts';
import { type Route, routes } from '../contract/routes.ts';
import { TributaryError } from '../kernel/errors.ts';
import { problemContentType, toProblem, toTributaryError } from './problem.ts';

/** Sends any thrown value as a problem. What is our own fault is logged with its cause; the answer says nothing of it. */
export function sendProblem(thrown: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const error = toTributaryError(thrown);
  if (error.code === 'internal') request.log.error({ err: thrown, requestId: request.id }, 'request failed');
  if (error.retryAfterMs !== null) reply.header('retry-after', String(Math.ceil(error.retryAfterMs / 1000)));
  if (error.code === 'unauthenticated') reply.header('www-authenticate', 'Bearer');
  reply
    .code(error.entry.status)
    .type(problemContentType)
    .header('cache-control', 'no-store')
    // Serialised here: a serialiser of the route would know nothing of problems.
    .send(JSON.stringify(toProblem(error, request.id)));
}

/** Must come before any route: an error schema of a route would otherwise meet Fastify's own error body and answer 500. */
export function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler((error, request, reply) => {
    sendProblem(error, request, reply);
  });
}

const patterns = Object.values<Route>(routes).map((route) => ({
  method: route.method,
  pattern: new RegExp(`^${apiBasePath}${route.path.replace(/:\w+/g, '[^/]+')}/?$`),
}));

/** The methods that the address takes; none when there is no such address. */
export function methodsOf(path: string): readonly string[] {
  return patterns.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method);
}

/** The answer where no route fits: which of the two it is, and for a wrong method those that are right. */
export function sendNoRoute(request: FastifyRequest, reply: FastifyReply): void {
  const methods = methodsOf(pathOf(request));
  if (methods.length === 0) {
    sendProblem(new TributaryError('route_not_found'), request, reply);
    return;
  }
  reply.header('allow', methods.join(', '));
  sendProblem(new TributaryError('method_not_allowed', `It takes ${methods.join(', ')}.`), request, reply);
}

/** The address without its query, which may hold what no log should. */
export function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? '';
}
