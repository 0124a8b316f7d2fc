import type { QueryClient } from '@tanstack/react-query';
import { createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { LinesPlaceholder } from './parts/placeholder.tsx';
import { parseSearch, stringifySearch, textSearch } from './parts/search-params.ts';
import { app, listSearch, root } from './routes/app-route.ts';
import { booksRoutes } from './routes/books-routes.ts';
import { reportRoutes } from './routes/report-routes.ts';
import { NotFound, PageError } from './shell/page-error.tsx';

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: textSearch('from'),
  component: lazyRouteComponent(() => import('./pages/sign-in/sign-in-page.tsx'), 'SignInPage'),
});

/** An address that no page has is answered inside the shell: the menu leads on from there. */
const unknownPage = createRoute({ getParentRoute: () => app, path: '$', component: NotFound });

const overview = createRoute({
  getParentRoute: () => app,
  path: '/',
  component: lazyRouteComponent(() => import('./pages/overview/overview-page.tsx'), 'OverviewPage'),
});
const review = createRoute({
  getParentRoute: () => app,
  path: '/review',
  validateSearch: textSearch('connection', 'record'),
  component: lazyRouteComponent(() => import('./pages/review/review-page.tsx'), 'ReviewPage'),
});
const taxCodes = createRoute({
  getParentRoute: () => app,
  path: '/settings/tax-codes',
  component: lazyRouteComponent(() => import('./pages/tax-codes/tax-codes-page.tsx'), 'TaxCodesPage'),
});
const run = createRoute({
  getParentRoute: () => app,
  path: '/runs/$runId',
  validateSearch: textSearch(...listSearch, 'type', 'outcome', 'code', 'record'),
  component: lazyRouteComponent(() => import('./pages/run/run-page.tsx'), 'RunPage'),
});
const why = createRoute({
  getParentRoute: () => app,
  path: '/why/$connectionId/$deal',
  component: lazyRouteComponent(() => import('./pages/why/why-page.tsx'), 'WhyPage'),
});

const integrations = createRoute({
  getParentRoute: () => app,
  path: '/settings/integrations',
  component: lazyRouteComponent(
    () => import('./pages/integrations/integrations-page.tsx'),
    'IntegrationsPage',
  ),
});
const integration = createRoute({
  getParentRoute: () => app,
  path: '/settings/integrations/$connector',
  validateSearch: textSearch('reconnect', 'error'),
  component: lazyRouteComponent(() => import('./pages/integrations/integration-page.tsx'), 'IntegrationPage'),
});
const preview = createRoute({
  getParentRoute: () => app,
  path: '/settings/integrations/$connector/$connectionId/preview/$runId',
  validateSearch: textSearch(...listSearch, 'decision', 'code', 'record'),
  component: lazyRouteComponent(() => import('./pages/preview/preview-page.tsx'), 'PreviewPage'),
});
const connection = createRoute({
  getParentRoute: () => app,
  path: '/settings/integrations/$connector/$connectionId',
  component: lazyRouteComponent(() => import('./pages/connection/connection-layout.tsx'), 'ConnectionLayout'),
});
const connectionOverview = createRoute({
  getParentRoute: () => connection,
  path: '/',
  component: lazyRouteComponent(
    () => import('./pages/connection/connection-overview.tsx'),
    'ConnectionOverview',
  ),
});
const dealMapping = createRoute({
  getParentRoute: () => connection,
  path: 'deal-mapping',
  validateSearch: textSearch('deal'),
  component: lazyRouteComponent(() => import('./pages/mapping/deal-mapping.tsx'), 'DealMapping'),
});
const stageConfiguration = createRoute({
  getParentRoute: () => connection,
  path: 'stage-configuration',
  component: lazyRouteComponent(
    () => import('./pages/mapping/stage-configuration.tsx'),
    'StageConfiguration',
  ),
});
const companyMapping = createRoute({
  getParentRoute: () => connection,
  path: 'company-mapping',
  validateSearch: textSearch('deal'),
  component: lazyRouteComponent(() => import('./pages/mapping/company-mapping.tsx'), 'CompanyMapping'),
});
const contactMapping = createRoute({
  getParentRoute: () => connection,
  path: 'contact-mapping',
  validateSearch: textSearch('deal'),
  component: lazyRouteComponent(() => import('./pages/mapping/contact-mapping.tsx'), 'ContactMapping'),
});
const syncSettings = createRoute({
  getParentRoute: () => connection,
  path: 'sync-settings',
  component: lazyRouteComponent(() => import('./pages/sync-settings/sync-settings.tsx'), 'SyncSettings'),
});
const syncHistory = createRoute({
  getParentRoute: () => connection,
  path: 'sync-history',
  validateSearch: textSearch('after', 'page', 'kind'),
  component: lazyRouteComponent(() => import('./pages/connection/sync-history.tsx'), 'SyncHistory'),
});
const connectionSettings = createRoute({
  getParentRoute: () => connection,
  path: 'settings',
  component: lazyRouteComponent(
    () => import('./pages/connection/connection-settings.tsx'),
    'ConnectionSettings',
  ),
});

