import { access, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TributaryError } from '../../kernel/errors.ts';
import { prepareDataFolder, toDataFolderError } from './data-folder.ts';
import { lockDataFolder } from './data-folder-lock.ts';
import type { DatabaseLogger } from './database-logger.ts';
import type { Engine } from './engine.ts';
import { migrate } from './migrate.ts';
import { hashMigrations, type Migration } from './migrations.ts';
import { inMemory, openPgliteEngine, type PgliteEngine } from './pglite-engine.ts';
import { readTemplate, removeTemplate, templateFile, writeTemplate } from './template.ts';

export interface EmbeddedStoreOptions {
  /** `memory://`, or the data folder. */
  readonly dataFolder: string;
  readonly migrations: readonly Migration[];
  readonly templateFolder: string;
  readonly logger: DatabaseLogger | undefined;
}

/** PGlite's own folder in the data folder. */
const storeFolderName = 'pgdata';

/** Stands in the data folder while the store is being made: what a killed first start leaves behind is begun again. */
const unfinishedMarker = 'pgdata.unfinished';

/**
 * Opens the embedded store, up to date.
 * @throws `data_folder_in_use`, `data_folder_unusable`, `migration_failed`.
 */
export async function openEmbeddedStore(options: EmbeddedStoreOptions): Promise<Engine> {
  if (options.dataFolder === inMemory) return createStore(inMemory, options);
  await prepareDataFolder(options.dataFolder);
  const lock = await lockDataFolder(options.dataFolder);
  try {
    const engine = await openFolder(options);
    const close = async (): Promise<void> => {
      await engine.close();
      await lock.release();
    };
    return { ...engine, close };
  } catch (error) {
    await lock.release();
    throw toDataFolderError(error, options.dataFolder);
  }
}

async function openFolder(options: EmbeddedStoreOptions): Promise<PgliteEngine> {
  const { dataFolder, migrations, logger } = options;
  const folder = join(dataFolder, storeFolderName);
  const marker = join(dataFolder, unfinishedMarker);
  if (!(await exists(marker)) && (await exists(join(folder, 'PG_VERSION')))) {
    const engine = await openPgliteEngine(folder);
    try {
      const applied = await migrate(engine, migrations);
      if (applied.length > 0) logger?.info({ migrations: applied }, 'database migrated');
      return engine;
    } catch (error) {
      await engine.close();
      throw error;
    }
  }
  await writeFile(marker, '');
  await rm(folder, { recursive: true, force: true });
  const engine = await createStore(folder, options);
  await rm(marker);
  logger?.info({ dataFolder }, 'embedded store created');
  return engine;
}

/** Fills an empty folder, or memory. Leaves a template behind for the next time where there is none. */
async function createStore(folder: string, options: EmbeddedStoreOptions): Promise<PgliteEngine> {
  const { migrations, templateFolder, logger } = options;
  const file = await templateFile(templateFolder, hashMigrations(migrations));
  const template = await readTemplate(file);
  if (template !== null) {
    try {
      return await openAndMigrate(folder, migrations, template);
    } catch (error) {
      // Damaged, such as cut off by a full disk: without it everything works, only slower.
      logger?.warn({ err: error }, 'template of the embedded store not usable');
      await removeTemplate(file);
      if (folder !== inMemory) await rm(folder, { recursive: true, force: true });
    }
  }
  const engine = await openAndMigrate(folder, migrations);
  await writeTemplate(templateFolder, file, await engine.dump());
  return engine;
}

/** The migrations run also on a template: they find nothing to do, and find out if it were the wrong one. */
async function openAndMigrate(
  folder: string,
  migrations: readonly Migration[],
  template?: Uint8Array,
): Promise<PgliteEngine> {
  const engine = await openPgliteEngine(folder, template);
  try {
    const applied = await migrate(engine, migrations);
    if (template && applied.length > 0)
      throw new TributaryError('migration_failed', `The template lacks ${applied.join(', ')}.`);
    return engine;
  } catch (error) {
    await engine.close();
    throw error;
  }
}

async function exists(file: string): Promise<boolean> {
  try {
    await access(file);
    return true;
  } catch {
    return false;
  }
}
