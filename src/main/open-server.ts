import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createApi } from '../api/create-api.ts';
import { createEntity } from '../ledger/entities.ts';
import { bootstrapOrganization, type BootstrapResult } from '../organizations/bootstrap.ts';
import type { Config } from '../platform/config/config.ts';
import { type Database, openDatabase } from '../platform/database/database.ts';
import type { Logger } from '../platform/log/logger.ts';
import { webRoot } from './build-web-page.ts';
import { choosePort, toPortError } from './choose-port.ts';
import type { Services } from './compose-services.ts';
import { readVersion } from './read-version.ts';

/** Opens the store that the configuration names, up to date. */
export function openStore(config: Config, logger: Logger): Promise<Database> {
  return openDatabase({
    dataDir: config.dataDir,
    ...(config.databaseUrl === null ? {} : { databaseUrl: config.databaseUrl }),
    logger,
  });
}

/** Fills an empty store with an organization, an admin and a live entity. */
export function bootstrapStore(config: Config, database: Database, demo: boolean): Promise<BootstrapResult> {
  return bootstrapOrganization(database, {
    adminEmail: config.adminEmail,
    adminPassword: config.adminPassword,
    bootstrapApiKey: config.bootstrapApiKey,
    demo,
    createEntity,
  });
}

/** Requests that are going on when the server stops get so long to be answered. */
const openRequestsMsMax = 2_000;

export interface Address {
  readonly host: string;
  readonly port: number;
  /** Where browsers reach us. */
  readonly publicUrl: string;
}

/** The address to listen on, its port free and known. Errors: invalid_environment. */
export async function chooseAddress(config: Config): Promise<Address> {
  const port = await choosePort(config.host, config.port);
  const publicUrl =
    config.publicUrlGiven || port === config.port
      ? config.publicUrl
      : config.publicUrl.replace(/:0$/, `:${port}`);
  return { host: config.host, port, publicUrl };
}

/** Serves the API and, where it is built, the page. Returns what closes it again. Errors: invalid_environment. */
export async function serveApi(
  services: Services,
  database: Database,
  logger: Logger,
  address: Address,
  config: Pick<Config, 'trustedProxies'>,
): Promise<() => Promise<void>> {
  const app = await createApi({
    database,
    config: {
      publicUrl: address.publicUrl,
      version: readVersion(),
      trustedProxies: config.trustedProxies,
    },
    logger,
    operations: services.operations,
    secretBox: services.secretBox,
    webRoot: existsSync(join(webRoot, 'index.html')) ? webRoot : null,
  });
  try {
    await app.listen({ host: address.host, port: address.port });
  } catch (error) {
    await app.close();
    throw toPortError(error, address.host, address.port);
  }
  return async () => {
    // Whoever waits for the end of a run would hold the server for half a minute.
    const timer = setTimeout(() => app.server.closeAllConnections(), openRequestsMsMax);
    await app.close();
    clearTimeout(timer);
  };
}
