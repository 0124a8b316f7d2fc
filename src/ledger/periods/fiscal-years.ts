import { addDays, type CalendarDate } from '../../kernel/dates.ts';
import { TributaryError } from '../../kernel/errors.ts';
import { addMonths } from '../../kernel/months.ts';
import { type AuditContext, appendAuditEntries } from '../../platform/audit/audit-store.ts';
import type { Transaction } from '../../platform/database/database.ts';
import type { EntityScope } from '../entity-scope.ts';
import { type FiscalYearStart, planFiscalYear, planFiscalYears } from './fiscal-calendar.ts';
import { findFiscalReach, type FiscalYear, findFiscalYear, insertFiscalYears } from './periods-store.ts';

/** How far the years of a new entity reach back and ahead. */
const yearsBack = 5;
const yearsAhead = 1;
/** Nobody keeps books before this day, and the first year cannot be moved before it. */
export const fiscalDayMin = '1900-01-01' as CalendarDate;
/** Nor after this one: a later day is a typing error. */
export const fiscalDayMax = '2200-12-31' as CalendarDate;

/** Gives a new entity its years: from five back, or from the one that `booksFrom` lies in, to one ahead. */
export async function seedFiscalYears(
  tx: Transaction,
  scope: EntityScope,
  start: FiscalYearStart,
  days: { readonly today: CalendarDate; readonly booksFrom?: CalendarDate | undefined },
  actor: string,
): Promise<void> {
  const { today, booksFrom = addMonths(startOfMonth(today), -12 * yearsBack) } = days;
  const from = booksFrom < today ? booksFrom : today;
  const years = planFiscalYears(from, addMonths(startOfMonth(today), 12 * yearsAhead), start);
  await insertFiscalYears(tx, scope, years, actor);
}

/** Within the same month as the day, and a day that every month has. */
function startOfMonth(date: CalendarDate): CalendarDate {
  return `${date.slice(0, 7)}-01` as CalendarDate;
}

/**
 * Adds the year before the first one or after the last one. Errors: `not_found` (no such entity has years), `invalid_request` (further
 * than books reach), `conflict` (somebody else has added it just now).
 */
export async function addFiscalYear(
  tx: Transaction,
  scope: EntityScope,
  which: 'earlier' | 'later',
  context: AuditContext,
): Promise<FiscalYear> {
  const reach = await findFiscalReach(tx, scope.entityId);
  if (!reach) throw new TributaryError('not_found', 'The entity has no fiscal year.');
  const startDate = which === 'later' ? addDays(reach.lastDay, 1) : addMonths(reach.firstDay, -12);
  if (startDate < fiscalDayMin || startDate > fiscalDayMax) {
    throw new TributaryError(
      'invalid_request',
      `Fiscal years reach from ${fiscalDayMin} to ${fiscalDayMax}.`,
    );
  }
  const added = await insertYear(tx, scope, startDate, context);
  if (!added) throw new TributaryError('conflict', 'The fiscal year is there already.');
  return added;
}

/**
 * Makes the year after the last one of the entity, where one of these days lies in it. A day further away is left: it is more likely
 * a typing error than the future. Returns whether a year is there now that was not.
 */
export async function extendFiscalYears(
  tx: Transaction,
  scope: EntityScope,
  days: readonly CalendarDate[],
  context: AuditContext,
): Promise<boolean> {
  const reach = await findFiscalReach(tx, scope.entityId);
  if (!reach) return false;
  const startDate = addDays(reach.lastDay, 1);
  const { endDate } = planFiscalYear(startDate);
  if (!days.some((day) => day >= startDate && day <= endDate)) return false;
  await insertYear(tx, scope, startDate, context);
  return true;
}

/** Null: another transaction has made it. */
async function insertYear(
  tx: Transaction,
  scope: EntityScope,
  startDate: CalendarDate,
  context: AuditContext,
): Promise<FiscalYear | null> {
  const [id] = await insertFiscalYears(tx, scope, [planFiscalYear(startDate)], context.actor);
  const year = id === undefined ? null : await findFiscalYear(tx, id);
  if (!year) return null;
  await appendAuditEntries(tx, context, [
    {
      action: 'fiscal_year.added',
      subjectType: 'fiscal_year',
      subjectId: year.id,
      after: { entityId: scope.entityId, name: year.name, startDate: year.startDate, endDate: year.endDate },
    },
  ]);
  return year;
}
