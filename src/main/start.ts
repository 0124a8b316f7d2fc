import type { Terminal } from '../cli/terminal.ts';
import type { Operations } from '../contract/handler.ts';
import { moveEndpoints } from '../connections/connections-store.ts';
import { findConnector } from '../connectors/registry.ts';
import { findFirstOrganization } from '../organizations/organization-store.ts';
import { type Config, type Environment, readConfig } from '../platform/config/config.ts';
import type { Database } from '../platform/database/database.ts';
import { createLogger, type Logger } from '../platform/log/logger.ts';
import { buildWebPage, needsBuild } from './build-web-page.ts';
import { composeServices } from './compose-services.ts';
import { type Demo, demoConnector, prepareDemo, startDemo } from './demo.ts';
import { syncDemo } from './first-sync.ts';
import { bootstrapStore, chooseAddress, openStore, serveApi } from './open-server.ts';
import { listenForShutdown, type Shutdown, StopRequested } from './shutdown.ts';

/** What `start` and `serve` bring up beside the API. */
export interface Parts {
  readonly worker: boolean;
  readonly demo: boolean;
  /** Builds the page where it is missing or old. */
  readonly build: boolean;
}

/** Runs the server until it is asked to stop. Errors: those of the environment, the store and the port. */
export async function runServer(terminal: Terminal, environment: Environment, parts: Parts): Promise<void> {
  const config = readConfig(environment);
  const logger = createLogger({ level: config.logLevel });
  const shutdown = listenForShutdown((error) => logger.warn({ err: error }, 'closing failed'));
  // While a person watches the start, the log says only what is wrong.
  if (terminal.showsProgress && config.logLevel === 'info') logger.level = 'warn';
  try {
    await bringUp({ config, environment, logger, terminal, shutdown }, parts);
    logger.level = config.logLevel;
    await shutdown.requested;
    logger.info('stopping');
  } catch (error) {
    if (!(error instanceof StopRequested) && !shutdown.signal.aborted) throw error;
  } finally {
    const inTime = await shutdown.end();
    if (!inTime) process.exit(1);
  }
}

interface Starting {
  readonly config: Config;
  readonly environment: Environment;
  readonly logger: Logger;
  readonly terminal: Terminal;
  readonly shutdown: Shutdown;
}

async function bringUp(starting: Starting, parts: Parts): Promise<void> {
  const { config, environment, logger, terminal, shutdown } = starting;
  const address = await chooseAddress(config);
  const database = await openStore(config, logger);
  shutdown.add(() => database.close());
  const building = parts.build ? buildPage(terminal, shutdown) : Promise.resolve();
  const demo = parts.demo ? await shutdown.during(openDemo(starting, database)) : null;
  const bootstrap = await bootstrapStore(config, database, demo !== null);
  if (bootstrap.generatedPassword !== null) {
    // At once, too: a start that is killed before its end would take the password with it.
    terminal.write(
      `The admin ${bootstrap.adminEmail ?? ''} was made, with the password ${bootstrap.generatedPassword}\n`,
    );
  }
  const endpoint = demo && usesVendor(environment) ? demo.endpoint : null;
  const services = await composeServices({
    config,
    environment,
    database,
    logger,
    publicUrl: address.publicUrl,
    endpointFor: (connector, mode) => (connector === demoConnector && mode === 'test' ? endpoint : null),
  });
  if (parts.worker) {
    const worker = services.startWorker();
    shutdown.add(() => worker.stop());
  }
  try {
    if (demo) await shutdown.during(showDemo(starting, services.operations, bootstrap.organizationId, demo));
    await shutdown.during(building);
    shutdown.add(await serveApi(services, database, logger, address, config));
  } finally {
    // What was made for the admin is shown this once, also when the start is broken off.
    terminal.write(welcome(address.publicUrl, bootstrap.adminEmail, bootstrap.generatedPassword));
  }
  logger.info({ address: address.publicUrl, store: database.kind }, 'listening');
}

/** The first sync, and more to sell. What goes wrong with the demo is said, and the server starts nevertheless. */
async function showDemo(
  { terminal, logger, shutdown }: Starting,
  operations: Operations,
  organizationId: string,
  demo: Demo,
): Promise<void> {
  try {
    await syncDemo(operations, organizationId, demo, terminal, shutdown.signal);
  } catch (error) {
    if (shutdown.signal.aborted) return;
    logger.error({ err: error }, 'the first sync could not be run');
  }
  demo.keepSelling((error) => logger.warn({ err: error }, 'the sandbox did not sell'));
}

async function buildPage(terminal: Terminal, shutdown: Shutdown): Promise<void> {
  if (!needsBuild()) return;
  terminal.write('Building the web page …\n');
  const { state, output } = await buildWebPage(shutdown.signal);
  if (shutdown.signal.aborted) return;
  if (state === 'no_builder') {
    terminal.writeError(
      'The web page is not built and there is no builder: only the API is served. Run `npm install` first.\n',
    );
  }
  if (state === 'failed') terminal.writeError(`The web page could not be built:\n${output}\n`);
}

/** The demo of this data folder; of an empty embedded store one is made, unless TRIBUTARY_DEMO is off. */
async function openDemo({ config, logger, shutdown }: Starting, database: Database): Promise<Demo | null> {
  if (!config.demo || database.kind !== 'pglite') return null;
  const isEmpty = (await database.withSystem(findFirstOrganization)) === null;
  if (isEmpty) await prepareDemo(config.dataDir, new Date());
  const demo = await startDemo(config.dataDir).catch((error: unknown) => {
    logger.error({ err: error }, 'the sandbox could not be started: the server starts without it');
    return null;
  });
  if (!demo) return null;
  shutdown.add(() => demo.stop());
  const { movedFrom, endpoint } = demo;
  if (movedFrom !== null) {
    const to = { apiUrl: endpoint.apiUrl, appUrl: endpoint.appUrl };
    await database.withSystem((tx) => moveEndpoints(tx, movedFrom, to));
    logger.info({ address: endpoint.apiUrl }, 'the sandbox has moved');
  }
  return demo;
}

/** Whether the connector goes to the vendor's own address: an operator who set another one means that. */
function usesVendor(environment: Environment): boolean {
  const auth = findConnector(demoConnector)?.auth;
  return auth?.endpointFrom(environment).apiUrl === auth?.endpointFrom({}).apiUrl;
}

function welcome(url: string, email: string | null, password: string | null): string {
  const signIn =
    email === null
      ? ''
      : `\n  Sign in with  ${email}${password === null ? ' and the password that you set' : `\n  Password      ${password}   (shown this once)`}`;
  return `\n  Tributary     ${url}${signIn}\n\n`;
}
