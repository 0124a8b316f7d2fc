import { type Answer, json, noContent, notFound, refuse } from './answer.ts';
import { bodyObject, type Call, limitOf, objectTypeOf, textOf } from './call.ts';
import type { ObjectTypeName } from './object-types.ts';
import { ownerToWire } from './owners.ts';
import { pipelineToWire } from './pipelines.ts';
import type { PropertyDefinition, PropertyType } from './property-catalogue.ts';
import { uiDomain } from './record-view.ts';

/** The default and largest page of owners; the real maximum is not documented. */
const OWNERS_PAGE = 100;

/** GET /crm/owners/{version}: archived owners only with archived=true. */
export function listOwners(call: Call): Answer {
  const archived = call.query.get('archived') === 'true';
  const limit = limitOf(call, OWNERS_PAGE, 500);
  const email = call.query.get('email');
  const owners = call.portal.owners
    .filter((owner) => owner.archived === archived && (email === null || owner.email === email))
    .sort((left, right) => Number(left.id) - Number(right.id));
  const after = call.query.get('after') ?? '0';
  const first = owners.findIndex((owner) => Number(owner.id) >= Number(after));
  const page = first < 0 ? [] : owners.slice(first, first + limit);
  const next = first < 0 ? undefined : owners[first + limit];
  const paging = next === undefined ? {} : { paging: { next: { after: next.id } } };
  return json({ results: page.map(ownerToWire), ...paging });
}

/** GET /crm/owners/{version}/{id}, by owner id or with idProperty=userId. */
export function getOwner(call: Call, id: string): Answer {
  const archived = call.query.get('archived') === 'true';
  const byUser = call.query.get('idProperty') === 'userId';
  const owner = call.portal.owners.find(
    (entry) => (byUser ? String(entry.userId) : entry.id) === id && entry.archived === archived,
  );
  if (owner === undefined) throw notFound('resource not found');
  return json(ownerToWire(owner));
}

/** GET /crm/pipelines/{version}/{type}: all pipelines with their stages in one answer. */
export function listPipelines(call: Call, alias: string): Answer {
  const type = objectTypeOf(alias);
  if (type.name !== 'deals') return json({ results: [] });
  return json({
    results: call.portal.pipelines.filter((pipeline) => !pipeline.archived).map(pipelineToWire),
  });
}

export function getPipeline(call: Call, alias: string, id: string): Answer {
  objectTypeOf(alias);
  const pipeline = call.portal.pipelines.find(
    (entry) => entry.id === decodeURIComponent(id) && !entry.archived,
  );
  if (pipeline === undefined) throw notFound('resource not found');
  return json(pipelineToWire(pipeline));
}

function propertyToWire(call: Call, type: ObjectTypeName, definition: PropertyDefinition): object {
  const options = type === 'deals' ? dealOptions(call, definition) : definition.options;
  return {
    updatedAt: new Date(definition.updatedAt).toISOString(),
    createdAt: new Date(definition.createdAt).toISOString(),
    name: definition.name,
    label: definition.label,
    type: definition.type,
    fieldType: definition.fieldType,
    description: definition.description,
    groupName: definition.groupName,
    options,
    displayOrder: -1,
    calculated: definition.calculated,
    externalOptions: definition.name === 'hubspot_owner_id',
    ...(definition.name === 'hubspot_owner_id' ? { referencedObjectType: 'OWNER' } : {}),
    archived: definition.archived,
    hasUniqueValue: definition.hasUniqueValue,
    hidden: false,
    ...(definition.hubspotDefined ? { hubspotDefined: true } : {}),
    modificationMetadata: {
      archivable: !definition.hubspotDefined,
      readOnlyDefinition: definition.hubspotDefined,
      readOnlyValue: definition.readOnly,
    },
    formField: !definition.readOnly,
    dataSensitivity: 'non_sensitive',
  };
}

function dealOptions(call: Call, definition: PropertyDefinition): readonly object[] {
  const pipelines = call.portal.pipelines.filter((pipeline) => !pipeline.archived);
  if (definition.name === 'pipeline') {
    return pipelines.map(({ id, label, displayOrder }) => ({
      label,
      value: id,
      displayOrder,
      hidden: false,
    }));
  }
  if (definition.name !== 'dealstage') return definition.options;
  const stages = pipelines.flatMap((pipeline) => pipeline.stages.filter((stage) => !stage.archived));
  return stages.map(({ id, label, displayOrder }) => ({ label, value: id, displayOrder, hidden: false }));
}

