import { access, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { prepareDataFolder, toDataFolderError } from './data-folder.ts';
import { lockDataFolder } from './data-folder-lock.ts';
import type { DatabaseLogger } from './database-logger.ts';
import type { Engine } from './engine.ts';
import { migrate } from './migrate.ts';
import { hashMigrations, type Migration } from './migrations.ts';
import { inMemory, openPgliteEngine, type PgliteEngine } from './pglite-engine.ts';
import { noMigrations, readTemplate, removeTemplate, templateFile, writeTemplate } from './template.ts';

export interface EmbeddedStoreOptions {
  /** `memory://`, or the data folder. */
  readonly dataFolder: string;
  readonly migrations: readonly Migration[];
  readonly templateFolder: string;
  /** Whether a template of these migrations is worth its 42 MB: they are the product's, not those of a test. */
  readonly keepTemplate: boolean;
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

/**
 * Fills an empty folder, or memory: from the template of these migrations, else from that of an empty database. What was not
 * there is left behind for the next time.
 */
async function createStore(folder: string, options: EmbeddedStoreOptions): Promise<PgliteEngine> {
  const { migrations, templateFolder } = options;
  const migratedFile = await templateFile(templateFolder, hashMigrations(migrations));
  const emptyFile = await templateFile(templateFolder, noMigrations);
  const started =
    (await openTemplate(folder, migratedFile, options)) ?? (await openTemplate(folder, emptyFile, options));
  const engine = started ?? (await openPgliteEngine(folder));
  try {
    if (!started) await writeTemplate(templateFolder, emptyFile, await engine.dump());
    // On a template of these migrations it finds nothing to do, and would find out if it were one of others.
    const applied = await migrate(engine, migrations);
    if (applied.length > 0 && options.keepTemplate)
      await writeTemplate(templateFolder, migratedFile, await engine.dump());
    return engine;
  } catch (error) {
    await engine.close();
    throw error;
  }
}

/** The store as the template has it; null, and the folder empty, where there is none that can be used. */
async function openTemplate(
  folder: string,
  file: string,
  { logger }: EmbeddedStoreOptions,
): Promise<PgliteEngine | null> {
  const template = await readTemplate(file);
  if (template === null) return null;
  try {
    return await openPgliteEngine(folder, template);
  } catch (error) {
    logger?.warn({ err: error }, 'template of the embedded store not usable');
    await removeTemplate(file);
    if (folder !== inMemory) await rm(folder, { recursive: true, force: true });
    return null;
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
