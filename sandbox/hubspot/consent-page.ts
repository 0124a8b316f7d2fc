import { randomUUID } from 'node:crypto';
import type { Answer } from './answer.ts';
import { ALL_SCOPES } from './auth.ts';
import type { Sandbox } from './sandbox.ts';

/** An authorization code is good for so long. */
const CODE_LIFETIME_MS = 60_000;

/** The query of a consent page, checked. */
interface ConsentRequest {
  readonly redirectUri: URL;
  readonly scopes: readonly string[];
  readonly optionalScopes: readonly string[];
  readonly state: string | null;
  readonly challenge: string | null;
  readonly challengeMethod: string;
}

function words(text: string | null): string[] {
  return (text ?? '').split(/[ ,]+/).filter((word) => word !== '');
}

/** Checks client, redirect URI and scopes; a text is the problem, which the page shows without redirecting. */
function parseConsent(sandbox: Sandbox, query: URLSearchParams): ConsentRequest | string {
  if (query.get('client_id') !== sandbox.tokens.app.clientId) return 'This app does not exist (client_id).';
  const redirect = query.get('redirect_uri') ?? '';
  const allowed = sandbox.behaviour.redirectUris;
  if (!URL.canParse(redirect) || (allowed.length > 0 && !allowed.includes(redirect))) {
    return 'The redirect URL does not match the redirect URLs of this app.';
  }
  const scopes = words(query.get('scope'));
  if (scopes.length === 0) return 'No scope was asked for.';
  const unknown = scopes.filter((scope) => !ALL_SCOPES.includes(scope));
  if (unknown.length > 0) {
    return `Authorization failed because this account has no access to: ${unknown.join(', ')}.`;
  }
  return {
    redirectUri: new URL(redirect),
    scopes,
    optionalScopes: words(query.get('optional_scope')).filter((scope) => ALL_SCOPES.includes(scope)),
    state: query.get('state'),
    challenge: query.get('code_challenge'),
    challengeMethod: query.get('code_challenge_method') ?? 'plain',
  };
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function page(title: string, body: string, status: number): Answer {
  return {
    status,
    contentType: 'text/html; charset=utf-8',
    body: `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:3rem auto;padding:0 1rem;color:#213343}
button{font:inherit;padding:.6rem 1.2rem;margin-right:.6rem}label,select{display:block;font:inherit;margin:.6rem 0}</style>
</head><body><main><h1>${escapeHtml(title)}</h1>${body}</main></body></html>`,
  };
}

function redirect(target: URL, parameters: Readonly<Record<string, string | null>>): Answer {
  const url = new URL(target);
  for (const [name, value] of Object.entries(parameters))
    if (value !== null) url.searchParams.set(name, value);
  return { status: 302, body: null, headers: { Location: url.toString() } };
}

/** GET /oauth/authorize or /oauth/{hub}/authorize: the page on which a person approves or denies. */
export function consentPage(sandbox: Sandbox, query: URLSearchParams, hubId: string | null): Answer {
  const request = parseConsent(sandbox, query);
  if (typeof request === 'string') return page('Connection failed', `<p>${escapeHtml(request)}</p>`, 400);
  const hidden = [...query]
    .map(([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`)
    .join('');
  const portals = [...sandbox.portals.values()].map((portal) => {
    const selected = String(portal.id) === hubId ? ' selected' : '';
    return `<option value="${portal.id}"${selected}>${escapeHtml(portal.settings.name)} (${portal.id})</option>`;
  });
  const scopes = [...request.scopes, ...request.optionalScopes].map(
    (scope) => `<li>${escapeHtml(scope)}</li>`,
  );
  const body = `<p>Tributary asks to connect to your account in this sandbox. It will be able to use:</p>
<ul>${scopes.join('')}</ul>
<form method="post" action="/oauth/authorize">${hidden}
<label for="portal">Account</label><select id="portal" name="portal">${portals.join('')}</select>
<button type="submit" name="decision" value="approve">Approve</button>
<button type="submit" name="decision" value="deny">Deny</button></form>`;
  return page('Connect app', body, 200);
}

/** POST /oauth/authorize with the page's form: redirects with a code, or with access_denied. */
export function decideConsent(sandbox: Sandbox, rawBody: string): Answer {
  const form = new URLSearchParams(rawBody);
  const request = parseConsent(sandbox, form);
  if (typeof request === 'string') return page('Connection failed', `<p>${escapeHtml(request)}</p>`, 400);
  if (form.get('decision') !== 'approve') {
    return redirect(request.redirectUri, {
      error: 'access_denied',
      error_description: 'The user denied access to the scopes requested by the app.',
      state: request.state,
    });
  }
  const portal = sandbox.portal(Number(form.get('portal'))) ?? sandbox.portalOrFirst(undefined);
  const code = randomUUID();
  sandbox.tokens.codes.set(code, {
    code,
    portalId: portal.id,
    userId: 48_000_001,
    scopes: new Set(['oauth', ...request.scopes, ...request.optionalScopes]),
    redirectUri: form.get('redirect_uri') ?? '',
    challenge: request.challenge,
    challengeMethod: request.challengeMethod,
    expiresAt: sandbox.now() + CODE_LIFETIME_MS,
    used: false,
  });
  return redirect(request.redirectUri, { code, state: request.state });
}
