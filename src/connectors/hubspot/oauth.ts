import { toInstant } from '../../kernel/dates.ts';
import { isTributaryError, TributaryError } from '../../kernel/errors.ts';
import { HttpFailure, sendRequest } from '../../platform/http/send-request.ts';
import type { Authorization, ConnectorEndpoint, Credentials } from '../connector.ts';
import { readAccount } from './account.ts';
import type { CallLimits } from './client.ts';
import { apiVersion } from './endpoint.ts';
import { failureFrom, isUnavailable, readErrorBody, unavailable } from './failure.ts';
import { optionalScopes, requiredScopes } from './manifest.ts';
import { clientOfToken } from './token-client.ts';
import { type TokenAnswer, tokenSchema } from './wire.ts';

type OAuthCredentials = Extract<Credentials, { kind: 'oauth' }>;

/**
 * The consent page. What is not needed for the main job is optional: HubSpot refuses the whole installation when an account lacks a
 * scope that is demanded. Source: OAuth guide, "Authorization URL".
 * Errors: connector_not_configured.
 */
export function consentUrl(
  endpoint: ConnectorEndpoint,
  request: { redirectUrl: string; state: string; codeChallenge: string },
): string {
  const query = new URLSearchParams({
    client_id: appOf(endpoint).clientId,
    redirect_uri: request.redirectUrl,
    scope: requiredScopes.join(' '),
    optional_scope: optionalScopes.join(' '),
    state: request.state,
    code_challenge: request.codeChallenge,
    code_challenge_method: 'S256',
  });
  return `${endpoint.appUrl}/oauth/authorize?${query.toString()}`;
}

/** Errors: connector_not_configured, vendor_auth, vendor_rejected, vendor_unavailable. */
export async function exchangeCode(
  limits: CallLimits,
  endpoint: ConnectorEndpoint,
  request: { code: string; redirectUrl: string; codeVerifier: string },
  signal: AbortSignal,
): Promise<Authorization> {
  const answer = await requestToken(
    limits,
    endpoint,
    {
      grant_type: 'authorization_code',
      code: request.code,
      redirect_uri: request.redirectUrl,
      code_verifier: request.codeVerifier,
    },
    signal,
  );
  if (!answer.refresh_token) throw unavailable('HubSpot, token', 'the answer has no refresh token');
  const account = await readAccount(clientOfToken(limits, endpoint, answer.access_token, signal));
  return {
    credentials: credentialsFrom(answer, answer.refresh_token),
    account,
    scopes: scopesOf(answer),
  };
}

/** Errors: connector_not_configured; vendor_auth when the authorization was revoked; vendor_unavailable. */
export async function refresh(
  limits: CallLimits,
  endpoint: ConnectorEndpoint,
  credentials: OAuthCredentials,
  signal: AbortSignal,
): Promise<OAuthCredentials> {
  const answer = await requestToken(
    limits,
    endpoint,
    { grant_type: 'refresh_token', refresh_token: credentials.refreshToken },
    signal,
  );
  // HubSpot does not rotate refresh tokens today; whatever comes back is kept.
  return credentialsFrom(answer, answer.refresh_token ?? credentials.refreshToken);
}

/**
 * Revokes the refresh token. Service keys are revoked by a person in HubSpot; a token that is revoked already is no error.
 * Errors: vendor_unavailable.
 */
export async function revoke(
  limits: CallLimits,
  endpoint: ConnectorEndpoint,
  credentials: Credentials,
  signal: AbortSignal,
): Promise<void> {
  if (credentials.kind !== 'oauth' || !endpoint.clientId || !endpoint.clientSecret) return;
  try {
    await postForm(
      limits,
      endpoint,
      '/token/revoke',
      { token: credentials.refreshToken, token_type_hint: 'refresh_token' },
      signal,
    );
  } catch (error) {
    if (!isTributaryError(error) || error.code === 'vendor_unavailable') throw error;
  }
}

async function requestToken(
  limits: CallLimits,
  endpoint: ConnectorEndpoint,
  form: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<TokenAnswer> {
  const body = await postForm(limits, endpoint, '/token', form, signal);
  try {
    return tokenSchema.parse(JSON.parse(body));
  } catch {
    throw unavailable('HubSpot, token', 'the answer has not the documented form');
  }
}

/** The token endpoint has no bearer token and no rate budget, and is called once an hour: it has a small client of its own. */
async function postForm(
  limits: CallLimits,
  endpoint: ConnectorEndpoint,
  path: string,
  form: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<string> {
  const { clientId, clientSecret } = appOf(endpoint);
  const where = `POST oauth${path}`;
  const fields = { ...form, client_id: clientId, client_secret: clientSecret };
  for (let attempt = 1; ; attempt += 1) {
    try {
      const answer = await sendRequest({
        method: 'POST',
        url: `${endpoint.apiUrl}/oauth/${apiVersion}${path}`,
        headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
        body: new URLSearchParams(fields).toString(),
        timeoutMs: limits.timeoutMs,
        responseBytesMax: limits.responseBytesMax,
        signal,
      });
      if (answer.status >= 200 && answer.status < 300) return answer.body;
      if (!isUnavailable(answer.status) || attempt === tokenAttemptsMax)
        throw tokenFailure(where, answer.status, answer.body, Object.values(fields));
    } catch (error) {
      if (!(error instanceof HttpFailure)) throw error;
      signal.throwIfAborted();
      if (attempt === tokenAttemptsMax) throw unavailable('HubSpot', error.message, error);
    }
    await new Promise((resolve) => {
      setTimeout(resolve, limits.backoffMs * attempt);
    });
  }
}

/** A code is good once: an answer that was lost cannot be had again, so few tries do. */
const tokenAttemptsMax = 3;

/** A revoked or used-up grant comes as 400; to us it is a matter of credentials. */
function tokenFailure(
  where: string,
  status: number,
  body: string,
  secrets: readonly string[],
): TributaryError {
  const parsed = readErrorBody(body);
  const refusal = failureFrom(where, status, parsed, secrets);
  const kinds = [parsed.error, parsed.status, parsed.category];
  const isGrant = kinds.some(
    (kind) => kind && /invalid_grant|invalid_client|BAD_|EXPIRED|REVOKED/i.test(kind),
  );
  return isGrant ? new TributaryError('vendor_auth', refusal.detail) : refusal;
}

function credentialsFrom(answer: TokenAnswer, refreshToken: string): OAuthCredentials {
  return {
    kind: 'oauth',
    accessToken: answer.access_token,
    refreshToken,
    expiresAt: toInstant(new Date(Date.now() + answer.expires_in * 1_000)),
  };
}

function scopesOf(answer: TokenAnswer): readonly string[] {
  if (!answer.scopes) return requiredScopes;
  return typeof answer.scopes === 'string' ? answer.scopes.split(/[\s,]+/).filter(Boolean) : answer.scopes;
}

function appOf(endpoint: ConnectorEndpoint): { clientId: string; clientSecret: string } {
  const { clientId, clientSecret } = endpoint;
  if (!clientId || !clientSecret) throw new TributaryError('connector_not_configured');
  return { clientId, clientSecret };
}
