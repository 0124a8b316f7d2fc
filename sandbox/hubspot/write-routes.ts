import { type Answer, json, notFound, refuse } from './answer.ts';
import { associationKind, type AssociationLabel } from './association-store.ts';
import { bodyInputs, bodyObject, type Call, callSource, idOf, textOf } from './call.ts';
import { BATCH_INPUTS_MAX, findByUnique } from './object-routes.ts';
import { jsonPage } from './json-page.ts';
import {
  extraAssociationTypes,
  type ObjectType,
  type ObjectTypeName,
  OBJECT_TYPE_NAMES,
} from './object-types.ts';
import type { CrmRecord } from './record.ts';
import { prepareView, recordJson, writtenView } from './record-view.ts';
import { checkedValues, checkInvoiceOpening, checkRequired } from './write-validation.ts';

interface WantedAssociation {
  readonly to: ObjectTypeName;
  readonly toId: number;
  readonly kind: 'plain' | 'primary' | AssociationLabel;
}

/** Finds the object type and meaning of an association type id, seen from a type. */
function resolveAssociation(
  from: ObjectTypeName,
  typeId: number,
): Omit<WantedAssociation, 'toId'> | undefined {
  for (const to of OBJECT_TYPE_NAMES) {
    const kind = associationKind(from, to, typeId);
    if (kind === 'plain' || kind === 'primary') return { to, kind };
    const extra = extraAssociationTypes(from, to).find((entry) => entry.typeId === typeId);
    if (extra !== undefined) return { to, kind: { category: 'HUBSPOT_DEFINED', ...extra } };
  }
  return undefined;
}

/** Reads the `associations` of a create: [{to: {id}, types: [{associationCategory, associationTypeId}]}]. */
function wantedAssociations(call: Call, type: ObjectType, input: unknown): WantedAssociation[] {
  if (input === undefined || input === null) return [];
  if (!Array.isArray(input))
    throw refuse('malformed_body', 'Invalid input JSON: associations must be a list');
  return input.flatMap((entry: unknown) => {
    const { to, types } = entry as { to?: { id?: unknown }; types?: { associationTypeId?: unknown }[] };
    return (types ?? []).map((spec) => {
      const resolved = resolveAssociation(type.name, Number(spec.associationTypeId));
      const toId = idOf(to?.id);
      if (resolved === undefined) {
        throw refuse(
          'invalid_association',
          `${String(spec.associationTypeId)} is not a valid association type.`,
        );
      }
      if (call.portal.find(resolved.to, toId)?.archivedAt !== 0) {
        throw refuse(
          'invalid_association',
          `One or more associations are not valid: ${textOf(to?.id)} not found`,
        );
      }
      refuseSecondParent(call, type.name, Number.NaN, resolved.to);
      return { ...resolved, toId };
    });
  });
}

/** A line item belongs to one parent only. */
export function refuseSecondParent(call: Call, from: ObjectTypeName, id: number, to: ObjectTypeName): void {
  if (from !== 'line_items' || Number.isNaN(id)) return;
  const parents: ObjectTypeName[] = ['deals', 'invoices'];
  const taken = parents.some(
    (parent) => parent !== to && call.portal.liveAssociations(from, id, parent).length > 0,
  );
  if (taken) call.note('line_item_reparented', `line item ${id} already belongs to another parent`);
}

function createOne(call: Call, type: ObjectType, input: Readonly<Record<string, unknown>>): CrmRecord {
  const values = checkedValues(call, type, input.properties ?? {});
  checkRequired(call, type, values, null);
  const wanted = wantedAssociations(call, type, input.associations);
  checkInvoiceOpening(type, values, (to) => wanted.some((entry) => entry.to === to));
  refuseTakenUniques(call, type, values, null);
  const properties = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
  const record = call.portal.create(type.name, properties, callSource(call));
  noteUniques(call, type, record);
  for (const { to, toId, kind } of wanted) {
    call.portal.associate(type.name, record.id, to, toId, kind, callSource(call));
  }
  return record;
}

function refuseTakenUniques(
  call: Call,
  type: ObjectType,
  values: Readonly<Record<string, string>>,
  own: CrmRecord | null,
): void {
  for (const [name, value] of Object.entries(values)) {
    if (value === '' || call.portal.properties(type.name).get(name)?.hasUniqueValue !== true) continue;
    const taken = call.sandbox.unique(call.portal).find(type.name, name, value);
    if (taken === undefined || taken.id === own?.id) continue;
    throw call.sandbox.conflict(`${type.singular} already exists. Existing ID: ${taken.id}`);
  }
}

function noteUniques(call: Call, type: ObjectType, record: CrmRecord): void {
  for (const [name, value] of Object.entries(record.properties)) {
    if (call.portal.properties(type.name).get(name)?.hasUniqueValue === true) {
      call.sandbox.unique(call.portal).note(record, name, value);
    }
  }
}

/** POST /crm/objects/{version}/{type}: 201 with the new record. */
export function createRecord(call: Call, type: ObjectType): Answer {
  const record = createOne(call, type, bodyObject(call));
  return json(recordJson(call.portal, record, writtenView(call.portal, record)), 201);
}

