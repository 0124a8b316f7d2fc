/** A field that the API refused, such as `lines.0.serviceEnd`. */
export interface FieldProblem {
  readonly field: string;
  readonly message: string;
}

/** Messages by the page's own names of fields. */
export type FieldErrors = Readonly<Record<string, string>>;

interface NamedList {
  /** What one of the list is called, such as `line`. */
  readonly word: string;
  /** Positions of what was sent, where the page calls them by their positions. */
  readonly positions?: readonly number[];
}

/**
 * What the API says of fields, under the page's names: `line 3`, `line 3 serviceEnd`, `bill 0 date`, `billings`. The API names one of a
 * list by its position when it is wrong as a whole, and by its place in the request when one of its values is.
 */
export function fieldErrors(
  fields: readonly FieldProblem[],
  lists: Readonly<Record<string, NamedList>>,
): FieldErrors {
  const errors: Record<string, string> = {};
  for (const { field, message } of fields) {
    const name = nameOf(field, lists);
    errors[name] = errors[name] === undefined ? message : `${errors[name]} ${message}`;
  }
  return errors;
}

function nameOf(field: string, lists: Readonly<Record<string, NamedList>>): string {
  const [, list = '', place = '', value] = /^(\w+)\.(\d+)(?:\.(\w+))?/.exec(field) ?? [];
  const named = lists[list];
  if (!named) return field;
  if (value === undefined) return `${named.word} ${place}`;
  return `${named.word} ${named.positions?.[Number(place)] ?? place} ${value}`;
}
