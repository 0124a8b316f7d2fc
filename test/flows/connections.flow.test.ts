import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type RunningSandbox, startHubSpotSandbox } from '../../sandbox/hubspot/server.ts';
import type { Caller } from '../../src/contract/handler.ts';
import { connectionWire, integrationWire, sourceSchemaWire } from '../../src/contract/sync-wire.ts';
import type { Database } from '../../src/platform/database/database.ts';
import {
  type ConnectionsBench,
  createAdmin,
  createConnectionsBench,
  newSecretKey,
} from '../support/connections.ts';
import { describeOnBothStores } from '../support/database.ts';

const connector = 'hubspot';
const page = { limit: 50 } as const;

/** What is asked with a token; live mode unless said otherwise. */
const tokenBody = (
  token: string,
  more: { name?: string; entityId?: string; mode?: 'live' | 'test' } = {},
) => ({
  token,
  mode: 'live' as const,
  ...more,
});
const noQuery = { query: undefined, body: undefined } as const;
const idOnly = (id: string) => ({ params: { id }, ...noQuery });

describeOnBothStores('Connections', (open) => {
  let database: Database;
  let sandbox: RunningSandbox;
  let bench: ConnectionsBench;
  let admin: Caller;
  const secretKey = newSecretKey();

  const first = () => {
    const portal = sandbox.portals[0];
    if (!portal) throw new Error('The sandbox has no portal');
    return portal;
  };
  const connect = (token = first().token, more = {}) =>
    bench.operations.connectWithToken(admin, {
      params: { connector },
      query: undefined,
      body: tokenBody(token, more),
    });
  const get = (id: string, caller = admin) => bench.operations.getConnection(caller, idOnly(id));
  const activity = async (id: string) => {
    const listed = await bench.operations.listActivity(admin, {
      params: { id },
      query: page,
      body: undefined,
    });
    return listed.data.map(({ action }) => action);
  };
  const storedVersions = (id: string) =>
    database.withOrganization(admin.organizationId, (tx) =>
      tx.query<{ version: number; settings: object }>(
        'SELECT version, settings FROM configurations WHERE connection_id = $1::uuid ORDER BY version',
        [id],
      ),
    );

  beforeAll(async () => {
    database = await open();
  });

  beforeEach(async () => {
    sandbox = await startHubSpotSandbox({ profile: 'empty', behaviour: { unthrottled: true, lagMs: 0 } });
    const { clientId, clientSecret } = first();
    bench = createConnectionsBench({
      database,
      secretKey,
      environment: {
        HUBSPOT_API_URL: sandbox.url,
        HUBSPOT_APP_URL: sandbox.url,
        HUBSPOT_CLIENT_ID: clientId,
        HUBSPOT_CLIENT_SECRET: clientSecret,
      },
    });
    admin = await createAdmin(database);
    return () => sandbox.close();
  });

  describe('with a token', () => {
    test('connects: account, entity, defaults, schema and audit entry are there', async () => {
      const connection = connectionWire.parse(await connect());
      expect(connection).toMatchObject({
        connector,
        mode: 'live',
        status: 'connected',
        account: { id: String(first().id), currency: 'USD', timeZone: 'Pacific/Auckland' },
        entity: { name: 'Main' },
        authKind: 'token',
        connectedBy: admin.actor,
        lastError: null,
        missingSettings: [],
        configurationVersion: 1,
        recordsSynced: 0,
        currentRunId: null,
      });
      const schema = sourceSchemaWire.parse(
        await bench.operations.getSourceSchema(admin, {
          params: { id: connection.id },
          query: { refresh: 'false' },
          body: undefined,
        }),
      );
      expect(schema.pipelines.length).toBeGreaterThan(0);
      expect(schema.properties['deal']?.length).toBeGreaterThan(0);
      expect(await activity(connection.id)).toEqual(['connection.connected']);
      const integrations = await bench.operations.listIntegrations(admin, {
        params: undefined,
        ...noQuery,
      });
      expect(integrationWire.parse(integrations.data[0]).connections.map(({ id }) => id)).toEqual([
        connection.id,
      ]);
    });

    test('refuses a wrong token and keeps nothing', async () => {
      await expect(connect('pat-na1-not-a-token')).rejects.toMatchObject({ code: 'vendor_auth' });
      const listed = await bench.operations.listConnections(admin, {
        params: undefined,
        query: page,
        body: undefined,
      });
      expect(listed).toEqual({ data: [], next: null, total: 0 });
    });

    test('names the scope that a token lacks', async () => {
      sandbox.control.setScopes({ remove: ['crm.objects.companies.read'] });
      await expect(connect()).rejects.toMatchObject({
        code: 'vendor_auth',
        detail: expect.stringContaining('crm.objects.companies.read'),
      });
    });

    test('stays connected when the schema cannot be read', async () => {
      sandbox.control.fault({ kind: 'status', status: 400, path: '/crm/properties/', count: -1 });
      const connection = await connect();
      expect(connection.status).toBe('connected');
      sandbox.control.clearFaults();
      const schema = await bench.operations.getSourceSchema(admin, {
        params: { id: connection.id },
        query: { refresh: 'false' },
        body: undefined,
      });
      expect(schema.readAt).not.toBeNull();
    });

    test('the same account again is the same connection, with its configuration', async () => {
      const before = await connect(first().token, { name: 'Our portal' });
      await database.withOrganization(admin.organizationId, (tx) =>
        tx.execute(
          `INSERT INTO configurations (organization_id, connection_id, version, settings, created_by)
           SELECT organization_id, connection_id, 2, jsonb_set(settings, '{deals,kind}', '"contract"'), 'user:x'
           FROM configurations WHERE connection_id = $1::uuid`,
          [before.id],
        ),
      );
      await bench.operations.disconnectConnection(admin, idOnly(before.id));
      const after = await connect();
      expect(after).toMatchObject({
        id: before.id,
        name: 'Our portal',
        status: 'connected',
        configurationVersion: 2,
      });
      expect(await storedVersions(before.id)).toHaveLength(2);
      expect(await activity(before.id)).toEqual([
        'connection.reconnected',
        'connection.disconnected',
        'connection.connected',
      ]);
    });

    test('connecting one account several times at once makes one connection', async () => {
      const made = await Promise.all([connect(), connect(), connect()]);
      expect(new Set(made.map(({ id }) => id)).size).toBe(1);
      expect(await storedVersions(made[0]?.id ?? '')).toHaveLength(1);
    });

    test('two portals are two connections', async () => {
      const one = await connect();
      const other = await connect(sandbox.portals[1]?.token);
      expect(other.id).not.toBe(one.id);
      expect(other.account.currency).toBe('EUR');
    });

    test('test data goes to test books: the first test connection gets an entity of its own', async () => {
      const live = await connect();
      const testing = await connect(first().token, { mode: 'test' });
      expect(testing.id).not.toBe(live.id);
      expect(testing.entity.id).not.toBe(live.entity.id);
      await expect(
        connect(sandbox.portals[1]?.token, { mode: 'test', entityId: live.entity.id }),
      ).rejects.toMatchObject({ code: 'invalid_request', fields: [{ field: 'entityId' }] });
    });

    test('says setup incomplete and what is missing while a required account is inactive', async () => {
      const { id, entity } = await connect();
      await database.withOrganization(admin.organizationId, (tx) =>
        tx.execute(
          `UPDATE accounts SET active = false WHERE id = (
             SELECT account_id FROM account_roles WHERE entity_id = $1::uuid AND role = 'accounts_receivable')`,
          [entity.id],
        ),
      );
      const incomplete = await get(id);
      expect(incomplete.status).toBe('setup_incomplete');
      expect(incomplete.missingSettings).toEqual([
        expect.stringMatching(/^Accounts receivable account: .*inactive/),
      ]);
    });
  });

  describe('with OAuth', () => {
    const consentUrl = async (
      query: { connectionId?: string; mode?: 'live' | 'test' } = {},
      caller = admin,
    ) => {
      const { url } = await bench.operations.getConsentUrl(caller, {
        params: { connector },
        query: { mode: 'live', ...query },
        body: undefined,
      });
      return new URL(url);
    };
    /** What a person does on the consent page; the parameters of the redirect that follows. */
    const decide = async (url: URL, decision: 'approve' | 'deny', portal = first().id) => {
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
    const complete = (callback: Record<string, string>, caller: Caller | null = admin) =>
      bench.operations.completeOAuth(caller, {
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
      expect(await activity(connection.id)).toContain('connection.connected');
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
      await expect(complete(callback, { ...admin, actor: 'user:other@example.com' })).rejects.toMatchObject(
        refused,
      );
      await expect(complete(callback, await createAdmin(database))).rejects.toMatchObject(refused);
      await expect(complete(callback, null)).rejects.toMatchObject(refused);
      await complete(callback);
      await expect(complete(callback)).rejects.toMatchObject(refused);
      const late = createConnectionsBench({
        database,
        secretKey,
        environment: bench.deps.environment as Record<string, string>,
        clock: () => new Date(Date.now() + 11 * 60_000),
      });
      const next = await decide(await consentUrl(), 'approve');
      await expect(
        late.operations.completeOAuth(admin, {
          params: { connector },
          query: undefined,
          body: { state: '', ...next },
        }),
      ).rejects.toMatchObject(refused);
    });

    test('lets the browser finish, signed out, what a program began with a key', async () => {
      const program: Caller = { ...admin, actor: 'key:deploy' };
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
        sandbox.portals[1]?.id,
      );
      await expect(complete(other)).rejects.toMatchObject({ code: 'account_mismatch' });
      const same = await decide(await consentUrl({ connectionId: connection.id }), 'approve');
      expect((await complete(same)).id).toBe(connection.id);
    });

    test('says that the client secret is wrong, and that no app is configured', async () => {
      const callback = await decide(await consentUrl(), 'approve');
      const environment = bench.deps.environment as Record<string, string>;
      const wrong = createConnectionsBench({
        database,
        secretKey,
        environment: { ...environment, HUBSPOT_CLIENT_SECRET: 'wrong' },
      });
      const input = { params: { connector }, query: undefined, body: { state: '', ...callback } };
      await expect(wrong.operations.completeOAuth(admin, input)).rejects.toMatchObject({
        code: 'vendor_auth',
        message: expect.stringContaining('client secret'),
      });
      const none = createConnectionsBench({
        database,
        environment: { ...environment, HUBSPOT_CLIENT_ID: '' },
      });
      await expect(
        none.operations.getConsentUrl(admin, {
          params: { connector },
          query: { mode: 'live' },
          body: undefined,
        }),
      ).rejects.toMatchObject({ code: 'connector_not_configured' });
    });

    test('two processes refresh at once with one call to the vendor', async () => {
      sandbox.control.setOptions({ latencyMs: 30 });
      const { id } = await complete(await decide(await consentUrl(), 'approve'));
      sandbox.control.expireTokens({});
      sandbox.control.reset({ calls: true });
      const later = () => new Date(Date.now() + 1_790_000);
      const environment = bench.deps.environment as Record<string, string>;
      const processes = [0, 1].map(() =>
        createConnectionsBench({ database, secretKey, environment, clock: later }),
      );
      // On the embedded store there is never a second process.
      const used = database.kind === 'pglite' ? processes.slice(0, 1) : processes;
      const scope = { organizationId: admin.organizationId, connectionId: id };
      const signal = new AbortController().signal;
      const sessions = await Promise.all(
        [...used, ...used, ...used].map(({ sessions: opened }) => opened.open(scope, { signal })),
      );
      const tokens = await Promise.all(sessions.map((session) => session.accessToken()));
      expect(new Set(tokens).size).toBe(1);
      const refreshes = sandbox.sandbox.log
        .calls(1_000)
        .recent.filter(({ endpoint }) => endpoint.includes('/token'));
      expect(refreshes).toHaveLength(1);
    });

    test('an expired access token is renewed in the middle of the work', async () => {
      const { id } = await complete(await decide(await consentUrl(), 'approve'));
      sandbox.control.expireTokens({});
      const schema = await bench.operations.getSourceSchema(admin, {
        params: { id },
        query: { refresh: 'true' },
        body: undefined,
      });
      expect(schema.pipelines.length).toBeGreaterThan(0);
      expect((await get(id)).status).toBe('connected');
    });

    test('a revoked authorization puts the connection in error and says to reconnect; reconnecting mends it', async () => {
      const { id } = await complete(await decide(await consentUrl(), 'approve'));
      sandbox.control.revokeTokens({ kind: 'oauth' });
      const tested = await bench.operations.testConnection(admin, idOnly(id));
      expect(tested.ok).toBe(false);
      const failed = await get(id);
      expect(failed.status).toBe('error');
      expect(failed.lastError).toMatchObject({
        code: 'vendor_auth',
        message: expect.stringMatching(/reconnect/i),
      });
      expect(await activity(id)).toContain('connection.failed');
      const mended = await complete(await decide(await consentUrl({ connectionId: id }), 'approve'));
      expect(mended).toMatchObject({ id, status: 'connected', lastError: null });
    });

    test('an outage during the refresh leaves the connection connected', async () => {
      const { id } = await complete(await decide(await consentUrl(), 'approve'));
      sandbox.control.expireTokens({});
      sandbox.control.fault({ kind: 'status', status: 503, path: '/token', count: -1 });
      await expect(
        bench.operations.getSourceSchema(admin, {
          params: { id },
          query: { refresh: 'true' },
          body: undefined,
        }),
      ).rejects.toMatchObject({ code: 'vendor_unavailable' });
      expect((await get(id)).status).toBe('connected');
    });

    test('disconnecting deletes the tokens and revokes them, also while the vendor is down', async () => {
      const { id } = await complete(await decide(await consentUrl(), 'approve'));
      await bench.operations.disconnectConnection(admin, idOnly(id));
      expect([...sandbox.sandbox.tokens.refresh.values()].every(({ revoked }) => revoked)).toBe(true);
      await complete(await decide(await consentUrl(), 'approve'));
      await sandbox.close();
      const gone = await bench.operations.disconnectConnection(admin, idOnly(id));
      expect(gone.status).toBe('not_connected');
      const [row] = await database.withOrganization(admin.organizationId, (tx) =>
        tx.query<{ credentials_sealed: string | null }>(
          'SELECT credentials_sealed FROM connections WHERE id = $1::uuid',
          [id],
        ),
      );
      expect(row?.credentials_sealed).toBeNull();
    });
  });

  describe('that are there', () => {
    test('are renamed, paused and resumed, with an audit entry each', async () => {
      const { id } = await connect();
      const renamed = await bench.operations.updateConnection(admin, {
        params: { id },
        query: undefined,
        body: { name: 'Kōwhai' },
      });
      expect(renamed.name).toBe('Kōwhai');
      expect((await bench.operations.pauseConnection(admin, idOnly(id))).status).toBe('paused');
      expect((await bench.operations.resumeConnection(admin, idOnly(id))).status).toBe('connected');
      expect(await activity(id)).toEqual([
        'connection.resumed',
        'connection.paused',
        'connection.renamed',
        'connection.connected',
      ]);
      await bench.operations.disconnectConnection(admin, idOnly(id));
      await expect(bench.operations.pauseConnection(admin, idOnly(id))).rejects.toMatchObject({
        code: 'not_connected',
      });
      await expect(bench.operations.testConnection(admin, idOnly(id))).rejects.toMatchObject({
        code: 'not_connected',
      });
    });

    test('are tested: each scope is looked at, a revoked token is told, a mended one clears the error', async () => {
      const { id } = await connect();
      const good = await bench.operations.testConnection(admin, idOnly(id));
      expect(good).toMatchObject({ ok: true, statusPageUrl: expect.stringContaining('status.') });
      expect(good.checks.map(({ name }) => name)).toContain('Scope crm.objects.deals.read');
      sandbox.control.setScopes({ remove: ['crm.objects.products.read', 'e-commerce'] });
      const lacking = await bench.operations.testConnection(admin, idOnly(id));
      expect(lacking.checks).toContainEqual(
        expect.objectContaining({ name: 'Scope crm.objects.products.read', ok: false }),
      );
      expect((await get(id)).status).toBe('error');
      sandbox.control.setScopes({ add: ['crm.objects.products.read', 'e-commerce'] });
      expect((await bench.operations.testConnection(admin, idOnly(id))).ok).toBe(true);
      expect(await get(id)).toMatchObject({ status: 'connected', lastError: null });
      sandbox.control.revokeTokens({});
      expect((await bench.operations.testConnection(admin, idOnly(id))).ok).toBe(false);
      expect((await get(id)).lastError?.message).toMatch(/reconnect/i);
    });

    test('belong to their organization alone', async () => {
      const { id } = await connect();
      const stranger = await createAdmin(database);
      const refused = { code: 'not_found' };
      const { operations } = bench;
      await expect(get(id, stranger)).rejects.toMatchObject(refused);
      await expect(operations.disconnectConnection(stranger, idOnly(id))).rejects.toMatchObject(refused);
      await expect(operations.testConnection(stranger, idOnly(id))).rejects.toMatchObject(refused);
      await expect(operations.pauseConnection(stranger, idOnly(id))).rejects.toMatchObject(refused);
      await expect(
        operations.listActivity(stranger, { params: { id }, query: page, body: undefined }),
      ).rejects.toMatchObject(refused);
      expect(
        (await operations.listConnections(stranger, { params: undefined, query: page, body: undefined }))
          .total,
      ).toBe(0);
      expect((await get(id)).status).toBe('connected');
    });

    test('never show their credentials: not in an answer, a log line, the audit trail or a readable column', async () => {
      const { token } = first();
      const connection = await connect();
      const answers = [
        connection,
        await bench.operations.listIntegrations(admin, { params: undefined, ...noQuery }),
        await bench.operations.testConnection(admin, idOnly(connection.id)),
        await bench.operations.listActivity(admin, {
          params: { id: connection.id },
          query: page,
          body: undefined,
        }),
      ];
      sandbox.control.revokeTokens({});
      answers.push(await bench.operations.testConnection(admin, idOnly(connection.id)));
      await bench.operations.disconnectConnection(admin, idOnly(connection.id));
      const rows = await database.withSystem((tx) =>
        tx.query('SELECT c.*, (SELECT jsonb_agg(a) FROM audit_entries a) AS audit FROM connections c', []),
      );
      expect(JSON.stringify([answers, rows])).not.toContain(token);
      expect(bench.logged.join('')).not.toContain(token);
    });
  });
});
