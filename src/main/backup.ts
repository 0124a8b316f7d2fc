import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { UsageError } from '../cli/report-failure.ts';
import type { Terminal } from '../cli/terminal.ts';
import { type Environment, readConfig } from '../platform/config/config.ts';
import { lockDataFolder } from '../platform/database/data-folder-lock.ts';
import { createLogger } from '../platform/log/logger.ts';
import { secretKeyFileName } from '../platform/secrets/secret-key.ts';
import { openStore } from './open-server.ts';

/** The embedded store in the data folder, and what belongs to it. The secret key does not: it is kept apart from what it protects. */
const storeFolder = 'pgdata';
const demoFile = 'demo.json';

/**
 * Writes the embedded store into an archive. It is opened and closed first, so that nothing is left in its log, and locked: a
 * server that uses it has to be stopped. Errors: data_folder_in_use, data_folder_unusable, UsageError.
 */
export async function backUp(terminal: Terminal, environment: Environment, out: string): Promise<string> {
  const { dataDir } = requireEmbedded(environment, 'pg_dump --format=custom --file FILE "$DATABASE_URL"');
  if (!existsSync(join(dataDir, storeFolder)))
    throw new UsageError(`There is no embedded store in ${dataDir}.`);
  const file = resolve(out);
  if (existsSync(file)) throw new UsageError(`${file} is there already.`);
  const config = readConfig(environment);
  await (await openStore(config, createLogger({ level: 'silent' }))).close();
  const lock = await lockDataFolder(dataDir);
  try {
    const unfinished = `${file}.unfinished`;
    const members = [storeFolder, demoFile].filter((name) => existsSync(join(dataDir, name)));
    await runTar(['-czf', unfinished, '-C', dataDir, ...members]);
    await syncFile(unfinished);
    await rename(unfinished, file);
  } finally {
    await lock.release();
  }
  terminal.writeError(
    `Keep ${join(dataDir, secretKeyFileName)} as well, apart from the archive: without it connections have to be connected again.\n`,
  );
  return file;
}

/** Puts an archive in place of nothing: a store that is there is not touched. Errors: as `backUp`. */
export async function restore(environment: Environment, archive: string): Promise<string> {
  const { dataDir } = requireEmbedded(
    environment,
    'pg_restore --clean --if-exists --dbname "$DATABASE_URL" FILE',
  );
  const file = resolve(archive);
  if (!existsSync(file)) throw new UsageError(`There is no file ${file}.`);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const lock = await lockDataFolder(dataDir);
  const unpacked = join(dataDir, `restore.${process.pid}`);
  try {
    if (existsSync(join(dataDir, storeFolder))) {
      throw new UsageError(`There is a store in ${dataDir} already: move its ${storeFolder} away first.`);
    }
    await mkdir(unpacked, { mode: 0o700 });
    await runTar(['-xzf', file, '-C', unpacked]);
    if (!existsSync(join(unpacked, storeFolder, 'PG_VERSION'))) {
      throw new UsageError(`${basename(file)} is no backup of Tributary.`);
    }
    if (existsSync(join(unpacked, demoFile))) await rename(join(unpacked, demoFile), join(dataDir, demoFile));
    await rename(join(unpacked, storeFolder), join(dataDir, storeFolder));
  } finally {
    await rm(unpacked, { recursive: true, force: true });
    await lock.release();
  }
  return dataDir;
}

function requireEmbedded(environment: Environment, instead: string): { readonly dataDir: string } {
  const { databaseUrl, dataDir } = readConfig(environment);
  if (databaseUrl !== null)
    throw new UsageError(`The store is PostgreSQL: use its own tools, such as ${instead}`);
  return { dataDir };
}

async function runTar(args: readonly string[]): Promise<void> {
  const child = spawn('tar', [...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => (complaints = `${complaints}${chunk.toString()}`.slice(-1_000)));
  await new Promise<void>((done, fail) => {
    child.once('error', fail);
    child.once('close', (code) =>
      code === 0 ? done() : fail(new Error(`tar failed: ${complaints.trim()}`)),
    );
  });
}

/** An archive that is named is on the disk, its name too. */
async function syncFile(file: string): Promise<void> {
  for (const path of [file, dirname(file)]) {
    const handle = await open(path, 'r');
    await handle.sync();
    await handle.close();
  }
}
