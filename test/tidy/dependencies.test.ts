import { describe, expect, test } from 'vitest';
import { listCodeFiles, listFiles, readText } from './source-files.ts';

interface PackageJson {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

interface PackageLock {
  readonly packages: Readonly<
    Record<string, { readonly resolved?: string; readonly integrity?: string; readonly link?: boolean }>
  >;
}

// Both files are written by npm alone, so their shapes are taken as they are.
const packageJson = JSON.parse(readText('package.json')) as PackageJson;
const packageLock = JSON.parse(readText('package-lock.json')) as PackageLock;

/** Run by name or found by another tool, never imported. */
const tools = new Set([
  '@biomejs/biome',
  '@swc/core',
  'dependency-cruiser',
  'oxlint',
  'oxlint-tsgolint',
  'typescript',
]);

/** A decision note names the packages it decides on in a line `Packages: a, b`. */
function packagesOfNotes(): Map<string, string[]> {
  const notes = listFiles('docs/decisions').filter((file) => /\/\d{4}-[a-z0-9-]+\.md$/.test(file));
  const named = new Map<string, string[]>();
  for (const note of notes) {
    const line = /^Packages: (.+)$/m.exec(readText(note))?.[1] ?? '';
    for (const name of line.split(',').map((part) => part.trim().replaceAll('`', ''))) {
      if (name !== '') named.set(name, [...(named.get(name) ?? []), note]);
    }
  }
  return named;
}

describe('Dependencies', () => {
  test('are pinned to one exact version', () => {
    const loose = Object.entries({ ...packageJson.dependencies, ...packageJson.devDependencies })
      .filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
      .map(([name, version]) => `${name}: ${version}`);
    expect(loose, 'Write the exact version; a range lets npm pick one that nobody has tested').toEqual([]);
  });

  test('are each imported by something, or a tool', () => {
    const code = [...listCodeFiles(), 'vitest.config.ts'].map((file) => readText(file)).join('\n');
    const unused = Object.keys({ ...packageJson.dependencies, ...packageJson.devDependencies }).filter(
      (name) =>
        !tools.has(name) &&
        !name.startsWith('@types/') &&
        !code.includes(`'${name}'`) &&
        !code.includes(`'${name}/`),
    );
    expect(unused, 'Uninstall it, or name it among the tools').toEqual([]);
  });

  test('of run time each have a decision note', () => {
    const named = packagesOfNotes();
    const without = Object.keys(packageJson.dependencies).filter((name) => !named.has(name));
    expect(
      without,
      'Write docs/decisions/NNNN-….md with a line `Packages: name`: why this one, what else was tried',
    ).toEqual([]);
  });

  test('named by a decision note are installed', () => {
    const installed = new Set(Object.keys({ ...packageJson.dependencies, ...packageJson.devDependencies }));
    const gone = [...packagesOfNotes()]
      .filter(([name]) => !installed.has(name))
      .map(([name, notes]) => `${notes.join()}: ${name}`);
    expect(
      gone,
      'Take the package out of the `Packages:` line, or write the note that replaces this one',
    ).toEqual([]);
  });
});

describe('package-lock.json', () => {
  const packages = Object.entries(packageLock.packages).filter(([path]) => path !== '');

  test('names no download address, so that every registry will do', () => {
    const addressed = packages.filter(([, entry]) => entry.resolved !== undefined).map(([path]) => path);
    expect(addressed, 'Run `npm install --package-lock-only`: .npmrc leaves the addresses out').toEqual([]);
    expect(readText('package-lock.json')).not.toMatch(/https?:\/\/[^"]*\.tgz/);
  });

  test('has a checksum for every package', () => {
    const unchecked = packages
      .filter(([, entry]) => entry.integrity === undefined && entry.link !== true)
      .map(([path]) => path);
    expect(unchecked, 'Install it again from a registry').toEqual([]);
  });
});
