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
    const schema = await inTime(schemaOf(options));
    if (schema === 'unknown') throw new TributaryError('store_unavailable');
    if (schema === 'other') throw new TributaryError('schema_mismatch');
    return { status: 'ready' };
  });
  app.get('/metrics', async (_request, reply) => {
    const text = await options.metrics.registry.metrics();
    return reply.type(options.metrics.registry.contentType).send(text);
  });
}

type Schema = 'own' | 'other' | 'unknown';

/** Whether the database has the schema of this version; unknown: it does not answer. */
async function schemaOf({ database }: HealthOptions): Promise<Schema> {
  try {
    return (await database.isMigrated()) ? 'own' : 'other';
  } catch {
    return 'unknown';
  }
}

async function inTime(asked: Promise<Schema>): Promise<Schema> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<Schema>((resolve) => {
    timer = setTimeout(() => resolve('unknown'), readyMsMax);
  });
  try {
    return await Promise.race([asked, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
