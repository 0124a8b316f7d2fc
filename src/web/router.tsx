import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
  retainSearchParams,
} from '@tanstack/react-router';
import { isApiError } from './api/client.ts';
import { apiQuery } from './api/query.ts';
import { LinesPlaceholder } from './parts/placeholder.tsx';
import { parseSearch, stringifySearch, type TextSearch, textSearch } from './parts/search-params.ts';
import { connectionsQuery, entitiesQuery } from './shell/books-scope.ts';
import { NotFound, PageError } from './shell/page-error.tsx';
import { Shell } from './shell/shell.tsx';

interface RouterContext {
  readonly queryClient: QueryClient;
}

const root = createRootRouteWithContext<RouterContext>()({
  validateSearch: textSearch('entity'),
  // The chosen books stay chosen on every page, also in a new tab.
  search: { middlewares: [retainSearchParams<TextSearch<'entity'>>(['entity'])] },
  component: Outlet,
  errorComponent: PageError,
  notFoundComponent: NotFound,
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: textSearch('from'),
  component: lazyRouteComponent(() => import('./pages/sign-in/sign-in-page.tsx'), 'SignInPage'),
});

const app = createRoute({
  getParentRoute: () => root,
  id: 'app',
  beforeLoad: async ({ context: { queryClient }, location }) => {
    try {
      await queryClient.ensureQueryData(apiQuery('getSession', {}));
    } catch (error) {
      if (!isApiError(error, 'unauthenticated')) throw error;
      throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { from: location.href } });
    }
    await Promise.all([
      queryClient.ensureQueryData(entitiesQuery),
      queryClient.ensureQueryData(connectionsQuery),
    ]);
  },
  component: Shell,
  errorComponent: PageError,
});

