import { propertyReader } from './calculated.ts';
import { type ObjectType, OBJECT_TYPES } from './object-types.ts';
import type { Portal } from './portal.ts';
import type { PropertyType } from './property-catalogue.ts';
import type { CrmRecord } from './record.ts';
import { instantOf, type SearchFilter, type SearchRequest } from './search-query.ts';

type Predicate = (record: CrmRecord) => boolean;

/** Reads a property as a number (numbers, dates) or lower-case text; null when it has no value. */
export function valueReader(
  portal: Portal,
  type: ObjectType,
  property: string,
  valueType: PropertyType,
): (record: CrmRecord) => number | string | null {
  if (property === type.modifiedProperty) return (record) => record.updatedAt;
  if (property === 'createdate') return (record) => record.createdAt;
  if (property === 'hs_object_id') return (record) => record.id;
  const read = propertyReader(type.name, property);
  return (record) => {
    const text = read(portal, record);
    return text === null ? null : comparable(text, valueType);
  };
}

function comparable(text: string, valueType: PropertyType): number | string {
  if (valueType === 'number') return Number(text);
  if (valueType === 'date' || valueType === 'datetime') return instantOf(text);
  return valueType === 'string' ? text.toLowerCase() : text;
}

function tokens(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}*]+/gu) ?? [];
}

/** Whole words, with `*` as a wildcard; every word of the value has to be there. */
function containsTokens(value: string): (text: string) => boolean {
  const wanted = tokens(value).map((token) => new RegExp(`^${token.replace(/\*/g, '.*')}$`, 'u'));
  return (text) => {
    const present = tokens(text);
    return wanted.every((pattern) => present.some((token) => pattern.test(token)));
  };
}

function associationPredicate(portal: Portal, type: ObjectType, filter: SearchFilter): Predicate {
  const other = filter.association ?? 'companies';
  const wanted = new Set(
    (filter.operator === 'IN' || filter.operator === 'NOT_IN' ? filter.values : [filter.value]).map(Number),
  );
  const negative = ['NEQ', 'NOT_IN', 'NOT_HAS_PROPERTY'].includes(filter.operator);
  const any = filter.operator === 'HAS_PROPERTY' || filter.operator === 'NOT_HAS_PROPERTY';
  return (record) => {
    const ids = portal.liveAssociations(type.name, record.id, other);
    const found = any ? ids.length > 0 : ids.some((id) => wanted.has(id));
    return found !== negative;
  };
}

function predicateOf(portal: Portal, type: ObjectType, filter: SearchFilter): Predicate {
  if (filter.association !== null) return associationPredicate(portal, type, filter);
  const read = valueReader(portal, type, filter.property, filter.type);
  const value = filter.value === '' ? '' : comparable(filter.value, filter.type);
  const high = filter.highValue === '' ? '' : comparable(filter.highValue, filter.type);
  // IN compares the lower-cased property with the values as given: an upper-case value of a string never matches.
  const values = new Set(
    filter.values.map((entry) => (filter.type === 'string' ? entry : comparable(entry, filter.type))),
  );
  switch (filter.operator) {
    case 'EQ':
      return (record) => read(record) === value;
    case 'NEQ':
      return (record) => read(record) !== value;
    case 'LT':
      return ordered(read, (own) => own < value);
    case 'LTE':
      return ordered(read, (own) => own <= value);
    case 'GT':
      return ordered(read, (own) => own > value);
    case 'GTE':
      return ordered(read, (own) => own >= value);
    case 'BETWEEN':
      return ordered(read, (own) => own >= value && own <= high);
    case 'IN':
      return ordered(read, (own) => values.has(own));
    case 'NOT_IN':
      return ordered(read, (own) => !values.has(own));
    case 'HAS_PROPERTY':
      return (record) => read(record) !== null;
    case 'NOT_HAS_PROPERTY':
      return (record) => read(record) === null;
    case 'CONTAINS_TOKEN':
      return ordered(read, tokenTest(filter.value));
    case 'NOT_CONTAINS_TOKEN':
      return not(ordered(read, tokenTest(filter.value)));
  }
}

function tokenTest(value: string): (own: number | string) => boolean {
  const test = containsTokens(value);
  return (own) => test(String(own));
}

