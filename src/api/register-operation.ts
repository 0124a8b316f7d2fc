import type { z } from 'zod';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../contract/handler.ts';
import { apiBasePath, idempotencyKeyHeader } from '../contract/headers.ts';
import { type OperationId, type Route, routes } from '../contract/routes.ts';
import { fileWire } from '../contract/wire.ts';
import { TributaryError } from '../kernel/errors.ts';
import type { Clock } from '../kernel/dates.ts';
import type { Database } from '../platform/database/database.ts';
import type { SecretBox } from '../platform/secrets/secret-box.ts';
import { type Authenticated, authenticate } from './authenticate.ts';
import { type Answer, answerOnce } from './idempotency.ts';
import { type ParsedInput, parseInput } from './parse-input.ts';
import { addressRateLimit, callerRateLimit, type RateLimiter } from './rate-limit.ts';
import { refuseForeignOrigin, requirePage } from './request-origin.ts';

export interface OperationContext {
  readonly database: Database;
  readonly clock: Clock;
  readonly rateLimiter: RateLimiter;
  readonly publicOrigin: string;
  readonly secretBox: SecretBox;
  /** Who sent a request, for the log; kept here and not on the request, so that nothing depends on a property's name. */
  readonly callers: WeakMap<FastifyRequest, Caller>;
}

/** What carries an operation out. `request` and `reply` are for those that touch cookies; the others do without. */
export type Work = (
  caller: Caller | null,
  input: ParsedInput,
  request: FastifyRequest,
  reply: FastifyReply,
) => Promise<unknown>;

/** Operations whose answer holds a secret that is stored nowhere else. */
const secretAnswers: ReadonlySet<OperationId> = new Set(['createApiKey']);

/**
 * Puts one operation of the route table on the server. In this order: who is it, may they, is the input right, has it been answered
 * before, do it, write the answer through its schema.
 */
export function registerOperation(
  app: FastifyInstance,
  context: OperationContext,
  operation: OperationId,
  work: Work,
): void {
  const route: Route = routes[operation];
  app.route({
    method: route.method,
    url: `${apiBasePath}${route.path}`,
    ...(route.bodyBytesMax === undefined ? {} : { bodyLimit: route.bodyBytesMax }),
    // Before the body is read: nobody makes us parse a megabyte without a key.
    onRequest: async (request) => {
      const caller = await admit(context, route, request);
      if (caller) context.callers.set(request, caller);
    },
    handler: async (request, reply) => {
      const caller = context.callers.get(request) ?? null;
      const input = parseInput(route, request);
      const answer = async (): Promise<Answer> => ({
        status: route.status,
        body: route.response.parse(await work(caller, input, request, reply)),
      });
      const { status, body } = await onceForKey(context, operation, request, reply, caller, input, answer);
      reply.code(status);
      if (status === 204) return reply.send();
      const problem = status >= 400;
      if (route.file !== undefined && !problem) return sendFile(reply, route.file, fileWire.parse(body));
      return reply.type(problem ? 'application/problem+json' : 'application/json').send(body);
    },
  });
}

/** Shown in the browser rather than saved; the name is for saving it. */
function sendFile(reply: FastifyReply, type: string, file: z.infer<typeof fileWire>): FastifyReply {
  return reply
    .type(type)
    .header('content-disposition', `inline; filename*=UTF-8''${encodeURIComponent(file.name)}`)
    .send(Buffer.from(file.bytes));
}

async function admit(
  context: OperationContext,
  route: Route,
  request: FastifyRequest,
): Promise<Caller | null> {
  const authenticated = await limited(context, request);
  if (route.method !== 'GET') refuseForeign(context, request, authenticated);
  const caller = authenticated?.caller ?? null;
  if (route.scope === null) return caller;
  if (!caller) throw new TributaryError('unauthenticated');
  if (!caller.scopes.includes(route.scope)) {
    throw new TributaryError('forbidden', `It needs the scope ${route.scope}.`);
  }
  return caller;
}

/** Authenticates and takes one call from the caller's bucket, or from that of the network address when it is nobody's. */
async function limited(context: OperationContext, request: FastifyRequest): Promise<Authenticated | null> {
  const { database, clock, rateLimiter } = context;
  const takeFromAddress = (): void => rateLimiter.take(`address ${request.ip}`, addressRateLimit);
  const authenticated = await authenticate(database, clock, request).catch((error: unknown) => {
    takeFromAddress();
    throw error;
  });
  if (authenticated === null) takeFromAddress();
  else {
    const { organizationId, actor } = authenticated.caller;
    rateLimiter.take(`${organizationId} ${actor}`, callerRateLimit);
  }
  return authenticated;
}

function refuseForeign(
  context: OperationContext,
  request: FastifyRequest,
  authenticated: Authenticated | null,
): void {
  if (authenticated?.by === 'key') return;
  if (authenticated?.by === 'session') requirePage(request, context.publicOrigin);
  else refuseForeignOrigin(request, context.publicOrigin);
}

async function onceForKey(
  context: OperationContext,
  operation: OperationId,
  request: FastifyRequest,
  reply: FastifyReply,
  caller: Caller | null,
  input: ParsedInput,
  work: () => Promise<Answer>,
): Promise<Answer> {
  const key = request.headers[idempotencyKeyHeader];
  if (request.method !== 'POST' || key === undefined || caller === null) return work();
  const answer = await answerOnce(
    context,
    {
      caller,
      key: String(key),
      content: { operation, params: input.params, body: input.body },
      requestId: request.id,
      secretAnswer: secretAnswers.has(operation),
    },
    work,
  );
  if (answer.replayed) reply.header('idempotency-replayed', 'true');
  return answer;
}
