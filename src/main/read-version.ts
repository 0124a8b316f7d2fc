import { readFileSync } from 'node:fs';

/** The version of the program, as package.json has it. */
export function readVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  const parsed = JSON.parse(text) as { readonly version: string };
  return parsed.version;
}
