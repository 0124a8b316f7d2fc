import { beforeAll, describe, expect, test } from 'vitest';
import { apiBasePath, idempotencyKeyHeader } from '../../src/contract/headers.ts';
import { type OperationId, routes } from '../../src/contract/routes.ts';
import type { CalendarDate } from '../../src/kernel/dates.ts';
import { newId } from '../../src/kernel/ids.ts';
import { insertCustomers } from '../../src/ledger/customers-store.ts';
import { insertDraftDocuments } from '../../src/ledger/document-drafts-store.ts';
import { findDefaultItem } from '../../src/ledger/items-store.ts';
import type { CustomerDraft, DocumentDraft } from '../../src/model/document-draft.ts';
import { describeOnBothStores } from '../support/database.ts';
import { type ApiFixture, bearer, bootstrapKey, openApi } from './api-fixture.ts';

type Payload = Record<string, unknown>;

const acme: CustomerDraft = {
  kind: 'company',
  name: 'Acme GmbH',
  website: null,
  industry: null,
  phone: null,
  email: 'books@acme.example',
  taxId: null,
  address: null,
  externalId: null,
  customProperties: {},
};

function draftOf(currency: string, amountMinor: bigint): DocumentDraft {
  return {
    kind: 'invoice',
    currency,
    documentDate: '2026-03-31' as CalendarDate,
    dueDate: '2026-04-30' as CalendarDate,
    description: 'Roof',
    memo: null,
    customer: { action: 'create', source: { type: 'company', id: '7' }, draft: acme },
    contacts: [],
    salesRep: null,
    lines: [
      {
        position: 1,
        sourceId: null,
        item: { action: 'use', productId: null, itemId: '', draft: null },
        sku: null,
        description: 'Roof',
        quantity: '1',
        unitPrice: '100',
        discountPercent: null,
        discountMinor: 0n,
        taxMinor: 0n,
        amountMinor,
      },
    ],
    totalMinor: amountMinor,
    taxMinor: 0n,
    dimensions: {},
    customProperties: {},
    warnings: [],
    sourceUrl: null,
  };
}

