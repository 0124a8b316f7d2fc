import { createHash, randomUUID } from 'node:crypto';
import {
  type FileHandle,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Changes when the way a template is made does, such as initdb's parameters. */
const format = 2;

/** Below node_modules, so that a clean install starts clean. */
export const defaultTemplateFolder = fileURLToPath(
  new URL('../../../node_modules/.cache/tributary', import.meta.url),
);

async function pgliteVersion(): Promise<string> {
  const file = new URL('../package.json', import.meta.resolve('@electric-sql/pglite'));
  const { version } = JSON.parse(await readFile(file, 'utf8')) as { version: string };
  return version;
}

/** Stands for no migrations at all: what initdb makes. */
export const noMigrations = 'none';

/**
 * Where the dump of a fresh database with exactly these migrations, made by this version of PGlite, is kept. It spares a first
 * start initdb and the migrations (0.7 s instead of 2.5 s); the tests open hundreds of databases that way.
 */
export async function templateFile(folder: string, migrationsHash: string): Promise<string> {
  const key = createHash('sha256')
    .update(`${format} ${await pgliteVersion()} ${migrationsHash}`)
    .digest('hex');
  return join(folder, `template-${key.slice(0, 32)}.tar`);
}

/** In front of the dump: a file that was cut off by a full disk or a power cut must not become somebody's books. */
const checksumBytes = 32;

const checksum = (dump: Uint8Array): Buffer => createHash('sha256').update(dump).digest();

/** The dump that is kept there; null when there is none, or it is not whole. */
export async function readTemplate(file: string): Promise<Uint8Array<ArrayBuffer> | null> {
  let handle: FileHandle;
  try {
    handle = await open(file);
  } catch {
    return null;
  }
  try {
    const expected = Buffer.alloc(checksumBytes);
    await handle.read(expected, 0, checksumBytes, 0);
    const dump = await readFrom(handle, checksumBytes);
    return dump && checksum(dump).equals(expected) ? dump : null;
  } finally {
    await handle.close();
  }
}

/** Into a buffer of its own, which PGlite takes without a copy; null when the file ends before its time. */
async function readFrom(handle: FileHandle, start: number): Promise<Uint8Array<ArrayBuffer> | null> {
  const bytes = new Uint8Array(Math.max(0, (await handle.stat()).size - start));
  for (let read = 0; read < bytes.length; ) {
    const { bytesRead } = await handle.read(bytes, read, bytes.length - read, start + read);
    if (bytesRead === 0) return null;
    read += bytesRead;
  }
  return bytes;
}

/** Whoever works on the migrations leaves one template (42 MB) behind for each edit; those of another branch may be in use. */
const keptMsMax = 24 * 60 * 60 * 1000;

/**
 * Keeps a dump and removes old ones. Whole or not at all: it is renamed into place. A folder that cannot be written, as in a
 * read-only image, means only that the next first start takes longer.
 */
export async function writeTemplate(folder: string, file: string, dump: Uint8Array): Promise<void> {
  const unfinished = `${file}.${randomUUID()}`;
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(unfinished, [checksum(dump), dump]);
    await rename(unfinished, file);
    await removeOldTemplates(folder, file);
  } catch {
    await rm(unfinished, { force: true });
  }
}

async function removeOldTemplates(folder: string, kept: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (!name.startsWith('template-') || path === kept) continue;
    if (Date.now() - (await stat(path)).mtimeMs > keptMsMax) await rm(path, { force: true });
  }
}

export async function removeTemplate(file: string): Promise<void> {
  await rm(file, { force: true });
}