export function listProperties(call: Call, alias: string): Answer {
  const type = objectTypeOf(alias).name;
  const archived = call.query.get('archived') === 'true';
  const definitions = [...call.portal.properties(type).values()].filter(
    (entry) => entry.archived === archived,
  );
  return json({ results: definitions.map((definition) => propertyToWire(call, type, definition)) });
}

export function getProperty(call: Call, alias: string, name: string): Answer {
  const type = objectTypeOf(alias).name;
  const archived = call.query.get('archived') === 'true';
  const definition = call.portal.properties(type).get(decodeURIComponent(name));
  if (definition === undefined || definition.archived !== archived)
    throw notFound(`Property "${name}" does not exist`);
  return json(propertyToWire(call, type, definition));
}

const PROPERTY_TYPES: readonly PropertyType[] = [
  'bool',
  'date',
  'datetime',
  'enumeration',
  'number',
  'phone_number',
  'string',
];

/** Custom properties that one object may have. */
const CUSTOM_PROPERTIES_MAX = 1000;
const UNIQUE_PROPERTIES_MAX = 10;

/** POST /crm/properties/{version}/{type}: 409 when the name is taken; an archived name comes back to life. */
export function createProperty(call: Call, alias: string): Answer {
  const type = objectTypeOf(alias).name;
  const definition = newProperty(call, type, bodyObject(call));
  call.portal.properties(type).set(definition.name, definition);
  return json(propertyToWire(call, type, definition), 201);
}

/** POST /crm/properties/{version}/{type}/batch/create: taken names come as errors beside the results. */
export function batchCreateProperties(call: Call, alias: string): Answer {
  const type = objectTypeOf(alias).name;
  const inputs = bodyObject(call).inputs;
  if (!Array.isArray(inputs)) throw refuse('malformed_body', 'Invalid input JSON: inputs is required');
  if (inputs.length > 100) throw refuse('too_many_inputs', 'At most 100 properties can be created at once.');
  const results = inputs.map((input: unknown) => {
    const definition = newProperty(call, type, input as Record<string, unknown>);
    call.portal.properties(type).set(definition.name, definition);
    return propertyToWire(call, type, definition);
  });
  const at = call.sandbox.iso();
  return json({ status: 'COMPLETE', results, startedAt: at, completedAt: at }, 201);
}

function newProperty(
  call: Call,
  type: ObjectTypeName,
  body: Readonly<Record<string, unknown>>,
): PropertyDefinition {
  const name = textOf(body.name);
  const valueType = PROPERTY_TYPES.find((entry) => entry === body.type);
  if (!/^[a-z][a-z0-9_]{0,99}$/.test(name) || name.startsWith('hs_')) {
    throw refuse('invalid_property_definition', `Invalid property name: ${name}`);
  }
  if (valueType === undefined || textOf(body.label) === '' || textOf(body.groupName) === '') {
    throw refuse('invalid_property_definition', 'label, type, fieldType and groupName are required.');
  }
  const existing = call.portal.properties(type);
  requireGroup(call, type, textOf(body.groupName));
  const taken = existing.get(name);
  if (taken !== undefined && !taken.archived)
    throw call.sandbox.conflict(`Property "${name}" already exists.`);
  const custom = [...existing.values()].filter((entry) => !entry.hubspotDefined && !entry.archived);
  if (custom.length >= CUSTOM_PROPERTIES_MAX) {
    throw refuse('too_many_properties', `At most ${CUSTOM_PROPERTIES_MAX} custom properties are allowed.`);
  }
  const unique = body.hasUniqueValue === true;
  const uniques = custom.filter((entry) => entry.hasUniqueValue).length;
  if (unique && (type === 'products' || uniques >= UNIQUE_PROPERTIES_MAX)) {
    throw refuse('invalid_property_definition', `No further unique property is allowed on ${type}.`);
  }
  const options = Array.isArray(body.options) ? (body.options as Record<string, unknown>[]) : [];
  const now = call.portal.settings.now();
  return {
    name,
    label: textOf(body.label),
    type: valueType,
    fieldType: textOf(body.fieldType),
    groupName: textOf(body.groupName),
    description: textOf(body.description),
    options: options.map((option, order) => ({
      label: textOf(option.label),
      value: textOf(option.value),
      displayOrder: typeof option.displayOrder === 'number' ? option.displayOrder : order,
      hidden: option.hidden === true,
    })),
    readOnly: false,
    calculated: false,
    hubspotDefined: false,
    hasUniqueValue: unique,
    archived: false,
    createdAt: taken?.createdAt ?? now,
    updatedAt: now,
  };
}

