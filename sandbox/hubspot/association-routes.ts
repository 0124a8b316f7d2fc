import { type Answer, json, noContent, notFound, refuse } from './answer.ts';
import { associationKind, type AssociationLabel } from './association-store.ts';
import { bodyInputs, bodyObject, type Call, callSource, idOf, limitOf, textOf } from './call.ts';
import { jsonPage } from './json-page.ts';
import { defaultAssociationTypeId, extraAssociationTypes, type ObjectType } from './object-types.ts';
import { refuseSecondParent } from './write-routes.ts';

const READ_INPUTS_MAX = 1000;
const CREATE_INPUTS_MAX = 2000;
const ARCHIVE_INPUTS_MAX = 100;
/** A single record's GET gives at most this many. */
const SINGLE_LIMIT_MAX = 500;

/**
 * POST /crm/associations/{version}/{from}/{to}/batch/read: up to 1,000 inputs {id, after?}. Inputs without any
 * association come as NO_ASSOCIATIONS_FOUND errors in a 207; `paging` only where there is more.
 */
export function readAssociations(call: Call, from: ObjectType, to: ObjectType): Answer {
  requirePair(from, to);
  const startedAt = call.sandbox.iso();
  const inputs = bodyInputs(bodyObject(call), READ_INPUTS_MAX);
  const size = call.sandbox.behaviour.associationPageSize;
  const results: string[] = [];
  const errors: object[] = [];
  for (const input of inputs) {
    const id = idOf(input.id);
    const all = Number.isNaN(id) ? [] : call.portal.liveAssociations(from.name, id, to.name);
    const page = pageOf(all, textOf(input.after), size);
    if (page.ids.length === 0) errors.push(noAssociations(from, to, textOf(input.id)));
    else
      results.push(
        `{"from":{"id":"${id}"},"to":[${targets(call, from, id, to, page.ids)}]${pagingJson(page.next)}}`,
      );
  }
  const tail = errors.length === 0 ? '' : `,"numErrors":${errors.length},"errors":${JSON.stringify(errors)}`;
  const end = `],"startedAt":"${startedAt}","completedAt":"${call.sandbox.iso()}"${tail}}`;
  const body = jsonPage('{"status":"COMPLETE","results":[', results, end);
  return json(body, errors.length === 0 ? 200 : 207);
}

function pageOf(
  all: readonly number[],
  after: string,
  size: number,
): { ids: readonly number[]; next: number | null } {
  const first = after === '' ? 0 : all.indexOf(Number(after));
  if (first < 0) throw refuse('invalid_cursor', `Invalid value for after: ${after}`);
  return { ids: all.slice(first, first + size), next: all[first + size] ?? null };
}

function pagingJson(next: number | null): string {
  return next === null ? '' : `,"paging":{"next":{"after":"${next}","link":"?after=${next}"}}`;
}

function targets(call: Call, from: ObjectType, id: number, to: ObjectType, ids: readonly number[]): string {
  const numeric = call.sandbox.behaviour.numericAssociationIds;
  const plain = defaultAssociationTypeId(from.name, to.name) ?? 0;
  const simple = `"associationTypes":[{"category":"HUBSPOT_DEFINED","typeId":${plain},"label":null}]`;
  const { associations } = call.portal;
  const allPlain = associations.isPlain(from.name, to.name);
  let text = '';
  for (const toId of ids) {
    const labels = allPlain ? null : associations.labels(from.name, id, to.name, toId);
    const types =
      labels === null || labels.length === 1 ? simple : `"associationTypes":${JSON.stringify(labels)}`;
    text += `${text === '' ? '' : ','}{"toObjectId":${numeric ? String(toId) : `"${toId}"`},${types}}`;
  }
  return text;
}

function noAssociations(from: ObjectType, to: ObjectType, id: string): object {
  return {
    status: 'error',
    category: 'OBJECT_NOT_FOUND',
    subCategory: 'crm.associations.NO_ASSOCIATIONS_FOUND',
    message: `No ${to.singular} is associated with ${from.singular} ${id}.`,
    context: { fromObjectId: [id], fromObjectType: [from.singular], toObjectType: [to.singular] },
  };
}

function requirePair(from: ObjectType, to: ObjectType): number {
  const typeId = defaultAssociationTypeId(from.name, to.name);
  if (typeId === undefined) {
    throw refuse('invalid_association', `No association types exist from ${from.name} to ${to.name}.`);
  }
  return typeId;
}

/** GET /crm/objects/{version}/{from}/{id}/associations/{to}: at most 500, `after` is the next id. */
export function listAssociations(call: Call, from: ObjectType, idText: string, to: ObjectType): Answer {
  requirePair(from, to);
  const id = idOf(idText);
  const all = call.portal.liveAssociations(from.name, id, to.name);
  const limit = limitOf(call, SINGLE_LIMIT_MAX, SINGLE_LIMIT_MAX);
  const page = pageOf(all, call.query.get('after') ?? '', limit);
  return json(`{"results":[${targets(call, from, id, to, page.ids)}]${pagingJson(page.next)}}`);
}

