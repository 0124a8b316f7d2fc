import { auditRoutes } from './audit-routes.ts';
import { booksRoutes } from './books-routes.ts';
import { cashRoutes } from './cash-routes.ts';
import { byHandRoutes } from './by-hand-routes.ts';
import { configurationRoutes } from './configuration-routes.ts';
import { connectionRoutes } from './connection-routes.ts';
import { emailRoutes } from './email-routes.ts';
import { entityRoutes } from './entity-routes.ts';
import { fiscalRoutes } from './fiscal-routes.ts';
import { contractsRoutes } from './contracts-routes.ts';
import { peopleRoutes } from './people-routes.ts';
import { postingRoutes } from './posting-routes.ts';
import { ratesRoutes } from './rates-routes.ts';
import { revaluationRoutes } from './revaluation-routes.ts';
import type { Route } from './route.ts';
import { runRoutes } from './run-routes.ts';
import { statementRoutes } from './statement-routes.ts';

export type { Route } from './route.ts';

/** Every address under /api/v1, by operation id. */
export const routes = {
  ...peopleRoutes,
  ...auditRoutes,
  ...runRoutes,
  ...connectionRoutes,
  ...configurationRoutes,
  ...booksRoutes,
  ...postingRoutes,
  ...cashRoutes,
  ...byHandRoutes,
  ...emailRoutes,
  ...statementRoutes,
  ...entityRoutes,
  ...fiscalRoutes,
  ...ratesRoutes,
  ...revaluationRoutes,
  ...contractsRoutes,
} as const satisfies Record<string, Route>;

export type Routes = typeof routes;
export type OperationId = keyof Routes;
