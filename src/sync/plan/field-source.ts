import type { FieldSource } from '../../model/configuration.ts';

/** Properties as the CRM answered: text, null for empty, absent when the CRM did not answer that name. */
export type Properties = Readonly<Record<string, string | null>>;

/** The longest text that a mapped field may carry: what CRMs allow in a text property. More is a mistake, not a name or a memo. */
export const fieldTextLengthMax = 65_536;

/** The mapped text, or null when it is empty. Lookup tables without a matching key and without default give null. */
export function readField(source: FieldSource | null, properties: Properties): string | null {
  if (source === null) return null;
  if (typeof source === 'string') return present(properties[source]);
  if ('constant' in source) return present(source.constant);
  if ('property' in source) return present(properties[source.property]) ?? present(source.default);
  if ('join' in source) {
    const parts = source.join.map((part) => readField(part, properties)).filter((part) => part !== null);
    return parts.length > 0 ? parts.join(source.separator ?? ' ') : present(source.default);
  }
  const key = readField(source.lookup, properties);
  const found = key === null ? undefined : Object.hasOwn(source.table, key) ? source.table[key] : undefined;
  return present(found) ?? present(source.default);
}

function present(text: string | null | undefined): string | null {
  if (text === null || text === undefined) return null;
  const trimmed = text.trim();
  return trimmed === '' ? null : trimmed;
}

/** The CRM property names that the source reads. */
export function propertiesOf(source: FieldSource | null): string[] {
  if (source === null) return [];
  if (typeof source === 'string') return [source];
  if ('constant' in source) return [];
  if ('property' in source) return [source.property];
  if ('join' in source) return source.join.flatMap(propertiesOf);
  return propertiesOf(source.lookup);
}
