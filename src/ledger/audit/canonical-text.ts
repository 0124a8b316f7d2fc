import { createHash } from 'node:crypto';

/**
 * What is hashed is text of one form: a JSON array of strings and nulls whose order is fixed below. Every value is read from the store
 * as text that depends on neither the session's settings nor JavaScript: numbers as PostgreSQL writes them (a numeric keeps its
 * scale), days as `YYYY-MM-DD`, instants in UTC with six decimals, jsonb as `jsonb::text` (keys by length, then by bytes; numbers
 * as they were given, which `JSON.parse` would round beyond 2^53). The first string names the form and its version: a version is
 * never changed, only followed by the next, so that what is sealed stays verifiable.
 */
export type CanonicalValue = string | null;

/** Lower-case hexadecimal SHA-256 of the canonical text of these values. */
export function canonicalHash(values: readonly CanonicalValue[]): string {
  return createHash('sha256').update(JSON.stringify(values)).digest('hex');
}

/** The SQL of an instant as canonical text. */
export const canonicalInstant = (column: string): string =>
  `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
