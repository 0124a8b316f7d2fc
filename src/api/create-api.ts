import fastifyCookie from '@fastify/cookie';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyRequest,
  LogController,
} from 'fastify';
import type { Caller, HandledOperationId, Operations } from '../contract/handler.ts';
import { apiBasePath, requestIdHeader } from '../contract/headers.ts';
import { buildOpenApiDocument } from '../contract/openapi.ts';
import { type OperationId, routes } from '../contract/routes.ts';
import type { Clock } from '../kernel/dates.ts';
import { newId } from '../kernel/ids.ts';
import { createSignInAttempts } from '../organizations/sign-in-attempts.ts';
import { prepareSignIn } from '../organizations/sign-in.ts';
import { removeExpiredSessions } from '../organizations/sessions.ts';
import type { Database } from '../platform/database/database.ts';
import type { SecretBox } from '../platform/secrets/secret-box.ts';
import { answerErrors, sendProblem } from './answer-errors.ts';
import { buildDocsPage } from './docs-page.ts';
import { registerHealthRoutes } from './health-routes.ts';
import { deleteExpiredKeys } from './idempotency-store.ts';
import { createApiMetrics } from './metrics.ts';
import { registerOAuthRedirect } from './oauth-redirect.ts';
import { createRateLimiter } from './rate-limit.ts';
import { type OperationContext, registerOperation, type Work } from './register-operation.ts';
import { securityHeaders } from './security-headers.ts';
import { signInWork, signOutWork } from './session-routes.ts';
import { registerWebPage } from './web-page.ts';

/** The largest body of a request: a thousand ids or a large configuration are a tenth of it; beyond, the answer is 413. */
export const bodyBytesMax = 1_048_576;
/** The longest part of an address: a deal's URL as a parameter, encoded. Beyond, the answer is 400. */
const pathPartLengthMax = 2_000;
/** How often expired sessions and kept answers are removed. */
const sweepMs = 3_600_000;

export interface ApiOptions {
  readonly database: Database;
  readonly config: {
    /** Where browsers reach us, without a path: decides about the cookie's Secure flag and what counts as our own page. */
    readonly publicUrl: string;
    readonly version: string;
    /** The proxies whose X-Forwarded-For is believed: addresses, ranges, `loopback`, `linklocal`, `uniquelocal`. Default: nobody's. */
    readonly trustedProxies?: readonly string[];
  };
  readonly logger: FastifyBaseLogger;
  /** Every operation of the route table but signing in and out, assembled in main. */
  readonly operations: Operations;
  /** Seals what the idempotency keys remember. */
  readonly secretBox: SecretBox;
  /** The folder of the built web page; null: none is served. */
  readonly webRoot?: string | null;
  readonly clock?: Clock;
}

/** The HTTP server without a port: `listen` gives it one, a test asks it by `inject`. Closing it ends its timer. */
export async function createApi(options: ApiOptions): Promise<FastifyInstance> {
  const { database, config } = options;
  const clock = options.clock ?? (() => new Date());
  const context: OperationContext = {
    database,
    clock,
    rateLimiter: createRateLimiter(clock),
    publicOrigin: new URL(config.publicUrl).origin,
    secretBox: options.secretBox,
    callers: new WeakMap<FastifyRequest, Caller>(),
  };
  const metrics = createApiMetrics(database);
  const app = createServer(options);
  answerErrors(app);
  observeRequests(app, context.callers, metrics.observe);
  await app.register(fastifyCookie);
  parseJsonBodies(app);
  registerHealthRoutes(app, { database, metrics });
  registerDocs(app, config.version);
  registerOperations(app, context, options);
  registerOAuthRedirect(app, {
    database,
    clock,
    rateLimiter: context.rateLimiter,
    completeOAuth: options.operations.completeOAuth,
  });
  await registerWebPage(app, options.webRoot ?? null);
  sweepExpired(app, database, clock);
  await prepareSignIn();
  return app;
}

