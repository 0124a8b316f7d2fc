import { createHash } from 'node:crypto';
import { canonicalJson } from './json.ts';

/** A short hash of a value's canonical JSON: the same for the same content, whatever the order of its keys. */
export function contentHash(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('base64url').slice(0, 27);
}
