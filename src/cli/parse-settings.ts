import { UsageError } from './report-failure.ts';

type Settings = Record<string, unknown>;

/**
 * `key=value` pairs as keys to set. A value that is JSON by its looks (`true`, `null`, `[…]`, `{…}`, `"…"`) is taken as such,
 * everything else is text, numbers too: amounts are exact texts. `key[]=value` makes a list, one value each time.
 */
export function parsePairs(pairs: readonly string[]): Settings {
  const set: Settings = {};
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    if (at < 1) throw new UsageError(`--set wants key=value, not ${pair}`);
    const key = pair.slice(0, at).trim();
    const text = pair.slice(at + 1);
    if (!key.endsWith('[]')) {
      set[key] = parseValue(key, text);
      continue;
    }
    const listed = key.slice(0, -2);
    const before = set[listed];
    const value = parseValue(key, text);
    set[listed] = [...(Array.isArray(before) ? (before as unknown[]) : []), ...(text === '' ? [] : [value])];
  }
  return set;
}

function parseValue(key: string, text: string): unknown {
  if (!/^(true|false|null|[[{"].*)$/s.test(text.trim())) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new UsageError(`The value of ${key} looks like JSON and is none.`);
  }
}

export type SettingsFile = { readonly whole: Settings } | { readonly set: Settings };

/**
 * A file of settings: what `tributary configuration` prints, or the whole settings, or a part of them. Of a part, each key of a
 * section replaces that key and no other; keys with dots reach deeper.
 */
export function parseSettingsFile(text: string, sections: readonly string[]): SettingsFile {
  const parsed = parseObject(text);
  const settings = 'settings' in parsed ? parsed['settings'] : parsed;
  if (!isObject(settings)) throw new UsageError('The file holds no settings.');
  if (sections.every((section) => section in settings)) return { whole: settings };
  const set: Settings = {};
  for (const [section, value] of Object.entries(settings)) {
    if (section.includes('.') || !isObject(value)) set[section] = value;
    else for (const [key, entry] of Object.entries(value)) set[`${section}.${key}`] = entry;
  }
  return { set };
}

function parseObject(text: string): Settings {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new UsageError('The file is not JSON.');
  }
  if (!isObject(parsed)) throw new UsageError('The file is not a JSON object.');
  return parsed;
}

function isObject(value: unknown): value is Settings {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
