import { createHash, randomUUID } from 'node:crypto';
import { type Answer, json } from './answer.ts';
import type { RefreshToken } from './auth.ts';
import type { Sandbox } from './sandbox.ts';

/** The documented error of the token endpoint: an OAuth error beside HubSpot's own status. */
function oauthError(status: number, error: string, hubspotStatus: string, message: string): Answer {
  return json(
    { error, error_description: message, status: hubspotStatus, message, correlationId: randomUUID() },
    status,
  );
}

const INVALID_CLIENT = (): Answer =>
  oauthError(401, 'invalid_client', 'BAD_CLIENT_SECRET', 'missing or invalid client secret');

/**
 * POST /oauth/{version}/token[/introspect|/revoke], form-encoded.
 * Source: the OAuth reference 2026-03/2026-09. Access tokens live 30 minutes; refresh tokens do not rotate.
 */
export function oauthRoute(sandbox: Sandbox, operation: string, rawBody: string): Answer {
  const form = new URLSearchParams(rawBody);
  const { app } = sandbox.tokens;
  if (form.get('client_id') !== app.clientId || form.get('client_secret') !== app.clientSecret) {
    return INVALID_CLIENT();
  }
  if (operation === 'introspect') return introspect(sandbox, form.get('token') ?? '');
  if (operation === 'revoke') return revoke(sandbox, form.get('token') ?? '');
  const grant = form.get('grant_type');
  if (grant === 'authorization_code') return exchangeCode(sandbox, form);
  if (grant === 'refresh_token') return refresh(sandbox, form.get('refresh_token') ?? '');
  return oauthError(
    400,
    'unsupported_grant_type',
    'BAD_GRANT_TYPE',
    `missing or unknown grant type: ${grant ?? ''}`,
  );
}

function exchangeCode(sandbox: Sandbox, form: URLSearchParams): Answer {
  const code = sandbox.tokens.codes.get(form.get('code') ?? '');
  if (code === undefined || code.used || code.expiresAt <= sandbox.now()) {
    return oauthError(400, 'invalid_grant', 'BAD_AUTH_CODE', 'missing or unknown auth code');
  }
  if (form.get('redirect_uri') !== code.redirectUri) {
    return oauthError(400, 'invalid_grant', 'BAD_REDIRECT_URI', 'missing or invalid redirect uri');
  }
  if (!verifierMatches(code.challenge, code.challengeMethod, form.get('code_verifier'))) {
    return oauthError(400, 'invalid_grant', 'BAD_AUTH_CODE', 'missing or invalid code verifier');
  }
  code.used = true;
  const token = sandbox.tokens.issueRefresh(code.portalId, code.userId, code.scopes);
  return tokenAnswer(sandbox, token);
}

/** PKCE (RFC 7636): a code that was asked for with a challenge needs its verifier. */
function verifierMatches(challenge: string | null, method: string, verifier: string | null): boolean {
  if (challenge === null) return true;
  if (verifier === null) return false;
  if (method === 'plain') return verifier === challenge;
  return createHash('sha256').update(verifier).digest('base64url') === challenge;
}

function refresh(sandbox: Sandbox, text: string): Answer {
  const token = sandbox.tokens.refresh.get(text);
  if (token === undefined || token.revoked) {
    return oauthError(400, 'invalid_grant', 'BAD_REFRESH_TOKEN', 'missing or invalid refresh token');
  }
  if (!sandbox.behaviour.rotateRefreshTokens) return tokenAnswer(sandbox, token);
  token.revoked = true;
  return tokenAnswer(sandbox, sandbox.tokens.issueRefresh(token.portalId, token.userId, token.scopes));
}

function tokenAnswer(sandbox: Sandbox, refreshToken: RefreshToken): Answer {
  const seconds = sandbox.behaviour.accessTokenSeconds;
  const access = sandbox.tokens.issueAccess(
    refreshToken.portalId,
    refreshToken.scopes,
    sandbox.now() + seconds * 1000,
  );
  return json({
    token_type: 'bearer',
    access_token: access.token,
    refresh_token: refreshToken.token,
    expires_in: seconds,
    hub_id: refreshToken.portalId,
    user_id: refreshToken.userId,
    scopes: [...refreshToken.scopes],
  });
}

function introspect(sandbox: Sandbox, text: string): Answer {
  const access = sandbox.tokens.access.get(text);
  const refreshToken = sandbox.tokens.refresh.get(text);
  const token = access ?? refreshToken;
  const expired = access?.expiresAt != null && access.expiresAt <= sandbox.now();
  if (token === undefined || token.revoked || expired) return json({ active: false });
  const portal = sandbox.portal(token.portalId);
  return json({
    active: true,
    token_type: 'bearer',
    token_use: access === undefined ? 'refresh_token' : 'access_token',
    hub_id: token.portalId,
    user_id: refreshToken?.userId ?? 48_000_000,
    app_id: sandbox.tokens.app.appId,
    client_id: sandbox.tokens.app.clientId,
    hub_domain: `portal-${token.portalId}.example`,
    scopes: [...token.scopes],
    ...(access?.expiresAt == null
      ? {}
      : { expires_in: Math.round((access.expiresAt - sandbox.now()) / 1000) }),
    signed_access_token: { hublet: portal?.currency === 'EUR' ? 'eu1' : 'na1' },
  });
}

/** Revoking a refresh token ends the install: its access tokens go too. Unknown tokens are 204 as well. */
function revoke(sandbox: Sandbox, text: string): Answer {
  const access = sandbox.tokens.access.get(text);
  const refreshToken = sandbox.tokens.refresh.get(text);
  if (access !== undefined && access.kind === 'oauth') access.revoked = true;
  if (refreshToken !== undefined) {
    refreshToken.revoked = true;
    for (const token of sandbox.tokens.access.values()) {
      if (token.kind === 'oauth' && token.portalId === refreshToken.portalId) token.revoked = true;
    }
  }
  return { status: 204, body: null };
}
