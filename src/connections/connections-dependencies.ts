import type { Connector, ConnectorEndpoint } from '../connectors/connector.ts';
import type { Handler } from '../contract/handler.ts';
import type { Clock } from '../kernel/dates.ts';
import type { Configuration } from '../model/configuration.ts';
import type { AuditContext } from '../platform/audit/audit-store.ts';
import type { Database, Transaction } from '../platform/database/database.ts';
import type { Logger } from '../platform/log/logger.ts';
import type { SecretBox } from '../platform/secrets/secret-box.ts';
import type { EndpointOverrides, MissingAccountRole } from './connection.ts';

/** What connections need of the rest of the house; wired in main. */
export interface ConnectionsDependencies {
  readonly database: Database;
  readonly secretBox: SecretBox;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly connectors: readonly Connector[];
  /** The process's environment: connectors read their own addresses and apps from it. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Without a slash at the end; vendors redirect to it. */
  readonly publicUrl: string;
  /**
   * Addresses for new connections of a connector and mode instead of the environment's, with the app to use there: the demo's
   * sandbox. Null: none.
   */
  readonly endpointFor?: (connector: string, mode: 'live' | 'test') => SandboxEndpoint | null;
  /** The required roles that no usable account of the entity plays (B18). */
  readonly missingAccountRoles: (
    tx: Transaction,
    entityId: string,
    overrides: Configuration['accounts'],
  ) => Promise<readonly MissingAccountRole[]>;
  /** Makes an entity with a standard chart of accounts: the books of the first test connection. */
  readonly createEntity: (
    tx: Transaction,
    entity: {
      readonly name: string;
      readonly mode: 'live' | 'test';
      readonly baseCurrency: string;
      readonly timeZone: string;
      readonly termsDays: number;
    },
    context: AuditContext,
  ) => Promise<{ readonly id: string }>;
  /** The audit trail's list: a connection's activity is a part of it. */
  readonly listAuditEntries: Handler<'listAuditEntries'>;
  /** Asks the runs of a connection to stop; called when it is paused or disconnected. */
  readonly stopRuns?: (tx: Transaction, connectionId: string) => Promise<void>;
}

export type SandboxEndpoint = Required<EndpointOverrides> &
  Pick<ConnectorEndpoint, 'clientId' | 'clientSecret'>;

/** A vendor gets so long for one step of signing in or refreshing; beyond it counts as unavailable. */
export const vendorStepMsMax = 20_000;
