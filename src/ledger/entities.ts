import { isCurrency } from '../kernel/currencies.ts';
import { isTimeZone } from '../kernel/dates.ts';
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
}

const nameLengthMax = 200;
const termsDaysMax = 3650;

function fieldErrors(entity: Entity): FieldError[] {
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
  return errors;
}

/**
 * Makes an entity that can be worked with at once: standard chart of accounts, account roles, number series and the default item
 * ("Sales", SKU `DEFAULT`). Errors: `invalid_request` (name, time zone, terms), `unknown_currency`, `conflict` (name taken).
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
  };
  const errors = fieldErrors(entity);
  if (errors.length > 0) throw new TributaryError('invalid_request', null, { fields: errors });
  if (!isCurrency(entity.baseCurrency)) throw new TributaryError('unknown_currency', entity.baseCurrency);
  if (!(await insertEntity(tx, entity))) {
    throw new TributaryError('conflict', `There is a ${entity.mode} entity ${entity.name} already.`);
  }
  const scope: EntityScope = { organizationId: entity.organizationId, entityId: entity.id };
  await seedChartOfAccounts(tx, scope);
  await insertNumberSeries(tx, scope);
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
