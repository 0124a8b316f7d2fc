import { basename, dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { listCodeFiles, listSourceFiles, readText } from './source-files.ts';

const kebabCase = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)*$/;
const catchAll = /^(utils?|helpers?|common|shared|lib|misc|stuff|tools)$/;
const linesMax = 500;

/** Folders of migrations and of recorded data name their files otherwise. */
const namedOtherwise = [
  /^migrations\/\d{4}_[a-z0-9_]+\.sql$/,
  /^bench\/results\//,
  /(^|\/)README\.md$/,
  /\/fixtures\//,
];

describe('File names', () => {
  const files = listSourceFiles().filter((file) => !namedOtherwise.some((pattern) => pattern.test(file)));

  test('are kebab-case', () => {
    const wrong = files.filter((file) => !kebabCase.test(basename(file)));
    expect(wrong, 'Rename to kebab-case, after the one thing that the file exports').toEqual([]);
  });

  test('say what is inside, never "utils" or "helpers"', () => {
    const wrong = files.filter((file) => {
      const parts = [...dirname(file).split('/'), basename(file).split('.')[0] ?? ''];
      return parts.some((part) => catchAll.test(part));
    });
    expect(
      wrong,
      'Name the file after the one noun or verb it is about and split what does not belong',
    ).toEqual([]);
  });
});

describe('Files', () => {
  test(`have ${linesMax} lines at the most`, () => {
    const long = listCodeFiles()
      .map((file) => ({ file, lines: readText(file).split('\n').length - 1 }))
      .filter(({ lines }) => lines > linesMax)
      .map(({ file, lines }) => `${file}: ${lines} lines`);
    expect(long, 'Split by the nouns inside: one noun, one file').toEqual([]);
  });
});
