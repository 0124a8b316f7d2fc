import { compare, parseDecimal } from '../../kernel/decimal.ts';
import type { Filter } from '../../model/configuration.ts';
import type { Properties } from './field-source.ts';

/** The property of the first filter that does not hold, or null when all hold. */
export function failingFilter(filters: readonly Filter[], properties: Properties): string | null {
  const failing = filters.find((filter) => !holds(filter, properties));
  return failing ? nameOf(failing) : null;
}

function nameOf(filter: Filter): string {
  if ('property' in filter) return filter.property;
  return ('all' in filter ? filter.all : filter.any).map(nameOf).join(', ');
}

export function holds(filter: Filter, properties: Properties): boolean {
  if ('all' in filter) return filter.all.every((inner) => holds(inner, properties));
  if ('any' in filter) return filter.any.some((inner) => holds(inner, properties));
  const actual = properties[filter.property]?.trim() || null;
  const values =
    filter.value === undefined ? [] : typeof filter.value === 'string' ? [filter.value] : filter.value;
  const first = values[0] ?? '';
  switch (filter.operator) {
    case 'is_set':
      return actual !== null;
    case 'is_not_set':
      return actual === null;
    case 'equals':
      return actual !== null && same(actual, first);
    case 'not_equals':
      return actual === null || !same(actual, first);
    case 'in':
      return actual !== null && values.some((value) => same(actual, value));
    case 'not_in':
      return actual === null || !values.some((value) => same(actual, value));
    case 'contains':
      return actual?.toLowerCase().includes(first.toLowerCase()) ?? false;
    case 'greater_than':
      return ordered(actual, first, (order) => order > 0);
    case 'at_least':
      return ordered(actual, first, (order) => order >= 0);
    case 'less_than':
      return ordered(actual, first, (order) => order < 0);
    case 'at_most':
      return ordered(actual, first, (order) => order <= 0);
  }
}

/** Numbers compare as numbers (`10` equals `10.00`), everything else without regard to case. */
function same(actual: string, wanted: string): boolean {
  const left = parseDecimal(actual);
  const right = parseDecimal(wanted);
  if (left && right) return compare(left, right) === 0;
  return actual.toLowerCase() === wanted.trim().toLowerCase();
}

/** Numbers by size, days and instants by their text (ISO 8601 sorts as it reads); an empty value is never in an order. */
function ordered(actual: string | null, wanted: string, test: (order: number) => boolean): boolean {
  if (actual === null) return false;
  const left = parseDecimal(actual);
  const right = parseDecimal(wanted);
  if (left && right) return test(compare(left, right));
  return test(actual < wanted ? -1 : actual > wanted ? 1 : 0);
}

/** The CRM property names that the filters read. */
export function propertiesOfFilters(filters: readonly Filter[]): string[] {
  return filters.flatMap((filter) =>
    'property' in filter ? [filter.property] : propertiesOfFilters('all' in filter ? filter.all : filter.any),
  );
}
