import type { HandlerInput, HandlerOutput, Handlers } from '../../contract/handler.ts';
import { type CalendarDate, dateInZone } from '../../kernel/dates.ts';
import { TributaryError } from '../../kernel/errors.ts';
import { formatMinor } from '../../kernel/money.ts';
import { listAccounts } from '../../ledger/accounts-store.ts';
import { getCustomerWire } from '../../ledger/customers.ts';
import type { Entity } from '../../ledger/entities-store.ts';
import type { Database, Transaction } from '../../platform/database/database.ts';
import {
  type AgingAmounts,
  type AgingFilter,
  listDocumentAging,
  readAging,
  readAgingTotals,
  readCustomerBalance,
} from '../../reports/statements/ar-aging-store.ts';
import { readBalanceSheet } from '../../reports/statements/balance-sheet.ts';
import { columnRanges } from '../../reports/statements/column-ranges.ts';
import { readCustomerStatement } from '../../reports/statements/customer-statement-store.ts';
import { readFiscalYearStart } from '../../reports/statements/fiscal-year-store.ts';
import { listLedger } from '../../reports/statements/general-ledger-store.ts';
import { readProfitAndLoss, type StatementLine } from '../../reports/statements/profit-and-loss.ts';
import { optionalCalendarDate } from '../calendar-date.ts';
import { entityOrFirst } from './entities.ts';

export type StatementOperationId =
  | 'getProfitAndLoss'
  | 'getBalanceSheet'
  | 'getGeneralLedger'
  | 'getArAging'
  | 'listArAgingDocuments'
  | 'getCustomerStatement';

/** Statements: read from the journal, never from what is open now. */
export function statementHandlers(database: Database): Handlers<StatementOperationId> {
  return {
    getProfitAndLoss: ({ organizationId }, { query }) =>
      database.withOrganization(organizationId, (tx) => profitAndLoss(tx, query)),
    getBalanceSheet: ({ organizationId }, { query }) =>
      database.withOrganization(organizationId, (tx) => balanceSheet(tx, query)),
    getGeneralLedger: ({ organizationId }, { query }) =>
      database.withOrganization(organizationId, (tx) => generalLedger(tx, query)),
    getArAging: ({ organizationId }, { query }) =>
      database.withOrganization(organizationId, (tx) => arAging(tx, query)),
    listArAgingDocuments: ({ organizationId }, { query }) =>
      database.withOrganization(organizationId, async (tx) => {
        const { entity, filter } = await agingFilterOf(tx, query, query.customerId ?? null);
        const { data, next, total } = await listDocumentAging(tx, filter, query);
        const documents = data.map((document) => ({
          documentId: document.documentId,
          kind: document.kind,
          number: document.number,
          documentDate: document.documentDate,
          dueDate: document.dueDate,
          currency: document.currency,
          open: formatMinor(document.openMinor, document.currency),
          baseOpen: formatMinor(document.baseMinor, entity.baseCurrency),
          daysPast: document.daysPast,
        }));
        return { data: documents, next, total };
      }),
    getCustomerStatement: ({ organizationId }, { params, query }) =>
      database.withOrganization(organizationId, (tx) => customerStatement(tx, params.id, query)),
  };
}

const todayOf = (entity: Entity): CalendarDate => dateInZone(new Date(), entity.timeZone);
const named = ({ id, name }: { readonly id: string; readonly name: string }) => ({ id, name });

const amountsIn =
  (currency: string) =>
  (minors: readonly bigint[]): string[] =>
    minors.map((minor) => formatMinor(minor, currency));

const lineToWire = (currency: string) => (line: StatementLine) => ({
  accountId: line.accountId,
  account: line.number,
  name: line.name,
  amounts: amountsIn(currency)(line.minor),
});

