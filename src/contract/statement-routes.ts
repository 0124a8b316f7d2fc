import { z } from 'zod';
import { route } from './route.ts';
import * as statements from './statement-wire.ts';
import { currencyWire, dateWire, decimalWire, idWire, pageOf, pageQuery } from './wire.ts';

const entity = z.object({ id: idWire, name: z.string() });
const agingQuery = z.object({
  entityId: idWire.optional(),
  at: dateWire.optional(),
  by: z.enum(['due_date', 'document_date']).default('due_date'),
});

/** Statements: any day or range, one entity, all from the journal. */
export const statementRoutes = {
  getProfitAndLoss: route({
    method: 'GET',
    path: '/reports/profit-and-loss',
    tag: 'Reports',
    summary: 'Profit and loss in base currency; without dates the fiscal year to date',
    scope: 'read',
    query: z.object({
      entityId: idWire.optional(),
      from: dateWire.optional(),
      to: dateWire.optional(),
      columns: z.enum(statements.profitAndLossColumns).default('total'),
    }),
    status: 200,
    response: statements.profitAndLossWire,
    errors: ['not_found'],
  }),
  getBalanceSheet: route({
    method: 'GET',
    path: '/reports/balance-sheet',
    tag: 'Reports',
    summary: 'Balance sheet in base currency on a day, beside another day where one is given',
    scope: 'read',
    query: z.object({
      entityId: idWire.optional(),
      at: dateWire.optional(),
      compareAt: dateWire.optional(),
    }),
    status: 200,
    response: statements.balanceSheetWire,
    errors: ['not_found'],
  }),
  getGeneralLedger: route({
    method: 'GET',
    path: '/reports/general-ledger',
    tag: 'Reports',
    summary: 'The lines of one account with its balance after each, oldest first',
    scope: 'read',
    query: pageQuery.extend({
      entityId: idWire.optional(),
      /** The account's number. */
      account: z.string().min(1).max(20),
      from: dateWire.optional(),
      to: dateWire.optional(),
    }),
    status: 200,
    response: z.object({
      entity,
      currency: currencyWire,
      account: statements.ledgerAccountWire,
      from: dateWire.nullable(),
      to: dateWire,
      opening: decimalWire,
      closing: decimalWire,
      ...pageOf(statements.ledgerLineWire).shape,
    }),
    errors: ['not_found'],
  }),
  getArAging: route({
    method: 'GET',
    path: '/reports/ar-aging',
    tag: 'Reports',
    summary: 'What customers owe at the end of a day, by how long it is due',
    scope: 'read',
    query: pageQuery.extend(agingQuery.shape),
    status: 200,
    response: z.object({
      entity,
      currency: currencyWire,
      at: dateWire,
      ...pageOf(statements.customerAgingWire).shape,
      totals: z.array(statements.agingAmountsWire),
      /**
       * In base currency: of the documents, of unapplied receipts (not more than zero), of the receivable accounts less customer
       * prepayments, and what of those accounts neither explains.
       */
      documentsTotal: decimalWire,
      unappliedTotal: decimalWire,
      accountsTotal: decimalWire,
      difference: decimalWire,
    }),
    errors: ['not_found'],
  }),
  listArAgingDocuments: route({
    method: 'GET',
    path: '/reports/ar-aging/documents',
    tag: 'Reports',
    summary: 'The open documents behind the aging, the oldest due first',
    scope: 'read',
    query: pageQuery.extend(agingQuery.shape).extend({ customerId: idWire.optional() }),
    status: 200,
    response: pageOf(statements.documentAgingWire),
    errors: ['not_found'],
  }),
  getCustomerStatement: route({
    method: 'GET',
    path: '/customers/:id/statement',
    tag: 'Reports',
    summary: 'What a customer was invoiced and what settled it, with the balance after each',
    scope: 'read',
    params: z.object({ id: idWire }),
    query: z.object({ from: dateWire.optional(), to: dateWire.optional() }),
    status: 200,
    response: z.object({
      customer: entity,
      entity,
      from: dateWire.nullable(),
      to: dateWire,
      balances: z.array(z.object({ currency: currencyWire, opening: decimalWire, closing: decimalWire })),
      data: z.array(statements.customerStatementLineWire),
      /** True: there are more lines; ask for a shorter range. */
      cut: z.boolean(),
      aging: z.array(statements.agingAmountsWire),
    }),
    errors: ['not_found'],
  }),
} as const;