const listSearch = ['q', 'after', 'page'] as const;

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
const invoices = createRoute({
  getParentRoute: () => app,
  path: '/invoices',
  validateSearch: textSearch(
    ...listSearch,
    'kind',
    'status',
    'disputed',
    'currency',
    'customer',
    'from',
    'to',
    'sort',
  ),
  component: lazyRouteComponent(() => import('./pages/invoices/invoices-page.tsx'), 'InvoicesPage'),
});
const invoice = createRoute({
  getParentRoute: () => app,
  path: '/invoices/$documentId',
  component: lazyRouteComponent(() => import('./pages/invoices/invoice-page.tsx'), 'InvoicePage'),
});
const contracts = createRoute({
  getParentRoute: () => app,
  path: '/contracts',
  validateSearch: textSearch(...listSearch, 'status'),
  component: lazyRouteComponent(() => import('./pages/contracts/contracts-page.tsx'), 'ContractsPage'),
});
const contract = createRoute({
  getParentRoute: () => app,
  path: '/contracts/$contractId',
  validateSearch: textSearch('obligation'),
  component: lazyRouteComponent(() => import('./pages/contracts/contract-page.tsx'), 'ContractPage'),
});
const activateContract = createRoute({
  getParentRoute: () => app,
  path: '/contracts/$contractId/activate',
  component: lazyRouteComponent(() => import('./pages/contracts/activate-page.tsx'), 'ActivatePage'),
});
const modifyContract = createRoute({
  getParentRoute: () => app,
  path: '/contracts/$contractId/modify',
  component: lazyRouteComponent(() => import('./pages/contracts/modify-page.tsx'), 'ModifyPage'),
});
const terminateContract = createRoute({
  getParentRoute: () => app,
  path: '/contracts/$contractId/terminate',
  component: lazyRouteComponent(() => import('./pages/contracts/terminate-page.tsx'), 'TerminatePage'),
});
const recognition = createRoute({
  getParentRoute: () => app,
  path: '/recognition',
  validateSearch: textSearch('entity', 'month', 'due', 'duePage', 'after', 'page'),
  component: lazyRouteComponent(() => import('./pages/recognition/recognition-page.tsx'), 'RecognitionPage'),
});
const receipts = createRoute({
  getParentRoute: () => app,
  path: '/receipts',
  validateSearch: textSearch(...listSearch, 'status', 'unapplied', 'customer', 'from', 'to'),
  component: lazyRouteComponent(() => import('./pages/receipts/receipts-page.tsx'), 'ReceiptsPage'),
});
const newReceipt = createRoute({
  getParentRoute: () => app,
  path: '/receipts/new',
  validateSearch: textSearch('customer', 'invoice'),
  component: lazyRouteComponent(() => import('./pages/receipts/new-receipt-page.tsx'), 'NewReceiptPage'),
});
const receipt = createRoute({
  getParentRoute: () => app,
  path: '/receipts/$receiptId',
  component: lazyRouteComponent(() => import('./pages/receipts/receipt-page.tsx'), 'ReceiptPage'),
});
const newInvoice = createRoute({
  getParentRoute: () => app,
  path: '/invoices/new',
  component: lazyRouteComponent(() => import('./pages/draft/draft-page.tsx'), 'NewInvoicePage'),
});
const editInvoice = createRoute({
  getParentRoute: () => app,
  path: '/invoices/$documentId/edit',
  component: lazyRouteComponent(() => import('./pages/draft/draft-page.tsx'), 'EditInvoicePage'),
});
const creditInvoice = createRoute({
  getParentRoute: () => app,
  path: '/invoices/$documentId/credit',
  component: lazyRouteComponent(
    () => import('./pages/credit-notes/credit-invoice-page.tsx'),
    'CreditInvoicePage',
  ),
});
const newCreditNote = createRoute({
  getParentRoute: () => app,
  path: '/credit-notes/new',
  validateSearch: textSearch('customer'),
  component: lazyRouteComponent(
    () => import('./pages/credit-notes/new-credit-note-page.tsx'),
    'NewCreditNotePage',
  ),
});
const taxCodes = createRoute({
  getParentRoute: () => app,
  path: '/settings/tax-codes',
  component: lazyRouteComponent(() => import('./pages/tax-codes/tax-codes-page.tsx'), 'TaxCodesPage'),
});
const customers = createRoute({
  getParentRoute: () => app,
  path: '/customers',
  validateSearch: textSearch(...listSearch),
  component: lazyRouteComponent(() => import('./pages/customers/customers-page.tsx'), 'CustomersPage'),
});
const customer = createRoute({
  getParentRoute: () => app,
  path: '/customers/$customerId',
  component: lazyRouteComponent(() => import('./pages/customers/customer-page.tsx'), 'CustomerPage'),
});
const newCustomer = createRoute({
  getParentRoute: () => app,
  path: '/customers/new',
  component: lazyRouteComponent(() => import('./pages/customers/customer-form-pages.tsx'), 'NewCustomerPage'),
});
const editCustomer = createRoute({
  getParentRoute: () => app,
  path: '/customers/$customerId/edit',
  component: lazyRouteComponent(
    () => import('./pages/customers/customer-form-pages.tsx'),
    'EditCustomerPage',
  ),
});
const items = createRoute({
  getParentRoute: () => app,
  path: '/items',
  validateSearch: textSearch(...listSearch),
  component: lazyRouteComponent(() => import('./pages/items/items-page.tsx'), 'ItemsPage'),
});
const newItem = createRoute({
  getParentRoute: () => app,
  path: '/items/new',
  component: lazyRouteComponent(() => import('./pages/items/item-form-pages.tsx'), 'NewItemPage'),
});
const item = createRoute({
  getParentRoute: () => app,
  path: '/items/$itemId',
  component: lazyRouteComponent(() => import('./pages/items/item-form-pages.tsx'), 'ItemPage'),
});
const journal = createRoute({
  getParentRoute: () => app,
  path: '/journal',
  validateSearch: textSearch('after', 'page', 'document', 'account', 'from', 'to'),
  component: lazyRouteComponent(() => import('./pages/journal/journal-page.tsx'), 'JournalPage'),
});
const reports = createRoute({
  getParentRoute: () => app,
  path: '/reports',
  component: lazyRouteComponent(() => import('./pages/reports/reports-page.tsx'), 'ReportsPage'),
});
const profitAndLoss = createRoute({
  getParentRoute: () => app,
  path: '/reports/profit-and-loss',
  validateSearch: textSearch('entity', 'from', 'to', 'columns'),
  component: lazyRouteComponent(
    () => import('./pages/reports/profit-and-loss-page.tsx'),
    'ProfitAndLossPage',
  ),
});
const balanceSheet = createRoute({
  getParentRoute: () => app,
  path: '/reports/balance-sheet',
  validateSearch: textSearch('entity', 'at', 'compare'),
  component: lazyRouteComponent(() => import('./pages/reports/balance-sheet-page.tsx'), 'BalanceSheetPage'),
});
const generalLedger = createRoute({
  getParentRoute: () => app,
  path: '/reports/general-ledger',
  validateSearch: textSearch('entity', 'account', 'from', 'to', 'after', 'page'),
  component: lazyRouteComponent(() => import('./pages/reports/general-ledger-page.tsx'), 'GeneralLedgerPage'),
});
const arAging = createRoute({
  getParentRoute: () => app,
  path: '/reports/ar-aging',
  validateSearch: textSearch('entity', 'at', 'by', 'after', 'page'),
  component: lazyRouteComponent(() => import('./pages/reports/ar-aging-page.tsx'), 'ArAgingPage'),
});
const customerStatement = createRoute({
  getParentRoute: () => app,
  path: '/customers/$customerId/statement',
  validateSearch: textSearch('entity', 'from', 'to'),
  component: lazyRouteComponent(
    () => import('./pages/reports/customer-statement-page.tsx'),
    'CustomerStatementPage',
  ),
});
const trialBalance = createRoute({
  getParentRoute: () => app,
  path: '/reports/trial-balance',
  validateSearch: textSearch('at'),
  component: lazyRouteComponent(() => import('./pages/reports/trial-balance-page.tsx'), 'TrialBalancePage'),
});
const revaluation = createRoute({
  getParentRoute: () => app,
  path: '/reports/revaluation',
  validateSearch: textSearch('after', 'page'),
  component: lazyRouteComponent(() => import('./pages/revaluation/revaluation-page.tsx'), 'RevaluationPage'),
});
const deferredRevenue = createRoute({
  getParentRoute: () => app,
  path: '/reports/deferred-revenue',
  validateSearch: textSearch('entity', 'from', 'to'),
  component: lazyRouteComponent(
    () => import('./pages/reports/deferred-revenue-page.tsx'),
    'DeferredRevenuePage',
  ),
});
const contractBalances = createRoute({
  getParentRoute: () => app,
  path: '/reports/contract-balances',
  validateSearch: textSearch('entity', 'at', 'after', 'page'),
  component: lazyRouteComponent(
    () => import('./pages/reports/contract-balances-page.tsx'),
    'ContractBalancesPage',
  ),
});
const remainingObligation = createRoute({
  getParentRoute: () => app,
  path: '/reports/remaining-performance-obligation',
  validateSearch: textSearch('entity', 'from', 'to'),
  component: lazyRouteComponent(
    () => import('./pages/reports/remaining-obligation-page.tsx'),
    'RemainingObligationPage',
  ),
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
    invoices,
    invoice,
    contracts,
    contract,
    activateContract,
    modifyContract,
    terminateContract,
    recognition,
    receipts,
    newReceipt,
    receipt,
    newInvoice,
    editInvoice,
    creditInvoice,
    newCreditNote,
    taxCodes,
    customers,
    customer,
    newCustomer,
    editCustomer,
    items,
    newItem,
    item,
    journal,
    reports,
    profitAndLoss,
    balanceSheet,
    generalLedger,
    arAging,
    customerStatement,
    trialBalance,
    revaluation,
    deferredRevenue,
    contractBalances,
    remainingObligation,
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
