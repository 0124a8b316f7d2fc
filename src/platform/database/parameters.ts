import { assert } from '../../kernel/assert.ts';
import { formatArrayLiteral } from './array-literal.ts';

function toText(value: unknown, position: number): string | null {
  // An undefined is a forgotten field: PostgreSQL would take it as NULL and nobody would see it.
  assert(value !== undefined, `parameter $${position} is undefined; pass null`);
  assert(
    !(value instanceof Uint8Array),
    `parameter $${position} holds bytes; no column here is of type bytea`,
  );
  assert(
    typeof value !== 'number' || Number.isFinite(value),
    `parameter $${position} is not a finite number`,
  );
  if (value === null) return null;
  if (Array.isArray(value)) {
    const missing = value.findIndex((element) => element === undefined);
    assert(missing === -1, `element ${missing} of parameter $${position} is undefined; pass null`);
    return formatArrayLiteral(value);
  }
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'object') return JSON.stringify(value);
  if (typeof value === 'string') return value;
  assert(
    typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean',
    `parameter $${position} is a ${typeof value}`,
  );
  return String(value);
}

/**
 * Parameters as text, made here and not by the drivers: each of them has rules of its own for dates, arrays and objects, and
 * PostgreSQL reads text in every type.
 */
export function serializeParameters(parameters: readonly unknown[]): (string | null)[] {
  return parameters.map((value, index) => toText(value, index + 1));
}
