/** The filters of a page as they stand in its address. Whatever is not known or empty is left out, so that a wrong address still opens. */
export type TextSearch<Key extends string> = { readonly [Name in Key]?: string | undefined };

export function textSearch<const Key extends string>(...keys: readonly Key[]) {
  return (search: Readonly<Record<string, unknown>>): TextSearch<Key> => {
    const known: { [Name in Key]?: string | undefined } = {};
    for (const key of keys) {
      const value = search[key];
      if (typeof value === 'string' && value !== '') known[key] = value;
    }
    return known;
  };
}

/** The value when it is one of the allowed ones. */
export function oneOf<const Value extends string>(
  allowed: readonly Value[],
  value: string | undefined,
): Value | undefined {
  return allowed.find((candidate) => candidate === value);
}

/** Plain text in addresses, `?status=draft&q=12`, instead of the router's JSON. */
export function parseSearch(text: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text));
}

export function stringifySearch(search: Record<string, unknown>): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(search)) {
    if (typeof value === 'string' && value !== '') params.set(key, value);
  }
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}
