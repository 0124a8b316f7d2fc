import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Database } from '../platform/database/database.ts';

export interface ApiMetrics {
  readonly registry: Registry;
  /** `route` is the pattern, never the address that was asked for: addresses have no limit. */
  readonly observe: (request: {
    readonly method: string;
    readonly route: string;
    readonly status: number;
    readonly seconds: number;
  }) => void;
}

/** The figures behind /metrics: requests of this process; runs and vendor calls from the database, counted when they are asked for. */
export function createApiMetrics(database: Database): ApiMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'tributary_http_request_seconds',
    help: 'Time from the request to the answer',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers: [registry],
  });
  addRunGauges(registry, database);
  return {
    registry,
    observe: ({ method, route, status, seconds }) => {
      requests.observe({ method, route, status: String(status) }, seconds);
    },
  };
}

function addRunGauges(registry: Registry, database: Database): void {
  const runs = new Gauge({
    name: 'tributary_runs',
    help: 'Runs by kind and status',
    labelNames: ['kind', 'status'],
    registers: [registry],
    collect: async () => {
      const rows = await countRuns(database);
      runs.reset();
      calls.reset();
      for (const row of rows) {
        runs.set({ kind: row.kind, status: row.status }, row.count);
        calls.inc({ kind: row.kind }, row.calls);
      }
    },
  });
  const calls = new Gauge({
    name: 'tributary_vendor_calls',
    help: 'Calls to outside systems by all runs of a kind',
    labelNames: ['kind'],
    registers: [registry],
  });
}

interface RunCount {
  readonly kind: string;
  readonly status: string;
  readonly count: number;
  readonly calls: number;
}

async function countRuns(database: Database): Promise<readonly RunCount[]> {
  return database.withSystem((tx) =>
    tx.query<RunCount>(
      `SELECT kind, status, count(*)::integer AS count, least(sum(calls), 2147483647)::integer AS calls
       FROM runs GROUP BY kind, status`,
      [],
    ),
  );
}
