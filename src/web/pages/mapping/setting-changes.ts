export interface SettingChange {
  readonly key: string;
  readonly from: string;
  readonly to: string;
}

const isBranch = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Which settings differ between two versions, by dotted key; values as short text. */
export function settingChanges(before: unknown, after: unknown, key = ''): SettingChange[] {
  if (isBranch(before) && isBranch(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return names.flatMap((name) =>
      settingChanges(before[name], after[name], key === '' ? name : `${key}.${name}`),
    );
  }
  const from = textOf(before);
  const to = textOf(after);
  return from === to ? [] : [{ key, from, to }];
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return 'not set';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
