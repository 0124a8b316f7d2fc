import type { Session } from '../connectors/connector.ts';
import type { TributaryError } from '../kernel/errors.ts';
import type { RemoteAccount, SourceSchema } from '../model/source-record.ts';
import type { SyncScope } from '../model/sync-scope.ts';

/** The connection that a run works on. */
export interface SyncConnection extends SyncScope {
  readonly name: string;
  readonly status: 'connected' | 'paused' | 'error' | 'not_connected';
  readonly account: RemoteAccount;
  /** As read last; null: never. */
  readonly schema: SourceSchema | null;
  readonly entity: { readonly id: string; readonly name: string; readonly termsDays: number };
}

export interface SessionHooks {
  readonly signal: AbortSignal;
  readonly onCall: Session['onCall'];
  readonly onWait: Session['onWait'];
}

/** What a sync needs of the connections; handed in by the composition root. */
export interface SyncConnections {
  /** Errors: not_found. */
  readonly load: (organizationId: string, connectionId: string) => Promise<SyncConnection>;
  /** Errors: not_connected, vendor_auth, secret_key_wrong. */
  readonly openSession: (
    organizationId: string,
    connectionId: string,
    hooks: SessionHooks,
  ) => Promise<Session>;
  /** Sentences that name what is missing (B18); empty: complete. */
  readonly missingSettings: (organizationId: string, connectionId: string) => Promise<readonly string[]>;
  readonly saveAccount: (
    organizationId: string,
    connectionId: string,
    account: RemoteAccount,
  ) => Promise<void>;
  readonly saveSchema: (organizationId: string, connectionId: string, schema: SourceSchema) => Promise<void>;
  readonly markSucceeded: (organizationId: string, connectionId: string) => Promise<void>;
  /** An authorization failure puts the connection in Error; others are only remembered. */
  readonly markFailed: (organizationId: string, connectionId: string, error: TributaryError) => Promise<void>;
}
