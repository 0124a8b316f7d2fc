import type { Call } from './call.ts';
import { objectTypeOf, queryList } from './call.ts';
import { type ObjectType, type ObjectTypeName, primaryAssociationTypeId } from './object-types.ts';

/**
 * The `associations` value of a listed or single record, as JSON text; empty when the caller asked for none.
 * As in live answers a primary company appears twice (`deal_to_company` and `deal_to_company_unlabeled`), and a
 * record with no association of a type has no key for it.
 */
export function inlineAssociations(
  call: Call,
  from: ObjectType,
  id: number,
  wanted: readonly ObjectType[],
): string {
  const parts = wanted.flatMap((to) => {
    const ids = call.portal.liveAssociations(from.name, id, to.name);
    if (ids.length === 0) return [];
    const key = to.name === 'line_items' ? call.sandbox.behaviour.lineItemsKey : to.associationKey;
    return [`${JSON.stringify(key)}:${inlineList(call, from, id, to, ids)}`];
  });
  return parts.length === 0 ? '' : `{${parts.join(',')}}`;
}

function inlineList(
  call: Call,
  from: ObjectType,
  id: number,
  to: ObjectType,
  ids: readonly number[],
): string {
  const size = call.sandbox.behaviour.inlineAssociationPageSize;
  const shown = ids.length > size ? ids.slice(0, size) : ids;
  const results = shown.flatMap((toId) =>
    inlineTypes(call, from.name, id, to, toId).map((type) => `{"id":"${toId}","type":"${type}"}`),
  );
  const next = ids[size];
  if (next === undefined) return `{"results":[${results.join(',')}]}`;
  const link = `https://api.hubapi.com/crm/objects/${call.version}/${from.name}/${id}/associations/${to.name}?after=${next}`;
  return `{"results":[${results.join(',')}],"paging":{"next":{"after":"${next}","link":"${link}"}}}`;
}

function inlineTypes(call: Call, from: ObjectTypeName, id: number, to: ObjectType, toId: number): string[] {
  const singular = call.sandbox.singularOf(from);
  const plain = `${singular}_to_${to.singular}`;
  if (primaryAssociationTypeId(from, to.name) === undefined) return [plain];
  const unlabeled = `${plain}_unlabeled`;
  return call.portal.associations.isPrimary(from, id, to.name, toId) ? [plain, unlabeled] : [unlabeled];
}

/** The types named in the query's `associations`. */
export function wantedAssociations(call: Call): ObjectType[] {
  return queryList(call, 'associations').map((alias) => objectTypeOf(alias));
}
