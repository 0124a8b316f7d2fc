import { Refusal, errorAnswer, refuse } from './answer.ts';
import { bodyObject, type Call, stringList, textOf } from './call.ts';
import { findObjectType, type ObjectType } from './object-types.ts';
import type { PropertyType } from './property-catalogue.ts';
import { instantOf, SEARCH_OPERATORS, type SearchFilter, type SearchRequest } from './search-query.ts';

/** Beyond each of these the real API answers 400 (search page, 2026). */
const BODY_CHARACTERS_MAX = 3000;
const PAGE_MAX = 200;
const RESULTS_MAX = 10_000;
const GROUPS_MAX = 5;
const FILTERS_PER_GROUP_MAX = 6;
const FILTERS_MAX = 18;

/** Reads and checks a search body; every broken limit is a 400 and a recorded violation. */
export function parseSearch(call: Call, type: ObjectType): SearchRequest {
  if (call.rawBody.length > BODY_CHARACTERS_MAX) {
    throw refuse('search_body_too_long', `The request body exceeds ${BODY_CHARACTERS_MAX} characters.`);
  }
  const body = bodyObject(call);
  const limit = body.limit === undefined ? 10 : Number(body.limit);
  if (!Number.isInteger(limit) || limit < 1 || limit > PAGE_MAX) {
    throw refuse('page_too_large', `The limit must be between 1 and ${PAGE_MAX}.`);
  }
  const after = parseAfter(body.after, limit);
  const groups = parseGroups(
    call,
    type,
    body.filterGroups ?? (body.filters ? [{ filters: body.filters }] : []),
  );
  const sort = parseSort(call, type, body.sorts);
  const text = textOf(body.query);
  return {
    groups,
    sort,
    text,
    limit,
    after,
    properties: stringList(body.properties),
    key: JSON.stringify([groups, sort, text]),
  };
}

function parseAfter(value: unknown, limit: number): number {
  if (value === undefined || value === null || value === '') return 0;
  const after = Number(value);
  if (!Number.isInteger(after) || after < 0) {
    throw refuse('invalid_cursor', `Invalid value for after: ${textOf(value)}. It must be an integer.`);
  }
  if (after + limit > RESULTS_MAX) {
    throw refuse(
      'search_beyond_cap',
      `Paging beyond ${RESULTS_MAX} results is not supported: after ${after}, limit ${limit}.`,
    );
  }
  return after;
}

function parseGroups(call: Call, type: ObjectType, input: unknown): SearchFilter[][] {
  if (!Array.isArray(input))
    throw refuse('malformed_body', 'Invalid input JSON: filterGroups must be a list');
  if (input.length > GROUPS_MAX)
    throw refuse('too_many_filters', `At most ${GROUPS_MAX} filter groups are allowed.`);
  const groups = input.map((group: unknown) => {
    const filters = (group as { filters?: unknown } | null)?.filters;
    if (!Array.isArray(filters)) throw refuse('malformed_body', 'Invalid input JSON: filters must be a list');
    if (filters.length > FILTERS_PER_GROUP_MAX) {
      throw refuse('too_many_filters', `At most ${FILTERS_PER_GROUP_MAX} filters are allowed in a group.`);
    }
    return filters.map((filter: unknown) => parseFilter(call, type, filter as Record<string, unknown>));
  });
  if (groups.reduce((sum, group) => sum + group.length, 0) > FILTERS_MAX) {
    throw refuse('too_many_filters', `At most ${FILTERS_MAX} filters are allowed.`);
  }
  return groups;
}

function propertyTypeOf(call: Call, type: ObjectType, name: string): PropertyType {
  const definition = call.portal.properties(type.name).get(name);
  if (definition === undefined || definition.archived) {
    throw refuse('unknown_search_property', 'There was a problem with the request.', {
      errors: [{ message: `Property ${name} does not exist`, context: { propertyName: [name] } }],
    });
  }
  return definition.type;
}

function parseFilter(call: Call, type: ObjectType, input: Readonly<Record<string, unknown>>): SearchFilter {
  const property = textOf(input.propertyName);
  const operator = SEARCH_OPERATORS.find((known) => known === input.operator);
  if (operator === undefined) throw refuse('invalid_filter', `Invalid operator: ${textOf(input.operator)}`);
  const association = property.startsWith('associations.') ? findObjectType(property.slice(13)) : undefined;
  if (property.startsWith('associations.') && association === undefined) {
    throw refuse('invalid_filter', `Invalid associations filter: ${property}`);
  }
  const valueType = association === undefined ? propertyTypeOf(call, type, property) : 'number';
  const filter: SearchFilter = {
    property,
    type: valueType,
    association: association?.name ?? null,
    operator,
    value: textOf(input.value),
    highValue: textOf(input.highValue),
    values: stringList(input.values),
  };
  checkFilter(call, filter);
  return filter;
}

function checkFilter(call: Call, filter: SearchFilter): void {
  const { operator, type } = filter;
  const needsNone = operator === 'HAS_PROPERTY' || operator === 'NOT_HAS_PROPERTY';
  const needsList = operator === 'IN' || operator === 'NOT_IN';
  if (needsList && filter.values.length === 0) throw refuse('invalid_filter', `${operator} requires values.`);
  if (!needsNone && !needsList && filter.value === '')
    throw refuse('invalid_filter', `${operator} requires a value.`);
  if (operator === 'BETWEEN' && filter.highValue === '') {
    throw refuse('invalid_filter', 'BETWEEN requires value and highValue.');
  }
  if (needsList && type === 'string' && filter.values.some((value) => value !== value.toLowerCase())) {
    call.note(
      'in_values_not_lowercase',
      `${operator} on ${filter.property}: values must be lowercase to match`,
    );
  }
  if (type !== 'date' && type !== 'datetime') return;
  const given = needsList
    ? filter.values
    : [filter.value, ...(operator === 'BETWEEN' ? [filter.highValue] : [])];
  for (const value of needsNone ? [] : given) {
    const time = instantOf(value);
    if (Number.isNaN(time)) throw refuse('invalid_filter', `Invalid date value: ${value}`);
    if (time === 0) {
      throw new Refusal(errorAnswer(500, 'INTERNAL_ERROR', 'internal error'), 'search_epoch_zero');
    }
  }
}

function parseSort(call: Call, type: ObjectType, input: unknown): SearchRequest['sort'] {
  if (input === undefined || input === null) return null;
  if (!Array.isArray(input)) throw refuse('malformed_body', 'Invalid input JSON: sorts must be a list');
  if (input.length > 1) throw refuse('too_many_sorts', 'Only one sort rule is supported.');
  const [first] = input as unknown[];
  if (first === undefined) return null;
  if (typeof first === 'string') {
    const descending = first.startsWith('-');
    const property = descending ? first.slice(1) : first;
    return { property, type: propertyTypeOf(call, type, property), descending };
  }
  const rule = first as { propertyName?: unknown; direction?: unknown };
  const property = textOf(rule.propertyName);
  return {
    property,
    type: propertyTypeOf(call, type, property),
    descending: rule.direction === 'DESCENDING',
  };
}
