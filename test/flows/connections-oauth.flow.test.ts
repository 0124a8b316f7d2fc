import { beforeAll, beforeEach, expect, test } from 'vitest';
import type { Caller } from '../../src/contract/handler.ts';
import type { Database } from '../../src/platform/database/database.ts';
import { createAdmin } from '../support/connections.ts';
import {
  type ConnectionsStory,
  connector,
  idOnly,
  startConnectionsStory,
} from '../support/connections-story.ts';
import { describeOnBothStores } from '../support/database.ts';

describeOnBothStores('Connections by OAuth', (open) => {
  let database: Database;
  let story: ConnectionsStory;

  beforeAll(async () => {
    database = await open();
  });

  beforeEach(async () => {
    story = await startConnectionsStory(database);
    return () => story.sandbox.close();
  });

  const consentUrl = async (
    query: { connectionId?: string; mode?: 'live' | 'test' } = {},
    caller = story.admin,
  ) => {
    const { url } = await story.bench.operations.getConsentUrl(caller, {
      params: { connector },
      query: { mode: 'live', ...query },
      body: undefined,
    });
    return new URL(url);
  };
  /** What a person does on the consent page; the parameters of the redirect that follows. */
  const decide = async (url: URL, decision: 'approve' | 'deny', portal = story.portal.id) => {
    const form = new URLSearchParams(url.searchParams);
    form.set('decision', decision);
    form.set('portal', String(portal));
    const answer = await fetch(`${url.origin}/oauth/authorize`, {
      method: 'POST',
      body: form,
      redirect: 'manual',
    });
    return Object.fromEntries(new URL(answer.headers.get('location') ?? '').searchParams);
  };
  const complete = (callback: Record<string, string>, caller: Caller | null = story.admin) =>
    story.bench.operations.completeOAuth(caller, {
      params: { connector },
      query: undefined,
      body: { state: callback['state'] ?? '', ...callback },
    });

  test('connects through the consent page with PKCE and state', async () => {
    const url = await consentUrl();
    expect(url.searchParams.get('code_challenge_method')).toBe('S256');
    expect(url.searchParams.get('redirect_uri')).toBe('http://127.0.0.1:4000/oauth/hubspot/callback');
    const connection = await complete(await decide(url, 'approve'));
    expect(connection).toMatchObject({ status: 'connected', authKind: 'oauth', configurationVersion: 1 });
    expect(connection.scopes).toContain('crm.objects.deals.read');
    expect(await story.activity(connection.id)).toContain('connection.connected');
  });

  test('says that the consent was denied', async () => {
    await expect(complete(await decide(await consentUrl(), 'deny'))).rejects.toMatchObject({
      code: 'consent_denied',
    });
  });

  test('refuses a state that is forged, used, too old or of somebody else, whatever the code', async () => {
    const callback = await decide(await consentUrl(), 'approve');
    const refused = { code: 'invalid_state' };
    await expect(complete({ ...callback, state: 'forged' })).rejects.toMatchObject(refused);
    await expect(
      complete(callback, { ...story.admin, actor: 'user:other@example.com' }),
    ).rejects.toMatchObject(refused);
    await expect(complete(callback, await createAdmin(database))).rejects.toMatchObject(refused);
    await expect(complete(callback, null)).rejects.toMatchObject(refused);
    await complete(callback);
    await expect(complete(callback)).rejects.toMatchObject(refused);
    const late = story.otherProcess({}, { clock: () => new Date(Date.now() + 11 * 60_000) });
    const next = await decide(await consentUrl(), 'approve');
    await expect(
      late.operations.completeOAuth(story.admin, {
        params: { connector },
        query: undefined,
        body: { state: '', ...next },
      }),
    ).rejects.toMatchObject(refused);
  });

  test('lets the browser finish, signed out, what a program began with a key', async () => {
    const program: Caller = { ...story.admin, actor: 'key:deploy' };
    const callback = await decide(await consentUrl({}, program), 'approve');
    expect(await complete(callback, null)).toMatchObject({
      status: 'connected',
      connectedBy: 'key:deploy',
    });
  });

  test('renews a connection, and refuses to renew it with another account', async () => {
    const connection = await complete(await decide(await consentUrl(), 'approve'));
    const other = await decide(
      await consentUrl({ connectionId: connection.id }),
      'approve',
      story.sandbox.portals[1]?.id,
    );
    await expect(complete(other)).rejects.toMatchObject({ code: 'account_mismatch' });
    const same = await decide(await consentUrl({ connectionId: connection.id }), 'approve');
    expect((await complete(same)).id).toBe(connection.id);
  });

  test('says that the client secret is wrong, and that no app is configured', async () => {
    const callback = await decide(await consentUrl(), 'approve');
    const wrong = story.otherProcess({ HUBSPOT_CLIENT_SECRET: 'wrong' });
    const input = { params: { connector }, query: undefined, body: { state: '', ...callback } };
    await expect(wrong.operations.completeOAuth(story.admin, input)).rejects.toMatchObject({
      code: 'vendor_auth',
      message: expect.stringContaining('client secret'),
    });
    const none = story.otherProcess({ HUBSPOT_CLIENT_ID: '' });
    await expect(
      none.operations.getConsentUrl(story.admin, {
        params: { connector },
        query: { mode: 'live' },
        body: undefined,
      }),
    ).rejects.toMatchObject({ code: 'connector_not_configured' });
  });

  test('two processes refresh at once with one call to the vendor', async () => {
    story.sandbox.control.setOptions({ latencyMs: 30 });
    const { id } = await complete(await decide(await consentUrl(), 'approve'));
    story.sandbox.control.expireTokens({});
    story.sandbox.control.reset({ calls: true });
    const later = () => new Date(Date.now() + 1_790_000);
    const processes = [0, 1].map(() => story.otherProcess({}, { clock: later }));
    // On the embedded store there is never a second process.
    const used = database.kind === 'pglite' ? processes.slice(0, 1) : processes;
    const scope = { organizationId: story.admin.organizationId, connectionId: id };
    const signal = new AbortController().signal;
    const sessions = await Promise.all(
      [...used, ...used, ...used].map(({ sessions: opened }) => opened.open(scope, { signal })),
    );
    const tokens = await Promise.all(sessions.map((session) => session.accessToken()));
    expect(new Set(tokens).size).toBe(1);
    const refreshes = story.sandbox.sandbox.log
      .calls(1_000)
      .recent.filter(({ endpoint }) => endpoint.includes('/token'));
    expect(refreshes).toHaveLength(1);
  });

  test('an expired access token is renewed in the middle of the work', async () => {
    const { id } = await complete(await decide(await consentUrl(), 'approve'));
    story.sandbox.control.expireTokens({});
    const schema = await story.bench.operations.getSourceSchema(story.admin, {
      params: { id },
      query: { refresh: 'true' },
      body: undefined,
    });
    expect(schema.pipelines.length).toBeGreaterThan(0);
    expect((await story.get(id)).status).toBe('connected');
  });

  test('a revoked authorization puts the connection in error and says to reconnect; reconnecting mends it', async () => {
    const { id } = await complete(await decide(await consentUrl(), 'approve'));
    story.sandbox.control.revokeTokens({ kind: 'oauth' });
    const tested = await story.bench.operations.testConnection(story.admin, idOnly(id));
    expect(tested.ok).toBe(false);
    const failed = await story.get(id);
    expect(failed.status).toBe('error');
    expect(failed.lastError).toMatchObject({
      code: 'vendor_auth',
      message: expect.stringMatching(/reconnect/i),
    });
    expect(await story.activity(id)).toContain('connection.failed');
    const mended = await complete(await decide(await consentUrl({ connectionId: id }), 'approve'));
    expect(mended).toMatchObject({ id, status: 'connected', lastError: null });
  });

  test('an outage during the refresh leaves the connection connected', async () => {
    const { id } = await complete(await decide(await consentUrl(), 'approve'));
    story.sandbox.control.expireTokens({});
    story.sandbox.control.fault({ kind: 'status', status: 503, path: '/token', count: -1 });
    await expect(
      story.bench.operations.getSourceSchema(story.admin, {
        params: { id },
        query: { refresh: 'true' },
        body: undefined,
      }),
    ).rejects.toMatchObject({ code: 'vendor_unavailable' });
    expect((await story.get(id)).status).toBe('connected');
  });

  test('disconnecting deletes the tokens and revokes them, also while the vendor is down', async () => {
    const { id } = await complete(await decide(await consentUrl(), 'approve'));
    await story.bench.operations.disconnectConnection(story.admin, idOnly(id));
    expect([...story.sandbox.sandbox.tokens.refresh.values()].every(({ revoked }) => revoked)).toBe(true);
    await complete(await decide(await consentUrl(), 'approve'));
    await story.sandbox.close();
    const gone = await story.bench.operations.disconnectConnection(story.admin, idOnly(id));
    expect(gone.status).toBe('not_connected');
    const [row] = await database.withOrganization(story.admin.organizationId, (tx) =>
      tx.query<{ credentials_sealed: string | null }>(
        'SELECT credentials_sealed FROM connections WHERE id = $1::uuid',
        [id],
      ),
    );
    expect(row?.credentials_sealed).toBeNull();
  });
});
