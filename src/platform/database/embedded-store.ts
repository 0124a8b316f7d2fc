import { join } from 'node:path';
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

/** Opens the embedded store, up to date. A new one starts from the template of the same migrations, when there is one. */
export async function openEmbeddedStore(options: EmbeddedStoreOptions): Promise<Engine> {
  if (options.dataFolder === inMemory) return createStore(inMemory, options);
  return createStore(join(options.dataFolder, 'pgdata'), options);
}

/** Fills an empty folder, or memory, and leaves a template behind for the next time. */
async function createStore(folder: string, options: EmbeddedStoreOptions): Promise<PgliteEngine> {
  const { migrations, templateFolder } = options;
  const file = await templateFile(templateFolder, hashMigrations(migrations));
  const template = await readTemplate(file);
  const engine = await openPgliteEngine(folder, template ?? undefined);
  await migrate(engine, migrations);
  if (template === null) await writeTemplate(templateFolder, file, await engine.dump());
  return engine;
}
void removeTemplate;
