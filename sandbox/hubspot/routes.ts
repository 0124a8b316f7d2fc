import type { Answer } from './answer.ts';
import {
  archiveAssociations,
  associateDefault,
  createAssociations,
  listAssociations,
  putDefaultAssociation,
  readAssociations,
} from './association-routes.ts';
import { objectScopes } from './auth.ts';
import { type Call, objectTypeOf } from './call.ts';
import {
  accountDetails,
  archiveProperty,
  batchCreateProperties,
  createProperty,
  createPropertyGroup,
  getOwner,
  getPipeline,
  getProperty,
  listOwners,
  listPipelines,
  listProperties,
  listPropertyGroups,
  updateProperty,
} from './metadata-routes.ts';
import {
  archiveRecord,
  batchArchive,
  batchRead,
  gdprDelete,
  getRecord,
  listRecords,
  mergeRecords,
} from './object-routes.ts';
import type { Bucket } from './rate-limits.ts';
import { searchRecords } from './search-routes.ts';
import { batchCreate, batchUpdate, batchUpsert, createRecord, updateRecord } from './write-routes.ts';

/** Names of the path's variable parts, by their name in the template. */
export type Parameters = Readonly<Record<string, string>>;

export interface Route {
  readonly method: string;
  /** `:name` matches one part; the version is a part of its own. */
  readonly template: string;
  readonly parts: readonly string[];
  readonly bucket: Bucket;
  /** One scope of each group is needed. */
  readonly scopes: (parameters: Parameters) => string[][];
  readonly run: (call: Call, parameters: Parameters) => Answer;
}

function part(parameters: Parameters, name: string): string {
  return parameters[name] ?? '';
}

function reading(parameters: Parameters): string[][] {
  return [objectScopes(objectTypeOf(part(parameters, 'type')).name, 'read')];
}

function writing(parameters: Parameters): string[][] {
  return [objectScopes(objectTypeOf(part(parameters, 'type')).name, 'write')];
}

function pair(action: 'read' | 'write'): (parameters: Parameters) => string[][] {
  return (parameters) =>
    ['type', 'to'].map((name) => objectScopes(objectTypeOf(part(parameters, name)).name, action));
}

function schemaReading(parameters: Parameters): string[][] {
  const type = objectTypeOf(part(parameters, 'type')).name;
  return [[`crm.schemas.${type}.read`, ...objectScopes(type, 'read')]];
}

function schemaWriting(parameters: Parameters): string[][] {
  const type = objectTypeOf(part(parameters, 'type')).name;
  const other = type === 'line_items' || type === 'products' ? ['e-commerce'] : [];
  return [[`crm.schemas.${type}.write`, ...other]];
}

const NO_SCOPES = (): string[][] => [];
const OWNER_SCOPES = (): string[][] => [['crm.objects.owners.read']];

function objectRun(
  run: (call: Call, type: ReturnType<typeof objectTypeOf>) => Answer,
): (call: Call, parameters: Parameters) => Answer {
  return (call, parameters) => run(call, objectTypeOf(part(parameters, 'type')));
}

function recordRun(
  run: (call: Call, type: ReturnType<typeof objectTypeOf>, id: string) => Answer,
): (call: Call, parameters: Parameters) => Answer {
  return (call, parameters) => run(call, objectTypeOf(part(parameters, 'type')), part(parameters, 'id'));
}

function pairRun(
  run: (call: Call, from: ReturnType<typeof objectTypeOf>, to: ReturnType<typeof objectTypeOf>) => Answer,
): (call: Call, parameters: Parameters) => Answer {
  return (call, parameters) =>
    run(call, objectTypeOf(part(parameters, 'type')), objectTypeOf(part(parameters, 'to')));
}

function route(
  method: string,
  template: string,
  bucket: Bucket,
  scopes: Route['scopes'],
  run: Route['run'],
): Route {
  return { method, template, parts: template.split('/').slice(1), bucket, scopes, run };
}

const OBJECT = '/crm/objects/:version/:type';
const ASSOCIATION = '/crm/associations/:version/:type/:to/batch';
const PROPERTY = '/crm/properties/:version/:type';

const OBJECT_ROUTES: readonly Route[] = [
  route('POST', `${OBJECT}/search`, 'search', reading, objectRun(searchRecords)),
  route('POST', `${OBJECT}/batch/read`, 'general', reading, objectRun(batchRead)),
  route('POST', `${OBJECT}/batch/create`, 'general', writing, objectRun(batchCreate)),
  route('POST', `${OBJECT}/batch/update`, 'general', writing, objectRun(batchUpdate)),
  route('POST', `${OBJECT}/batch/upsert`, 'general', writing, objectRun(batchUpsert)),
  route('POST', `${OBJECT}/batch/archive`, 'general', writing, objectRun(batchArchive)),
  route('POST', `${OBJECT}/merge`, 'general', writing, objectRun(mergeRecords)),
  route('POST', `${OBJECT}/gdpr-delete`, 'general', writing, objectRun(gdprDelete)),
  route('GET', OBJECT, 'general', reading, objectRun(listRecords)),
  route('POST', OBJECT, 'general', writing, objectRun(createRecord)),
  route('GET', `${OBJECT}/:id`, 'general', reading, recordRun(getRecord)),
  route('PATCH', `${OBJECT}/:id`, 'general', writing, recordRun(updateRecord)),
  route('DELETE', `${OBJECT}/:id`, 'general', writing, recordRun(archiveRecord)),
];

