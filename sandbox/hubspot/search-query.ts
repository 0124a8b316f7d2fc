import type { ObjectTypeName } from './object-types.ts';
import type { PropertyType } from './property-catalogue.ts';

export const SEARCH_OPERATORS = [
  'EQ',
  'NEQ',
  'LT',
  'LTE',
  'GT',
  'GTE',
  'BETWEEN',
  'IN',
  'NOT_IN',
  'HAS_PROPERTY',
  'NOT_HAS_PROPERTY',
  'CONTAINS_TOKEN',
  'NOT_CONTAINS_TOKEN',
] as const;
export type SearchOperator = (typeof SEARCH_OPERATORS)[number];

export interface SearchFilter {
  readonly property: string;
  readonly type: PropertyType;
  /** The other type when the property is the pseudo property `associations.{type}`. */
  readonly association: ObjectTypeName | null;
  readonly operator: SearchOperator;
  readonly value: string;
  readonly highValue: string;
  readonly values: readonly string[];
}

export interface SearchRequest {
  readonly groups: readonly (readonly SearchFilter[])[];
  readonly sort: {
    readonly property: string;
    readonly type: PropertyType;
    readonly descending: boolean;
  } | null;
  readonly text: string;
  readonly limit: number;
  readonly after: number;
  readonly properties: readonly string[];
  /** Filters, sort and text as a cache key. */
  readonly key: string;
}

/** A date value of a filter: milliseconds as text, or ISO text. What is below a millisecond is ignored. */
export function instantOf(value: string): number {
  if (/^-?\d+$/.test(value)) return Number(value);
  return Date.parse(value.replace(/(\.\d{3})\d+/, '$1'));
}
