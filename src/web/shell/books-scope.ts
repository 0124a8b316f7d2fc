import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { pageLimitMax } from '../../contract/wire.ts';
import { apiQuery } from '../api/query.ts';

export const entitiesQuery = apiQuery('listEntities', { query: { limit: pageLimitMax } });
export const connectionsQuery = apiQuery('listConnections', { query: { limit: pageLimitMax } });

export type Mode = 'live' | 'test';

/** Whose books a page shows: one entity, or all of a mode. Live and test are never shown together. */
export interface BooksScope {
  readonly mode: Mode;
  /** Undefined: all entities of the mode. */
  readonly entityId: string | undefined;
  readonly label: string;
  /** As it stands in the address: an entity's id, `live` or `test`. */
  readonly value: string;
}

const storageKey = 'tributary entity';

export function rememberScope(value: string): void {
  localStorage.setItem(storageKey, value);
}

/** From the address, else what was chosen last, else where there is something to see. */
export function useBooksScope(): BooksScope {
  const search: { readonly entity?: string } = useSearch({ strict: false });
  const entities = useEntities();
  const connections = useQuery(connectionsQuery).data?.data ?? [];
  const known = (value: string | null | undefined): value is string =>
    value != null && (value === 'live' || value === 'test' || entities.some(({ id }) => id === value));
  const remembered = localStorage.getItem(storageKey);
  const connected = connections.find(({ mode }) => mode === 'live')?.entity.id ?? connections[0]?.entity.id;
  const firstLive = entities.find(({ mode }) => mode === 'live')?.id;
  const value = [search.entity, remembered, connected, firstLive].find(known) ?? 'live';
  const entity = entities.find(({ id }) => id === value);
  if (entity) return { mode: entity.mode, entityId: entity.id, label: entity.name, value };
  return value === 'test'
    ? { mode: 'test', entityId: undefined, label: 'All test entities', value }
    : { mode: 'live', entityId: undefined, label: 'All entities', value };
}

export function useEntities() {
  return useSuspenseQuery(entitiesQuery).data.data;
}

/** The entity for pages that are about exactly one: that of the scope, else the first of its mode. */
export function useOneEntity() {
  const scope = useBooksScope();
  const entities = useEntities();
  return (
    entities.find(({ id }) => id === scope.entityId) ??
    entities.find(({ mode }) => mode === scope.mode) ??
    entities[0]
  );
}
