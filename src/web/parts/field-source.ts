import type { Configuration, FieldSource } from '../../model/configuration.ts';

/** The settings of the wire are a `Configuration`: the server checks them against it whenever they are saved. */
export function settingsFromWire(settings: Readonly<Record<string, unknown>>): Configuration {
  return settings as unknown as Configuration;
}

export function settingsToWire(settings: Configuration): Record<string, unknown> {
  return { ...settings };
}

export type SourceKind = 'none' | 'property' | 'constant' | 'join' | 'lookup';

export function kindOfSource(source: FieldSource | null): SourceKind {
  if (source === null) return 'none';
  if (typeof source === 'string' || 'property' in source) return 'property';
  if ('constant' in source) return 'constant';
  return 'join' in source ? 'join' : 'lookup';
}

/** The names of the properties that a source reads, in its order. */
export function propertiesOf(source: FieldSource): readonly string[] {
  if (typeof source === 'string') return [source];
  if ('property' in source) return [source.property];
  if ('constant' in source) return [];
  return 'join' in source ? source.join.flatMap(propertiesOf) : propertiesOf(source.lookup);
}

export function defaultOf(source: FieldSource | null): string {
  if (source === null || typeof source === 'string' || 'constant' in source) return '';
  return source.default ?? '';
}

export type PropertyLabels = ReadonlyMap<string, string>;

export function propertyLabels(
  properties: readonly { readonly name: string; readonly label: string }[] | undefined,
): PropertyLabels {
  return new Map((properties ?? []).map(({ name, label }) => [name, label]));
}

/** What a source reads, as labels and the values of one record. */
export function sourceValues(
  source: FieldSource,
  properties: Readonly<Record<string, string | null>>,
  labels: PropertyLabels,
): { readonly label: string; readonly value: string | null }[] {
  if (typeof source !== 'string' && 'constant' in source) {
    return [{ label: 'Constant', value: source.constant }];
  }
  return propertiesOf(source).map((name) => ({
    label: labels.get(name) ?? name,
    value: properties[name] ?? null,
  }));
}
