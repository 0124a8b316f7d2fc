import { describe, expect, test } from 'vitest';
import { findLines, listFiles, listFolders, readText, withoutComments } from './source-files.ts';

/** Outside systems by name: those of the registry, and the next ones whose names are no everyday words. */
const names = [...new Set([...listFolders('src/connectors'), 'hubspot', 'salesforce', 'erpnext', 'avatax'])];

/** Where a connector's name may stand, and why. */
const allowed: readonly { readonly path: RegExp; readonly why: string }[] = [
  { path: /^src\/connectors\/registry\.ts$/, why: 'one line a connector: this is the list' },
  { path: /^src\/main\//, why: 'the demo wires the sandbox to its connector' },
  { path: /\.(test|flow)\.tsx?$/, why: 'a test needs a real connector to talk to' },
];

describe("A connector's name", () => {
  test('stands in its own folder and nowhere else', () => {
    const pattern = new RegExp(names.join('|'), 'i');
    const files = [...listFiles('src'), ...listFiles('migrations')]
      .filter((file) => /\.(ts|tsx|sql)$/.test(file))
      .filter((file) => !names.some((name) => file.startsWith(`src/connectors/${name}/`)))
      .filter((file) => !allowed.some(({ path }) => path.test(file)));
    const found = files.flatMap((file) => {
      const text = file.endsWith('.sql')
        ? readText(file).replace(/--[^\n]*/g, '')
        : withoutComments(readText(file));
      return findLines(file, text, pattern);
    });
    expect(
      found,
      'Ask for a capability declared in the manifest (src/connectors/connector.ts) instead of for a name; what only one system does belongs in its folder',
    ).toEqual([]);
  });
});
