import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Json, startTestClient, type TestClient } from './test-client.ts';

let client: TestClient;
beforeAll(async () => {
  client = await startTestClient();
});
beforeEach(() => {
  client.running.control.setScopes({ add: ['crm.objects.deals.read', 'crm.objects.owners.read'] });
  client.running.control.reset();
});
afterAll(() => client.running.close());

const DEALS = '/crm/objects/2026-09/deals';
const REDIRECT = 'http://127.0.0.1:4000/oauth/hubspot/callback';

describe('bearer tokens', () => {
  test('a call without a token, or with an unknown one, is INVALID_AUTHENTICATION', async () => {
    for (const token of [null, 'pat-na1-unknown']) {
      const reply = await client.call('GET', DEALS, undefined, token);
      expect(reply.status).toBe(401);
      expect(reply.body).toMatchObject({ status: 'error', category: 'INVALID_AUTHENTICATION' });
    }
    expect(client.running.control.violations().byRule).toEqual({ unauthenticated: 2 });
  });

  test('a missing scope is a 403 that names the scopes', async () => {
    client.running.control.setScopes({ remove: ['crm.objects.deals.read'] });
    const reply = await client.call('GET', DEALS);
    expect(reply.status).toBe(403);
    expect(reply.body.category).toBe('MISSING_SCOPES');
    expect(reply.body.errors[0].context.requiredGranularScopes).toEqual(['crm.objects.deals.read']);
  });

  test('pipelines are readable with the object or the schema scope', async () => {
    client.running.control.setScopes({ remove: ['crm.objects.deals.read'] });
    expect((await client.call('GET', '/crm/pipelines/2026-09/deals')).status).toBe(200);
  });

  test('each token sees its own portal only', async () => {
    const [first, second] = client.running.portals;
    const [one, two] = await Promise.all(
      [first, second].map((portal) =>
        client.call('GET', '/account-info/2026-09/details', undefined, portal?.token ?? ''),
      ),
    );
    expect(one?.body).toMatchObject({
      portalId: 48151623,
      companyCurrency: 'USD',
      timeZone: 'Pacific/Auckland',
    });
    expect(two?.body).toMatchObject({
      portalId: 139826104,
      companyCurrency: 'EUR',
      uiDomain: 'app-eu1.hubspot.com',
    });
  });
});

async function authorize(decision: string, more: Record<string, string> = {}): Promise<URL> {
  const reply = await client.form('/oauth/authorize', {
    client_id: client.running.portals[0]?.clientId ?? '',
    scope: 'oauth crm.objects.deals.read',
    optional_scope: 'crm.objects.owners.read made.up.scope',
    redirect_uri: REDIRECT,
    state: 'state-1 &x',
    portal: String(client.running.portals[1]?.id),
    decision,
    ...more,
  });
  expect(reply.status).toBe(302);
  return new URL(reply.headers.get('location') ?? '');
}

async function token(values: Record<string, string>): Promise<{ status: number; body: Json }> {
  const { clientId, clientSecret } = client.running.portals[0] ?? { clientId: '', clientSecret: '' };
  const reply = await client.form('/oauth/2026-03/token', {
    client_id: clientId,
    client_secret: clientSecret,
    ...values,
  });
  return { status: reply.status, body: JSON.parse(reply.body) };
}

describe('the consent page', () => {
  test('shows what is asked for, with buttons to approve and deny', async () => {
    const query = new URLSearchParams({
      client_id: client.running.portals[0]?.clientId ?? '',
      scope: 'oauth crm.objects.deals.read',
      redirect_uri: REDIRECT,
    });
    const response = await fetch(`${client.running.url}/oauth/authorize?${query}`);
    const html = await response.text();
    expect(response.headers.get('content-type')).toContain('text/html');
    expect(html).toContain('crm.objects.deals.read');
    expect(html).toContain('value="approve"');
    expect(html).toContain('value="deny"');
  });

  test('denying sends the person back with access_denied and the state', async () => {
    const back = await authorize('deny');
    expect(back.searchParams.get('error')).toBe('access_denied');
    expect(back.searchParams.get('state')).toBe('state-1 &x');
    expect(back.searchParams.has('code')).toBe(false);
  });

  test('an unknown client, a foreign redirect and an unknown scope never redirect', async () => {
    client.running.control.setOptions({ redirectUris: [REDIRECT] });
    for (const wrong of [
      { client_id: 'nobody' },
      { redirect_uri: 'https://evil.example/' },
      { scope: 'made.up.scope' },
    ]) {
      const reply = await client.form('/oauth/authorize', {
        client_id: client.running.portals[0]?.clientId ?? '',
        scope: 'oauth',
        redirect_uri: REDIRECT,
        decision: 'approve',
        ...wrong,
      });
      expect(reply.status).toBe(400);
    }
    client.running.control.setOptions({ redirectUris: [] });
  });
});