function requireGroup(call: Call, type: ObjectTypeName, name: string): void {
  const used = [...call.portal.properties(type).values()].some((entry) => entry.groupName === name);
  if (used || call.sandbox.groups(call.portal, type).has(name)) return;
  throw refuse('invalid_property_definition', `Property group "${name}" does not exist.`);
}

/** PATCH /crm/properties/{version}/{type}/{name}: `options` replaces the whole list; the name never changes. */
export function updateProperty(call: Call, alias: string, name: string): Answer {
  const type = objectTypeOf(alias).name;
  const properties = call.portal.properties(type);
  const definition = properties.get(name);
  if (definition === undefined || definition.archived) throw notFound(`Property "${name}" does not exist`);
  const body = bodyObject(call);
  const options = Array.isArray(body.options)
    ? (body.options as PropertyDefinition['options'])
    : definition.options;
  const next = {
    ...definition,
    label: textOf(body.label) || definition.label,
    options,
    updatedAt: call.portal.settings.now(),
  };
  properties.set(name, next);
  return json(propertyToWire(call, type, next));
}

/** DELETE /crm/properties/{version}/{type}/{name}: archives it; HubSpot's own properties cannot be archived. */
export function archiveProperty(call: Call, alias: string, name: string): Answer {
  const type = objectTypeOf(alias).name;
  const definition = call.portal.properties(type).get(name);
  if (definition === undefined || definition.archived) throw notFound(`Property "${name}" does not exist`);
  if (definition.hubspotDefined) throw refuse('read_only_property', `Property "${name}" cannot be archived.`);
  call.portal.properties(type).set(name, { ...definition, archived: true });
  return noContent();
}

/** GET /crm/properties/{version}/{type}/groups: one built-in group and those that properties name. */
export function listPropertyGroups(call: Call, alias: string): Answer {
  const type = objectTypeOf(alias).name;
  const names = new Set([...call.portal.properties(type).values()].map((entry) => entry.groupName));
  const groups = new Map(
    [...names, ...call.sandbox.groups(call.portal, type).keys()].map((name) => [name, name]),
  );
  for (const [name, label] of call.sandbox.groups(call.portal, type)) groups.set(name, label);
  const results = [...groups].map(([name, label], order) => ({
    name,
    label,
    displayOrder: order,
    archived: false,
  }));
  return json({ results });
}

export function createPropertyGroup(call: Call, alias: string): Answer {
  const type = objectTypeOf(alias).name;
  const body = bodyObject(call);
  const name = textOf(body.name);
  const groups = call.sandbox.groups(call.portal, type);
  if (name === '') throw refuse('invalid_property_definition', 'name is required.');
  if (groups.has(name)) throw call.sandbox.conflict(`Property group "${name}" already exists.`);
  groups.set(name, textOf(body.label) || name);
  return json({ name, label: textOf(body.label) || name, displayOrder: -1, archived: false }, 201);
}

/** GET /account-info/{version}/details. */
export function accountDetails(call: Call): Answer {
  const { settings } = call.portal;
  const offset = zoneOffsetMinutes(settings.timeZone, settings.now());
  const absolute = Math.abs(offset);
  const hours = String(Math.floor(absolute / 60)).padStart(2, '0');
  const minutes = String(absolute % 60).padStart(2, '0');
  return json({
    portalId: settings.id,
    portalName: settings.name,
    accountType: 'STANDARD',
    timeZone: settings.timeZone,
    companyCurrency: settings.currency,
    additionalCurrencies: settings.additionalCurrencies,
    utcOffset: `${offset < 0 ? '-' : '+'}${hours}:${minutes}`,
    utcOffsetMilliseconds: offset * 60_000,
    uiDomain: uiDomain(call.portal),
    dataHostingLocation: settings.currency === 'EUR' ? 'eu1' : 'na1',
  });
}

/** Minutes that a zone is ahead of UTC at an instant. */
function zoneOffsetMinutes(timeZone: string, at: number): number {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' }).formatToParts(at);
  const name = parts.find((part) => part.type === 'timeZoneName')?.value ?? 'GMT';
  const match = /GMT([+-])(\d{2}):(\d{2})/.exec(name);
  if (match === null) return 0;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return match[1] === '-' ? -minutes : minutes;
}