const accounts = createRoute({
  getParentRoute: () => app,
  path: '/settings/accounts',
  component: lazyRouteComponent(() => import('./pages/accounts/accounts-page.tsx'), 'AccountsPage'),
});
const exchangeRates = createRoute({
  getParentRoute: () => app,
  path: '/settings/exchange-rates',
  validateSearch: textSearch('after', 'page', 'currency', 'from', 'to'),
  component: lazyRouteComponent(
    () => import('./pages/exchange-rates/exchange-rates-page.tsx'),
    'ExchangeRatesPage',
  ),
});
const entities = createRoute({
  getParentRoute: () => app,
  path: '/settings/entities',
  component: lazyRouteComponent(() => import('./pages/entities/entities-page.tsx'), 'EntitiesPage'),
});
const entity = createRoute({
  getParentRoute: () => app,
  path: '/settings/entities/$entityId',
  component: lazyRouteComponent(() => import('./pages/entities/entity-page.tsx'), 'EntityPage'),
});
const periods = createRoute({
  getParentRoute: () => app,
  path: '/settings/periods',
  component: lazyRouteComponent(() => import('./pages/periods/periods-page.tsx'), 'PeriodsPage'),
});
const year = createRoute({
  getParentRoute: () => app,
  path: '/settings/periods/$yearId',
  component: lazyRouteComponent(() => import('./pages/periods/year-page.tsx'), 'YearPage'),
});
const yearClose = createRoute({
  getParentRoute: () => app,
  path: '/settings/periods/$yearId/close',
  component: lazyRouteComponent(() => import('./pages/periods/year-close-page.tsx'), 'YearClosePage'),
});
const members = createRoute({
  getParentRoute: () => app,
  path: '/settings/members',
  validateSearch: textSearch('after', 'page'),
  component: lazyRouteComponent(() => import('./pages/members/members-page.tsx'), 'MembersPage'),
});
const apiKeys = createRoute({
  getParentRoute: () => app,
  path: '/settings/api-keys',
  validateSearch: textSearch('after', 'page'),
  component: lazyRouteComponent(() => import('./pages/api-keys/api-keys-page.tsx'), 'ApiKeysPage'),
});
const auditTrail = createRoute({
  getParentRoute: () => app,
  path: '/settings/audit-trail',
  validateSearch: textSearch(
    'after',
    'page',
    'who',
    'what',
    'subject',
    'id',
    'connection',
    'run',
    'from',
    'to',
  ),
  component: lazyRouteComponent(() => import('./pages/audit-trail/audit-trail-page.tsx'), 'AuditTrailPage'),
});

const routeTree = root.addChildren([
  signIn,
  app.addChildren([
    overview,
    review,
    ...booksRoutes,
    ...reportRoutes,
    taxCodes,
    run,
    why,
    integrations,
    integration,
    preview,
    connection.addChildren([
      connectionOverview,
      dealMapping,
      stageConfiguration,
      companyMapping,
      contactMapping,
      syncSettings,
      syncHistory,
      connectionSettings,
    ]),
    accounts,
    exchangeRates,
    entities,
    entity,
    periods,
    year,
    yearClose,
    members,
    apiKeys,
    auditTrail,
    unknownPage,
  ]),
]);

export function createPageRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree,
    context: { queryClient },
    parseSearch,
    stringifySearch,
    scrollRestoration: true,
    defaultPreload: 'intent',
    // The query cache decides what is fresh.
    defaultPreloadStaleTime: 0,
    defaultErrorComponent: PageError,
    defaultNotFoundComponent: NotFound,
    defaultPendingComponent: LinesPlaceholder,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createPageRouter>;
  }
}
