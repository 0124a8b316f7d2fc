import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Changes when the way a template is made does, such as initdb's parameters. */
const format = 1;

/** Below node_modules, so that a clean install starts clean. */
export const defaultTemplateFolder = fileURLToPath(
  new URL('../../../node_modules/.cache/tributary', import.meta.url),
);

async function pgliteVersion(): Promise<string> {
  const file = new URL('../package.json', import.meta.resolve('@electric-sql/pglite'));
  const { version } = JSON.parse(await readFile(file, 'utf8')) as { version: string };
  return version;
}

/**
 * Where the dump of a freshly migrated database of exactly these migrations and this PGlite is kept. It spares a first start
 * initdb and the migrations (0.7 s instead of 2.5 s); a test opens hundreds of databases that way.
 */
export async function templateFile(folder: string, migrationsHash: string): Promise<string> {
  const key = createHash('sha256')
    .update(`${format} ${await pgliteVersion()} ${migrationsHash}`)
    .digest('hex');
  return join(folder, `template-${key.slice(0, 32)}.tar`);
}

export async function readTemplate(file: string): Promise<Uint8Array | null> {
  try {
    return await readFile(file);
  } catch {
    return null;
  }
}

/**
 * Keeps a dump (42 MB) and removes those of other migrations. Whole or not at all: it is renamed into place. A folder that cannot
 * be written, as in a read-only image, means only that the next first start migrates again.
 */
export async function writeTemplate(folder: string, file: string, dump: Uint8Array): Promise<void> {
  const unfinished = `${file}.${randomUUID()}`;
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(unfinished, dump);
    await rename(unfinished, file);
    const others = (await readdir(folder)).filter((name) => /^template-\w+\.tar$/.test(name));
    for (const name of others) if (join(folder, name) !== file) await rm(join(folder, name), { force: true });
  } catch {
    await rm(unfinished, { force: true });
  }
}

export async function removeTemplate(file: string): Promise<void> {
  await rm(file, { force: true });
}