describe('the token endpoint', () => {
  const verifier = 'v'.repeat(64);
  const challenge = createHash('sha256').update(verifier).digest('base64url');

  async function code(): Promise<string> {
    const back = await authorize('approve', { code_challenge: challenge, code_challenge_method: 'S256' });
    expect(back.searchParams.get('state')).toBe('state-1 &x');
    return back.searchParams.get('code') ?? '';
  }

  function exchange(text: string, more: Record<string, string>): ReturnType<typeof token> {
    return token({ grant_type: 'authorization_code', code: text, redirect_uri: REDIRECT, ...more });
  }

  test('exchanges a code once, with its verifier and redirect only', async () => {
    const text = await code();
    for (const wrong of [
      {},
      { code_verifier: 'wrong' },
      { code_verifier: verifier, redirect_uri: 'http://other/' },
    ]) {
      const refused = await exchange(text, wrong);
      expect(refused.status).toBe(400);
      expect(refused.body.error).toBe('invalid_grant');
    }
    const granted = await exchange(text, { code_verifier: verifier });
    expect(granted.body).toMatchObject({ expires_in: 1800, hub_id: 139826104, token_type: 'bearer' });
    expect(granted.body.scopes.sort()).toEqual([
      'crm.objects.deals.read',
      'crm.objects.owners.read',
      'oauth',
    ]);
    expect((await client.call('GET', DEALS, undefined, granted.body.access_token)).status).toBe(200);
    expect((await exchange(text, { code_verifier: verifier })).body.status).toBe('BAD_AUTH_CODE');
  });

  test('access tokens expire after 30 minutes and a refresh keeps the refresh token', async () => {
    const granted = (await exchange(await code(), { code_verifier: verifier })).body;
    client.running.control.advanceClock({ ms: 1_801_000 });
    const expired = await client.call('GET', DEALS, undefined, granted.access_token);
    expect(expired.status).toBe(401);
    expect(expired.body.category).toBe('EXPIRED_AUTHENTICATION');
    expect(expired.body.context['expire time']).toHaveLength(1);
    const fresh = await token({ grant_type: 'refresh_token', refresh_token: granted.refresh_token });
    expect(fresh.body.refresh_token).toBe(granted.refresh_token);
    expect(fresh.body.access_token).not.toBe(granted.access_token);
    expect((await client.call('GET', DEALS, undefined, fresh.body.access_token)).status).toBe(200);
  });

  test('rotating refresh tokens can be switched on', async () => {
    client.running.control.setOptions({ rotateRefreshTokens: true });
    const granted = (await exchange(await code(), { code_verifier: verifier })).body;
    const fresh = await token({ grant_type: 'refresh_token', refresh_token: granted.refresh_token });
    client.running.control.setOptions({ rotateRefreshTokens: false });
    expect(fresh.body.refresh_token).not.toBe(granted.refresh_token);
    const again = await token({ grant_type: 'refresh_token', refresh_token: granted.refresh_token });
    expect(again.body).toMatchObject({ error: 'invalid_grant', status: 'BAD_REFRESH_TOKEN' });
  });

  test('introspects and revokes', async () => {
    const granted = (await exchange(await code(), { code_verifier: verifier })).body;
    const { clientId, clientSecret } = client.running.portals[0] ?? { clientId: '', clientSecret: '' };
    const form = { client_id: clientId, client_secret: clientSecret, token: granted.access_token };
    const introspected = JSON.parse((await client.form('/oauth/2026-09/token/introspect', form)).body);
    expect(introspected).toMatchObject({
      active: true,
      hub_id: 139826104,
      signed_access_token: { hublet: 'eu1' },
    });
    const revoke = { ...form, token: granted.refresh_token };
    expect((await client.form('/oauth/2026-09/token/revoke', revoke)).status).toBe(204);
    expect(JSON.parse((await client.form('/oauth/2026-09/token/introspect', form)).body)).toEqual({
      active: false,
    });
    expect((await client.call('GET', DEALS, undefined, granted.access_token)).status).toBe(401);
    expect((await token({ grant_type: 'refresh_token', refresh_token: granted.refresh_token })).status).toBe(
      400,
    );
  });

  test('a wrong secret, an unknown grant and a JSON body are refused', async () => {
    expect((await token({ grant_type: 'refresh_token', client_secret: 'wrong' })).body.error).toBe(
      'invalid_client',
    );
    expect((await token({ grant_type: 'password' })).body.error).toBe('unsupported_grant_type');
    expect((await client.call('POST', '/oauth/2026-09/token', { grant_type: 'refresh_token' })).status).toBe(
      415,
    );
  });

  test('a scenario can issue, expire and revoke tokens', async () => {
    const { control } = client.running;
    const issued = control.issueTokens({ scopes: ['oauth', 'crm.objects.deals.read'] });
    expect((await client.call('GET', DEALS, undefined, issued.accessToken)).status).toBe(200);
    control.expireTokens({});
    expect((await client.call('GET', DEALS, undefined, issued.accessToken)).body.category).toBe(
      'EXPIRED_AUTHENTICATION',
    );
    expect(control.revokeTokens({ kind: 'oauth' }).revoked).toBeGreaterThan(1);
    expect(
      (await token({ grant_type: 'refresh_token', refresh_token: issued.refreshToken })).body.status,
    ).toBe('BAD_REFRESH_TOKEN');
  });
});