const ASSOCIATION_ROUTES: readonly Route[] = [
  route('POST', `${ASSOCIATION}/read`, 'associations', pair('read'), pairRun(readAssociations)),
  route('POST', `${ASSOCIATION}/create`, 'associations', pair('write'), pairRun(createAssociations)),
  route('POST', `${ASSOCIATION}/associate/default`, 'associations', pair('write'), pairRun(associateDefault)),
  route('POST', `${ASSOCIATION}/archive`, 'associations', pair('write'), pairRun(archiveAssociations)),
  route('GET', `${OBJECT}/:id/associations/:to`, 'associations', pair('read'), (call, parameters) =>
    listAssociations(
      call,
      objectTypeOf(part(parameters, 'type')),
      part(parameters, 'id'),
      objectTypeOf(part(parameters, 'to')),
    ),
  ),
  route(
    'PUT',
    `${OBJECT}/:id/associations/default/:to/:toId`,
    'associations',
    pair('write'),
    (call, parameters) =>
      putDefaultAssociation(
        call,
        objectTypeOf(part(parameters, 'type')),
        part(parameters, 'id'),
        objectTypeOf(part(parameters, 'to')),
        part(parameters, 'toId'),
      ),
  ),
];

const DEAL_PIPELINE_SCOPES = (): string[][] => [['crm.objects.deals.read', 'crm.schemas.deals.read']];

const METADATA_ROUTES: readonly Route[] = [
  route('GET', '/crm/owners/:version', 'general', OWNER_SCOPES, (call) => listOwners(call)),
  route('GET', '/crm/owners/:version/:id', 'general', OWNER_SCOPES, (call, parameters) =>
    getOwner(call, part(parameters, 'id')),
  ),
  route('GET', '/crm/pipelines/:version/:type', 'general', DEAL_PIPELINE_SCOPES, (call, parameters) =>
    listPipelines(call, part(parameters, 'type')),
  ),
  route('GET', '/crm/pipelines/:version/:type/:id', 'general', DEAL_PIPELINE_SCOPES, (call, parameters) =>
    getPipeline(call, part(parameters, 'type'), part(parameters, 'id')),
  ),
  route('GET', `${PROPERTY}/groups`, 'general', schemaReading, (call, parameters) =>
    listPropertyGroups(call, part(parameters, 'type')),
  ),
  route('POST', `${PROPERTY}/groups`, 'general', schemaWriting, (call, parameters) =>
    createPropertyGroup(call, part(parameters, 'type')),
  ),
  route('POST', `${PROPERTY}/batch/create`, 'general', schemaWriting, (call, parameters) =>
    batchCreateProperties(call, part(parameters, 'type')),
  ),
  route('GET', PROPERTY, 'general', schemaReading, (call, parameters) =>
    listProperties(call, part(parameters, 'type')),
  ),
  route('POST', PROPERTY, 'general', schemaWriting, (call, parameters) =>
    createProperty(call, part(parameters, 'type')),
  ),
  route('GET', `${PROPERTY}/:name`, 'general', schemaReading, (call, parameters) =>
    getProperty(call, part(parameters, 'type'), part(parameters, 'name')),
  ),
  route('PATCH', `${PROPERTY}/:name`, 'general', schemaWriting, (call, parameters) =>
    updateProperty(call, part(parameters, 'type'), part(parameters, 'name')),
  ),
  route('DELETE', `${PROPERTY}/:name`, 'general', schemaWriting, (call, parameters) =>
    archiveProperty(call, part(parameters, 'type'), part(parameters, 'name')),
  ),
  route('GET', '/account-info/:version/details', 'general', NO_SCOPES, (call) => accountDetails(call)),
];

export const ROUTES: readonly Route[] = [...OBJECT_ROUTES, ...ASSOCIATION_ROUTES, ...METADATA_ROUTES];

/** Finds the route of a call; null when no endpoint has this method and path. */
export function findRoute(method: string, path: string): { route: Route; parameters: Parameters } | null {
  const parts = path.split('/').slice(1);
  for (const candidate of ROUTES) {
    if (candidate.method !== method || candidate.parts.length !== parts.length) continue;
    const parameters = matchParts(candidate.parts, parts);
    if (parameters !== null) return { route: candidate, parameters };
  }
  return null;
}

function matchParts(template: readonly string[], parts: readonly string[]): Parameters | null {
  const parameters: Record<string, string> = {};
  for (let at = 0; at < template.length; at += 1) {
    const expected = template[at] ?? '';
    const given = parts[at] ?? '';
    if (expected.startsWith(':')) {
      if (given === '') return null;
      parameters[expected.slice(1)] = given;
    } else if (expected !== given) return null;
  }
  return parameters;
}

const DATED = new Set(['2026-09', '2026-03']);
const LEGACY: readonly (readonly [RegExp, string])[] = [
  [/^\/crm\/(v3|v4)\/(objects|associations|owners|pipelines|properties)(?=\/|$)/, '/crm/$2/$1'],
  [/^\/account-info\/(v3)\/(details)$/, '/account-info/$1/$2'],
  [/^\/oauth\/(v1|v3)\/(.*)$/, '/oauth/$1/$2'],
];

/** Moves an undated path to the dated place; `legacy` says that its version is not a date. */
export function normalizePath(path: string): { path: string; version: string; legacy: boolean } {
  for (const [pattern, replacement] of LEGACY) {
    const match = pattern.exec(path);
    if (match !== null) {
      const moved = path.replace(pattern, replacement).replace(/\/$/, '');
      return { path: moved, version: match[1] ?? '', legacy: true };
    }
  }
  const parts = path.split('/');
  const version = (parts[1] === 'crm' ? parts[3] : parts[2]) ?? '';
  return { path: path.length > 1 ? path.replace(/\/$/, '') : path, version, legacy: !DATED.has(version) };
}
