import { propertyReader } from './calculated.ts';
import { isoText } from './iso-text.ts';
import { type ObjectTypeName, OBJECT_TYPES } from './object-types.ts';
import type { Portal } from './portal.ts';
import type { CrmRecord } from './record.ts';

/** Which properties a caller wants to see; prepared once for a whole page of records. */
export interface RecordView {
  readonly columns: readonly { readonly key: string; readonly read: ReturnType<typeof propertyReader> }[];
  readonly history: readonly string[];
}

/**
 * Prepares a view. Unknown names are silently omitted; the id and both dates always come; the order is
 * alphabetical, as in recorded answers.
 */
export function prepareView(
  portal: Portal,
  type: ObjectTypeName,
  requested: readonly string[],
  history: readonly string[] = [],
): RecordView {
  const definitions = portal.properties(type);
  const objectType = OBJECT_TYPES[type];
  const named = [...requested, ...history];
  const wanted = named.length === 0 ? objectType.defaultProperties : named;
  const names = new Set(['hs_object_id', 'createdate', objectType.modifiedProperty]);
  for (const name of wanted) {
    const definition = definitions.get(name);
    if (definition !== undefined && !definition.archived) names.add(name);
  }
  return {
    columns: [...names]
      .sort()
      .map((name) => ({ key: `${JSON.stringify(name)}:`, read: propertyReader(type, name) })),
    history: history.filter((name) => definitions.get(name)?.archived === false),
  };
}

/** The deep link of a record. */
export function recordUrl(portal: Portal, record: CrmRecord): string {
  const typeId = OBJECT_TYPES[record.type].typeId;
  return `https://${uiDomain(portal)}/contacts/${portal.id}/record/${typeId}/${record.id}`;
}

export function uiDomain(portal: Portal): string {
  return portal.currency === 'EUR' ? 'app-eu1.hubspot.com' : 'app.hubspot.com';
}

/**
 * A record as JSON text. Written by hand because a page of 100 deals with 25 properties is the sandbox's hot
 * path: building objects only to stringify them costs about as much again.
 */
export function recordJson(portal: Portal, record: CrmRecord, view: RecordView, associations = ''): string {
  let properties = '';
  for (const column of view.columns) {
    const value = column.read(portal, record);
    const text = value === null ? 'null' : JSON.stringify(value);
    properties += properties === '' ? `${column.key}${text}` : `,${column.key}${text}`;
  }
  const history =
    view.history.length === 0 ? '' : `,"propertiesWithHistory":${historyJson(portal, record, view)}`;
  const archivedAt = record.archivedAt === 0 ? '' : `,"archivedAt":"${isoText(record.archivedAt)}"`;
  return (
    `{"id":"${record.id}","properties":{${properties}}${history}` +
    `,"createdAt":"${isoText(record.createdAt)}"` +
    `,"updatedAt":"${isoText(record.updatedAt)}"` +
    `,"archived":${record.archivedAt !== 0}${archivedAt}` +
    `,"url":"${recordUrl(portal, record)}"${associations === '' ? '' : `,"associations":${associations}`}}`
  );
}

function historyJson(portal: Portal, record: CrmRecord, view: RecordView): string {
  const entries = view.history.map((name) => {
    const known = portal.history(record.type, record.id, name);
    const current = propertyReader(record.type, name)(portal, record);
    const first =
      current === null ? [] : [{ value: current, timestamp: record.createdAt, sourceType: 'CRM_UI' }];
    const versions = (known.length === 0 ? first : known).map((entry) => ({
      value: entry.value,
      timestamp: new Date(entry.timestamp).toISOString(),
      sourceType: entry.sourceType,
    }));
    return [name, versions] as const;
  });
  return JSON.stringify(Object.fromEntries(entries));
}

/** The full set of stored and always-present properties, as create and update answer it. */
export function writtenView(portal: Portal, record: CrmRecord): RecordView {
  return prepareView(portal, record.type, Object.keys(record.properties));
}
