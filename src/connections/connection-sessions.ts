import type { Connector, Credentials, RateBudgets, Session } from '../connectors/connector.ts';
import type { Instant } from '../kernel/dates.ts';
import { isTributaryError, TributaryError } from '../kernel/errors.ts';
import { appendAuditEntries } from '../platform/audit/audit-store.ts';
import type { Transaction } from '../platform/database/database.ts';
import { createRateBudgetRegistry } from '../platform/rate-budget/rate-budgets.ts';
import { type Connection, type ConnectionError, type ConnectionScope } from './connection.ts';
import { type ConnectionsDependencies, vendorStepMsMax } from './connections-dependencies.ts';
import { findConnection, moveStatus, setLastError } from './connections-store.ts';
import {
  accessTokenOf,
  expiryOf,
  openCredentials,
  type OAuthCredentials,
  sealCredentials,
} from './credentials.ts';
import { findSealedCredentials, lockRefresh, replaceSealedCredentials } from './credentials-store.ts';
import { endpointOf, requireConnector } from './endpoints.ts';

export interface SessionOptions {
  readonly signal: AbortSignal;
  readonly onCall?: Session['onCall'];
  readonly onWait?: Session['onWait'];
}

export interface ConnectionSessions {
  /**
   * Opens a session on a connection that has credentials. Its tokens are refreshed before they expire, once, however many
   * sessions of however many processes ask. Errors: not_found, not_connected, secret_key_wrong; of its calls also vendor_auth
   * (the connection is then in error and says to reconnect) and vendor_unavailable (it is not).
   */
  readonly open: (scope: ConnectionScope, options: SessionOptions) => Promise<Session>;
}

/** An access token is renewed so long before it ends: a call that is on its way then still arrives with a good one. */
const refreshAheadMs = 60_000;

/** Credentials as they are stored, and as they are meant. */
interface Stored {
  readonly sealed: string;
  readonly credentials: Credentials;
}

type SessionDependencies = Pick<
  ConnectionsDependencies,
  'database' | 'secretBox' | 'logger' | 'clock' | 'connectors' | 'environment' | 'endpointFor'
>;

/** One of these a process: it holds the rate budgets of each account and the refreshes that go on. */
export function createConnectionSessions(deps: SessionDependencies): ConnectionSessions {
  const budgetsOf = createRateBudgetRegistry({ now: () => deps.clock().getTime() });
  const refreshes = new Map<string, Promise<Stored>>();

  /** All who ask at once wait for the same refresh. */
  const refreshOnce = (opened: Opened, rejectedToken: string): Promise<Stored> => {
    const key = `${opened.scope.connectionId} ${rejectedToken}`;
    const going =
      refreshes.get(key) ??
      refreshUnderLock(deps, opened, rejectedToken).finally(() => refreshes.delete(key));
    refreshes.set(key, going);
    return going;
  };

  return {
    open: async (scope, options) => {
      const { connection, stored } = await readConnection(deps, scope);
      const connector = requireConnector(deps, connection.connector);
      const endpoint = endpointOf(deps, connector, connection);
      const opened: Opened = { scope, connector, connection };
      const budgets: RateBudgets = budgetsOf(
        `${connector.manifest.id} ${endpoint.apiUrl} ${connection.account.id}`,
      );
      let current = stored;
      let renewAtMs = renewTimeMs(current.credentials, null);
      const refresh = async (rejectedToken: string): Promise<string> => {
        current = await refreshOnce(opened, rejectedToken);
        renewAtMs = renewTimeMs(current.credentials, deps.clock().getTime());
        return accessTokenOf(current.credentials);
      };
      return {
        endpoint,
        accountId: connection.account.id,
        timeZone: connection.account.timeZone,
        ...(connection.account.uiUrl === null ? {} : { uiUrl: connection.account.uiUrl }),
        accessToken: async () => {
          const token = accessTokenOf(current.credentials);
          return deps.clock().getTime() < renewAtMs ? token : refresh(token);
        },
        refreshToken: refresh,
        budgets,
        onCall: options.onCall ?? (() => undefined),
        onWait: options.onWait ?? (() => undefined),
        signal: options.signal,
      };
    },
  };
}

/** Half the life of a token that lives shorter than twice the margin; otherwise each call would renew it. */
function renewTimeMs(credentials: Credentials, receivedAtMs: number | null): number {
  const expiresAt = expiryOf(credentials);
  if (expiresAt === null) return Number.POSITIVE_INFINITY;
  const expiresAtMs = Date.parse(expiresAt);
  if (receivedAtMs === null) return expiresAtMs - refreshAheadMs;
  return Math.max(expiresAtMs - refreshAheadMs, receivedAtMs + (expiresAtMs - receivedAtMs) / 2);
}

interface Opened {
  readonly scope: ConnectionScope;
  readonly connector: Connector;
  readonly connection: Connection;
}

async function readConnection(
  deps: SessionDependencies,
  scope: ConnectionScope,
): Promise<{ connection: Connection; stored: Stored }> {
  return deps.database.withOrganization(scope.organizationId, async (tx) => {
    const connection = await findConnection(tx, scope.connectionId);
    if (!connection) throw new TributaryError('not_found', 'There is no such connection.');
    return { connection, stored: await readStored(deps, tx, scope.connectionId) };
  });
}

