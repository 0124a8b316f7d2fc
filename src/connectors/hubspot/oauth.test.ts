import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningSandbox, startHubSpotSandbox } from '../../../sandbox/hubspot/server.ts';
import { isTributaryError, TributaryError } from '../../kernel/errors.ts';
import type { Authorization, ConnectorAuth, ConnectorEndpoint, Credentials } from '../connector.ts';
import { endpointFrom } from './endpoint.ts';
import { standardLimits } from './client.ts';
import { createHubspot } from './hubspot.ts';

const redirectUrl = 'http://127.0.0.1:4000/oauth/hubspot/callback';
const auth = createHubspot({ ...standardLimits, backoffMs: 5 }).auth as Required<ConnectorAuth>;
const never = new AbortController().signal;

describe('Connecting by OAuth', () => {
  let sandbox: RunningSandbox;
  let endpoint: ConnectorEndpoint;
  beforeAll(async () => {
    sandbox = await startHubSpotSandbox({ deals: 3, behaviour: { unthrottled: true } });
    const portal = sandbox.portals[0];
    endpoint = {
      apiUrl: sandbox.url,
      appUrl: sandbox.url,
      clientId: portal?.clientId ?? null,
      clientSecret: portal?.clientSecret ?? null,
    };
  });
  afterAll(() => sandbox.close());

  /** Opens the consent page as a person would and approves; gives the code of the redirect. */
  async function approve(codeVerifier: string): Promise<string> {
    const codeChallenge = createHash('sha256').update(codeVerifier).digest('base64url');
    const consent = new URL(auth.consentUrl(endpoint, { redirectUrl, state: 'state-1', codeChallenge }));
    const form = new URLSearchParams([
      ...consent.searchParams,
      ['portal', String(sandbox.portals[0]?.id)],
      ['decision', 'approve'],
    ]);
    const answer = await fetch(`${consent.origin}${consent.pathname}`, {
      method: 'POST',
      body: form,
      redirect: 'manual',
    });
    const target = new URL(answer.headers.get('location') ?? '');
    expect(target.searchParams.get('state')).toBe('state-1');
    return target.searchParams.get('code') ?? '';
  }

  async function connect(): Promise<
    Authorization & { credentials: Extract<Credentials, { kind: 'oauth' }> }
  > {
    const codeVerifier = randomBytes(48).toString('base64url');
    const code = await approve(codeVerifier);
    const authorization = await auth.exchangeCode(endpoint, { code, redirectUrl, codeVerifier }, never);
    if (authorization.credentials.kind !== 'oauth') throw new Error('OAuth credentials were expected');
    return { ...authorization, credentials: authorization.credentials };
  }

  const errorOf = async (work: Promise<unknown>): Promise<TributaryError> => {
    const error = await work.catch((reason: unknown) => reason);
    if (!(error instanceof TributaryError))
      throw new Error(`A TributaryError was expected: ${String(error)}`);
    return error;
  };

  test('asks only for what it needs and lets the rest be refused', () => {
    const url = new URL(auth.consentUrl(endpoint, { redirectUrl, state: 's', codeChallenge: 'c' }));
    expect(url.searchParams.get('scope')?.split(' ')).toContain('crm.objects.deals.read');
    expect(url.searchParams.get('optional_scope')?.split(' ')).toContain('crm.schemas.deals.read');
    expect(url.searchParams.get('code_challenge_method')).toBe('S256');
    expect(url.toString()).not.toContain(endpoint.clientSecret);
  });

  test('reads account, tokens and scopes from the code', async () => {
    const { account, credentials, scopes } = await connect();
    expect(account).toMatchObject({ id: '48151623', currency: 'USD', timeZone: 'Pacific/Auckland' });
    expect(Date.parse(credentials.expiresAt)).toBeGreaterThan(Date.now() + 1_700_000);
    expect(scopes).toContain('crm.objects.deals.read');
  });

  test('refuses a code with another verifier, and says nothing of either', async () => {
    const code = await approve('a'.repeat(64));
    const request = { code, redirectUrl, codeVerifier: 'b'.repeat(64) };
    const error = await errorOf(auth.exchangeCode(endpoint, request, never));
    expect(['vendor_auth', 'vendor_rejected']).toContain(error.code);
    expect(String(error)).not.toContain(code);
    expect(String(error)).not.toContain(endpoint.clientSecret);
  });

  test('refreshes, and keeps a refresh token that was rotated', async () => {
    const { credentials } = await connect();
    sandbox.control.setOptions({ rotateRefreshTokens: true });
    const fresh = await auth.refresh(endpoint, credentials, never);
    sandbox.control.setOptions({ rotateRefreshTokens: false });
    expect(fresh.accessToken).not.toBe(credentials.accessToken);
    expect(fresh.refreshToken).not.toBe(credentials.refreshToken);
    await auth.refresh(endpoint, fresh, never);
  });

  test('says that a revoked authorization needs a person', async () => {
    const { credentials } = await connect();
    await auth.revoke(endpoint, credentials, never);
    await auth.revoke(endpoint, credentials, never);
    expect((await errorOf(auth.refresh(endpoint, credentials, never))).code).toBe('vendor_auth');
  });

  test('tries again when the token endpoint is down for a moment', async () => {
    const { credentials } = await connect();
    sandbox.control.fault({ kind: 'html', path: '/oauth/' });
    await expect(auth.refresh(endpoint, credentials, never)).resolves.toMatchObject({ kind: 'oauth' });
  });

  test('names every scope that a token lacks', async () => {
    const portal = sandbox.portals[1];
    const lacking = ['crm.objects.companies.read', 'crm.objects.owners.read'];
    sandbox.control.setScopes({ portalId: portal?.id ?? 0, remove: lacking });
    const error = await errorOf(auth.authorizeToken(endpoint, portal?.token ?? '', never));
    expect(error.code).toBe('vendor_auth');
    expect(error.detail).toContain(lacking.join(', '));
  });

  test('takes a pasted token with spaces around it and refuses what is none', async () => {
    const token = sandbox.portals[0]?.token ?? '';
    const { credentials } = await auth.authorizeToken(endpoint, ` ${token}\n`, never);
    expect(credentials).toEqual({ kind: 'token', token });
    expect((await errorOf(auth.authorizeToken(endpoint, 'two\nlines', never))).code).toBe('vendor_auth');
  });

  test('says when no app is configured', () => {
    const none = endpointFrom({});
    const ask = (): string => auth.consentUrl(none, { redirectUrl, state: 's', codeChallenge: 'c' });
    expect(ask).toThrow(TributaryError);
    try {
      ask();
    } catch (error) {
      expect(isTributaryError(error, 'connector_not_configured')).toBe(true);
    }
  });
});

test('the environment names other addresses', () => {
  const endpoint = endpointFrom({ HUBSPOT_API_URL: 'http://127.0.0.1:9/', HUBSPOT_CLIENT_ID: ' id ' });
  expect(endpoint).toEqual({
    apiUrl: 'http://127.0.0.1:9',
    appUrl: 'https://app.hubspot.com',
    clientId: 'id',
    clientSecret: null,
  });
  expect(() => endpointFrom({ HUBSPOT_API_URL: 'ftp://x' })).toThrow(TributaryError);
});