function createServer(options: ApiOptions): FastifyInstance {
  const headers = securityHeaders(options.config.publicUrl);
  const app = Fastify({
    loggerInstance: options.logger,
    // Fastify's own lines hold the whole address; ours hold the pattern.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: bodyBytesMax,
    trustProxy: [...(options.config.trustedProxies ?? [])],
    requestIdHeader: false,
    genReqId: (request) => requestIdOf(request.headers[requestIdHeader]),
    routerOptions: { maxParamLength: pathPartLengthMax },
    return503OnClosing: false,
    // A broken address meets no hook.
    frameworkErrors: (error, request, reply) => {
      reply.headers({ ...headers, [requestIdHeader]: request.id });
      sendProblem(error, request, reply);
    },
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({ ...headers, [requestIdHeader]: request.id });
    if (request.url.startsWith('/api/')) reply.header('cache-control', 'no-store');
  });
  return app;
}

/** A caller's own id, where it is harmless to log, makes one story of two logs. */
function requestIdOf(given: string | string[] | undefined): string {
  return typeof given === 'string' && /^[\w.-]{8,64}$/.test(given) ? given : newId();
}

/** One line and one observation a request: never an address, a body or a header, which may hold what no log should. */
function observeRequests(
  app: FastifyInstance,
  callers: WeakMap<FastifyRequest, Caller>,
  observe: ReturnType<typeof createApiMetrics>['observe'],
): void {
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    const durationMs = Math.round(reply.elapsedTime);
    const caller = callers.get(request);
    observe({ method: request.method, route, status: reply.statusCode, seconds: reply.elapsedTime / 1000 });
    request.log.info(
      {
        requestId: request.id,
        method: request.method,
        route,
        status: reply.statusCode,
        durationMs,
        ...(caller ? { organizationId: caller.organizationId, actor: caller.actor } : {}),
      },
      'request answered',
    );
  });
}

/** JSON and nothing else; an empty body is none, whatever its type says. A body may not reach an object's prototype. */
function parseJsonBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined);
    else void parse(request, String(body), done);
  });
}

function registerDocs(app: FastifyInstance, version: string): void {
  const document = buildOpenApiDocument(version);
  const page = buildDocsPage(document);
  app.get(`${apiBasePath}/openapi.json`, async () => document);
  app.get('/api/docs', async (_request, reply) => reply.type('text/html; charset=utf-8').send(page));
}

function registerOperations(app: FastifyInstance, context: OperationContext, options: ApiOptions): void {
  const { database, clock } = context;
  const session = {
    database,
    clock,
    attempts: createSignInAttempts(clock),
    secure: options.config.publicUrl.startsWith('https:'),
  };
  for (const operation of Object.keys(routes) as OperationId[]) {
    registerOperation(
      app,
      context,
      operation,
      operation === 'signIn'
        ? signInWork(session)
        : operation === 'signOut'
          ? signOutWork(session)
          : workOf(options.operations, operation),
    );
  }
}

function workOf(operations: Operations, operation: HandledOperationId): Work {
  // The handler is typed by its route, and the input was parsed by the same route's schemas; that the two belong together the
  // compiler cannot see across the whole table.
  const handler = operations[operation] as (caller: Caller | null, input: unknown) => Promise<unknown>;
  return (caller, input) => handler(caller, input);
}

function sweepExpired(app: FastifyInstance, database: Database, clock: Clock): void {
  const sweep = async (): Promise<void> => {
    try {
      await removeExpiredSessions(database, clock);
      await database.withSystem(deleteExpiredKeys);
    } catch (error) {
      app.log.warn({ err: error }, 'removing expired sessions failed; it is tried again in an hour');
    }
  };
  const timer = setInterval(() => void sweep(), sweepMs);
  timer.unref();
  app.addHook('onClose', async () => {
    clearInterval(timer);
  });
}
