import { beforeAll, describe, expect, test } from 'vitest';
import { apiBasePath, pageHeader, sessionCookieName } from '../../src/contract/headers.ts';
import { type OperationId, type Route, routes } from '../../src/contract/routes.ts';
import { scopes } from '../../src/organizations/access.ts';
import { bootstrapOrganization } from '../../src/organizations/bootstrap.ts';
import { sessionIdleMsMax, sessionMsMax } from '../../src/organizations/sessions.ts';
import { attemptMsMax, failedAttemptsMax } from '../../src/organizations/sign-in-attempts.ts';
import { createEntity } from '../../src/ledger/entities.ts';
import { describeOnBothStores } from '../support/database.ts';
import {
  addMember,
  adminEmail,
  adminPassword,
  type ApiFixture,
  bearer,
  bootstrapKey,
  keyWith,
  openApi,
  pageHeaders,
  publicUrl,
  requestTo,
  signInAs,
} from './api-fixture.ts';

const table = Object.entries<Route>(routes) as [OperationId, Route][];
const guarded = table.filter(([, route]) => route.scope !== null);

describeOnBothStores('Access to the API', (open) => {
  let fixture: ApiFixture;
  beforeAll(async () => {
    fixture = await openApi(await open());
    return () => fixture.app.close();
  });
  const session = `${apiBasePath}/session`;

  describe('without credentials', () => {
    test.each(guarded)('%s is refused', async (operation) => {
      const answer = await fixture.app.inject(requestTo(operation));
      expect(answer.statusCode).toBe(401);
      expect(answer.json()).toMatchObject({ code: 'unauthenticated', status: 401 });
    });
  });

  describe('with a key that lacks the scope', () => {
    test.each(guarded)('%s is refused', async (operation, route) => {
      const key = await keyWith(
        fixture,
        scopes.filter((scope) => scope !== route.scope),
      );
      const answer = await fixture.app.inject({ ...requestTo(operation), headers: bearer(key) });
      expect(answer.statusCode).toBe(403);
      expect(answer.json()).toMatchObject({ code: 'forbidden' });
    });
  });

  describe('by API key', () => {
    test('works with the key of the first start, which has every scope', async () => {
      const answer = await fixture.app.inject({ url: session, headers: bearer(bootstrapKey) });
      expect(answer.json()).toMatchObject({
        user: null,
        organization: { id: fixture.organizationId },
        scopes,
      });
    });

    test.each(['Bearer trib_unknown', 'Bearer', 'Basic YTpi', `Bearer ${'x'.repeat(2_000)}`])(
      'is refused for %s',
      async (authorization) => {
        const answer = await fixture.app.inject({ url: session, headers: { authorization } });
        expect(answer.statusCode).toBe(401);
        expect(answer.headers['www-authenticate']).toBe('Bearer');
      },
    );

    test('ends when the key is revoked; the key is shown once and stored as a hash', async () => {
      const made = await fixture.app.inject({
        method: 'POST',
        url: `${apiBasePath}/api-keys`,
        headers: bearer(bootstrapKey),
        payload: { name: 'robot', scopes: ['read'] },
      });
      const { id, key, prefix } = made.json<{ id: string; key: string; prefix: string }>();
      expect(key).toMatch(/^trib_[\w-]{43}$/);
      expect(key.startsWith(prefix)).toBe(true);
      const use = () => fixture.app.inject({ url: session, headers: bearer(key) });
      expect((await use()).statusCode).toBe(200);
      const list = await fixture.app.inject({
        url: `${apiBasePath}/api-keys`,
        headers: bearer(bootstrapKey),
      });
      expect(list.body).not.toContain(key);
      expect(list.json<{ data: { id: string; lastUsedAt: string | null }[] }>().data).toContainEqual(
        expect.objectContaining({ id, lastUsedAt: expect.any(String) }),
      );
      const stored = await fixture.database.withSystem((tx) => tx.query('SELECT * FROM api_keys'));
      expect(JSON.stringify(stored)).not.toContain(key);
      const revoked = await fixture.app.inject({
        method: 'DELETE',
        url: `${apiBasePath}/api-keys/${id}`,
        headers: bearer(bootstrapKey),
      });
      expect(revoked.statusCode).toBe(204);
      expect((await use()).statusCode).toBe(401);
    });
  });

  describe('by session', () => {
    test('begins with a password, is kept in a cookie that no script reads, and ends with signing out', async () => {
      const answer = await fixture.app.inject({
        method: 'POST',
        url: session,
        payload: { email: adminEmail.toUpperCase(), password: adminPassword },
      });
      expect(answer.json()).toMatchObject({ user: { email: adminEmail, role: 'admin' }, scopes });
      const [cookie] = answer.cookies;
      expect(cookie).toMatchObject({ name: sessionCookieName, httpOnly: true, sameSite: 'Lax', path: '/' });
      expect(cookie?.secure).toBeUndefined();
      const headers = pageHeaders(cookie?.value ?? '');
      expect((await fixture.app.inject({ url: session, headers })).statusCode).toBe(200);
      expect((await fixture.app.inject({ method: 'DELETE', url: session, headers })).statusCode).toBe(204);
      expect((await fixture.app.inject({ url: session, headers })).statusCode).toBe(401);
    });

    test('is refused for a wrong password and an unknown address in the same words', async () => {
      const attempt = (email: string) =>
        fixture.app.inject({ method: 'POST', url: session, payload: { email, password: 'wrong' } });
      const [known, unknown] = [await attempt(adminEmail), await attempt('nobody@example.com')];
      expect(known.statusCode).toBe(401);
      const words = ({ requestId: _requestId, ...rest }: Record<string, unknown>) => rest;
      expect(words(known.json())).toEqual(words(unknown.json()));
    });

    test('is refused after too many failed attempts, the right password too, for a while', async () => {
      const { password } = await addMember(fixture, 'forgetful@example.com', 'viewer');
      const attempt = (given: string) =>
        fixture.app.inject({
          method: 'POST',
          url: session,
          payload: { email: 'forgetful@example.com', password: given },
        });
      for (let count = 0; count < failedAttemptsMax; count += 1) {
        expect((await attempt('wrong')).statusCode).toBe(401);
      }
      const stopped = await attempt(password);
      expect(stopped.json()).toMatchObject({ code: 'too_many_attempts' });
      expect(Number(stopped.headers['retry-after'])).toBeGreaterThan(60);
      fixture.passTime(attemptMsMax);
      expect((await attempt(password)).statusCode).toBe(200);
    });

    test('ends after a time without requests, and in any case after its full time', async () => {
      const idle = pageHeaders(await signInAs(fixture.app));
      const read = (headers: Record<string, string>) => fixture.app.inject({ url: session, headers });
      fixture.passTime(sessionIdleMsMax - 60_000);
      expect((await read(idle)).statusCode).toBe(200);
      fixture.passTime(sessionIdleMsMax);
      expect((await read(idle)).statusCode).toBe(401);

      const busy = pageHeaders(await signInAs(fixture.app));
      for (let passedMs = 0; passedMs < sessionMsMax - sessionIdleMsMax; passedMs += sessionIdleMsMax / 2) {
        expect((await read(busy)).statusCode).toBe(200);
        fixture.passTime(sessionIdleMsMax / 2);
      }
      expect((await read(busy)).statusCode).toBe(200);
      fixture.passTime(sessionIdleMsMax - 60_000);
      await read(busy);
      fixture.passTime(120_000);
      expect((await read(busy)).statusCode).toBe(401);
    });

    test('ends with a new password and with a deactivation, and no longer begins', async () => {
      const { id, password } = await addMember(fixture, 'leaver@example.com', 'viewer');
      const change = (payload: object) =>
        fixture.app.inject({
          method: 'PATCH',
          url: `${apiBasePath}/users/${id}`,
          headers: bearer(bootstrapKey),
          payload,
        });
      const first = pageHeaders(await signInAs(fixture.app, 'leaver@example.com', password));
      expect((await change({ password: 'another password' })).statusCode).toBe(200);
      expect((await fixture.app.inject({ url: session, headers: first })).statusCode).toBe(401);
      const second = pageHeaders(await signInAs(fixture.app, 'leaver@example.com', 'another password'));
      expect((await fixture.app.inject({ url: session, headers: second })).statusCode).toBe(200);
      expect((await change({ active: false })).json()).toMatchObject({ active: false });
      expect((await fixture.app.inject({ url: session, headers: second })).statusCode).toBe(401);
      expect(await signInAs(fixture.app, 'leaver@example.com', 'another password')).toBe('');
    });

    test('stores neither token nor password', async () => {
      const token = await signInAs(fixture.app);
      const stored = await fixture.database.withSystem(async (tx) => [
        await tx.query('SELECT * FROM sessions'),
        await tx.query('SELECT * FROM users'),
        await tx.query('SELECT * FROM audit_entries'),
      ]);
      expect(JSON.stringify(stored)).not.toContain(token);
      expect(JSON.stringify(stored)).not.toContain(adminPassword);
    });
  });

  describe('as a viewer', () => {
    test('reads and changes nothing', async () => {
      const { password } = await addMember(fixture, 'viewer@example.com', 'viewer');
      const headers = pageHeaders(await signInAs(fixture.app, 'viewer@example.com', password));
      expect((await fixture.app.inject({ url: `${apiBasePath}/entities`, headers })).statusCode).toBe(200);
      for (const [operation] of guarded.filter(([, route]) => route.scope !== 'read')) {
        const answer = await fixture.app.inject({ ...requestTo(operation), headers });
        expect(answer.statusCode, operation).toBe(403);
      }
    });
  });

  describe('the last active admin', () => {
    test('cannot step down or be deactivated, until there is another one', async () => {
      const users = await fixture.app.inject({ url: `${apiBasePath}/users`, headers: bearer(bootstrapKey) });
      const admin = users
        .json<{ data: { id: string; email: string }[] }>()
        .data.find(({ email }) => email === adminEmail);
      const change = (payload: object) =>
        fixture.app.inject({
          method: 'PATCH',
          url: `${apiBasePath}/users/${admin?.id}`,
          headers: bearer(bootstrapKey),
          payload,
        });
      for (const payload of [{ role: 'viewer' }, { active: false }]) {
        expect((await change(payload)).json()).toMatchObject({ code: 'conflict' });
      }
      expect((await change({ name: 'The admin' })).json()).toMatchObject({ name: 'The admin' });
      await addMember(fixture, 'second-admin@example.com', 'admin');
      expect((await change({ role: 'viewer' })).statusCode).toBe(200);
      expect((await change({ role: 'admin' })).statusCode).toBe(200);
    });
  });

  describe('from a foreign page', () => {
    const name = { method: 'POST', url: `${apiBasePath}/users` } as const;
    const foreign: [string, Record<string, string | undefined>][] = [
      ['another origin', { origin: 'https://evil.example' }],
      ['a null origin', { origin: 'null' }],
      ['another site, as the browser says', { origin: undefined, 'sec-fetch-site': 'cross-site' }],
      ['a neighbouring site', { origin: undefined, 'sec-fetch-site': 'same-site' }],
      ['a form, without the header of the page', { [pageHeader]: undefined }],
      [
        'a browser that says nothing',
        { origin: undefined, 'sec-fetch-site': undefined, [pageHeader]: undefined },
      ],
    ];
    test.each(foreign)('a write with the cookie from %s is refused', async (_, change) => {
      const headers = Object.fromEntries(
        Object.entries({ ...pageHeaders(await signInAs(fixture.app)), ...change }).filter(
          ([, value]) => value !== undefined,
        ),
      );
      const answer = await fixture.app.inject({ ...name, headers });
      expect(answer.json()).toMatchObject({ code: 'csrf_rejected', status: 403 });
      expect((await fixture.app.inject({ url: session, headers })).statusCode).toBe(200);
    });

    test('nobody is signed in', async () => {
      const answer = await fixture.app.inject({
        method: 'POST',
        url: session,
        headers: { origin: 'https://evil.example' },
        payload: { email: adminEmail, password: adminPassword },
      });
      expect(answer.json()).toMatchObject({ code: 'csrf_rejected' });
    });

    test('a write with a key needs no header of the page', async () => {
      const answer = await fixture.app.inject({ ...name, headers: bearer(bootstrapKey), payload: {} });
      expect(answer.json()).toMatchObject({ code: 'invalid_request' });
    });

    test('the page under the name that it was asked for may write', async () => {
      const headers = {
        ...pageHeaders(await signInAs(fixture.app)),
        origin: 'http://localhost:5173',
        host: 'localhost:5173',
      };
      expect((await fixture.app.inject({ ...name, headers, payload: {} })).json()).toMatchObject({
        code: 'invalid_request',
      });
    });
  });

  test('over https sends the cookie over https alone', async () => {
    const secure = await openApi(fixture.database, {
      config: { publicUrl: publicUrl.replace('http:', 'https:'), version: 'test' },
    });
    const answer = await secure.app.inject({
      method: 'POST',
      url: session,
      payload: { email: adminEmail, password: adminPassword },
    });
    expect(answer.cookies[0]).toMatchObject({ secure: true });
    expect(answer.headers['strict-transport-security']).toBeDefined();
    await secure.app.close();
  });

  test('begins with one organization, however many start at once or again', async () => {
    const database = await open();
    const start = () =>
      bootstrapOrganization(database, { bootstrapApiKey: bootstrapKey, demo: true, createEntity });
    const results = await Promise.all([start(), start(), start()]);
    expect(results.filter(({ created }) => created)).toHaveLength(1);
    expect(new Set(results.map(({ organizationId }) => organizationId)).size).toBe(1);
    const made = results.find(({ created }) => created);
    expect(made?.generatedPassword).toMatch(/^[\w-]{20}$/);
    expect(await start()).toMatchObject({ created: false, generatedPassword: null });
    const entities = await database.withSystem((tx) =>
      tx.query('SELECT mode, base_currency FROM entities ORDER BY mode'),
    );
    expect(entities).toEqual([
      { mode: 'live', base_currency: 'USD' },
      { mode: 'test', base_currency: 'USD' },
    ]);
  });
});
