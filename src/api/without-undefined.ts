type Defined<Value> = { [Key in keyof Value]?: Exclude<Value[Key], undefined> };

/** The object without the keys that are undefined: a parsed query has them, a filter whose keys are optional does not take them. */
export function withoutUndefined<Value extends object>(value: Value): Defined<Value> {
  return Object.fromEntries(
    Object.entries(value).filter(([, entry]) => entry !== undefined),
  ) as Defined<Value>;
}
