import { refuse } from './answer.ts';
import { type Call, textOf } from './call.ts';
import { parseDecimal } from './decimal.ts';
import type { ObjectType } from './object-types.ts';
import type { PropertyDefinition } from './property-catalogue.ts';
import type { CrmRecord } from './record.ts';

interface InvalidValue {
  readonly isValid: false;
  readonly message: string;
  readonly error: string;
  readonly name: string;
  readonly localizedErrorMessage: string;
  readonly portalId: number;
}

/**
 * Checks the values of a write and gives them as text. Numbers and booleans are taken as their text, null and ''
 * clear a value. Refuses with 400 as soon as one value is invalid: nothing of the batch is then written.
 */
export function checkedValues(call: Call, type: ObjectType, input: unknown): Record<string, string> {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw refuse('malformed_body', 'Invalid input JSON: properties must be an object');
  }
  const definitions = call.portal.properties(type.name);
  const values: Record<string, string> = {};
  const invalid: InvalidValue[] = [];
  for (const [name, raw] of Object.entries(input as Record<string, unknown>)) {
    const value = normalize(definitions.get(name), textOf(raw));
    const problem = problemOf(call, type, definitions.get(name), name, value);
    if (problem !== null) invalid.push({ ...problem, isValid: false, name, portalId: call.portal.id });
    values[name] = value;
  }
  if (invalid.length > 0) {
    throw refuse('invalid_property_write', `Property values were not valid: ${JSON.stringify(invalid)}`);
  }
  return values;
}

/** Datetimes may be written as milliseconds or ISO text, and are kept as ISO text. */
function normalize(definition: PropertyDefinition | undefined, value: string): string {
  if (definition?.type !== 'datetime' || value === '') return value;
  const time = /^-?\d+$/.test(value) ? Number(value) : Date.parse(value);
  return Number.isNaN(time) ? value : new Date(time).toISOString();
}

function problem(error: string, message: string): Omit<InvalidValue, 'isValid' | 'name' | 'portalId'> {
  return { error, message, localizedErrorMessage: message };
}

function problemOf(
  call: Call,
  type: ObjectType,
  definition: PropertyDefinition | undefined,
  name: string,
  value: string,
): Omit<InvalidValue, 'isValid' | 'name' | 'portalId'> | null {
  if (definition === undefined || definition.archived) {
    return problem('PROPERTY_DOESNT_EXIST', `Property "${name}" does not exist`);
  }
  if (definition.readOnly)
    return problem('READ_ONLY_VALUE', `"${name}" is a read only property; its value cannot be set.`);
  if (value === '') return null;
  if (definition.type === 'number' && parseDecimal(value) === null) {
    return problem('INVALID_DOUBLE', `${value} was not a valid number.`);
  }
  if (definition.type === 'datetime' && Number.isNaN(Date.parse(value))) {
    return problem('INVALID_DATE', `${value} was not a valid long.`);
  }
  if (definition.type === 'date' && !/^\d{4}-\d{2}-\d{2}$/.test(value) && !isUtcMidnight(value)) {
    return problem('INVALID_DATE', `${value} was not a valid date: it must be midnight UTC.`);
  }
  const options = optionsOf(call, type, definition);
  if (options !== null && !value.split(';').every((part) => options.has(part))) {
    return problem(
      'INVALID_OPTION',
      `${value} was not one of the allowed options: [${[...options].join(', ')}]`,
    );
  }
  return null;
}

function isUtcMidnight(value: string): boolean {
  return /^-?\d+$/.test(value) && Number(value) % 86_400_000 === 0;
}

/** The values that an enumeration or bool allows; null when anything goes. */
function optionsOf(call: Call, type: ObjectType, definition: PropertyDefinition): Set<string> | null {
  if (type.name === 'deals' && definition.name === 'pipeline') {
    return new Set(call.portal.pipelines.map((pipeline) => pipeline.id));
  }
  if (type.name === 'deals' && definition.name === 'dealstage') {
    const stages = call.portal.pipelines.flatMap((pipeline) => pipeline.stages);
    return new Set(stages.filter((stage) => !stage.archived).map((stage) => stage.id));
  }
  if (definition.name === 'hubspot_owner_id') return new Set(call.portal.owners.map((owner) => owner.id));
  if (definition.type !== 'enumeration' && definition.type !== 'bool') return null;
  return new Set(definition.options.map((option) => option.value));
}

/**
 * Enforces required and conditionally required properties, as 2026-09 writes do and 2026-03 writes do not.
 * The rules come from the sandbox's options. `record` is null on create.
 */
export function checkRequired(
  call: Call,
  type: ObjectType,
  values: Readonly<Record<string, string>>,
  record: CrmRecord | null,
): void {
  if (call.version !== '2026-09') return;
  const behaviour = call.sandbox.behaviour;
  const after = (name: string): string => values[name] ?? record?.properties[name] ?? '';
  const required = record === null ? (behaviour.requiredProperties[type.name] ?? []) : [];
  refuseMissing(
    'MISSING_REQUIRED_PROPERTY',
    required.filter((name) => after(name) === ''),
  );
  const conditional = behaviour.conditionalRequired
    .filter((rule) => rule.type === type.name && after(rule.property) === rule.value)
    .flatMap((rule) => rule.require)
    .filter((name) => after(name) === '');
  refuseMissing('MISSING_CONDITIONAL_REQUIRED_PROPERTY', conditional);
}

/** An open invoice has a contact and at least one line item; they are associated before it is opened. */
export function checkInvoiceOpening(
  type: ObjectType,
  values: Readonly<Record<string, string>>,
  associated: (to: 'contacts' | 'line_items') => boolean,
): void {
  if (type.name !== 'invoices' || values.hs_invoice_status !== 'open') return;
  if (associated('contacts') && associated('line_items')) return;
  throw refuse('invalid_property_write', 'An open invoice needs one contact and at least one line item.');
}

function refuseMissing(code: string, names: readonly string[]): void {
  if (names.length === 0) return;
  throw refuse('missing_required_property', `Error creating record. Some required properties were not set.`, {
    errors: names.map((name) => ({
      message: `Required property "${name}" was not set.`,
      code,
      context: { propertyName: [name] },
    })),
  });
}