async function profitAndLoss(
  tx: Transaction,
  query: HandlerInput<'getProfitAndLoss'>['query'],
): Promise<HandlerOutput<'getProfitAndLoss'>> {
  const entity = await entityOrFirst(tx, query.entityId);
  const to = optionalCalendarDate('to', query.to) ?? todayOf(entity);
  const from = optionalCalendarDate('from', query.from) ?? (await readFiscalYearStart(tx, entity.id, to));
  const columns = columnRanges({ from, to }, query.columns);
  const statement = await readProfitAndLoss(tx, entity.id, columns);
  const amounts = amountsIn(entity.baseCurrency);
  const toWire = lineToWire(entity.baseCurrency);
  return {
    entity: named(entity),
    currency: entity.baseCurrency,
    columns,
    income: statement.income.map(toWire),
    expense: statement.expense.map(toWire),
    incomeTotal: amounts(statement.incomeMinor),
    expenseTotal: amounts(statement.expenseMinor),
    result: amounts(statement.resultMinor),
  };
}

async function balanceSheet(
  tx: Transaction,
  query: HandlerInput<'getBalanceSheet'>['query'],
): Promise<HandlerOutput<'getBalanceSheet'>> {
  const entity = await entityOrFirst(tx, query.entityId);
  const at = optionalCalendarDate('at', query.at) ?? todayOf(entity);
  const compareAt = optionalCalendarDate('compareAt', query.compareAt);
  const columns = compareAt === undefined ? [at] : [at, compareAt];
  const sheet = await readBalanceSheet(tx, entity.id, columns);
  const amounts = amountsIn(entity.baseCurrency);
  const toWire = lineToWire(entity.baseCurrency);
  return {
    entity: named(entity),
    currency: entity.baseCurrency,
    columns,
    assets: sheet.assets.map(toWire),
    liabilities: sheet.liabilities.map(toWire),
    equity: sheet.equity.map(toWire),
    currentResult: amounts(sheet.currentResultMinor),
    earlierResult: amounts(sheet.earlierResultMinor),
    assetsTotal: amounts(sheet.assetsMinor),
    liabilitiesTotal: amounts(sheet.liabilitiesMinor),
    equityTotal: amounts(sheet.equityMinor),
  };
}

/** Errors: `invalid_request` where the range ends before it begins. */
function rangeOf(
  query: { readonly from?: string | undefined; readonly to?: string | undefined },
  today: CalendarDate,
): { readonly from: CalendarDate | null; readonly to: CalendarDate } {
  const from = optionalCalendarDate('from', query.from) ?? null;
  const to = optionalCalendarDate('to', query.to) ?? today;
  if (from !== null) columnRanges({ from, to }, 'total');
  return { from, to };
}

async function generalLedger(
  tx: Transaction,
  query: HandlerInput<'getGeneralLedger'>['query'],
): Promise<HandlerOutput<'getGeneralLedger'>> {
  const entity = await entityOrFirst(tx, query.entityId);
  const account = (await listAccounts(tx, entity.id)).find(({ number }) => number === query.account);
  if (!account) throw new TributaryError('not_found', `${entity.name} has no account ${query.account}.`);
  const range = rangeOf(query, todayOf(entity));
  const filter = { ...range, entityId: entity.id, accountId: account.id };
  const page = await listLedger(tx, filter, query);
  const inBase = (minor: bigint): string => formatMinor(minor, entity.baseCurrency);
  return {
    entity: named(entity),
    currency: entity.baseCurrency,
    account: { id: account.id, number: account.number, name: account.name, type: account.type },
    ...range,
    opening: inBase(page.openingMinor),
    closing: inBase(page.closingMinor),
    data: page.data.map((line) => ({
      entryId: line.entryId,
      position: line.position,
      date: line.date,
      kind: line.kind,
      description: line.description,
      currency: line.currency,
      amount: formatMinor(line.amountMinor, line.currency),
      baseAmount: inBase(line.baseMinor),
      balance: inBase(line.balanceMinor),
      documentId: line.documentId,
      documentNumber: line.documentNumber,
      customer: line.customerName,
    })),
    next: page.next,
    total: page.total,
  };
}

