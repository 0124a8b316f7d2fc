import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folders that hold what we write; everything else in the tree is installed, built or data. */
export const sourceRoots = ['src', 'sandbox', 'scripts', 'test', 'bench', 'bin', 'migrations'] as const;

const skipped = new Set(['node_modules', 'dist', 'data', 'coverage', 'test-results', '.git']);

/** Every file below a folder, as paths from the root of the repository with forward slashes, sorted. */
export function listFiles(folder: string): string[] {
  let entries;
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
  return entries
    .filter((entry) => !skipped.has(entry.name))
    .flatMap((entry) => {
      const path = join(folder, entry.name).replaceAll('\\', '/');
      return entry.isDirectory() ? listFiles(path) : [path];
    })
    .toSorted();
}

export function listSourceFiles(): string[] {
  return sourceRoots.flatMap(listFiles);
}

export function listCodeFiles(): string[] {
  return listSourceFiles().filter((file) => /\.(ts|tsx|js|mjs)$/.test(file));
}

export function listFolders(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  } catch {
    return [];
  }
}

export function readText(file: string): string {
  return readFileSync(file, 'utf8');
}

const stringOrComment =
  /("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`)|(\/\*[\s\S]*?\*\/|\/\/[^\n]*)/g;

const blank = (text: string): string => text.replace(/[^\n]/g, ' ');

/**
 * Code with its comments blanked out, line numbers kept. It knows strings and templates only so far that `//` in an
 * address does not count as a comment; that is enough for the searches in this folder.
 */
export function withoutComments(code: string): string {
  return code.replace(stringOrComment, (match, text: string | undefined) =>
    text === undefined ? blank(match) : text,
  );
}

/** Code alone: comments, strings and templates blanked out. */
export function withoutStrings(code: string): string {
  return code.replace(stringOrComment, blank);
}

/** `file:line` of every match, for messages that can be clicked. */
export function findLines(file: string, text: string, pattern: RegExp): string[] {
  return text
    .split('\n')
    .flatMap((line, index) => (pattern.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : []));
}
