/**
 * `npm run generate` writes the files that are made from the code; with `--check` it writes nothing and fails
 * when a committed one differs. To add one, add a line to `generators`.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { generators } from './generators.ts';

async function readOrNull(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

/** Names the first line that differs, so that a stale file can be understood without writing it. */
function firstDifference(committed: string, generated: string): string {
  const before = committed.split('\n');
  const after = generated.split('\n');
  const line = after.findIndex((text, index) => text !== before[index]);
  const at = line === -1 ? after.length : line;
  return `line ${at + 1}: committed ${JSON.stringify(before[at] ?? '(end)')}, generated ${JSON.stringify(after[at] ?? '(end)')}`;
}

const checkOnly = process.argv.includes('--check');
for (const { file, generate } of generators) {
  const generated = await generate();
  const committed = await readOrNull(file);
  if (committed === generated) continue;
  if (checkOnly) {
    const why = committed === null ? 'is missing' : `is stale, ${firstDifference(committed, generated)}`;
    console.log(`${file} ${why}`);
    process.exitCode = 1;
  } else {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, generated);
    console.log(`wrote ${file}`);
  }
}
