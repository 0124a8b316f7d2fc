import { randomBytes } from 'node:crypto';
import { createConnectionOperations, type ConnectionOperations } from '../../src/connections/operations.ts';
import {
  type ConnectionSessions,
  createConnectionSessions,
} from '../../src/connections/connection-sessions.ts';
import type { ConnectionsDependencies } from '../../src/connections/connections-dependencies.ts';
import { type CallLimits, standardLimits } from '../../src/connectors/hubspot/client.ts';
import { createHubspot } from '../../src/connectors/hubspot/hubspot.ts';
import type { Caller, Handler } from '../../src/contract/handler.ts';
import { scopes } from '../../src/contract/organization-wire.ts';
import { missingAccountRoles } from '../../src/ledger/account-roles-store.ts';
import { createEntity } from '../../src/ledger/entities.ts';
import { listAuditTrail } from '../../src/organizations/audit-trail-store.ts';
import type { Database } from '../../src/platform/database/database.ts';
import { createLogger } from '../../src/platform/log/logger.ts';
import { createSecretBox } from '../../src/platform/secrets/secret-box.ts';
import { createOrganization } from './database.ts';

/** Waits that a test can sit out. */
const quickLimits: CallLimits = { ...standardLimits, timeoutMs: 5_000, backoffMs: 20, backoffMsMax: 50 };

export interface ConnectionsBench {
  readonly operations: ConnectionOperations;
  readonly sessions: ConnectionSessions;
  readonly deps: ConnectionsDependencies;
  /** Every line that was logged. */
  readonly logged: string[];
}

export interface BenchOptions {
  readonly database: Database;
  readonly environment: Readonly<Record<string, string>>;
  readonly secretKey?: string;
  readonly clock?: () => Date;
  /** Limits of the connector's calls, where they differ from those that a test can sit out. */
  readonly limits?: Partial<CallLimits>;
}

/** Connections as main wires them, on a database of the test. Two of them with one secret key are two processes. */
export function createConnectionsBench(options: BenchOptions): ConnectionsBench {
  const logged: string[] = [];
  const { database } = options;
  const listAuditEntries: Handler<'listAuditEntries'> = (caller, { query }) =>
    database.withOrganization(caller.organizationId, async (tx) => {
      const page = await listAuditTrail(tx, caller.organizationId, query, query);
      return { data: page.data, next: page.next, total: page.total };
    });
  const deps: ConnectionsDependencies = {
    database,
    secretBox: createSecretBox({ key: options.secretKey ?? newSecretKey() }),
    logger: createLogger({
      level: 'trace',
      pretty: false,
      destination: { write: (line) => logged.push(line) },
    }),
    clock: options.clock ?? (() => new Date()),
    connectors: [createHubspot({ ...quickLimits, ...options.limits })],
    environment: options.environment,
    publicUrl: 'http://127.0.0.1:4000',
    missingAccountRoles,
    createEntity,
    listAuditEntries,
  };
  const sessions = createConnectionSessions(deps);
  return { operations: createConnectionOperations(deps, sessions), sessions, deps, logged };
}

export function newSecretKey(): string {
  return randomBytes(32).toString('base64');
}

/** An organization with one live entity, and an admin of it. */
export async function createAdmin(database: Database, actor = 'user:admin@example.com'): Promise<Caller> {
  const organizationId = await createOrganization(database);
  await database.withOrganization(organizationId, (tx) =>
    createEntity(
      tx,
      { name: 'Main', mode: 'live', baseCurrency: 'USD' },
      { organizationId, actor: 'system' },
    ),
  );
  return { organizationId, actor, scopes, userId: null };
}
