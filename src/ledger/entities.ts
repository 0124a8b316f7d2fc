import { isCurrency } from '../kernel/currencies.ts';
import { type CalendarDate, dateInZone, isTimeZone } from '../kernel/dates.ts';
import { type FieldError, TributaryError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { type AuditContext, appendAuditEntries } from '../platform/audit/audit-store.ts';
import type { Transaction } from '../platform/database/database.ts';
import { setAccountRoleRows } from './account-roles-store.ts';
import { insertAccounts } from './accounts-store.ts';
import { type Entity, findEntity, insertEntity } from './entities-store.ts';
import type { EntityScope } from './entity-scope.ts';
import { insertDefaultItem } from './items-store.ts';
import { insertNumberSeries } from './number-series-store.ts';
import { type FiscalYearStart, fiscalStartDayMax } from './periods/fiscal-calendar.ts';
import { fiscalDayMin, seedFiscalYears } from './periods/fiscal-years.ts';
import { standardChart } from './standard-chart.ts';

export interface NewEntity {
  readonly name: string;
  readonly mode: 'live' | 'test';
  /** ISO 4217. */
  readonly baseCurrency: string;
  /** IANA name; default UTC. */
  readonly timeZone?: string;
  /** Default 30. */
  readonly termsDays?: number;
  /** Default: January 1. */
  readonly fiscalYearStart?: FiscalYearStart;
  /** The first day that its fiscal years reach to; absent: five years back. */
  readonly booksFrom?: CalendarDate;
}

const nameLengthMax = 200;
const termsDaysMax = 3650;

/** What is wrong with the fields of an entity, by field. */
export function entityFieldErrors(entity: Entity): FieldError[] {
  const errors: FieldError[] = [];
  if (entity.name === '' || entity.name.length > nameLengthMax) {
    errors.push({ field: 'name', message: `Give a name of at most ${nameLengthMax} characters.` });
  }
  if (!isTimeZone(entity.timeZone)) {
    errors.push({ field: 'timeZone', message: 'Give an IANA time zone, such as Europe/Berlin.' });
  }
  if (!Number.isInteger(entity.termsDays) || entity.termsDays < 0 || entity.termsDays > termsDaysMax) {
    errors.push({ field: 'termsDays', message: `Give whole days from 0 to ${termsDaysMax}.` });
  }
  const { month, day } = entity.fiscalYearStart;
  const isDay = Number.isInteger(month) && month >= 1 && month <= 12 && Number.isInteger(day) && day >= 1;
  if (!isDay || day > fiscalStartDayMax) {
    const message = `Give a month from 1 to 12 and a day from 1 to ${fiscalStartDayMax}, which every month has.`;
    errors.push({ field: 'fiscalYearStart', message });
  }
  return errors;
}

/**
 * Makes an entity that can be worked with at once: standard chart of accounts, account roles, number series, fiscal years from
 * five back to one ahead, and the default item ("Sales", SKU `DEFAULT`). Errors: `invalid_request` (name, time zone, terms, fiscal year,
 * first day), `unknown_currency`, `conflict` (name taken).
 */
export async function createEntity(
  tx: Transaction,
  fields: NewEntity,
  context: AuditContext,
): Promise<Entity> {
  const entity: Entity = {
    id: newId(),
    organizationId: context.organizationId,
    name: fields.name.trim(),
    mode: fields.mode,
    baseCurrency: fields.baseCurrency,
    timeZone: fields.timeZone ?? 'UTC',
    termsDays: fields.termsDays ?? 30,
    fiscalYearStart: fields.fiscalYearStart ?? { month: 1, day: 1 },
  };
  const { booksFrom } = fields;
  const errors = entityFieldErrors(entity);
  if (booksFrom !== undefined && booksFrom < fiscalDayMin) {
    errors.push({ field: 'booksFrom', message: `Give a day from ${fiscalDayMin} on.` });
  }
  if (errors.length > 0) throw new TributaryError('invalid_request', null, { fields: errors });
  if (!isCurrency(entity.baseCurrency)) throw new TributaryError('unknown_currency', entity.baseCurrency);
  if (!(await insertEntity(tx, entity))) {
    throw new TributaryError('conflict', `There is a ${entity.mode} entity ${entity.name} already.`);
  }
  const scope: EntityScope = { organizationId: entity.organizationId, entityId: entity.id };
  await seedChartOfAccounts(tx, scope);
  await insertNumberSeries(tx, scope);
  const today = dateInZone(new Date(), entity.timeZone);
  await seedFiscalYears(tx, scope, entity.fiscalYearStart, { today, booksFrom }, context.actor);
  await insertDefaultItem(tx, scope, newId());
  await appendAuditEntries(tx, context, [
    { action: 'entity.created', subjectType: 'entity', subjectId: entity.id, after: entity },
  ]);
  return entity;
}

/** Gives a new entity the standard chart and its account roles. */
export async function seedChartOfAccounts(tx: Transaction, scope: EntityScope): Promise<void> {
  const accounts = standardChart.map((account) => ({ ...account, id: newId() }));
  await insertAccounts(tx, scope, accounts);
  const roles = accounts.flatMap(({ id, role }) => (role === undefined ? [] : [{ role, accountId: id }]));
  await setAccountRoleRows(tx, scope, roles);
}

/** Errors: `not_found`. */
export async function getEntity(tx: Transaction, entityId: string): Promise<Entity> {
  const entity = await findEntity(tx, entityId);
  if (!entity) throw new TributaryError('not_found', 'There is no such entity.');
  return entity;
}
