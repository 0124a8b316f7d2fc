import type { HandlerOutput, Handlers } from '../../contract/handler.ts';
import { TributaryError } from '../../kernel/errors.ts';
import { createEntity, getEntity, type NewEntity } from '../../ledger/entities.ts';
import { type Entity, findEntity, listEntities } from '../../ledger/entities-store.ts';
import { changeEntity, getCompanyDetails } from '../../ledger/entity-details.ts';
import { readEntityLogo, readEntityUse, readLogoFacts } from '../../ledger/entity-details-store.ts';
import { removeEntityLogo, setEntityLogo } from '../../ledger/entity-logo.ts';
import { changeNumberSeries } from '../../ledger/number-series.ts';
import { listNumberSeries, type NumberSeries } from '../../ledger/number-series-store.ts';
import type { Database, Transaction } from '../../platform/database/database.ts';
import { optionalCalendarDate } from '../calendar-date.ts';
import { pageOfRows } from '../page-of-rows.ts';
import { withoutUndefined } from '../without-undefined.ts';

export type EntityOperationId =
  | 'listEntities'
  | 'createEntity'
  | 'getEntity'
  | 'updateEntity'
  | 'getEntityLogo'
  | 'setEntityLogo'
  | 'deleteEntityLogo'
  | 'changeNumberSeries';

function entityToWire(entity: Entity) {
  return {
    id: entity.id,
    name: entity.name,
    mode: entity.mode,
    baseCurrency: entity.baseCurrency,
    timeZone: entity.timeZone,
    termsDays: entity.termsDays,
    fiscalYearStart: entity.fiscalYearStart,
  };
}

function seriesToWire(series: NumberSeries) {
  const { kind, prefix, digits, nextNumber } = series;
  const example = `${prefix}${nextNumber.toString().padStart(digits, '0')}`;
  // At most 10^12: the ledger takes no higher one.
  return { kind, prefix, digits, nextNumber: Number(nextNumber), example };
}

async function entityDetails(tx: Transaction, entityId: string): Promise<HandlerOutput<'getEntity'>> {
  const entity = await getEntity(tx, entityId);
  const { hasEntries, hasDocuments, hasRates, hasClosedPeriods } = await readEntityUse(tx, entityId);
  return {
    ...entityToWire(entity),
    ...(await getCompanyDetails(tx, entityId)),
    logo: await readLogoFacts(tx, entityId),
    numberSeries: (await listNumberSeries(tx, entityId)).map(seriesToWire),
    canChange: {
      baseCurrency: !hasEntries && !hasDocuments && !hasRates,
      fiscalYearStart: !hasEntries && !hasClosedPeriods,
    },
  };
}

/** The legal companies whose books are kept. */
export function entityHandlers(database: Database): Handlers<EntityOperationId> {
  return {
    listEntities: async ({ organizationId }, { query }) => {
      const entities = await database.withOrganization(organizationId, listEntities);
      return pageOfRows(entities.map(entityToWire), query, (entity) => entity.id);
    },
    createEntity: (caller, { body }) =>
      database.withOrganization(caller.organizationId, async (tx) => {
        const booksFrom = optionalCalendarDate('booksFrom', body.booksFrom);
        const { fiscalYearStart, ...fields } = body;
        const draft = { ...fields, ...withoutUndefined({ booksFrom, fiscalYearStart }) };
        return entityToWire(await createEntity(tx, draft as NewEntity, caller));
      }),
    getEntity: ({ organizationId }, { params }) =>
      database.withOrganization(organizationId, (tx) => entityDetails(tx, params.id)),
    updateEntity: (caller, { params, body }) =>
      database.withOrganization(caller.organizationId, async (tx) => {
        await changeEntity(tx, params.id, withoutUndefined(body), caller);
        return entityDetails(tx, params.id);
      }),
    ...logoHandlers(database),
    changeNumberSeries: (caller, { params, body }) =>
      database.withOrganization(caller.organizationId, async (tx) => {
        const { id: entityId, organizationId } = await getEntity(tx, params.id);
        const { nextNumber, ...look } = body;
        const change = {
          ...withoutUndefined(look),
          ...(nextNumber === undefined ? {} : { nextNumber: BigInt(nextNumber) }),
        };
        const scope = { organizationId, entityId };
        return seriesToWire(await changeNumberSeries(tx, scope, params.kind, change, caller));
      }),
  };
}

function logoHandlers(database: Database): Handlers<'getEntityLogo' | 'setEntityLogo' | 'deleteEntityLogo'> {
  return {
    getEntityLogo: ({ organizationId }, { params }) =>
      database.withOrganization(organizationId, async (tx) => {
        const logo = await readEntityLogo(tx, params.id);
        if (!logo) throw new TributaryError('not_found', 'The entity has no logo.');
        return { mediaType: logo.mediaType, data: Buffer.from(logo.bytes).toString('base64') };
      }),
    setEntityLogo: (caller, { params, body }) =>
      database.withOrganization(caller.organizationId, async (tx) => {
        await setEntityLogo(tx, params.id, bytesOf(body.data), caller);
        return entityDetails(tx, params.id);
      }),
    deleteEntityLogo: (caller, { params }) =>
      database.withOrganization(caller.organizationId, async (tx) => {
        await removeEntityLogo(tx, params.id, caller);
        return null;
      }),
  };
}

/** Errors: `invalid_request`. */
function bytesOf(base64: string): Uint8Array {
  if (/^[A-Za-z0-9+/]+={0,2}$/.test(base64) && base64.length % 4 === 0) return Buffer.from(base64, 'base64');
  throw new TributaryError('invalid_request', null, {
    fields: [{ field: 'data', message: 'Give the bytes of the picture as base64.' }],
  });
}

/** The entity that is named, else the first live one. Errors: not_found. */
export async function entityOrFirst(tx: Transaction, entityId: string | undefined): Promise<Entity> {
  const [first] = entityId === undefined ? await listEntities(tx) : [await findEntity(tx, entityId)];
  if (!first) throw new TributaryError('not_found', 'There is no such entity.');
  return first;
}

/** The entity that is named, else all of them, live ones first. Errors: not_found. */
export async function entityOrAll(tx: Transaction, entityId: string | undefined): Promise<readonly Entity[]> {
  return entityId === undefined ? listEntities(tx) : [await entityOrFirst(tx, entityId)];
}

/**
 * Whose lists a request means, each as a filter by entity: those of the mode that is asked for, else one list over all entities
 * (null), or the list of the entity that is named.
 */
export async function entityIdsOf(
  tx: Transaction,
  query: { readonly entityId?: string | undefined; readonly mode?: 'live' | 'test' | undefined },
): Promise<readonly string[] | null> {
  if (query.entityId === undefined && query.mode === undefined) return null;
  const entities = await listEntities(tx);
  return entities
    .filter(({ id }) => query.entityId === undefined || id === query.entityId)
    .filter(({ mode }) => query.mode === undefined || mode === query.mode)
    .map(({ id }) => id);
}
