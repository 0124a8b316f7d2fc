import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { bodyBytesMax } from '../../src/api/create-api.ts';
import { claimMinutesMax } from '../../src/api/idempotency-store.ts';
import { apiHandlers } from '../../src/api/handlers/api-handlers.ts';
import { apiBasePath, idempotencyKeyHeader, requestIdHeader } from '../../src/contract/headers.ts';
import { problemWire } from '../../src/contract/wire.ts';
import { TributaryError } from '../../src/kernel/errors.ts';
import { describeOnBothStores } from '../support/database.ts';
import { type ApiFixture, bearer, bootstrapKey, openApi, refusingOperations } from './api-fixture.ts';

const json = { 'content-type': 'application/json' };

describeOnBothStores('The protocol of the API', (open) => {
  let fixture: ApiFixture;
  beforeAll(async () => {
    fixture = await openApi(await open());
    return () => fixture.app.close();
  });
  const users = `${apiBasePath}/users`;
  const user = (email: string) => ({ email, name: 'Somebody', role: 'viewer', password: 'twelve letters' });

  describe('a refusal', () => {
    const cases: [string, object, number, string][] = [
      ['an unknown address', { url: `${apiBasePath}/nothing` }, 404, 'route_not_found'],
      ['an unknown page of the API', { url: '/api/nothing' }, 404, 'route_not_found'],
      ['a wrong method', { method: 'PUT', url: users }, 405, 'method_not_allowed'],
      ['a broken address', { url: '/api/v1/users/%zz' }, 400, 'invalid_request'],
      [
        'a body that is no JSON',
        { method: 'POST', url: users, headers: { ...bearer(bootstrapKey), ...json }, payload: '{' },
        400,
        'invalid_json',
      ],
      [
        'a body of another type',
        {
          method: 'POST',
          url: users,
          headers: { ...bearer(bootstrapKey), 'content-type': 'text/plain' },
          payload: '{}',
        },
        400,
        'invalid_json',
      ],
      [
        'a body that reaches for the prototype',
        {
          method: 'POST',
          url: users,
          headers: { ...bearer(bootstrapKey), ...json },
          payload: '{"__proto__": {"role": "admin"}}',
        },
        400,
        'invalid_json',
      ],
      [
        'a body that is too large',
        {
          method: 'POST',
          url: users,
          headers: { ...bearer(bootstrapKey), ...json },
          payload: `"${'x'.repeat(bodyBytesMax)}"`,
        },
        413,
        'payload_too_large',
      ],
      [
        'an id that is none',
        { url: `${apiBasePath}/customers/none`, headers: bearer(bootstrapKey) },
        404,
        'not_found',
      ],
      [
        'a wrong query',
        { url: `${users}?limit=1000`, headers: bearer(bootstrapKey) },
        400,
        'invalid_request',
      ],
      [
        'a cursor that is none',
        { url: `${users}?after=xx`, headers: bearer(bootstrapKey) },
        400,
        'invalid_request',
      ],
      [
        'a day that does not exist',
        { url: `${apiBasePath}/journal?from=2026-02-30`, headers: bearer(bootstrapKey) },
        400,
        'invalid_request',
      ],
      [
        'a NUL character',
        {
          method: 'POST',
          url: users,
          headers: bearer(bootstrapKey),
          payload: { ...user('nul@example.com'), name: 'a\0b' },
        },
        400,
        'invalid_request',
      ],
    ];
    test.each(cases)('of %s is a problem with its code', async (_, request, status, code) => {
      const answer = await fixture.app.inject(request);
      expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
      const problem = problemWire.parse(answer.json());
      expect(problem).toMatchObject({ code, status });
      expect(answer.statusCode).toBe(status);
      expect(problem.requestId).toBe(answer.headers[requestIdHeader]);
      expect(problem.mend).not.toBe('');
    });

    test('names every wrong field', async () => {
      const answer = await fixture.app.inject({
        method: 'POST',
        url: users,
        headers: bearer(bootstrapKey),
        payload: { email: 'no address', role: 'owner', password: 'short', name: 'x' },
      });
      const { fields } = problemWire.parse(answer.json());
      expect(fields.map(({ field }) => field).toSorted()).toEqual(['email', 'password', 'role']);
    });

    test('of a wrong method says which are right', async () => {
      const answer = await fixture.app.inject({ method: 'PUT', url: users });
      expect(answer.headers['allow']).toBe('GET, POST');
    });

    test('of what nobody foresaw says nothing of it, and the log everything', async () => {
      const broken = await openApi(fixture.database, {
        operations: {
          ...refusingOperations(),
          getOverview: async () => {
            throw new Error('secret inside');
          },
          search: async () => ({ data: [{ kind: 'document' }] }) as never,
          getConnection: async () => {
            throw new TributaryError('vendor_rate_limited', 'Wait.', { retryAfterMs: 1500 });
          },
        },
      });
      const answer = await broken.app.inject({
        url: `${apiBasePath}/overview`,
        headers: bearer(bootstrapKey),
      });
      expect(answer.json()).toMatchObject({ code: 'internal', status: 500, detail: null });
      expect(answer.body).not.toContain('secret inside');
      const { requestId } = answer.json<{ requestId: string }>();
      const line = broken.logLines.find((text) => text.includes('secret inside'));
      expect(line).toContain(requestId);
      const wrong = await broken.app.inject({
        url: `${apiBasePath}/search?q=x`,
        headers: bearer(bootstrapKey),
      });
      expect(wrong.json()).toMatchObject({ code: 'internal' });
      const waiting = await broken.app.inject({
        url: `${apiBasePath}/connections/01890000-0000-7000-8000-00000000dead`,
        headers: bearer(bootstrapKey),
      });
      expect(waiting.headers['retry-after']).toBe('2');
      await broken.app.close();
    });
  });

  describe('an answer', () => {
    test('has only what its schema declares', async () => {
      const answer = await fixture.app.inject({ url: users, headers: bearer(bootstrapKey) });
      const [first] = answer.json<{ data: object[] }>().data;
      expect(Object.keys(first ?? {}).toSorted()).toEqual([
        'active',
        'email',
        'id',
        'lastSignedInAt',
        'name',
        'role',
      ]);
    });

    test('carries the headers that keep a browser safe, and is not stored', async () => {
      const { headers } = await fixture.app.inject({ url: users, headers: bearer(bootstrapKey) });
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'same-origin',
        'cache-control': 'no-store',
      });
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
      expect(headers['content-security-policy']).toContain("script-src 'self';");
    });

    test('takes over the id of the caller for the request, if it is harmless', async () => {
      const ask = async (id: string) =>
        (await fixture.app.inject({ url: '/healthz', headers: { [requestIdHeader]: id } })).headers[
          requestIdHeader
        ];
      expect(await ask('story-12345')).toBe('story-12345');
      expect(await ask('a{"b":1}\t')).not.toContain('{');
    });

    test('leaves one line in the log, without address, body, key or cookie', async () => {
      const before = fixture.logLines.length;
      await fixture.app.inject({
        method: 'POST',
        url: `${users}?secret=in-the-query`,
        headers: { ...bearer(bootstrapKey), cookie: 'tributary_session=in-the-cookie' },
        payload: { ...user('logged@example.com'), password: 'in-the-password' },
      });
      const lines = fixture.logLines.slice(before);
      expect(lines).toHaveLength(1);
      expect(JSON.parse(lines[0] ?? '')).toMatchObject({
        msg: 'request answered',
        method: 'POST',
        route: '/api/v1/users',
        status: 201,
        actor: 'key:bootstrap',
        organizationId: fixture.organizationId,
      });
      for (const secret of ['in-the-query', 'in-the-cookie', 'in-the-password', bootstrapKey]) {
        expect(lines[0]).not.toContain(secret);
      }
    });
  });

  describe('pages', () => {
    test('hold each row once, in order, with the total on each', async () => {
      for (const letter of ['a', 'b', 'c', 'd', 'e']) {
        await fixture.app.inject({
          method: 'POST',
          url: users,
          headers: bearer(bootstrapKey),
          payload: user(`page-${letter}@example.com`),
        });
      }
      const all = await fixture.app.inject({ url: `${users}?limit=200`, headers: bearer(bootstrapKey) });
      const seen: string[] = [];
      let next: string | null = null;
      do {
        const page: { data: { email: string }[]; next: string | null; total: number } = (
          await fixture.app.inject({
            url: `${users}?limit=2${next === null ? '' : `&after=${next}`}`,
            headers: bearer(bootstrapKey),
          })
        ).json();
        expect(page.data.length).toBeLessThanOrEqual(2);
        expect(page.total).toBe(all.json<{ total: number }>().total);
        seen.push(...page.data.map(({ email }) => email));
        next = page.next;
      } while (next !== null);
      expect(seen).toEqual(all.json<{ data: { email: string }[] }>().data.map(({ email }) => email));
    });
  });

  describe('an Idempotency-Key', () => {
    const post = (key: string, payload: object, url = users) =>
      fixture.app.inject({
        method: 'POST',
        url,
        headers: { ...bearer(bootstrapKey), [idempotencyKeyHeader]: key },
        payload,
      });

    test('makes a repeat get the first answer and do nothing', async () => {
      const first = await post('add-1', user('once@example.com'));
      const second = await post('add-1', user('once@example.com'));
      expect(second.statusCode).toBe(201);
      expect(second.json()).toEqual(first.json());
      expect(second.headers['idempotency-replayed']).toBe('true');
    });

    test('is refused with another body, and by another address', async () => {
      await post('add-2', user('second@example.com'));
      const other = await post('add-2', user('third@example.com'));
      expect(other.json()).toMatchObject({ code: 'idempotency_mismatch', status: 409 });
      const elsewhere = await post('add-2', user('second@example.com'), `${apiBasePath}/api-keys`);
      expect(elsewhere.statusCode).toBe(400);
    });

    test('does not care about the order of fields', async () => {
      const { email, ...rest } = user('ordered@example.com');
      expect((await post('add-3', { email, ...rest })).statusCode).toBe(201);
      expect((await post('add-3', { ...rest, email })).statusCode).toBe(201);
    });

    test('keeps a refusal, too', async () => {
      await post('add-4', user('taken@example.com'));
      const refused = await post('add-5', user('taken@example.com'));
      expect(refused.json()).toMatchObject({ code: 'conflict' });
      const again = await post('add-5', user('taken@example.com'));
      expect(again.statusCode).toBe(409);
      expect(again.headers['content-type']).toMatch(/problem\+json/);
      expect(again.json()).toEqual(refused.json());
    });

    test('belongs to its organization and caller', async () => {
      const payload = { name: 'key', scopes: ['read'] };
      const url = `${apiBasePath}/api-keys`;
      const mine = await post('shared', payload, url);
      const theirs = await fixture.app.inject({
        method: 'POST',
        url,
        headers: { ...bearer(fixture.otherKey), [idempotencyKeyHeader]: 'shared' },
        payload,
      });
      expect(theirs.json<{ id: string }>().id).not.toBe(mine.json<{ id: string }>().id);
    });

    test('gives a new key again without storing it readable', async () => {
      const payload = { name: 'once', scopes: ['read'] };
      const first = await post('key-1', payload, `${apiBasePath}/api-keys`);
      const second = await post('key-1', payload, `${apiBasePath}/api-keys`);
      expect(second.json()).toEqual(first.json());
      const stored = await fixture.database.withSystem((tx) => tx.query('SELECT * FROM idempotency_keys'));
      expect(JSON.stringify(stored)).not.toContain(first.json<{ key: string }>().key);
    });

    test('lets one of many at once work and tells the others to wait', async () => {
      const answers = await Promise.all(
        Array.from({ length: 4 }, () => post('race', user('race@example.com'))),
      );
      const codes = answers.map((answer) => answer.statusCode);
      expect(codes.filter((code) => code === 201).length).toBeGreaterThanOrEqual(1);
      for (const answer of answers.filter(({ statusCode }) => statusCode !== 201)) {
        expect(answer.json()).toMatchObject({ code: 'idempotency_in_progress' });
      }
      const made = await fixture.database.withSystem((tx) =>
        tx.query("SELECT id FROM users WHERE email = 'race@example.com'"),
      );
      expect(made).toHaveLength(1);
    });

    test('is free again after a request that died, and after an error that passes', async () => {
      await fixture.database.withSystem((tx) =>
        tx.execute(
          `INSERT INTO idempotency_keys (organization_id, actor, key, request_hash, created_at)
           VALUES ($1::uuid, 'key:bootstrap', 'died', 'x', now() - make_interval(mins => $2::integer))`,
          [fixture.organizationId, claimMinutesMax + 1],
        ),
      );
      expect((await post('died', user('died@example.com'))).statusCode).toBe(201);
      let fail = true;
      const shaky = await openApi(fixture.database, {
        operations: {
          ...refusingOperations(),
          ...apiHandlers(fixture.database),
          createUser: async (caller, input) => {
            if (fail) throw new TributaryError('unavailable');
            return apiHandlers(fixture.database).createUser(caller, input);
          },
        },
      });
      const request = {
        method: 'POST',
        url: users,
        headers: { ...bearer(bootstrapKey), [idempotencyKeyHeader]: 'shaky' },
        payload: user('shaky@example.com'),
      } as const;
      expect((await shaky.app.inject(request)).statusCode).toBe(503);
      fail = false;
      expect((await shaky.app.inject(request)).statusCode).toBe(201);
      await shaky.app.close();
    });

    test.each(['', 'with space', 'x'.repeat(201)])('that is none is refused: %j', async (key) => {
      expect((await post(key, user('never@example.com'))).json()).toMatchObject({ code: 'invalid_request' });
    });
  });

  test('/healthz, /readyz and /metrics need nobody and name no tenant', async () => {
    expect((await fixture.app.inject('/healthz')).json()).toEqual({ status: 'ok' });
    expect((await fixture.app.inject('/readyz')).json()).toEqual({ status: 'ready' });
    await fixture.app.inject({ url: users, headers: bearer(bootstrapKey) });
    const metrics = await fixture.app.inject('/metrics');
    expect(metrics.body).toMatch(
      /tributary_http_request_seconds_count\{method="GET",route="\/api\/v1\/users",status="200"\} \d/,
    );
    expect(metrics.body).toContain('# TYPE tributary_runs gauge');
    expect(metrics.body).not.toContain(fixture.organizationId);
  });

  test('is not ready while the migrations of the database are not its own', async () => {
    const change = (sql: string) => fixture.database.withSystem((tx) => tx.execute(sql));
    const newer = `INSERT INTO schema_migrations (version, name, checksum) VALUES (9999, '9999_newer.sql', 'x')`;
    await change(newer);
    expect((await fixture.app.inject('/readyz')).json()).toMatchObject({
      code: 'schema_mismatch',
      status: 503,
      mend: expect.stringContaining('tributary migrate'),
    });
    expect((await fixture.app.inject('/healthz')).statusCode).toBe(200);
    await change('DELETE FROM schema_migrations WHERE version = 9999');
    expect((await fixture.app.inject('/readyz')).statusCode).toBe(200);
    await change(`UPDATE schema_migrations SET checksum = 'x' || checksum WHERE version = 1`);
    expect((await fixture.app.inject('/readyz')).statusCode).toBe(503);
    await change('UPDATE schema_migrations SET checksum = substr(checksum, 2) WHERE version = 1');
    expect((await fixture.app.inject('/readyz')).json()).toEqual({ status: 'ready' });
  });

  test('the document and the reference page describe it', async () => {
    const document = await fixture.app.inject(`${apiBasePath}/openapi.json`);
    expect(document.json()).toMatchObject({ openapi: '3.1.0', info: { version: '0.0.0-test' } });
    const page = await fixture.app.inject('/api/docs');
    expect(page.headers['content-type']).toMatch(/^text\/html/);
    expect(page.body).toContain('/documents/{id}/reverse');
    expect(page.body).not.toMatch(/<script|https?:\/\/(?!json-schema)/);
  });

  describe('the vendor’s redirect', () => {
    test('shows the connection that it made, or the reason why none was', async () => {
      const id = '01890000-0000-7000-8000-0000000000aa';
      const asked: unknown[] = [];
      const redirecting = await openApi(fixture.database, {
        operations: {
          ...refusingOperations(),
          completeOAuth: async (caller, input) => {
            asked.push([caller?.actor ?? null, input]);
            if (input.body.error) throw new TributaryError('consent_denied');
            return { id } as never;
          },
        },
      });
      const done = await redirecting.app.inject('/oauth/hubspot/callback?state=s&code=c');
      expect(done.statusCode).toBe(303);
      expect(done.headers['location']).toBe(`/settings/integrations/hubspot/${id}`);
      const denied = await redirecting.app.inject(
        '/oauth/hubspot/callback?state=s&error=access_denied&error_description=No',
      );
      expect(denied.headers['location']).toBe('/settings/integrations/hubspot?error=consent_denied');
      const nothing = await redirecting.app.inject('/oauth/hub%2F..%2Fspot/callback');
      expect(nothing.headers['location']).toBe('/settings/integrations/hub%2F..%2Fspot?error=invalid_state');
      expect(asked[0]).toEqual([
        null,
        { params: { connector: 'hubspot' }, query: undefined, body: { state: 's', code: 'c' } },
      ]);
      await redirecting.app.close();
    });
  });

  describe('the web page', () => {
    let folder: string;
    let page: ApiFixture;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'tributary-web-'));
      await mkdir(join(folder, 'assets'));
      await writeFile(join(folder, 'index.html'), '<!doctype html><title>Tributary</title>');
      await writeFile(join(folder, 'assets', 'app-1a2b3c.js'), 'export {};');
      page = await openApi(fixture.database, { webRoot: folder });
      return async () => {
        await page.app.close();
        await rm(folder, { recursive: true });
      };
    });

    test.each(['/', '/settings/integrations/hubspot', '/documents?status=draft'])(
      '%s is the page',
      async (url) => {
        const answer = await page.app.inject(url);
        expect(answer.statusCode).toBe(200);
        expect(answer.body).toContain('<title>Tributary</title>');
        expect(answer.headers['cache-control']).toBe('no-cache');
      },
    );

    test('keeps files with a hash in the name for ever', async () => {
      const answer = await page.app.inject('/assets/app-1a2b3c.js');
      expect(answer.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    });

    test.each([
      ['GET', '/assets/gone.js'],
      ['GET', '/api/v1/nothing'],
      ['GET', '/assets/%2e%2e%2f%2e%2e%2fetc/passwd'],
      ['POST', '/settings'],
    ] as const)('%s %s is not the page', async (method, url) => {
      const answer = await page.app.inject({ method, url });
      expect(answer.body).not.toContain('<title>');
      expect(answer.json()).toMatchObject({ status: 404 });
    });
  });
});
