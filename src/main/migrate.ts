import type { BootstrapResult } from '../organizations/bootstrap.ts';
import { type Environment, readConfig } from '../platform/config/config.ts';
import { createLogger } from '../platform/log/logger.ts';
import { bootstrapStore, openStore } from './open-server.ts';

/** Brings the store up to date and fills an empty one. Errors: those of the environment and the store. */
export async function migrate(environment: Environment): Promise<BootstrapResult> {
  const config = readConfig(environment);
  const database = await openStore(config, createLogger({ level: 'silent' }));
  try {
    return await bootstrapStore(config, database, false);
  } finally {
    await database.close();
  }
}
