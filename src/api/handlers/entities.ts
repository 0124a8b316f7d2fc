import type { Handlers } from '../../contract/handler.ts';
import { TributaryError } from '../../kernel/errors.ts';
import { createEntity } from '../../ledger/entities.ts';
import { type Entity, findEntity, listEntities } from '../../ledger/entities-store.ts';
import type { Database, Transaction } from '../../platform/database/database.ts';
import { pageOfRows } from '../page-of-rows.ts';

export type EntityOperationId = 'listEntities' | 'createEntity';

function entityToWire(entity: Entity) {
  return {
    id: entity.id,
    name: entity.name,
    mode: entity.mode,
    baseCurrency: entity.baseCurrency,
    timeZone: entity.timeZone,
    termsDays: entity.termsDays,
  };
}

/** The legal companies whose books are kept. */
export function entityHandlers(database: Database): Handlers<EntityOperationId> {
  return {
    listEntities: async ({ organizationId }, { query }) => {
      const entities = await database.withOrganization(organizationId, listEntities);
      return pageOfRows(entities.map(entityToWire), query, (entity) => entity.id);
    },
    createEntity: async (caller, { body }) =>
      entityToWire(
        await database.withOrganization(caller.organizationId, (tx) => createEntity(tx, body, caller)),
      ),
  };
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