async function agingFilterOf(
  tx: Transaction,
  query: Pick<HandlerInput<'getArAging'>['query'], 'entityId' | 'at' | 'by'>,
  customerId: string | null,
): Promise<{ readonly entity: Entity; readonly filter: AgingFilter }> {
  const entity = await entityOrFirst(tx, query.entityId);
  const at = optionalCalendarDate('at', query.at) ?? todayOf(entity);
  return { entity, filter: { entityId: entity.id, at, by: query.by, customerId } };
}

const agingToWire = (baseCurrency: string) => (aging: AgingAmounts) => {
  const { currency, buckets } = aging;
  return {
    currency,
    current: formatMinor(buckets.current, currency),
    days1to30: formatMinor(buckets.days1to30, currency),
    days31to60: formatMinor(buckets.days31to60, currency),
    days61to90: formatMinor(buckets.days61to90, currency),
    over90: formatMinor(buckets.over90, currency),
    unapplied: formatMinor(aging.unappliedMinor, currency),
    open: formatMinor(aging.openMinor, currency),
    baseOpen: formatMinor(aging.baseMinor, baseCurrency),
  };
};

async function arAging(
  tx: Transaction,
  query: HandlerInput<'getArAging'>['query'],
): Promise<HandlerOutput<'getArAging'>> {
  const { entity, filter } = await agingFilterOf(tx, query, null);
  const { totals, ...page } = await readAging(tx, filter, query);
  const accountsMinor = await readCustomerBalance(tx, entity.id, filter.at);
  const openMinor = totals.reduce((sum, { baseMinor }) => sum + baseMinor, 0n);
  const unappliedMinor = totals.reduce((sum, { unappliedBaseMinor }) => sum + unappliedBaseMinor, 0n);
  const toWire = agingToWire(entity.baseCurrency);
  return {
    entity: named(entity),
    currency: entity.baseCurrency,
    at: filter.at,
    data: page.data.map((row) => ({
      ...toWire(row),
      customerId: row.customerId,
      customer: row.customerName,
    })),
    next: page.next,
    total: page.total,
    totals: totals.map(toWire),
    documentsTotal: formatMinor(openMinor - unappliedMinor, entity.baseCurrency),
    unappliedTotal: formatMinor(unappliedMinor, entity.baseCurrency),
    accountsTotal: formatMinor(accountsMinor, entity.baseCurrency),
    difference: formatMinor(accountsMinor - openMinor, entity.baseCurrency),
  };
}

async function customerStatement(
  tx: Transaction,
  customerId: string,
  query: HandlerInput<'getCustomerStatement'>['query'],
): Promise<HandlerOutput<'getCustomerStatement'>> {
  const customer = await getCustomerWire(tx, customerId);
  const entity = await entityOrFirst(tx, customer.entityId);
  const range = rangeOf(query, todayOf(entity));
  const statement = await readCustomerStatement(tx, customerId, range);
  const aging = await readAgingTotals(tx, {
    entityId: entity.id,
    at: range.to,
    by: 'due_date',
    customerId,
  });
  return {
    customer: named(customer),
    entity: named(entity),
    ...range,
    balances: statement.currencies.map(({ currency, openingMinor, closingMinor }) => ({
      currency,
      opening: formatMinor(openingMinor, currency),
      closing: formatMinor(closingMinor, currency),
    })),
    data: statement.lines.map((line) => ({
      date: line.date,
      entryId: line.entryId,
      kind: line.kind,
      documentId: line.documentId,
      documentKind: line.documentKind,
      documentNumber: line.documentNumber,
      receiptId: line.receiptId,
      receiptNumber: line.receiptNumber,
      description: line.description,
      currency: line.currency,
      amount: formatMinor(line.amountMinor, line.currency),
      balance: formatMinor(line.balanceMinor, line.currency),
    })),
    cut: statement.cut,
    aging: aging.map(agingToWire(entity.baseCurrency)),
  };
}
