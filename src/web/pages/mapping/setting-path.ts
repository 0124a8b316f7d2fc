import type { Configuration, FieldSource, Filter } from '../../../model/configuration.ts';

type Branch = Readonly<Record<string, unknown>>;

/** The value under a dotted key, such as `deals.fields.total`. Names of dimensions may hold dots themselves: they come last. */
export function readSetting(settings: Configuration, path: readonly string[]): unknown {
  let value: unknown = settings;
  for (const name of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    // A configuration is plain JSON.
    value = (value as Branch)[name];
  }
  return value;
}

/** The configuration with one value set; undefined takes the key away. Nothing of the old one is changed. */
export function writeSetting(
  settings: Configuration,
  path: readonly string[],
  value: unknown,
): Configuration {
  // The key's own type was checked where the value was made; the server checks the whole.
  return writeBranch(settings as unknown as Branch, path, value) as unknown as Configuration;
}

function writeBranch(branch: Branch, path: readonly string[], value: unknown): Branch {
  const [name, ...rest] = path;
  if (name === undefined) return branch;
  if (rest.length > 0) {
    const below = branch[name];
    const next = typeof below === 'object' && below !== null ? (below as Branch) : {};
    return { ...branch, [name]: writeBranch(next, rest, value) };
  }
  if (value !== undefined) return { ...branch, [name]: value };
  return Object.fromEntries(Object.entries(branch).filter(([key]) => key !== name));
}

/** The source that a target has, null when it has none. */
export function readSource(settings: Configuration, path: readonly string[]): FieldSource | null {
  return (readSetting(settings, path) ?? null) as FieldSource | null;
}

export function readFilters(settings: Configuration, path: readonly string[]): readonly Filter[] {
  return (readSetting(settings, path) ?? []) as readonly Filter[];
}
