import { newId } from '../../src/kernel/ids.ts';
import type { CalendarDate } from '../../src/kernel/dates.ts';
import { listAccounts } from '../../src/ledger/accounts-store.ts';
import { createCustomer } from '../../src/ledger/by-hand/customer-edits.ts';
import { createItem } from '../../src/ledger/by-hand/item-edits.ts';
import { createTaxCode } from '../../src/ledger/by-hand/tax-codes.ts';
import { createAccount } from '../../src/ledger/accounts.ts';
import { createEntity } from '../../src/ledger/entities.ts';
import { setExchangeRate } from '../../src/ledger/exchange-rates.ts';
import { findDefaultItem } from '../../src/ledger/items-store.ts';
import { listFiscalPeriods, listFiscalYears } from '../../src/ledger/periods/periods-store.ts';
import type { AuditContext } from '../../src/platform/audit/audit-store.ts';
import type { Database, Transaction } from '../../src/platform/database/database.ts';
import { createOrganization } from '../support/database.ts';
import type { ModelBooks, ModelCustomer, ModelEntity, ModelItem, ModelTaxCode } from './model-books.ts';
import { modelCurrencies, type Round } from './model-money.ts';
import { rateText } from './operations/rates-and-revaluation.ts';

/** A year by the calendar and one from April on; a base with cents and one without. */
const entityFields = [
  { name: 'Rhein', baseCurrency: 'EUR', fiscalYearStart: { month: 1, day: 1 }, booksFrom: '2023-01-01' },
  { name: 'Edo', baseCurrency: 'JPY', fiscalYearStart: { month: 4, day: 1 }, booksFrom: '2023-04-01' },
] as const;

/** An organization with two entities, in the books and in the model. */
export async function openModelBooks(database: Database, round: Round): Promise<ModelBooks> {
  const organizationId = await createOrganization(database, `Model ${newId()}`);
  const context: AuditContext = { organizationId, actor: 'user:model' };
  return database.withOrganization(organizationId, async (tx) => {
    const entities: ModelEntity[] = [];
    for (const fields of entityFields) entities.push(await openEntity(tx, context, fields));
    return {
      organizationId,
      context,
      now: new Date('2024-06-30T12:00:00Z'),
      round,
      entities,
      documents: [],
      receipts: [],
      settlements: [],
      entries: [],
      revaluations: [],
    };
  });
}

async function openEntity(
  tx: Transaction,
  context: AuditContext,
  fields: (typeof entityFields)[number],
): Promise<ModelEntity> {
  const booksFrom = fields.booksFrom as CalendarDate;
  const { id } = await createEntity(tx, { ...fields, mode: 'live', booksFrom }, context);
  const scope = { organizationId: context.organizationId, entityId: id };
  await createAccount(tx, scope, { number: '2210', name: 'Reduced tax', type: 'liability' }, context);
  const entity: ModelEntity = {
    id,
    name: fields.name,
    base: fields.baseCurrency,
    accounts: (await listAccounts(tx, id)).map((account) => ({
      id: account.id,
      number: account.number,
      type: account.type,
      active: true,
    })),
    taxCodes: [
      await openTaxCode(tx, context, id, { code: 'FULL', ratePercent: '20', account: null }),
      await openTaxCode(tx, context, id, { code: 'LOW', ratePercent: '7.7', account: '2210' }),
    ],
    items: [],
    customers: [],
    periods: (await listFiscalPeriods(tx, id)).map((period) => ({
      id: period.id,
      start: period.startDate,
      end: period.endDate,
      status: 'open',
    })),
    years: (await listFiscalYears(tx, id)).map((year) => ({
      id: year.id,
      start: year.startDate,
      end: year.endDate,
      closed: false,
    })),
    rates: new Map(),
    taken: { invoice: 0, credit_note: 0, receipt: 0 },
    made: 0,
  };
  entity.items.push(...(await openItems(tx, context, entity)));
  entity.customers.push(...(await openCustomers(tx, context, entity)));
  await openRates(tx, context, entity);
  return entity;
}

async function openTaxCode(
  tx: Transaction,
  context: AuditContext,
  entityId: string,
  fields: { readonly code: string; readonly ratePercent: '20' | '7.7'; readonly account: string | null },
): Promise<ModelTaxCode> {
  const scope = { organizationId: context.organizationId, entityId };
  const input = { ...fields, name: fields.code, note: null, active: true };
  const { id } = await createTaxCode(tx, scope, input, context);
  const rate = fields.ratePercent === '20' ? 20_000n : 7_700n;
  return { id, code: fields.code, rate, account: fields.account ?? '2200' };
}

async function openItems(tx: Transaction, context: AuditContext, entity: ModelEntity): Promise<ModelItem[]> {
  const scope = { organizationId: context.organizationId, entityId: entity.id };
  const usual = await findDefaultItem(tx, scope);
  const taxCode = entity.taxCodes[0] ?? null;
  const sku = `${entity.name}-LICENCE`;
  const input = { sku, name: 'Licence', incomeAccount: '4100', taxCodeId: taxCode?.id ?? null };
  const id = await createItem(tx, scope, input, context);
  return [
    { id: usual?.id ?? '', sku: usual?.sku ?? '', incomeAccount: null, taxCode: null, isDefault: true },
    { id, sku, incomeAccount: '4100', taxCode, isDefault: false },
  ];
}

async function openCustomers(
  tx: Transaction,
  context: AuditContext,
  entity: ModelEntity,
): Promise<ModelCustomer[]> {
  const scope = { organizationId: context.organizationId, entityId: entity.id };
  const customers: ModelCustomer[] = [];
  for (const taxCode of [null, null, entity.taxCodes[1] ?? null]) {
    const name = `${entity.name} customer ${'ABC'[customers.length] ?? ''}`;
    const id = await createCustomer(tx, scope, { name, taxCodeId: taxCode?.id ?? null }, context);
    customers.push({ id, name, entity, taxCode, mergedInto: null });
  }
  return customers;
}

/** A rate of each currency at the start, but for one: that is missing until somebody sets it. */
async function openRates(tx: Transaction, context: AuditContext, entity: ModelEntity): Promise<void> {
  const date = '2023-10-31';
  for (const currency of modelCurrencies) {
    if (currency === entity.base || (currency === 'KWD' && entity.base === 'JPY')) continue;
    const rate = rateText(entity.base, currency, 1000);
    await setExchangeRate(tx, entity.id, { currency, date, rate }, context);
    entity.rates.set(currency, new Map([[date, rate]]));
  }
}
