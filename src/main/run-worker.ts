import { UsageError } from '../cli/report-failure.ts';
import { type Environment, readConfig } from '../platform/config/config.ts';
import { createLogger } from '../platform/log/logger.ts';
import { composeServices } from './compose-services.ts';
import { openStore } from './open-server.ts';
import { listenForShutdown } from './shutdown.ts';

/** Carries out runs until it is asked to stop. Errors: those of the environment and the store; UsageError. */
export async function runWorker(environment: Environment): Promise<void> {
  const config = readConfig(environment);
  if (config.databaseUrl === null) {
    throw new UsageError('The embedded store takes one process: use `tributary start`, or set DATABASE_URL.');
  }
  const logger = createLogger({ level: config.logLevel });
  const shutdown = listenForShutdown((error) => logger.warn({ err: error }, 'closing failed'));
  try {
    const database = await openStore(config, logger);
    shutdown.add(() => database.close());
    const { publicUrl } = config;
    const services = await composeServices({ config, environment, database, logger, publicUrl });
    const worker = services.startWorker();
    shutdown.add(() => worker.stop());
    logger.info('worker started');
    await shutdown.requested;
    logger.info('stopping');
  } finally {
    const inTime = await shutdown.end();
    if (!inTime) process.exit(1);
  }
}
