import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';
import { importTable } from '../../.dependency-cruiser.mjs';
import { listFiles, readText, sourceRoots } from './source-files.ts';

const documents = [
  ...readdirSync('.').filter((name) => name.endsWith('.md')),
  ...['docs', ...sourceRoots].flatMap(listFiles).filter((file) => file.endsWith('.md')),
];

/** The anchor that a heading gets where Markdown is shown. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');

const anchorsOf = (file: string): string[] =>
  [...readText(file).matchAll(/^#{1,6} (.+)$/gm)].map((match) => anchorOf(match[1] ?? ''));

function brokenLinks(file: string): string[] {
  const text = readText(file)
    .replace(/```[\s\S]*?```/g, '')
    .replace(/`[^`\n]*`/g, '');
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target = '']) => {
    if (/^[a-z]+:/.test(target)) return [];
    const [path = '', anchor] = target.split('#');
    const aim = path === '' ? file : normalize(join(dirname(file), path));
    if (!existsSync(aim)) return [`${file}: ${target}`];
    if (anchor !== undefined && aim.endsWith('.md') && !anchorsOf(aim).includes(anchor))
      return [`${file}: ${target}`];
    return [];
  });
}

describe('The documents', () => {
  test('link to files and headings that are there', () => {
    expect(documents.flatMap(brokenLinks), 'Mend the link, or write what it promises').toEqual([]);
  });

  test('say in ARCHITECTURE.md who may import whom, for every row of the import table', () => {
    const text = readText('ARCHITECTURE.md');
    const missing = importTable
      .map(({ folder }) => folder.replace('src/', ''))
      .filter((name) => !text.includes(`\`${name}\``));
    expect(missing, 'Add the folder to the table in ARCHITECTURE.md').toEqual([]);
  });

  test('of docs/decisions are numbered without gaps and hold the three parts', () => {
    const notes = listFiles('docs/decisions').filter((file) => !file.endsWith('README.md'));
    const numbers = notes.map((file) => /\/(\d{4})-[a-z0-9-]+\.md$/.exec(file)?.[1]);
    expect(numbers).toEqual(notes.map((_, index) => String(index + 1).padStart(4, '0')));
    const parts = ['## Context', '## Choice', '## What would change our mind'];
    const incomplete = notes.filter((file) => !parts.every((part) => readText(file).includes(part)));
    expect(incomplete, `A decision note has the headings ${parts.join(', ')}`).toEqual([]);
  });

  test('of docs/reference are generated and say so on their first line', () => {
    const unmarked = listFiles('docs/reference').filter(
      (file) => !/generated/i.test(readText(file).split('\n').slice(0, 2).join()),
    );
    expect(
      unmarked,
      'Write a generator in scripts/generators.ts; what is written by hand belongs in docs/guides',
    ).toEqual([]);
  });
});
