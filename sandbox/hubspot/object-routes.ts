import { type Answer, json, noContent, notFound, refuse } from './answer.ts';
import {
  bodyInputs,
  bodyObject,
  type Call,
  callSource,
  idOf,
  limitOf,
  queryList,
  stringList,
  textOf,
} from './call.ts';
import { inlineAssociations, wantedAssociations } from './inline-associations.ts';
import { jsonPage } from './json-page.ts';
import type { ObjectType } from './object-types.ts';
import type { CrmRecord } from './record.ts';
import { prepareView, recordJson, writtenView } from './record-view.ts';

/** Records a page, and the lower limit when property histories are asked for. */
const LIST_LIMIT_MAX = 100;
const LIST_WITH_HISTORY_MAX = 50;
export const BATCH_INPUTS_MAX = 100;

/** GET /crm/objects/{version}/{type}: by id, `after` is the next record's id. */
export function listRecords(call: Call, type: ObjectType): Answer {
  const history = queryList(call, 'propertiesWithHistory');
  const limit = limitOf(call, 10, history.length > 0 ? LIST_WITH_HISTORY_MAX : LIST_LIMIT_MAX);
  const archived = call.query.get('archived') === 'true';
  const after = call.query.get('after');
  const first = after === null ? 0 : idOf(after);
  if (Number.isNaN(first)) throw refuse('invalid_cursor', `Invalid value for after: ${after ?? ''}`);
  const wanted = wantedAssociations(call);
  const view = prepareView(call.portal, type.name, queryList(call, 'properties'), history);
  const { records, next } = page(call, type, first, limit, archived);
  const results = records.map((record) =>
    recordJson(call.portal, record, view, archived ? '' : inlineAssociations(call, type, record.id, wanted)),
  );
  const link = `https://api.hubapi.com${call.path}?after=${next ?? ''}&limit=${limit}`;
  const paging = next === null ? '' : `,"paging":{"next":{"after":"${next}","link":${JSON.stringify(link)}}}`;
  return json(jsonPage('{"results":[', results, `]${paging}}`));
}

function page(
  call: Call,
  type: ObjectType,
  first: number,
  limit: number,
  archived: boolean,
): { records: CrmRecord[]; next: number | null } {
  const ids = archived ? call.portal.archivedIds(type.name) : call.portal.ids(type.name);
  const records: CrmRecord[] = [];
  for (let at = lowerBound(ids, first); at < ids.length; at += 1) {
    const record = call.portal.find(type.name, ids[at] ?? 0);
    if (record === undefined || (record.archivedAt !== 0) !== archived) continue;
    if (records.length === limit) return { records, next: record.id };
    records.push(record);
  }
  return { records, next: null };
}

