import type { HandlerOutput, Handlers } from '../../contract/handler.ts';
import { TributaryError } from '../../kernel/errors.ts';
import { formatMinor } from '../../kernel/money.ts';
import { getEntity } from '../../ledger/entities.ts';
import { addFiscalYear } from '../../ledger/periods/fiscal-years.ts';
import { changePeriodStatus } from '../../ledger/periods/period-status.ts';
import {
  findFiscalYear,
  type FiscalYear,
  listFiscalPeriods,
  listFiscalYears,
} from '../../ledger/periods/periods-store.ts';
import {
  closeFiscalYear,
  previewYearClose,
  reopenFiscalYear,
  type YearClosePreview,
} from '../../ledger/periods/year-end-close.ts';
import { listUnclosedYearIds } from '../../ledger/periods/year-end-close-store.ts';
import type { Database, Transaction } from '../../platform/database/database.ts';
import { pageOfRows } from '../page-of-rows.ts';
import { entityOrAll } from './entities.ts';

export type FiscalOperationId =
  | 'listFiscalYears'
  | 'getFiscalYear'
  | 'addFiscalYear'
  | 'changeFiscalPeriod'
  | 'previewYearClose'
  | 'closeFiscalYear'
  | 'reopenFiscalYear';

type YearOutput = HandlerOutput<'addFiscalYear'>;

/** Fiscal years, periods and the year-end close. */
export function fiscalHandlers(database: Database): Handlers<FiscalOperationId> {
  return {
    listFiscalYears: async ({ organizationId }, { query }) => {
      const years = await database.withOrganization(organizationId, async (tx) => {
        const all = [];
        for (const { id } of await entityOrAll(tx, query.entityId)) {
          all.push(...(await yearsToWire(tx, id, await listFiscalYears(tx, id))));
        }
        return all;
      });
      return pageOfRows(years, query, ({ id }) => id);
    },
    getFiscalYear: ({ organizationId }, { params }) =>
      database.withOrganization(organizationId, (tx) => yearOutput(tx, params.id)),
    addFiscalYear: (caller, { body }) =>
      database.withOrganization(caller.organizationId, async (tx) => {
        const { id: entityId, organizationId } = await getEntity(tx, body.entityId);
        const year = await addFiscalYear(tx, { organizationId, entityId }, body.which, caller);
        return yearOutput(tx, year.id);
      }),
    changeFiscalPeriod: (caller, { params, body }) =>
      database.withOrganization(caller.organizationId, async (tx) => ({
        data: await changePeriodStatus(tx, params.id, body, caller),
      })),
    previewYearClose: ({ organizationId }, { params }) =>
      database.withOrganization(organizationId, async (tx) =>
        previewToWire(await previewYearClose(tx, params.id)),
      ),
    closeFiscalYear: (caller, { params, body }) =>
      database.withOrganization(caller.organizationId, async (tx) => {
        const closed = await closeFiscalYear(tx, params.id, body, caller);
        return { ...closed, year: await yearOutput(tx, params.id) };
      }),
    reopenFiscalYear: (caller, { params, body }) =>
      database.withOrganization(caller.organizationId, async (tx) => {
        const entryIds = await reopenFiscalYear(tx, params.id, body, caller);
        return { entryIds, year: await yearOutput(tx, params.id) };
      }),
  };
}

async function yearsToWire(
  tx: Transaction,
  entityId: string,
  years: readonly FiscalYear[],
): Promise<YearOutput[]> {
  const periods = await listFiscalPeriods(tx, entityId);
  const unclosed = new Set(await listUnclosedYearIds(tx, entityId));
  return years.map((year) => ({
    ...year,
    hasUnclosedResult: unclosed.has(year.id),
    periods: periods.filter(({ fiscalYearId }) => fiscalYearId === year.id),
  }));
}

async function yearOutput(tx: Transaction, yearId: string): Promise<YearOutput> {
  const year = await findFiscalYear(tx, yearId);
  const [output] = year ? await yearsToWire(tx, year.entityId, [year]) : [];
  if (!output) throw new TributaryError('not_found', 'There is no such fiscal year.');
  return output;
}

function previewToWire(preview: YearClosePreview): HandlerOutput<'previewYearClose'> {
  const { year, entity, nets, lines, retainedEarnings, openPeriods } = preview;
  const accounts = new Map<string, { number: string; name: string; type: YearAccountType }>(
    nets.map((net) => [net.accountId, net]),
  );
  accounts.set(retainedEarnings.id, retainedEarnings);
  return {
    year: { id: year.id, name: year.name, endDate: year.endDate },
    currency: entity.baseCurrency,
    result: formatMinor(preview.resultMinor, entity.baseCurrency),
    warnings: preview.warnings,
    lines: lines.map(({ accountId, currency, amountMinor, baseMinor }) => {
      const account = accounts.get(accountId) ?? retainedEarnings;
      return {
        account: account.number,
        accountName: account.name,
        type: account.type,
        currency,
        ...sides(amountMinor, currency),
        ...baseSides(baseMinor, entity.baseCurrency),
      };
    }),
    periods: openPeriods.map(({ id, name }) => ({ id, name })),
  };
}

type YearAccountType = YearClosePreview['retainedEarnings']['type'];

function sides(minor: bigint, currency: string) {
  return {
    debit: formatMinor(minor > 0n ? minor : 0n, currency),
    credit: formatMinor(minor < 0n ? -minor : 0n, currency),
  };
}

function baseSides(minor: bigint, currency: string) {
  const { debit: baseDebit, credit: baseCredit } = sides(minor, currency);
  return { baseDebit, baseCredit };
}
