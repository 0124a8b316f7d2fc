import { createHash, randomBytes } from 'node:crypto';
import type { Connector, ConnectorEndpoint } from '../connectors/connector.ts';
import type { Caller } from '../contract/handler.ts';
import { toInstant } from '../kernel/dates.ts';
import { TributaryError } from '../kernel/errors.ts';
import { appendAuditEntries } from '../platform/audit/audit-store.ts';
import { askVendor, saveAuthorization } from './authorize.ts';
import type { ConnectionScope } from './connection.ts';
import type { ConnectionsDependencies } from './connections-dependencies.ts';
import { findConnection } from './connections-store.ts';
import { endpointForNew, endpointOf, requireConnector } from './endpoints.ts';
import { requireEntityOfMode } from './entity-choice.ts';
import {
  deleteExpiredOAuthRequests,
  deleteOAuthRequest,
  findOAuthRequest,
  insertOAuthRequest,
  type OAuthParameters,
  type OAuthRequest,
} from './oauth-requests-store.ts';

/** A consent page that was left open longer has to be asked for again. */
const requestLifetimeMs = 10 * 60_000;
const secretBytes = 32;

export interface ConsentRequest {
  readonly connector: string;
  readonly mode: 'live' | 'test';
  readonly name: string | null;
  readonly entityId: string | null;
  readonly connectionId: string | null;
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url');

/** Whether the operator has an OAuth app for the connector. */
export function isOAuthConfigured(connector: Connector, endpoint: ConnectorEndpoint): boolean {
  const { consentUrl, exchangeCode } = connector.auth;
  return Boolean(consentUrl && exchangeCode && endpoint.clientId && endpoint.clientSecret);
}

/**
 * The vendor's consent page. Its `state` is random, kept as a hash, good for ten minutes and for one use by the caller; the
 * PKCE verifier never leaves the server. Errors: unknown_connector, connector_not_configured, not_found, invalid_request.
 */
export async function startConsent(
  deps: ConnectionsDependencies,
  caller: Caller,
  request: ConsentRequest,
): Promise<string> {
  const connector = requireConnector(deps, request.connector);
  const { consentUrl } = connector.auth;
  const { endpoint, mode } = await deps.database.withOrganization(caller.organizationId, async (tx) => {
    if (request.connectionId === null) {
      if (request.entityId !== null) await requireEntityOfMode(tx, request.entityId, request.mode);
      return { endpoint: endpointForNew(deps, connector, request.mode).endpoint, mode: request.mode };
    }
    const connection = await findConnection(tx, request.connectionId);
    if (connection?.connector !== request.connector)
      throw new TributaryError('not_found', 'There is no such connection.');
    return { endpoint: endpointOf(deps, connector, connection), mode: connection.mode };
  });
  if (!consentUrl || !isOAuthConfigured(connector, endpoint)) {
    throw new TributaryError('connector_not_configured', connector.manifest.name);
  }
  const state = randomBytes(secretBytes).toString('base64url');
  const codeVerifier = randomBytes(secretBytes).toString('base64url');
  const redirectUrl = `${deps.publicUrl}/oauth/${encodeURIComponent(connector.manifest.id)}/callback`;
  const parameters: OAuthParameters = {
    mode,
    name: request.name,
    entityId: request.entityId,
    connectionId: request.connectionId,
    redirectUrl,
  };
  await storeRequest(deps, caller, connector, { state, codeVerifier, parameters });
  return consentUrl(endpoint, { redirectUrl, state, codeChallenge: hashOf(codeVerifier) });
}

async function storeRequest(
  deps: ConnectionsDependencies,
  caller: Caller,
  connector: Connector,
  made: { readonly state: string; readonly codeVerifier: string; readonly parameters: OAuthParameters },
): Promise<void> {
  const stateHash = hashOf(made.state);
  const now = deps.clock();
  const request: OAuthRequest = {
    stateHash,
    organizationId: caller.organizationId,
    connector: connector.manifest.id,
    requestedBy: caller.actor,
    secretsSealed: deps.secretBox.seal(made.codeVerifier, stateHash),
    parameters: made.parameters,
  };
  await deps.database.withOrganization(caller.organizationId, async (tx) => {
    await deleteExpiredOAuthRequests(tx, toInstant(now));
    await insertOAuthRequest(tx, request, {
      createdAt: toInstant(now),
      expiresAt: toInstant(new Date(now.getTime() + requestLifetimeMs)),
    });
    await appendAuditEntries(tx, { ...caller, connectionId: made.parameters.connectionId }, [
      {
        action: 'connection.consent_requested',
        subjectType: 'connector',
        subjectId: connector.manifest.id,
        after: { mode: made.parameters.mode, connectionId: made.parameters.connectionId },
      },
    ]);
  });
}

/** What the vendor's redirect carries. */
export interface OAuthCallback {
  readonly connector: string;
  readonly state: string;
  readonly code: string | null;
  readonly error: string | null;
  readonly errorDescription: string | null;
}

/**
 * Finishes what `startConsent` began. Whoever is signed in has to be who asked; a program that asked with a key lets a person
 * finish it in a browser where nobody is signed in.
 * Errors: unknown_connector, invalid_state, consent_denied, account_mismatch, invalid_request, the vendor's.
 */
export async function finishConsent(
  deps: ConnectionsDependencies,
  caller: Caller | null,
  callback: OAuthCallback,
): Promise<ConnectionScope & { readonly fresh: boolean; readonly connector: Connector }> {
  const connector = requireConnector(deps, callback.connector);
  const request = await redeemRequest(deps, caller, callback);
  if (callback.error !== null) return refuseConsent(deps, connector, request, callback);
  if (callback.code === null) {
    throw new TributaryError('invalid_request', null, { fields: [{ field: 'code', message: 'is missing' }] });
  }
  const { exchangeCode } = connector.auth;
  const target = await targetOf(deps, connector, request);
  if (!exchangeCode || !isOAuthConfigured(connector, target.endpoint)) {
    throw new TributaryError('connector_not_configured', connector.manifest.name);
  }
  const exchange = {
    code: callback.code,
    redirectUrl: request.parameters.redirectUrl,
    codeVerifier: deps.secretBox.open(request.secretsSealed, request.stateHash),
  };
  const authorization = await askVendor(connector, (signal) =>
    exchangeCode(target.endpoint, exchange, signal),
  );
  const { mode, name, entityId, connectionId } = request.parameters;
  const saved = await saveAuthorization(deps, connector, authorization, {
    organizationId: request.organizationId,
    actor: request.requestedBy,
    mode,
    name,
    entityId,
    connectionId,
    overrides: target.overrides,
  });
  return { ...saved, connector };
}

/** Uses the request up that the state names. Errors: invalid_state, the same for every reason. */
async function redeemRequest(
  deps: ConnectionsDependencies,
  caller: Caller | null,
  callback: OAuthCallback,
): Promise<OAuthRequest> {
  const stateHash = hashOf(callback.state);
  return deps.database.withSystem(async (tx) => {
    const request = await findOAuthRequest(tx, {
      stateHash,
      connector: callback.connector,
      now: toInstant(deps.clock()),
    });
    if (!request || !mayFinish(request, caller)) throw new TributaryError('invalid_state');
    if (!(await deleteOAuthRequest(tx, stateHash))) throw new TributaryError('invalid_state');
    return request;
  });
}

/** A link that a stranger sends, to have a person's account connected to the stranger's organization, ends here. */
function mayFinish(request: OAuthRequest, caller: Caller | null): boolean {
  if (caller) return caller.organizationId === request.organizationId && caller.actor === request.requestedBy;
  return request.requestedBy.startsWith('key:');
}

async function refuseConsent(
  deps: ConnectionsDependencies,
  connector: Connector,
  request: OAuthRequest,
  callback: OAuthCallback,
): Promise<never> {
  const context = {
    organizationId: request.organizationId,
    actor: request.requestedBy,
    connectionId: request.parameters.connectionId,
  };
  await deps.database.withOrganization(request.organizationId, (tx) =>
    appendAuditEntries(tx, context, [
      {
        action: 'connection.consent_denied',
        subjectType: 'connector',
        subjectId: connector.manifest.id,
        after: { error: callback.error },
      },
    ]),
  );
  const detail = callback.errorDescription ?? callback.error;
  throw new TributaryError(callback.error === 'access_denied' ? 'consent_denied' : 'vendor_rejected', detail);
}

async function targetOf(
  deps: ConnectionsDependencies,
  connector: Connector,
  request: OAuthRequest,
): Promise<ReturnType<typeof endpointForNew>> {
  const { connectionId, mode } = request.parameters;
  if (connectionId === null) return endpointForNew(deps, connector, mode);
  const connection = await deps.database.withOrganization(request.organizationId, (tx) =>
    findConnection(tx, connectionId),
  );
  if (!connection) throw new TributaryError('not_found', 'There is no such connection.');
  return { overrides: connection.endpoint, endpoint: endpointOf(deps, connector, connection) };
}