async function readStored(deps: SessionDependencies, tx: Transaction, connectionId: string): Promise<Stored> {
  const sealed = await findSealedCredentials(tx, connectionId);
  if (sealed === null) throw new TributaryError('not_connected');
  return { sealed, credentials: openCredentials(deps.secretBox, connectionId, sealed) };
}

/**
 * Refreshes unless somebody else did already: a stored token that is not the rejected one is a newer one. On PostgreSQL the lock
 * is held in one transaction, the vendor's answer included, for at most `vendorStepMsMax`. The embedded store belongs to one
 * process, where asking once is assured already, and a transaction that waits for the vendor would stop everybody else.
 */
async function refreshUnderLock(
  deps: SessionDependencies,
  opened: Opened,
  rejectedToken: string,
): Promise<Stored> {
  const { organizationId, connectionId } = opened.scope;
  try {
    if (deps.database.kind === 'pglite') {
      const inOwn = <Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> =>
        deps.database.withOrganization(organizationId, work);
      return await refreshStored(deps, opened, rejectedToken, inOwn);
    }
    return await deps.database.withOrganization(organizationId, async (tx) => {
      await lockRefresh(tx, connectionId);
      return refreshStored(deps, opened, rejectedToken, (work) => work(tx));
    });
  } catch (error) {
    if (isTributaryError(error, 'vendor_auth')) await markConnectionError(deps, opened.scope, error);
    throw error;
  }
}

type InTransaction = <Result>(work: (tx: Transaction) => Promise<Result>) => Promise<Result>;

async function refreshStored(
  deps: SessionDependencies,
  opened: Opened,
  rejectedToken: string,
  inTransaction: InTransaction,
): Promise<Stored> {
  const { connectionId } = opened.scope;
  const stored = await inTransaction((tx) => readStored(deps, tx, connectionId));
  if (accessTokenOf(stored.credentials) !== rejectedToken) return stored;
  let fresh: OAuthCredentials;
  try {
    fresh = await renew(deps, opened, stored.credentials);
  } catch (error) {
    // What a person put there while the vendor refused the old credentials is not to blame.
    const now = await inTransaction((tx) => readStored(deps, tx, connectionId));
    if (now.sealed !== stored.sealed) return now;
    throw error;
  }
  const sealed = sealCredentials(deps.secretBox, connectionId, fresh);
  const replaced = await inTransaction((tx) =>
    replaceSealedCredentials(tx, connectionId, {
      from: stored.sealed,
      to: sealed,
      expireAt: fresh.expiresAt,
    }),
  );
  if (!replaced) return inTransaction((tx) => readStored(deps, tx, connectionId));
  deps.logger.info({ ...opened.scope, expiresAt: fresh.expiresAt }, 'access token refreshed');
  return { sealed, credentials: fresh };
}

/**
 * A fresh access token, or vendor_auth with a detail that says to reconnect. The caller's own signal has no say here: a refresh
 * that was sent and not stored would lose a rotated token.
 */
async function renew(
  deps: SessionDependencies,
  { connector, connection }: Opened,
  credentials: Credentials,
): Promise<OAuthCredentials> {
  const { name } = connector.manifest;
  const { refresh } = connector.auth;
  if (credentials.kind === 'token' || !refresh) {
    throw new TributaryError('vendor_auth', `${name} no longer accepts the token. Reconnect with a new one.`);
  }
  const signal = AbortSignal.timeout(vendorStepMsMax);
  try {
    return await refresh(endpointOf(deps, connector, connection), credentials, signal);
  } catch (error) {
    if (signal.aborted) {
      throw new TributaryError('vendor_unavailable', `${name} did not answer in time.`, { cause: error });
    }
    if (!isTributaryError(error, 'vendor_auth')) throw error;
    const reason = error.detail === null ? '' : ` ${error.detail}`;
    throw new TributaryError('vendor_auth', `The authorization has ended; reconnect.${reason}`, {
      cause: error,
    });
  }
}

/** What an error says on its connection. */
export function connectionErrorOf(error: TributaryError, at: Instant): ConnectionError {
  return { code: error.code, message: error.message, mend: error.entry.mend, at };
}

/**
 * Notes an error on the connection. Where the vendor refuses the credentials the connection is in error until somebody
 * reconnects; anything else is the last error and no more.
 */
export async function markConnectionError(
  deps: Pick<ConnectionsDependencies, 'database' | 'logger' | 'clock'>,
  scope: ConnectionScope,
  error: TributaryError,
): Promise<void> {
  const noted = connectionErrorOf(error, deps.clock().toISOString() as Instant);
  const needsReconnect = error.entry.retry === 'reconnect';
  await deps.database.withOrganization(scope.organizationId, async (tx) => {
    const connection = await findConnection(tx, scope.connectionId);
    // Nobody is told to reconnect what a person disconnected.
    if (!connection || connection.status === 'not_connected') return;
    await setLastError(tx, scope.connectionId, noted);
    if (!needsReconnect || connection.status === 'error') return;
    await moveStatus(tx, scope.connectionId, { from: ['connected', 'paused'], to: 'error' });
    await appendAuditEntries(tx, { ...scope, actor: 'system' }, [
      {
        action: 'connection.failed',
        subjectType: 'connection',
        subjectId: scope.connectionId,
        before: { status: connection.status },
        after: { status: 'error', code: noted.code, message: noted.message },
      },
    ]);
  });
  deps.logger.warn({ ...scope, code: error.code, needsReconnect }, 'connection failed');
}
