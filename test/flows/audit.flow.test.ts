import { beforeAll, expect, test } from 'vitest';
import { auditHandlers } from '../../src/api/handlers/audit.ts';
import { makeApiKey } from '../../src/organizations/api-keys.ts';
import { apiBasePath } from '../../src/contract/headers.ts';
import { openSampleTrail, type SampleTrail } from '../../src/ledger/audit/sample-trail.ts';
import { describeOnBothStores } from '../support/database.ts';
import { type ApiFixture, bearer, bootstrapKey, openApi } from './api-fixture.ts';

type Payload = Record<string, unknown>;

describeOnBothStores('The audit trail over the API', (open) => {
  let fixture: ApiFixture;
  let trail: SampleTrail;

  const ask = async (method: 'GET' | 'POST', path: string, payload?: Payload, key = bootstrapKey) => {
    const answer = await fixture.app.inject({
      method,
      url: `${apiBasePath}${path}`,
      headers: key === '' ? {} : bearer(key),
      ...(payload === undefined ? {} : { payload }),
    });
    return { status: answer.statusCode, body: answer.json<Payload>() };
  };
  const rows = async (query: string): Promise<Payload[]> =>
    (await ask('GET', `/audit?${query}`)).body['data'] as Payload[];

  beforeAll(async () => {
    fixture = await openApi(await open());
    trail = await openSampleTrail(fixture.database, fixture.organizationId);
    return () => fixture.app.close();
  });

  test('refuses whoever is not signed in, and a verification by who may only read', async () => {
    expect((await ask('GET', '/audit/head', undefined, '')).status).toBe(401);
    expect((await ask('POST', '/audit/verify', {}, '')).status).toBe(401);
    const reader = await makeApiKey(
      fixture.database,
      { organizationId: fixture.organizationId, actor: 'system:test' },
      { name: 'reader', scopes: ['read'] },
    );
    expect((await ask('POST', '/audit/verify', {}, reader.key)).status).toBe(403);
    expect((await ask('GET', '/audit/head', undefined, reader.key)).status).toBe(200);
  });

  test('a head is exported, the chain holds against it, and an entry tells of the verification', async () => {
    expect((await ask('GET', '/audit/head')).body).toMatchObject({ sealNumber: 0, hash: null, entries: 0 });
    const id = await trail.post([12_345n]);
    const first = await ask('POST', '/audit/verify', {});
    expect(first).toMatchObject({
      status: 200,
      body: { holds: true, seals: 1, documents: 1, journalEntries: 1, comparedHead: null, problems: [] },
    });
    const head = await ask('GET', '/audit/head');
    expect(head.body).toEqual(first.body['head']);
    await trail.enter(500n);
    const second = await ask('POST', '/audit/verify', { head: head.body });
    expect(second.body).toMatchObject({ holds: true, seals: 2, comparedHead: { sealNumber: 1 } });
    expect(await rows('action=audit.verified')).toMatchObject([
      { subjectType: 'audit_seal', subjectId: '2', after: { holds: true, problems: 0 } },
      { subjectType: 'audit_seal', subjectId: '1', after: { holds: true, problems: 0 } },
    ]);
    expect(await rows(`subjectType=document&subjectId=${id}`)).toMatchObject([
      { action: 'document.posted', after: { digest: expect.stringMatching(/^1:[0-9a-f]{64}$/) } },
    ]);
  });

  test('a changed figure is named with its document', async () => {
    const id = await trail.post([700n]);
    await ask('POST', '/audit/verify', {});
    await trail.forge(["UPDATE documents SET memo = 'forged' WHERE id = $1::uuid", [id]]);
    const { body } = await ask('POST', '/audit/verify', {});
    expect(body).toMatchObject({
      holds: false,
      problemCount: 1,
      problems: [
        { kind: 'document_changed', subjectType: 'document', subjectId: id, seal: expect.any(String) },
      ],
    });
    await trail.forge(['UPDATE documents SET memo = NULL WHERE id = $1::uuid', [id]]);
    expect((await ask('POST', '/audit/verify', {})).body).toMatchObject({ holds: true });
  });

  test('a head that is none, or of another organization, is refused by its field', async () => {
    const { body: head } = await ask('GET', '/audit/head');
    const foreign = { ...head, organization: fixture.otherOrganizationId };
    expect(await ask('POST', '/audit/verify', { head: foreign })).toMatchObject({
      status: 400,
      body: { code: 'invalid_request', fields: [{ field: 'head.organization' }] },
    });
    for (const wrong of [{ ...head, hash: 'abc' }, { ...head, sealNumber: 0 }, { hash: head['hash'] }]) {
      expect(await ask('POST', '/audit/verify', { head: wrong })).toMatchObject({ status: 400 });
    }
    expect((await ask('GET', '/audit/head', undefined, fixture.otherKey)).body).toMatchObject({
      organization: fixture.otherOrganizationId,
      sealNumber: 0,
    });
  });

  test('two verifications at once: the second one is told to wait', async () => {
    const { verifyAudit } = auditHandlers(fixture.database);
    const { organizationId } = fixture;
    const caller = { organizationId, actor: 'system:test', scopes: ['admin'], userId: null } as const;
    const input = { params: undefined, query: undefined, body: {} };
    const first = verifyAudit(caller, input);
    await expect(verifyAudit(caller, input)).rejects.toMatchObject({ code: 'conflict' });
    expect(await first).toMatchObject({ holds: true });
    expect(await verifyAudit(caller, input)).toMatchObject({ holds: true });
  });

  test('the trail is filtered by who, what, run, subject and days in UTC', async () => {
    const all = await rows('limit=200');
    const posted = await rows('action=document.posted');
    expect(posted.length).toBeGreaterThan(0);
    expect(new Set(posted.map(({ action }) => action))).toEqual(new Set(['document.posted']));
    const mine = await rows('actor=user:test&limit=200');
    expect(mine.length).toBeGreaterThan(0);
    expect(mine.length).toBeLessThan(all.length);
    expect(await rows('runId=00000000-0000-7000-8000-000000000000')).toEqual([]);
    const day = String(all[0]?.['at']).slice(0, 10);
    expect(await rows(`from=${day}&to=${day}&limit=200`)).toHaveLength(
      all.filter(({ at }) => String(at).startsWith(day)).length,
    );
    expect(await rows('to=2000-01-01')).toEqual([]);
    expect(await rows('from=2999-01-01')).toEqual([]);
    expect((await ask('GET', '/audit?from=2026-02-30')).body).toMatchObject({ fields: [{ field: 'from' }] });
  });
});
