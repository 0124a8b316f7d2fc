import type { FastifyInstance } from 'fastify';
import { TributaryError } from '../kernel/errors.ts';
import type { Database } from '../platform/database/database.ts';
import type { ApiMetrics } from './metrics.ts';

/** How long the database may take to answer before this process counts as not ready. */
const readyMsMax = 2_000;

export interface HealthOptions {
  readonly database: Database;
  readonly metrics: ApiMetrics;
}

/** /healthz: the process runs. /readyz: it can do its work. /metrics: Prometheus. None of them needs a sign-in or names a tenant. */
export function registerHealthRoutes(app: FastifyInstance, options: HealthOptions): void {
  let closing = false;
  app.addHook('preClose', async () => {
    closing = true;
  });
  app.get('/healthz', async () => ({ status: 'ok' }));
  app.get('/readyz', async () => {
    if (closing) throw new TributaryError('unavailable');
    if (!(await inTime(isReady(options)))) throw new TributaryError('store_unavailable');
    return { status: 'ready' };
  });
  app.get('/metrics', async (_request, reply) => {
    const text = await options.metrics.registry.metrics();
    return reply.type(options.metrics.registry.contentType).send(text);
  });
}

/** The database answers, and has the schema of this version. */
async function isReady({ database }: HealthOptions): Promise<boolean> {
  try {
    return await database.isMigrated();
  } catch {
    return false;
  }
}

async function inTime(ready: Promise<boolean>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), readyMsMax);
  });
  try {
    return await Promise.race([ready, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
