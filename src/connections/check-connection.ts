import type { Connector } from '../connectors/connector.ts';
import { isTributaryError, TributaryError } from '../kernel/errors.ts';
import { appendAuditEntries } from '../platform/audit/audit-store.ts';
import type { RemoteAccount } from '../model/source-record.ts';
import { askVendor } from './authorize.ts';
import type { Connection, ConnectionScope } from './connection.ts';
import { type ConnectionSessions, markConnectionError } from './connection-sessions.ts';
import type { ConnectionsDependencies } from './connections-dependencies.ts';
import { findConnection, moveStatus, setLastError } from './connections-store.ts';
import { requireConnector } from './endpoints.ts';

export interface ConnectionCheck {
  readonly name: string;
  readonly ok: boolean;
  readonly message: string;
}

export interface ConnectionTest {
  readonly ok: boolean;
  readonly checks: readonly ConnectionCheck[];
  readonly statusPageUrl: string | null;
}

/** What the vendor said when it was asked: the account and the scopes, or why it refused. */
type Probe =
  | { readonly account: RemoteAccount; readonly scopes: readonly string[] }
  | { readonly error: TributaryError };

/**
 * Asks the vendor now: is it reachable, does it accept the credentials, is it the same account, is each scope there? A
 * connection in error that passes is connected again. Errors: not_found, not_connected, secret_key_wrong.
 */
export async function checkConnection(
  deps: ConnectionsDependencies,
  sessions: ConnectionSessions,
  scope: ConnectionScope,
  actor: string,
): Promise<ConnectionTest> {
  const connection = await deps.database.withOrganization(scope.organizationId, (tx) =>
    findConnection(tx, scope.connectionId),
  );
  if (!connection) throw new TributaryError('not_found', 'There is no such connection.');
  if (connection.status === 'not_connected') throw new TributaryError('not_connected');
  const connector = requireConnector(deps, connection.connector);
  const probe = await probeVendor(deps, sessions, scope, connector, connection);
  const checks =
    'error' in probe ? failedChecks(connector, probe.error) : passedChecks(connector, connection, probe);
  const ok = checks.every((check) => check.ok);
  await noteOutcome(deps, scope, actor, connection, ok);
  return { ok, checks, statusPageUrl: connector.manifest.statusPageUrl };
}

/** Reads the account, which renews an access token that has ended, then tries every scope with the token as it is now. */
async function probeVendor(
  deps: ConnectionsDependencies,
  sessions: ConnectionSessions,
  scope: ConnectionScope,
  connector: Connector,
  connection: Connection,
): Promise<Probe> {
  const { crm } = connector;
  const { authorizeToken } = connector.auth;
  try {
    return await askVendor(connector, async (signal) => {
      const session = await sessions.open(scope, { signal });
      const account = crm ? await crm.account(session) : connection.account;
      const tried = await authorizeToken?.(session.endpoint, await session.accessToken(), signal);
      // An OAuth authorization names its scopes; what a token may do only the calls tell.
      return { account, scopes: connection.authKind === 'oauth' ? connection.scopes : (tried?.scopes ?? []) };
    });
  } catch (error) {
    if (!isTributaryError(error) || error.code === 'secret_key_wrong') throw error;
    if (error.entry.retry === 'reconnect') await markConnectionError(deps, scope, error);
    return { error };
  }
}

function failedChecks(connector: Connector, error: TributaryError): ConnectionCheck[] {
  const { name } = connector.manifest;
  const message = `${error.message} ${error.entry.mend}`;
  const outOfReach = error.code === 'vendor_unavailable' || error.code === 'vendor_rate_limited';
  if (outOfReach) return [{ name: 'Reachable', ok: false, message }];
  const named = connector.manifest.permissions.filter(({ scope }) => error.detail?.includes(scope));
  return [
    { name: 'Reachable', ok: true, message: `${name} answers.` },
    { name: 'Authorized', ok: false, message },
    ...named.map(({ scope, reason }) => ({
      name: `Scope ${scope}`,
      ok: false,
      message: `Missing: ${reason}`,
    })),
  ];
}

function passedChecks(
  connector: Connector,
  connection: Connection,
  probe: { readonly account: RemoteAccount; readonly scopes: readonly string[] },
): ConnectionCheck[] {
  const { permissions } = connector.manifest;
  const sameAccount = probe.account.id === connection.account.id;
  return [
    { name: 'Reachable', ok: true, message: `${connector.manifest.name} answers.` },
    { name: 'Authorized', ok: true, message: 'The credentials are accepted.' },
    {
      name: 'Account',
      ok: sameAccount,
      message: sameAccount
        ? `Account ${probe.account.name} (${probe.account.id}).`
        : `The credentials belong to account ${probe.account.id}, the connection to ${connection.account.id}. Reconnect.`,
    },
    ...permissions.flatMap(({ scope, reason, required }) => {
      const name = `Scope ${scope}`;
      if (probe.scopes.includes(scope)) return [{ name, ok: true, message: reason }];
      // A token that lacks a required scope has failed before; of the others nothing is known.
      if (connection.authKind === 'token') return [];
      const message = `${required ? 'Missing' : 'Not granted, and not required'}: ${reason}`;
      return [{ name, ok: !required, message }];
    }),
  ];
}

/** Credentials that work again, because the vendor's side was mended, need no reconnecting. */
async function noteOutcome(
  deps: ConnectionsDependencies,
  scope: ConnectionScope,
  actor: string,
  connection: Connection,
  ok: boolean,
): Promise<void> {
  await deps.database.withOrganization(scope.organizationId, async (tx) => {
    const recovered = ok && (await moveStatus(tx, scope.connectionId, { from: ['error'], to: 'connected' }));
    if (recovered) await setLastError(tx, scope.connectionId, null);
    await appendAuditEntries(tx, { ...scope, actor }, [
      {
        action: recovered ? 'connection.recovered' : 'connection.tested',
        subjectType: 'connection',
        subjectId: scope.connectionId,
        before: { status: connection.status },
        after: { ok },
      },
    ]);
  });
}
