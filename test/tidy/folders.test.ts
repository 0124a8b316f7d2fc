import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { importTable } from '../../.dependency-cruiser.mjs';
import { listFiles, listFolders, readText } from './source-files.ts';

/** A folder counts from its first file on: git keeps no empty ones. */
const inUse = (folder: string): boolean => listFiles(folder).some((file) => !file.endsWith('README.md'));

const domains = listFolders('src').map((name) => `src/${name}`);
const stages = listFolders('src/sync').map((name) => `src/sync/${name}`);
const connectors = listFolders('src/connectors').map((name) => `src/connectors/${name}`);
const sandboxes = listFolders('sandbox').map((name) => `sandbox/${name}`);

describe('Folders', () => {
  test('have a README of one page', () => {
    const without = [...domains, ...connectors, ...sandboxes]
      .filter(inUse)
      .filter((folder) => !existsSync(`${folder}/README.md`));
    expect(without, 'Write README.md: purpose, invariants, boundaries, what it does not promise').toEqual([]);
  });

  test('of src have a row in the import table', () => {
    // These have rules of their own in .dependency-cruiser.mjs.
    const special = ['src/connectors', 'src/sync', 'src/main'];
    const rows = new Set<string>(importTable.map(({ folder }) => folder));
    const without = [...domains, ...stages].filter(
      (folder) => !rows.has(folder) && !special.includes(folder),
    );
    expect(
      without,
      'Add the folder to importTable in .dependency-cruiser.mjs and to ARCHITECTURE.md',
    ).toEqual([]);
  });

  test('of connectors are in the registry, one line each', () => {
    const registry = existsSync('src/connectors/registry.ts') ? readText('src/connectors/registry.ts') : '';
    const missing = listFolders('src/connectors').filter((name) => !registry.includes(`'./${name}/`));
    expect(missing, 'Add the line to src/connectors/registry.ts').toEqual([]);
  });
});