/** PATCH /crm/objects/{version}/{type}/{id}: a merged-away id works here, unlike in batch update. */
export function updateRecord(call: Call, type: ObjectType, idText: string): Answer {
  const idProperty = call.query.get('idProperty');
  const record =
    idProperty === null
      ? call.portal.findSurviving(type.name, idOf(idText))
      : findByUnique(call, type, idProperty, decodeURIComponent(idText));
  if (record === undefined || record.archivedAt !== 0) throw notFound('resource not found');
  const values = checkedValues(call, type, bodyObject(call).properties ?? {});
  checkRequired(call, type, values, record);
  checkOpening(call, type, values, record);
  refuseTakenUniques(call, type, values, record);
  const updated = call.portal.update(record, values, callSource(call));
  noteUniques(call, type, updated);
  return json(updatedJson(call, updated, values));
}

function checkOpening(
  call: Call,
  type: ObjectType,
  values: Readonly<Record<string, string>>,
  record: CrmRecord,
): void {
  checkInvoiceOpening(
    type,
    values,
    (to) => call.portal.liveAssociations(type.name, record.id, to).length > 0,
  );
}

/** An update answers the changed properties besides the id and both dates. */
function updatedJson(call: Call, record: CrmRecord, values: Readonly<Record<string, string>>): string {
  return recordJson(call.portal, record, prepareView(call.portal, record.type, Object.keys(values)));
}

interface BatchError {
  readonly status: 'error';
  readonly category: string;
  readonly message: string;
  readonly context: Readonly<Record<string, readonly string[]>>;
}

function batchAnswer(
  call: Call,
  startedAt: string,
  results: readonly string[],
  errors: readonly BatchError[],
  success: number,
): Answer {
  const tail = errors.length === 0 ? '' : `,"numErrors":${errors.length},"errors":${JSON.stringify(errors)}`;
  const end = `],"startedAt":"${startedAt}","completedAt":"${call.sandbox.iso()}"${tail}}`;
  const body = jsonPage('{"status":"COMPLETE","results":[', results, end);
  const partial = call.version === '2026-09' ? 200 : 207;
  return json(body, errors.length === 0 ? success : partial);
}

/** POST …/batch/create: 201; one invalid input refuses the whole batch. */
export function batchCreate(call: Call, type: ObjectType): Answer {
  const startedAt = call.sandbox.iso();
  const inputs = bodyInputs(bodyObject(call), BATCH_INPUTS_MAX);
  for (const input of inputs) {
    checkRequired(call, type, checkedValues(call, type, input.properties ?? {}), null);
    wantedAssociations(call, type, input.associations);
  }
  const results = inputs.map((input) => {
    const record = createOne(call, type, input);
    const trace = textOf(input.objectWriteTraceId);
    const text = recordJson(call.portal, record, writtenView(call.portal, record));
    return trace === '' ? text : `${text.slice(0, -1)},"objectWriteTraceId":${JSON.stringify(trace)}}`;
  });
  return batchAnswer(call, startedAt, results, [], 201);
}

/** POST …/batch/update: merged-away, archived and unknown ids come back as errors beside the results. */
export function batchUpdate(call: Call, type: ObjectType): Answer {
  const startedAt = call.sandbox.iso();
  const inputs = bodyInputs(bodyObject(call), BATCH_INPUTS_MAX);
  refuseDoubles(inputs);
  const checked = inputs.map((input) => {
    const values = checkedValues(call, type, input.properties ?? {});
    const idProperty = textOf(input.idProperty);
    const record =
      idProperty === ''
        ? call.portal.find(type.name, idOf(input.id))
        : findByUnique(call, type, idProperty, textOf(input.id));
    if (record !== undefined) {
      checkRequired(call, type, values, record);
      checkOpening(call, type, values, record);
    }
    return { id: textOf(input.id), values, record };
  });
  const missing = checked.filter(({ record }) => record?.archivedAt !== 0).map(({ id }) => id);
  const results = checked.flatMap(({ record, values }) => {
    if (record?.archivedAt !== 0) return [];
    const updated = call.portal.update(record, values, callSource(call));
    noteUniques(call, type, updated);
    return [updatedJson(call, updated, values)];
  });
  const errors: BatchError[] = missing.map((id) => ({
    status: 'error',
    category: 'OBJECT_NOT_FOUND',
    message: `Could not get some ${type.singular.toUpperCase()} objects, they may be deleted or not exist. Check that ids are valid.`,
    context: { ids: [id] },
  }));
  return batchAnswer(call, startedAt, results, errors, 200);
}

function refuseDoubles(inputs: readonly Readonly<Record<string, unknown>>[]): void {
  const ids = inputs.map((input) => textOf(input.id));
  if (new Set(ids).size !== ids.length)
    throw refuse('duplicate_inputs', 'Duplicate IDs found in batch input.');
}

/** POST …/batch/upsert: each input has `id` and a unique `idProperty`; results say which are `new`. */
export function batchUpsert(call: Call, type: ObjectType): Answer {
  const startedAt = call.sandbox.iso();
  const inputs = bodyInputs(bodyObject(call), BATCH_INPUTS_MAX);
  refuseDoubles(inputs);
  for (const input of inputs) checkedValues(call, type, input.properties ?? {});
  const results = inputs.map((input) => {
    const property = textOf(input.idProperty);
    const value = textOf(input.id);
    const found = findByUnique(call, type, property, value);
    const values = checkedValues(call, type, input.properties ?? {});
    const record =
      found === undefined
        ? createOne(call, type, { properties: { ...values, [property]: value } })
        : call.portal.update(found, values, callSource(call));
    noteUniques(call, type, record);
    const text = recordJson(call.portal, record, writtenView(call.portal, record));
    return `${text.slice(0, -1)},"new":${found === undefined}}`;
  });
  return batchAnswer(call, startedAt, results, [], 200);
}
