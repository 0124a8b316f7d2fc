import { z } from 'zod';
import { currencyWire, dateWire, decimalWire, idWire } from './wire.ts';

const entityWire = z.object({ id: idWire, name: z.string() });

/** One account, one amount a column. */
export const statementLineWire = z
  .object({ accountId: idWire, account: z.string(), name: z.string(), amounts: z.array(decimalWire) })
  .meta({ id: 'StatementLine' });
export type StatementLineWire = z.infer<typeof statementLineWire>;

export const profitAndLossColumns = ['total', 'months', 'previous_period', 'previous_year'] as const;

export const profitAndLossWire = z
  .object({
    entity: entityWire,
    currency: currencyWire,
    columns: z.array(z.object({ from: dateWire, to: dateWire })),
    income: z.array(statementLineWire),
    expense: z.array(statementLineWire),
    incomeTotal: z.array(decimalWire),
    expenseTotal: z.array(decimalWire),
    /** Income less expense. */
    result: z.array(decimalWire),
  })
  .meta({ id: 'ProfitAndLoss' });

export const balanceSheetWire = z
  .object({
    entity: entityWire,
    currency: currencyWire,
    columns: z.array(dateWire),
    assets: z.array(statementLineWire),
    liabilities: z.array(statementLineWire),
    equity: z.array(statementLineWire),
    /** Of the fiscal year that the day lies in, as far as it is not closed; of the years before likewise. */
    currentResult: z.array(decimalWire),
    earlierResult: z.array(decimalWire),
    assetsTotal: z.array(decimalWire),
    liabilitiesTotal: z.array(decimalWire),
    /** With both results: assets are liabilities and equity. */
    equityTotal: z.array(decimalWire),
  })
  .meta({ id: 'BalanceSheet' });

export const ledgerLineWire = z
  .object({
    entryId: idWire,
    position: z.number().int(),
    date: dateWire,
    kind: z.string(),
    description: z.string(),
    currency: currencyWire,
    /** Positive: a debit. In `currency`; `baseAmount` and `balance` in the base currency. */
    amount: decimalWire,
    baseAmount: decimalWire,
    balance: decimalWire,
    documentId: idWire.nullable(),
    documentNumber: z.string().nullable(),
    customer: z.string().nullable(),
  })
  .meta({ id: 'LedgerLine' });
export type LedgerLineWire = z.infer<typeof ledgerLineWire>;

export const ledgerAccountWire = z.object({
  id: idWire,
  number: z.string(),
  name: z.string(),
  type: z.string(),
});

export const agingAmountsWire = z
  .object({
    currency: currencyWire,
    current: decimalWire,
    days1to30: decimalWire,
    days31to60: decimalWire,
    days61to90: decimalWire,
    over90: decimalWire,
    /** Money that came in and is on no invoice yet: never more than zero, as it counts against what is open. */
    unapplied: decimalWire,
    /** All of these together. */
    open: decimalWire,
    baseOpen: decimalWire,
  })
  .meta({ id: 'AgingAmounts' });

export const customerAgingWire = agingAmountsWire
  .extend({ customerId: idWire, customer: z.string() })
  .meta({ id: 'CustomerAging' });
export type CustomerAgingWire = z.infer<typeof customerAgingWire>;

export const documentAgingWire = z
  .object({
    documentId: idWire,
    kind: z.string(),
    number: z.string().nullable(),
    documentDate: dateWire,
    dueDate: dateWire,
    currency: currencyWire,
    open: decimalWire,
    baseOpen: decimalWire,
    daysPast: z.number().int(),
  })
  .meta({ id: 'DocumentAging' });
export type DocumentAgingWire = z.infer<typeof documentAgingWire>;

export const customerStatementLineWire = z
  .object({
    date: dateWire,
    entryId: idWire,
    kind: z.string(),
    /** The document that it is of, or the receipt; both null where an entry moves several at once. */
    documentId: idWire.nullable(),
    documentKind: z.string().nullable(),
    documentNumber: z.string().nullable(),
    receiptId: idWire.nullable(),
    receiptNumber: z.string().nullable(),
    description: z.string(),
    currency: currencyWire,
    /** Positive: the customer owes more. */
    amount: decimalWire,
    balance: decimalWire,
  })
  .meta({ id: 'CustomerStatementLine' });
export type CustomerStatementLineWire = z.infer<typeof customerStatementLineWire>;