function lowerBound(ids: readonly number[], value: number): number {
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ids[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** GET /crm/objects/{version}/{type}/{id}: a merged-away id answers the surviving record. */
export function getRecord(call: Call, type: ObjectType, idText: string): Answer {
  const archived = call.query.get('archived') === 'true';
  const idProperty = call.query.get('idProperty');
  const record =
    idProperty === null
      ? call.portal.findSurviving(type.name, idOf(idText))
      : findByUnique(call, type, idProperty, decodeURIComponent(idText));
  if (record === undefined || (record.archivedAt !== 0) !== archived) throw notFound('resource not found');
  const view = prepareView(
    call.portal,
    type.name,
    queryList(call, 'properties'),
    queryList(call, 'propertiesWithHistory'),
  );
  const associations = inlineAssociations(call, type, record.id, wantedAssociations(call));
  return json(recordJson(call.portal, record, view, associations));
}

/** Finds a live record by a unique property; a merged contact's other addresses are not kept. */
export function findByUnique(
  call: Call,
  type: ObjectType,
  property: string,
  value: string,
): CrmRecord | undefined {
  if (property === 'hs_object_id') return call.portal.find(type.name, idOf(value));
  if (call.portal.properties(type.name).get(property)?.hasUniqueValue !== true) {
    throw refuse('not_unique_property', `Property ${property} is not a unique property of ${type.name}`);
  }
  return call.sandbox.unique(call.portal).find(type.name, property, value);
}

/**
 * POST …/batch/read: at most 100 ids. Missing and archived ids are silently omitted, and so are unknown
 * properties; doubled ids come once. Cannot return associations.
 */
export function batchRead(call: Call, type: ObjectType): Answer {
  const startedAt = call.sandbox.iso();
  const body = bodyObject(call);
  const inputs = bodyInputs(body, BATCH_INPUTS_MAX);
  const history = stringList(body.propertiesWithHistory);
  if (history.length > 0 && inputs.length > LIST_WITH_HISTORY_MAX) {
    throw refuse(
      'too_many_inputs',
      `At most ${LIST_WITH_HISTORY_MAX} inputs can be read with property history.`,
    );
  }
  if (body.associations !== undefined) {
    call.note('batch_read_associations', 'batch/read cannot return associations; the field was ignored');
  }
  const archived = call.query.get('archived') === 'true';
  const dropped = call.sandbox.faults.droppedIds(call);
  const view = prepareView(call.portal, type.name, stringList(body.properties), history);
  const idProperty = textOf(body.idProperty);
  const seen = new Set<number>();
  const results: string[] = [];
  for (const input of inputs) {
    const record =
      idProperty === ''
        ? call.portal.find(type.name, idOf(input.id))
        : findByUnique(call, type, idProperty, textOf(input.id));
    if (record === undefined || (record.archivedAt !== 0) !== archived) continue;
    if (seen.has(record.id) || dropped.has(String(record.id))) continue;
    seen.add(record.id);
    results.push(recordJson(call.portal, record, view));
  }
  const completedAt = call.sandbox.iso();
  const tail = `],"startedAt":"${startedAt}","completedAt":"${completedAt}"}`;
  return json(jsonPage('{"status":"COMPLETE","results":[', results, tail));
}

/** DELETE /crm/objects/{version}/{type}/{id}: archiving twice, or nothing, is still 204. */
export function archiveRecord(call: Call, type: ObjectType, idText: string): Answer {
  const record = call.portal.find(type.name, idOf(idText));
  if (record !== undefined && record.archivedAt === 0) call.portal.archive(record, callSource(call));
  return noContent();
}

/** POST …/batch/archive: at most 100 ids. */
export function batchArchive(call: Call, type: ObjectType): Answer {
  for (const input of bodyInputs(bodyObject(call), BATCH_INPUTS_MAX)) {
    const record = call.portal.find(type.name, idOf(input.id));
    if (record !== undefined && record.archivedAt === 0) call.portal.archive(record, callSource(call));
  }
  return noContent();
}

/** POST …/merge {primaryObjectId, objectIdToMerge}: A and B become a new record C. */
export function mergeRecords(call: Call, type: ObjectType): Answer {
  if (type.name === 'line_items' || type.name === 'invoices') {
    throw refuse('unknown_endpoint', `Object type ${type.typeId} does not support merging.`);
  }
  const body = bodyObject(call);
  const primary = call.portal.find(type.name, idOf(body.primaryObjectId));
  const other = call.portal.find(type.name, idOf(body.objectIdToMerge));
  if (primary === undefined || other === undefined || primary.archivedAt + other.archivedAt !== 0) {
    throw notFound('resource not found');
  }
  if (primary.id === other.id) throw refuse('invalid_merge', 'A record cannot be merged into itself.');
  const keep = call.sandbox.behaviour.mergeKeepsPrimaryId;
  const merged = call.portal.merge(primary, other, keep, callSource(call));
  return json(recordJson(call.portal, merged, writtenView(call.portal, merged)));
}

/** POST /crm/objects/{version}/contacts/gdpr-delete {objectId, idProperty?}: a hard delete. */
export function gdprDelete(call: Call, type: ObjectType): Answer {
  if (type.name !== 'contacts') throw refuse('unknown_endpoint', 'Only contacts can be deleted for GDPR.');
  const body = bodyObject(call);
  const idProperty = textOf(body.idProperty);
  const record =
    idProperty === ''
      ? call.portal.find(type.name, idOf(body.objectId))
      : findByUnique(call, type, idProperty, textOf(body.objectId));
  if (record !== undefined) call.portal.purge(record, callSource(call));
  return noContent();
}