describeOnBothStores('The books over the API', (open) => {
  let fixture: ApiFixture;
  let liveId: string;
  let testId: string;
  let customerId: string;

  const ask = async (
    operation: OperationId,
    params: Record<string, string> = {},
    query: Record<string, string> = {},
    payload?: Payload,
    key = bootstrapKey,
  ) => {
    const route = routes[operation];
    const path = route.path.replace(/:(\w+)/g, (_, name: string) => params[name] ?? '');
    const search = new URLSearchParams(query).toString();
    const answer = await fixture.app.inject({
      method: route.method,
      url: `${apiBasePath}${path}${search === '' ? '' : `?${search}`}`,
      headers: bearer(key),
      ...(payload === undefined ? {} : { payload }),
    });
    return { status: answer.statusCode, body: answer.body === '' ? null : answer.json<Payload>() };
  };
  const rows = (body: Payload | null): Payload[] => (body?.['data'] ?? []) as Payload[];

  async function makeDrafts(entityId: string, drafts: readonly DocumentDraft[]): Promise<string[]> {
    const scope = { organizationId: fixture.organizationId, entityId };
    return fixture.database.withOrganization(fixture.organizationId, async (tx) => {
      const item = await findDefaultItem(tx, scope);
      const customer = newId();
      await insertCustomers(tx, scope, [{ id: customer, draft: acme }]);
      customerId = customer;
      return insertDraftDocuments(
        tx,
        scope,
        drafts.map((draft) => ({
          id: newId(),
          draft,
          customerId: customer,
          salesRepId: null,
          lineItemIds: [item?.id ?? ''],
          source: null,
          revision: 1,
        })),
      );
    });
  }

  beforeAll(async () => {
    fixture = await openApi(await open());
    const entities = rows((await ask('listEntities')).body);
    liveId = String(entities.find(({ mode }) => mode === 'live')?.['id']);
    testId = String(entities.find(({ mode }) => mode === 'test')?.['id']);
    return () => fixture.app.close();
  });

  test('entities are listed live ones first, and made with a chart of accounts', async () => {
    const draft = { name: 'Nord AG', mode: 'live', baseCurrency: 'EUR', timeZone: 'Europe/Berlin' };
    const made = await ask('createEntity', {}, {}, draft);
    expect(made).toMatchObject({ status: 201, body: { ...draft, termsDays: 30 } });
    expect((await ask('createEntity', {}, {}, draft)).body).toMatchObject({ code: 'conflict' });
    const unknown = await ask('createEntity', {}, {}, { ...draft, name: 'X', baseCurrency: 'XXQ' });
    expect(unknown.body).toMatchObject({ code: 'unknown_currency' });
    const modes = rows((await ask('listEntities')).body).map(({ mode }) => mode);
    expect(modes).toEqual(['live', 'live', 'test']);
    const accounts = await ask('listAccounts', {}, { entityId: String(made.body?.['id']), limit: '200' });
    expect(rows(accounts.body)).toContainEqual(
      expect.objectContaining({ roles: expect.arrayContaining(['accounts_receivable']) }),
    );
  });

  test('accounts are added, renamed, given a role and deleted; a used one is not', async () => {
    const account = { entityId: liveId, number: '4999', name: 'Side income', type: 'income' };
    const made = await ask('createAccount', {}, {}, account);
    expect(made).toMatchObject({ status: 201, body: { ...account, active: true, roles: [] } });
    const id = String(made.body?.['id']);
    expect((await ask('createAccount', {}, {}, account)).body).toMatchObject({ code: 'duplicate_number' });
    expect((await ask('updateAccount', { id }, {}, { name: 'Other' })).body).toMatchObject({
      name: 'Other',
      active: true,
    });
    const role = { entityId: liveId, role: 'income', accountId: id };
    const before = rows((await ask('listAccounts', {}, { entityId: liveId, limit: '200' })).body).find(
      ({ roles }) => (roles as string[]).includes('income'),
    );
    expect((await ask('setAccountRole', {}, {}, role)).body).toEqual(role);
    expect((await ask('deleteAccount', { id })).body).toMatchObject({ code: 'account_in_use' });
    const wrong = await ask('setAccountRole', {}, {}, { ...role, role: 'accounts_receivable' });
    expect(wrong.body).toMatchObject({ code: 'account_not_usable' });
    expect((await ask('setAccountRole', {}, {}, { ...role, accountId: null })).status).toBe(200);
    await ask('setAccountRole', {}, {}, { ...role, accountId: before?.['id'] });
    expect((await ask('deleteAccount', { id })).status).toBe(204);
    expect((await ask('deleteAccount', { id })).body).toMatchObject({ code: 'not_found' });
  });

  test('a draft is listed, posted once, and reversed', async () => {
    const [id = '', second = ''] = await makeDrafts(liveId, [
      draftOf('USD', 10_000n),
      draftOf('USD', 2_550n),
    ]);
    const listed = await ask('listDocuments', {}, { entityId: liveId, status: 'draft' });
    expect(listed.body).toMatchObject({
      total: 2,
      next: null,
      totals: [{ currency: 'USD', count: 2, total: '125.50' }],
    });
    const kindsTotal = async (kinds: string) => {
      const { body } = await ask('listDocuments', {}, { entityId: liveId, status: 'draft', kinds });
      return body?.['total'];
    };
    expect(await kindsTotal('invoice,credit_note')).toBe(2);
    expect(await kindsTotal('contract,credit_note')).toBe(0);
    expect(rows(listed.body)[0]).toMatchObject({
      number: null,
      status: 'draft',
      mode: 'live',
      entityId: liveId,
      customer: { id: customerId, name: 'Acme GmbH', sourceId: '7' },
      lines: [{ position: 1, quantity: '1', amount: '25.50' }],
      journalEntryIds: [],
    });
    expect((await ask('getDocument', { id })).body).toMatchObject({ id, total: '100.00' });
    expect((await ask('reverseDocument', { id })).body).toMatchObject({ code: 'document_not_posted' });

    const posted = await ask('postDocuments', {}, {}, { ids: [id, newId(), id] });
    expect(rows(posted.body).map(({ outcome, code }) => [outcome, code])).toEqual([
      ['posted', null],
      ['failed', 'not_found'],
      ['posted', null],
    ]);
    const again = await ask('postDocuments', {}, {}, { ids: [id] });
    expect(rows(again.body)[0]).toMatchObject({ outcome: 'failed', code: 'document_not_draft' });

    const journal = await ask('listJournal', {}, { documentId: id });
    expect(journal.body).toMatchObject({ total: 2 });
    expect(rows(journal.body)[0]).toMatchObject({ debit: '100.00', credit: '0.00', currency: 'USD' });

    const before = await ask('reverseDocument', { id }, {}, { date: '2026-03-01' });
    expect(before.body).toMatchObject({ code: 'invalid_request' });
    const reversed = await ask('reverseDocument', { id }, {}, { date: '2026-04-01' });
    expect(reversed.body).toMatchObject({ status: 'reversed' });
    expect(reversed.body?.['journalEntryIds']).toHaveLength(2);
    expect((await ask('reverseDocument', { id })).body).toMatchObject({ code: 'document_settled' });
    expect((await ask('getDocument', { id: second })).body).toMatchObject({ status: 'draft' });
  });

  test('posting with an Idempotency-Key gives the same answer again', async () => {
    const ids = await makeDrafts(liveId, [draftOf('USD', 300n)]);
    const post = () =>
      fixture.app.inject({
        method: 'POST',
        url: `${apiBasePath}/documents/post`,
        headers: { ...bearer(bootstrapKey), [idempotencyKeyHeader]: 'post-once' },
        payload: { ids },
      });
    const first = await post();
    expect(rows(first.json<Payload>())[0]).toMatchObject({ outcome: 'posted' });
    expect((await post()).json()).toEqual(first.json());
  });

  test('a foreign draft needs a rate first', async () => {
    const [id = ''] = await makeDrafts(liveId, [draftOf('EUR', 5_000n)]);
    const refused = await ask('postDocuments', {}, {}, { ids: [id] });
    expect(rows(refused.body)[0]).toMatchObject({ outcome: 'failed', code: 'no_exchange_rate' });
    const rate = { entityId: liveId, currency: 'EUR', date: '2026-03-01', rate: '1.10' };
    expect((await ask('setExchangeRate', {}, {}, rate)).status).toBe(200);
    expect((await ask('setExchangeRate', {}, {}, { ...rate, rate: '0' })).body).toMatchObject({
      status: 400,
    });
    expect(rows((await ask('listExchangeRates', {}, { entityId: liveId })).body)).toMatchObject([
      { currency: 'EUR', date: '2026-03-01' },
    ]);
    expect(rows((await ask('postDocuments', {}, {}, { ids: [id] })).body)[0]).toMatchObject({
      outcome: 'posted',
      document: { status: 'overdue', currency: 'EUR' },
    });
  });

  test('a manual entry must balance, and the trial balance does', async () => {
    const entry = {
      entityId: liveId,
      date: '2026-05-01',
      description: 'Correction',
      currency: 'USD',
      lines: [
        { account: '1200', debit: '10.00' },
        { account: '4000', credit: '9.99' },
      ],
    };
    const numbers = rows((await ask('listAccounts', {}, { entityId: liveId, limit: '200' })).body).map(
      ({ number }) => String(number),
    );
    const [left = '', right = ''] = numbers;
    const lines = (credit: string) => [
      { account: left, debit: '10.00' },
      { account: right, credit },
    ];
    expect((await ask('createJournalEntry', {}, {}, { ...entry, lines: lines('9.99') })).body).toMatchObject({
      code: 'unbalanced_entry',
    });
    const made = await ask('createJournalEntry', {}, {}, { ...entry, lines: lines('10.00') });
    expect(made).toMatchObject({ status: 201 });
    expect(rows(made.body)).toMatchObject([
      { entryId: made.body?.['entryId'], account: left, debit: '10.00', description: 'Correction' },
      { account: right, credit: '10.00' },
    ]);
    const byAccount = await ask('listJournal', {}, { account: left, from: '2026-05-01', to: '2026-05-01' });
    expect(byAccount.body).toMatchObject({ total: 1 });
    const balance = await ask('getTrialBalance');
    expect(balance.body).toMatchObject({ entity: { id: liveId }, currency: 'USD' });
    expect(balance.body?.['totalDebit']).toBe(balance.body?.['totalCredit']);
    const early = await ask('getTrialBalance', {}, { entityId: liveId, at: '2020-01-01' });
    expect(early.body).toMatchObject({ data: [], totalDebit: '0.00' });
  });

  test('lists by mode keep test books and live books apart, page by page', async () => {
    await makeDrafts(testId, [draftOf('USD', 111n), draftOf('USD', 222n), draftOf('USD', 333n)]);
    const seen: unknown[] = [];
    let after = '';
    do {
      const page = await ask(
        'listDocuments',
        {},
        {
          mode: 'test',
          limit: '2',
          sort: 'total',
          ...(after === '' ? {} : { after }),
        },
      );
      expect(page.body).toMatchObject({ total: 3 });
      seen.push(...rows(page.body).map(({ total, mode }) => [total, mode]));
      const next = page.body?.['next'];
      after = typeof next === 'string' ? next : '';
    } while (after !== '');
    expect(seen).toEqual([
      ['1.11', 'test'],
      ['2.22', 'test'],
      ['3.33', 'test'],
    ]);
    for (const operation of ['listCustomers', 'listItems'] as const) {
      const live = rows((await ask(operation, {}, { mode: 'live', limit: '1' })).body);
      expect(live.every(({ entityId }) => entityId !== testId)).toBe(true);
      const all = await ask(operation, {}, { q: 'no such text' });
      expect(all.body).toEqual({ data: [], next: null, total: 0 });
    }
    expect((await ask('listJournal', {}, { mode: 'test' })).body).toMatchObject({ data: [], total: 0 });
  });

  describe('another organization', () => {
    test('finds none of it', async () => {
      const [id = ''] = await makeDrafts(liveId, [draftOf('USD', 700n)]);
      const account = rows((await ask('listAccounts', {}, { entityId: liveId })).body)[0];
      const users = rows((await ask('listUsers')).body);
      const keys = rows((await ask('listApiKeys')).body);
      const theirs = (operation: OperationId, params: Record<string, string>, payload?: Payload) =>
        ask(operation, params, {}, payload, fixture.otherKey);
      const refusals = [
        await theirs('getDocument', { id }),
        await theirs('reverseDocument', { id }, {}),
        await theirs('getCustomer', { id: customerId }),
        await theirs('updateAccount', { id: String(account?.['id']) }, { name: 'Mine' }),
        await theirs('deleteAccount', { id: String(account?.['id']) }),
        await theirs('updateUser', { id: String(users[0]?.['id']) }, { name: 'Mine' }),
        await theirs('revokeApiKey', { id: String(keys[0]?.['id']) }),
        await theirs('createAccount', {}, { entityId: liveId, number: '1', name: 'x', type: 'income' }),
        await theirs('setAccountRole', {}, { entityId: liveId, role: 'income', accountId: null }),
        await theirs(
          'setExchangeRate',
          {},
          {
            entityId: liveId,
            currency: 'EUR',
            date: '2026-01-01',
            rate: '1',
          },
        ),
        await theirs('getTrialBalance', {}),
      ];
      for (const { status, body } of refusals) expect([status, body?.['code']]).toEqual([404, 'not_found']);
      expect(rows((await theirs('postDocuments', {}, { ids: [id] })).body)[0]).toMatchObject({
        outcome: 'failed',
        code: 'not_found',
      });
      expect((await ask('getDocument', { id })).body).toMatchObject({ status: 'draft' });
    });

    test('gets empty lists', async () => {
      for (const operation of [
        'listEntities',
        'listDocuments',
        'listCustomers',
        'listItems',
        'listAccounts',
        'listJournal',
        'listExchangeRates',
        'listUsers',
      ] as const) {
        const { body } = await ask(operation, {}, {}, undefined, fixture.otherKey);
        expect(body, operation).toMatchObject({ data: [], next: null, total: 0 });
      }
      const audit = rows((await ask('listAuditEntries', {}, {}, undefined, fixture.otherKey)).body);
      expect(audit.map(({ action }) => action)).toEqual(['api_key.made']);
    });
  });

  test('what was done stands in the audit trail, by whom, newest first, and can be filtered', async () => {
    const all = await ask('listAuditEntries', {}, { limit: '5' });
    expect(rows(all.body)).toHaveLength(5);
    const ids = rows(all.body).map(({ id }) => Number(id));
    expect(ids).toEqual(ids.toSorted((left, right) => right - left));
    const users = await ask('listAuditEntries', {}, { subjectType: 'user' });
    expect(rows(users.body)).toMatchObject([{ action: 'user.added', actor: 'system:bootstrap' }]);
    const rates = await ask('listAuditEntries', {}, { subjectType: 'entity', subjectId: liveId });
    expect(rows(rates.body).map(({ action, actor }) => [action, actor])).toContainEqual([
      'exchange_rate.set',
      'key:bootstrap',
    ]);
  });
});