function not(predicate: Predicate): Predicate {
  return (record) => !predicate(record);
}

function ordered(
  read: (record: CrmRecord) => number | string | null,
  test: (own: number | string) => boolean,
): Predicate {
  return (record) => {
    const own = read(record);
    return own !== null && test(own);
  };
}

/** Bounds of a number-like property within one group; whole range when the group says nothing about it. */
function boundsOf(group: readonly SearchFilter[], property: string): { low: number; high: number } {
  let low = Number.NEGATIVE_INFINITY;
  let high = Number.POSITIVE_INFINITY;
  for (const filter of group) {
    if (filter.property !== property) continue;
    const value = Number(comparable(filter.value, filter.type));
    const { operator } = filter;
    if (operator === 'EQ' || operator === 'GT' || operator === 'GTE' || operator === 'BETWEEN') {
      low = Math.max(low, value);
    }
    if (operator === 'EQ' || operator === 'LT' || operator === 'LTE') high = Math.min(high, value);
    if (operator === 'BETWEEN') high = Math.min(high, Number(comparable(filter.highValue, filter.type)));
  }
  return { low, high };
}

/**
 * The records that a group can match, narrowed by whichever index helps: a list of ids, a range of modified time,
 * a range of ids, or everything.
 */
function candidates(portal: Portal, type: ObjectType, group: readonly SearchFilter[]): Iterable<CrmRecord> {
  const index = portal.index(type.name);
  const modified = boundsOf(group, type.modifiedProperty);
  const ids = boundsOf(group, 'hs_object_id');
  if (Number.isFinite(modified.low) || Number.isFinite(modified.high)) {
    return between(
      index.byModified(),
      index.firstAtOrAfter(modified.low),
      (record) => record.updatedAt > modified.high,
    );
  }
  if (Number.isFinite(ids.low) || Number.isFinite(ids.high)) {
    const all = index.byId();
    return between(all, firstId(all, ids.low), (record) => record.id > ids.high);
  }
  return index.byModified();
}

function* between(
  records: readonly CrmRecord[],
  first: number,
  beyond: (record: CrmRecord) => boolean,
): Generator<CrmRecord> {
  for (let at = first; at < records.length; at += 1) {
    const record = records[at];
    if (record === undefined || beyond(record)) return;
    yield record;
  }
}

function firstId(records: readonly CrmRecord[], id: number): number {
  let low = 0;
  let high = records.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((records[middle]?.id ?? 0) < id) low = middle + 1;
    else high = middle;
  }
  return low;
}

function textPredicate(portal: Portal, type: ObjectType, text: string): Predicate {
  const needle = text.toLowerCase();
  const readers = OBJECT_TYPES[type.name].searchableProperties.map((name) => propertyReader(type.name, name));
  return (record) => readers.some((read) => read(portal, record)?.toLowerCase().includes(needle) === true);
}

/** All matching records in the asked order; without a sort by creation, which is by id. */
export function matchingRecords(portal: Portal, type: ObjectType, request: SearchRequest): CrmRecord[] {
  const found = new Set<CrmRecord>();
  const text = request.text === '' ? null : textPredicate(portal, type, request.text);
  const groups = request.groups.length === 0 ? [[]] : request.groups;
  for (const group of groups) {
    const predicates = group.map((filter) => predicateOf(portal, type, filter));
    if (text !== null) predicates.push(text);
    for (const record of candidates(portal, type, group)) {
      if (record.searchable && predicates.every((matches) => matches(record))) found.add(record);
    }
  }
  return sorted(portal, type, [...found], request.sort);
}

function sorted(
  portal: Portal,
  type: ObjectType,
  records: CrmRecord[],
  sort: SearchRequest['sort'],
): CrmRecord[] {
  if (sort === null) return records.sort((left, right) => left.id - right.id);
  const read = valueReader(portal, type, sort.property, sort.type);
  const direction = sort.descending ? -1 : 1;
  return records.sort((left, right) => {
    const order = compareValues(read(left), read(right));
    return order === 0 ? left.id - right.id : order * direction;
  });
}

function compareValues(left: number | string | null, right: number | string | null): number {
  if (left === right) return 0;
  if (left === null) return 1;
  if (right === null) return -1;
  return left < right ? -1 : 1;
}
