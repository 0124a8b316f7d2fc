import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { textSearch } from '../parts/search-params.ts';
import { app, listSearch } from './app-route.ts';

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
  component: lazyRouteComponent(() => import('../pages/invoices/invoices-page.tsx'), 'InvoicesPage'),
});

const invoice = createRoute({
  getParentRoute: () => app,
  path: '/invoices/$documentId',
  component: lazyRouteComponent(() => import('../pages/invoices/invoice-page.tsx'), 'InvoicePage'),
});

const contracts = createRoute({
  getParentRoute: () => app,
  path: '/contracts',
  validateSearch: textSearch(...listSearch, 'status'),
  component: lazyRouteComponent(() => import('../pages/contracts/contracts-page.tsx'), 'ContractsPage'),
});

const contract = createRoute({
  getParentRoute: () => app,
  path: '/contracts/$contractId',
  validateSearch: textSearch('obligation'),
  component: lazyRouteComponent(() => import('../pages/contracts/contract-page.tsx'), 'ContractPage'),
});

const activateContract = createRoute({
  getParentRoute: () => app,
  path: '/contracts/$contractId/activate',
  component: lazyRouteComponent(() => import('../pages/contracts/activate-page.tsx'), 'ActivatePage'),
});

const modifyContract = createRoute({
  getParentRoute: () => app,
  path: '/contracts/$contractId/modify',
  component: lazyRouteComponent(() => import('../pages/contracts/modify-page.tsx'), 'ModifyPage'),
});

const terminateContract = createRoute({
  getParentRoute: () => app,
  path: '/contracts/$contractId/terminate',
  component: lazyRouteComponent(() => import('../pages/contracts/terminate-page.tsx'), 'TerminatePage'),
});

const recognition = createRoute({
  getParentRoute: () => app,
  path: '/recognition',
  validateSearch: textSearch('entity', 'month', 'due', 'duePage', 'after', 'page'),
  component: lazyRouteComponent(() => import('../pages/recognition/recognition-page.tsx'), 'RecognitionPage'),
});

const receipts = createRoute({
  getParentRoute: () => app,
  path: '/receipts',
  validateSearch: textSearch(...listSearch, 'status', 'unapplied', 'customer', 'from', 'to'),
  component: lazyRouteComponent(() => import('../pages/receipts/receipts-page.tsx'), 'ReceiptsPage'),
});

const newReceipt = createRoute({
  getParentRoute: () => app,
  path: '/receipts/new',
  validateSearch: textSearch('customer', 'invoice'),
  component: lazyRouteComponent(() => import('../pages/receipts/new-receipt-page.tsx'), 'NewReceiptPage'),
});

const receipt = createRoute({
  getParentRoute: () => app,
  path: '/receipts/$receiptId',
  component: lazyRouteComponent(() => import('../pages/receipts/receipt-page.tsx'), 'ReceiptPage'),
});

const newInvoice = createRoute({
  getParentRoute: () => app,
  path: '/invoices/new',
  component: lazyRouteComponent(() => import('../pages/draft/draft-page.tsx'), 'NewInvoicePage'),
});

const editInvoice = createRoute({
  getParentRoute: () => app,
  path: '/invoices/$documentId/edit',
  component: lazyRouteComponent(() => import('../pages/draft/draft-page.tsx'), 'EditInvoicePage'),
});

const creditInvoice = createRoute({
  getParentRoute: () => app,
  path: '/invoices/$documentId/credit',
  component: lazyRouteComponent(
    () => import('../pages/credit-notes/credit-invoice-page.tsx'),
    'CreditInvoicePage',
  ),
});

const newCreditNote = createRoute({
  getParentRoute: () => app,
  path: '/credit-notes/new',
  validateSearch: textSearch('customer'),
  component: lazyRouteComponent(
    () => import('../pages/credit-notes/new-credit-note-page.tsx'),
    'NewCreditNotePage',
  ),
});

const customers = createRoute({
  getParentRoute: () => app,
  path: '/customers',
  validateSearch: textSearch(...listSearch),
  component: lazyRouteComponent(() => import('../pages/customers/customers-page.tsx'), 'CustomersPage'),
});

const customer = createRoute({
  getParentRoute: () => app,
  path: '/customers/$customerId',
  component: lazyRouteComponent(() => import('../pages/customers/customer-page.tsx'), 'CustomerPage'),
});

const newCustomer = createRoute({
  getParentRoute: () => app,
  path: '/customers/new',
  component: lazyRouteComponent(
    () => import('../pages/customers/customer-form-pages.tsx'),
    'NewCustomerPage',
  ),
});

const editCustomer = createRoute({
  getParentRoute: () => app,
  path: '/customers/$customerId/edit',
  component: lazyRouteComponent(
    () => import('../pages/customers/customer-form-pages.tsx'),
    'EditCustomerPage',
  ),
});

const items = createRoute({
  getParentRoute: () => app,
  path: '/items',
  validateSearch: textSearch(...listSearch),
  component: lazyRouteComponent(() => import('../pages/items/items-page.tsx'), 'ItemsPage'),
});

const newItem = createRoute({
  getParentRoute: () => app,
  path: '/items/new',
  component: lazyRouteComponent(() => import('../pages/items/item-form-pages.tsx'), 'NewItemPage'),
});

const item = createRoute({
  getParentRoute: () => app,
  path: '/items/$itemId',
  component: lazyRouteComponent(() => import('../pages/items/item-form-pages.tsx'), 'ItemPage'),
});

const journal = createRoute({
  getParentRoute: () => app,
  path: '/journal',
  validateSearch: textSearch('after', 'page', 'document', 'account', 'from', 'to'),
  component: lazyRouteComponent(() => import('../pages/journal/journal-page.tsx'), 'JournalPage'),
});

/** Documents, customers, items and the journal. */
export const booksRoutes = [
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
  customers,
  customer,
  newCustomer,
  editCustomer,
  items,
  newItem,
  item,
  journal,
] as const;