interface Pair {
  readonly fromId: number;
  readonly toId: number;
}

function pairOf(call: Call, from: ObjectType, to: ObjectType, fromRaw: unknown, toRaw: unknown): Pair {
  const fromId = idOf((fromRaw as { id?: unknown } | undefined)?.id);
  const toId = idOf((toRaw as { id?: unknown } | undefined)?.id);
  if (
    call.portal.find(from.name, fromId)?.archivedAt !== 0 ||
    call.portal.find(to.name, toId)?.archivedAt !== 0
  ) {
    throw notFound('One or more of the objects to associate do not exist.');
  }
  return { fromId, toId };
}

function kindOf(from: ObjectType, to: ObjectType, typeId: number): 'plain' | 'primary' | AssociationLabel {
  const kind = associationKind(from.name, to.name, typeId);
  if (kind === undefined) throw refuse('invalid_association', `${typeId} is not a valid association type.`);
  if (kind !== 'label') return kind;
  const extra = extraAssociationTypes(from.name, to.name).find((entry) => entry.typeId === typeId);
  return { category: 'HUBSPOT_DEFINED', typeId, label: extra?.label ?? null };
}

/** POST /crm/associations/{version}/{from}/{to}/batch/create: up to 2,000 inputs {from, to, types}. */
export function createAssociations(call: Call, from: ObjectType, to: ObjectType): Answer {
  requirePair(from, to);
  const startedAt = call.sandbox.iso();
  const inputs = bodyInputs(bodyObject(call), CREATE_INPUTS_MAX).map((input) => {
    const types = (input.types ?? []) as { associationTypeId?: unknown }[];
    const kinds = types.map((type) => kindOf(from, to, Number(type.associationTypeId)));
    return { ...pairOf(call, from, to, input.from, input.to), kinds, types };
  });
  const results = inputs.map(({ fromId, toId, kinds }) => {
    refuseSecondParent(call, from.name, fromId, to.name);
    refuseSecondParent(call, to.name, toId, from.name);
    for (const kind of kinds) call.portal.associate(from.name, fromId, to.name, toId, kind, callSource(call));
    return {
      fromObjectTypeId: from.typeId,
      fromObjectId: String(fromId),
      toObjectTypeId: to.typeId,
      toObjectId: String(toId),
      labels: kinds.flatMap((kind) => (kind === 'primary' ? ['Primary'] : [])),
    };
  });
  return json({ status: 'COMPLETE', results, startedAt, completedAt: call.sandbox.iso() }, 201);
}

/** POST …/batch/associate/default: the unlabelled type for every pair. */
export function associateDefault(call: Call, from: ObjectType, to: ObjectType): Answer {
  const typeId = requirePair(from, to);
  const startedAt = call.sandbox.iso();
  const pairs = bodyInputs(bodyObject(call), CREATE_INPUTS_MAX).map((input) =>
    pairOf(call, from, to, input.from, input.to),
  );
  const results = pairs.map(({ fromId, toId }) => {
    call.portal.associate(from.name, fromId, to.name, toId, 'plain', callSource(call));
    return {
      from: { id: String(fromId) },
      to: { id: String(toId) },
      associationSpec: { associationCategory: 'HUBSPOT_DEFINED', associationTypeId: typeId },
    };
  });
  return json({ status: 'COMPLETE', results, startedAt, completedAt: call.sandbox.iso() });
}

/** PUT /crm/objects/{version}/{from}/{id}/associations/default/{to}/{toId}. */
export function putDefaultAssociation(
  call: Call,
  from: ObjectType,
  idText: string,
  to: ObjectType,
  toIdText: string,
): Answer {
  const typeId = requirePair(from, to);
  const { fromId, toId } = pairOf(call, from, to, { id: idText }, { id: toIdText });
  call.portal.associate(from.name, fromId, to.name, toId, 'plain', callSource(call));
  const startedAt = call.sandbox.iso();
  const result = {
    from: { id: String(fromId) },
    to: { id: String(toId) },
    associationSpec: { associationCategory: 'HUBSPOT_DEFINED', associationTypeId: typeId },
  };
  return json({ status: 'COMPLETE', results: [result], startedAt, completedAt: startedAt });
}

/** POST …/batch/archive: up to 100 inputs {from: {id}, to: [{id}]}. */
export function archiveAssociations(call: Call, from: ObjectType, to: ObjectType): Answer {
  requirePair(from, to);
  for (const input of bodyInputs(bodyObject(call), ARCHIVE_INPUTS_MAX)) {
    const fromId = idOf((input.from as { id?: unknown } | undefined)?.id);
    const toList = Array.isArray(input.to) ? (input.to as { id?: unknown }[]) : [];
    for (const entry of toList) {
      call.portal.dissociate(from.name, fromId, to.name, idOf(entry.id), callSource(call));
    }
  }
  return noContent();
}
