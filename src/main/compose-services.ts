import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { apiHandlers } from '../api/handlers/api-handlers.ts';
import { createConnectionsForSync } from '../connections/connections-for-sync.ts';
import type { ConnectionsDependencies } from '../connections/connections-dependencies.ts';
import { createConnectionSessions } from '../connections/connection-sessions.ts';
import { createConnectionOperations } from '../connections/operations.ts';
import { connectors, findConnector } from '../connectors/registry.ts';
import type { Operations } from '../contract/handler.ts';
import { missingAccountRoles } from '../ledger/account-roles-store.ts';
import { createEntity } from '../ledger/entities.ts';
import type { Config, Environment } from '../platform/config/config.ts';
import type { Database, Transaction } from '../platform/database/database.ts';
import type { Logger } from '../platform/log/logger.ts';
import { createMailer } from '../platform/mail/mailer.ts';
import { createSecretBox, type SecretBox } from '../platform/secrets/secret-box.ts';
import { readOrCreateSecretKey } from '../platform/secrets/secret-key.ts';
import { createSyncOperations } from '../sync/operations/operations.ts';
import { listRuns, requestCancel } from '../sync/runs/runs-store.ts';
import { runSync } from '../sync/sync.ts';
import { startAuditSealer } from '../worker/audit-sealer.ts';
import { startWorker, type Worker } from '../worker/worker.ts';

export interface ServiceOptions {
  readonly config: Config;
  readonly environment: Environment;
  readonly database: Database;
  readonly logger: Logger;
  /** Where browsers reach us, known only once the port is. */
  readonly publicUrl: string;
  readonly endpointFor?: NonNullable<ConnectionsDependencies['endpointFor']>;
}

/** Everything between the store and the ways in. */
export interface Services {
  readonly operations: Operations;
  readonly secretBox: SecretBox;
  /** Starts taking runs in this process; operations wake it. */
  readonly startWorker: () => Worker;
}

const clock = (): Date => new Date();

/** Wires the whole server on an open store. Errors: secret_key_wrong, data_folder_unusable. */
export async function composeServices(options: ServiceOptions): Promise<Services> {
  const { config, environment, database, logger } = options;
  const key = config.secretKey ?? (await readOrCreateSecretKey(config.dataDir));
  const secretBox = createSecretBox({ key, previousKey: config.secretKeyPrevious });
  const handlers = apiHandlers(database, config.mail === null ? null : createMailer(config.mail));
  const dependencies: ConnectionsDependencies = {
    database,
    secretBox,
    logger,
    clock,
    connectors,
    environment,
    publicUrl: options.publicUrl,
    ...(options.endpointFor ? { endpointFor: options.endpointFor } : {}),
    missingAccountRoles,
    createEntity,
    listAuditEntries: handlers.listAuditEntries,
    stopRuns,
  };
  const sessions = createConnectionSessions(dependencies);
  const connections = createConnectionsForSync(dependencies, sessions);
  const connectionOperations = createConnectionOperations(dependencies, sessions);
  let worker: Worker | null = null;
  const syncOperations = createSyncOperations({
    database,
    connections,
    findConnector,
    now: clock,
    wakeWorker: () => worker?.wake(),
    accountProblems: missingAccountRoles,
    listConnections: connectionOperations.listConnections,
  });
  const sync = { database, connections, findConnector, logger, now: clock };
  return {
    operations: { ...handlers, ...connectionOperations, ...syncOperations },
    secretBox,
    startWorker: () => {
      const started = startWorker({
        database,
        logger,
        owner: `${hostname()} ${process.pid} ${randomUUID()}`,
        carryOut: (run, owner, signal) => runSync(sync, run, owner, signal),
      });
      worker = started;
      const sealer = startAuditSealer({ database, logger, clock });
      return {
        wake: started.wake,
        stop: async () => {
          await Promise.all([started.stop(), sealer.stop()]);
        },
      };
    },
  };
}

/** More open runs than one of each kind, going and waiting, a connection cannot have. */
const openRunsMax = 10;

async function stopRuns(tx: Transaction, connectionId: string): Promise<void> {
  const runs = await listRuns(tx, { connectionId, kind: null, before: null, limit: openRunsMax });
  for (const run of runs) {
    if (run.status === 'queued' || run.status === 'running') await requestCancel(tx, run.id);
  }
}
