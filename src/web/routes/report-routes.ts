import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { textSearch } from '../parts/search-params.ts';
import { app } from './app-route.ts';

const reports = createRoute({
  getParentRoute: () => app,
  path: '/reports',
  component: lazyRouteComponent(() => import('../pages/reports/reports-page.tsx'), 'ReportsPage'),
});

const profitAndLoss = createRoute({
  getParentRoute: () => app,
  path: '/reports/profit-and-loss',
  validateSearch: textSearch('entity', 'from', 'to', 'columns'),
  component: lazyRouteComponent(
    () => import('../pages/reports/profit-and-loss-page.tsx'),
    'ProfitAndLossPage',
  ),
});

const balanceSheet = createRoute({
  getParentRoute: () => app,
  path: '/reports/balance-sheet',
  validateSearch: textSearch('entity', 'at', 'compare'),
  component: lazyRouteComponent(() => import('../pages/reports/balance-sheet-page.tsx'), 'BalanceSheetPage'),
});

const generalLedger = createRoute({
  getParentRoute: () => app,
  path: '/reports/general-ledger',
  validateSearch: textSearch('entity', 'account', 'from', 'to', 'after', 'page'),
  component: lazyRouteComponent(
    () => import('../pages/reports/general-ledger-page.tsx'),
    'GeneralLedgerPage',
  ),
});

const arAging = createRoute({
  getParentRoute: () => app,
  path: '/reports/ar-aging',
  validateSearch: textSearch('entity', 'at', 'by', 'after', 'page'),
  component: lazyRouteComponent(() => import('../pages/reports/ar-aging-page.tsx'), 'ArAgingPage'),
});

const customerStatement = createRoute({
  getParentRoute: () => app,
  path: '/customers/$customerId/statement',
  validateSearch: textSearch('entity', 'from', 'to'),
  component: lazyRouteComponent(
    () => import('../pages/reports/customer-statement-page.tsx'),
    'CustomerStatementPage',
  ),
});

const trialBalance = createRoute({
  getParentRoute: () => app,
  path: '/reports/trial-balance',
  validateSearch: textSearch('at'),
  component: lazyRouteComponent(() => import('../pages/reports/trial-balance-page.tsx'), 'TrialBalancePage'),
});

const revaluation = createRoute({
  getParentRoute: () => app,
  path: '/reports/revaluation',
  validateSearch: textSearch('after', 'page'),
  component: lazyRouteComponent(() => import('../pages/revaluation/revaluation-page.tsx'), 'RevaluationPage'),
});

const deferredRevenue = createRoute({
  getParentRoute: () => app,
  path: '/reports/deferred-revenue',
  validateSearch: textSearch('entity', 'from', 'to'),
  component: lazyRouteComponent(
    () => import('../pages/reports/deferred-revenue-page.tsx'),
    'DeferredRevenuePage',
  ),
});

const contractBalances = createRoute({
  getParentRoute: () => app,
  path: '/reports/contract-balances',
  validateSearch: textSearch('entity', 'at', 'after', 'page'),
  component: lazyRouteComponent(
    () => import('../pages/reports/contract-balances-page.tsx'),
    'ContractBalancesPage',
  ),
});

const remainingObligation = createRoute({
  getParentRoute: () => app,
  path: '/reports/remaining-performance-obligation',
  validateSearch: textSearch('entity', 'from', 'to'),
  component: lazyRouteComponent(
    () => import('../pages/reports/remaining-obligation-page.tsx'),
    'RemainingObligationPage',
  ),
});

/** What the books say of a day or a range. */
export const reportRoutes = [
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
] as const;
