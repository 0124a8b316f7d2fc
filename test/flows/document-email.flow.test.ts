import { afterAll, beforeAll, expect, test } from 'vitest';
import { apiHandlers } from '../../src/api/handlers/api-handlers.ts';
import { apiBasePath } from '../../src/contract/headers.ts';
import { insertDraftDocuments } from '../../src/ledger/document-drafts-store.ts';
import { postDocuments } from '../../src/ledger/posting.ts';
import { openSampleBooks, sampleDraft, sampleDraftRow } from '../../src/ledger/sample-books.ts';
import { createMailer } from '../../src/platform/mail/mailer.ts';
import { describeOnBothStores } from '../support/database.ts';
import { type MailServer, startMailServer } from '../support/mail-server.ts';
import { type ApiFixture, bearer, bootstrapKey, openApi, refusingOperations } from './api-fixture.ts';

describeOnBothStores('A document by e-mail', (open) => {
  let mail: MailServer;
  let api: ApiFixture;
  let withoutServer: ApiFixture;
  let posted: string;
  let draft: string;

  beforeAll(async () => {
    mail = await startMailServer({ refuse: { address: 'gone@acme.example', code: 550 } });
    const database = await open();
    const mailer = createMailer({ url: mail.url, from: 'billing@seller.example' });
    api = await openApi(database, {
      operations: { ...refusingOperations(), ...apiHandlers(database, mailer) },
    });
    withoutServer = await openApi(await open());
    const books = await openSampleBooks(database, api.organizationId);
    const rows = [12_345n, 500n].map((amount) => sampleDraftRow(books, sampleDraft(books, [amount])));
    [posted = '', draft = ''] = rows.map(({ id }) => id);
    await database.withOrganization(api.organizationId, async (tx) => {
      await insertDraftDocuments(tx, books.scope, rows);
      await postDocuments(tx, [posted], books.context);
    });
  });
  afterAll(() => mail.close());

  const ask = (method: 'GET' | 'POST', id: string, payload?: object, key = bootstrapKey) =>
    api.app.inject({
      method,
      url: `${apiBasePath}/documents/${id}/emails`,
      headers: bearer(key),
      ...(payload === undefined ? {} : { payload }),
    });

  test('goes out once with its PDF, and stands in its list and in the audit trail', async () => {
    const before = (await ask('GET', posted)).json();
    expect(before).toMatchObject({ configured: true, from: 'billing@seller.example', data: [] });
    expect(before.proposal.message).toContain('invoice INV-000001 of USD 123.45, due on 2026-04-09');
    const sent = await ask('POST', posted, { to: ['books@acme.example'], message: 'Hello' });
    expect(sent.statusCode).toBe(201);
    expect(sent.json()).toMatchObject({ status: 'sent', to: ['books@acme.example'], error: null });
    expect(mail.received()).toHaveLength(1);
    expect(mail.received()[0]?.to).toEqual(['books@acme.example']);
    expect(mail.received()[0]?.source).toContain('INV-000001.pdf');
    expect((await ask('GET', posted)).json().data).toEqual([sent.json()]);
    const trail = await api.app.inject({
      method: 'GET',
      url: `${apiBasePath}/audit?subjectType=document&subjectId=${posted}`,
      headers: bearer(bootstrapKey),
    });
    expect(trail.body).toContain('document.emailed');
  });

  test('that the mail server refuses says why, and is kept as not sent', async () => {
    const refused = await ask('POST', posted, { to: ['gone@acme.example'] });
    expect(refused.json()).toMatchObject({ code: 'mail_rejected' });
    expect(refused.json().detail).toContain('550');
    const [latest] = (await ask('GET', posted)).json().data;
    expect(latest).toMatchObject({ status: 'failed', to: ['gone@acme.example'] });
    expect(latest.error).toContain('550');
  });

  test.each([
    ['a draft', () => ask('POST', draft, { to: ['books@acme.example'] }), 'document_not_posted'],
    ['no address', () => ask('POST', posted, { to: [] }), 'invalid_request'],
    ['an address that is none', () => ask('POST', posted, { to: ['books'] }), 'invalid_request'],
    [
      'two addresses in one',
      () => ask('POST', posted, { to: ['a@acme.example,b@acme.example'] }),
      'invalid_request',
    ],
    ['the key of another organization', () => ask('GET', posted, undefined, api.otherKey), 'not_found'],
    ['no key', () => ask('POST', posted, { to: ['books@acme.example'] }, 'none'), 'unauthenticated'],
  ])('is refused with %s', async (_, request, code) => {
    const count = mail.received().length;
    expect((await request()).json()).toMatchObject({ code });
    expect(mail.received()).toHaveLength(count);
  });

  test('says what to set where there is no mail server', async () => {
    const answer = await withoutServer.app.inject({
      method: 'POST',
      url: `${apiBasePath}/documents/${posted}/emails`,
      headers: bearer(bootstrapKey),
      payload: { to: ['books@acme.example'] },
    });
    expect(answer.json()).toMatchObject({
      code: 'mail_not_configured',
      mend: expect.stringContaining('SMTP_URL'),
    });
  });
});
