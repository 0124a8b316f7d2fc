import { beforeAll, expect, test } from 'vitest';
import { apiBasePath } from '../../src/contract/headers.ts';
import { type OperationId, routes } from '../../src/contract/routes.ts';
import { describeOnBothStores } from '../support/database.ts';
import { type ApiFixture, bearer, bootstrapKey, keyWith, openApi } from './api-fixture.ts';

type Payload = Record<string, unknown>;

const ecb =
  'Date,USD,JPY,KWD,\n2026-03-31,1.0815,162.27,0.3333,\n2026-03-30,1.0824,N/A,0.3331,\n2026-03-10,1.0900,160.00,0.3350,\n';

describeOnBothStores('Rates and revaluation over the API', (open) => {
  let fixture: ApiFixture;
  let entityId: string;

  const ask = async (
    operation: OperationId,
    payload?: Payload,
    query: Record<string, string> = {},
    id = '',
    key = bootstrapKey,
  ) => {
    const route = routes[operation];
    const search = new URLSearchParams(query).toString();
    const answer = await fixture.app.inject({
      method: route.method,
      url: `${apiBasePath}${route.path.replace(':id', id)}${search === '' ? '' : `?${search}`}`,
      headers: bearer(key),
      ...(payload === undefined ? {} : { payload }),
    });
    return { status: answer.statusCode, body: answer.json<Payload>() };
  };
  const rows = (body: Payload): Payload[] => body['data'] as Payload[];
  const journalSize = async () => (await ask('listJournal', undefined, { entityId })).body['total'];

  beforeAll(async () => {
    fixture = await openApi(await open());
    const made = await ask('createEntity', { name: 'Nord AG', mode: 'live', baseCurrency: 'EUR' });
    entityId = String(made.body['id']);
    return () => fixture.app.close();
  });

  test('a file of the ECB is previewed, imported, and imported again without a change', async () => {
    await ask('setExchangeRate', { entityId, currency: 'USD', date: '2026-03-31', rate: '0.95' });
    const body = { entityId, content: ecb };
    const counts = { added: 7, replaced: 0, kept: 1, unchanged: 0 };
    const preview = await ask('previewExchangeRateImport', body);
    expect(preview).toMatchObject({
      status: 200,
      body: {
        format: 'ecb_csv',
        source: 'ecb',
        counts,
        currencies: ['JPY', 'KWD', 'USD'],
        from: '2026-03-10',
      },
    });
    expect((await ask('listExchangeRates', undefined, { entityId })).body['total']).toBe(1);
    expect((await ask('importExchangeRates', body)).body).toMatchObject({ counts });
    expect((await ask('importExchangeRates', body)).body).toMatchObject({
      counts: { added: 0, replaced: 0, kept: 1, unchanged: 7 },
    });
    const first = await ask('listExchangeRates', undefined, { entityId, currency: 'USD', limit: '1' });
    expect(first.body).toMatchObject({
      total: 3,
      data: [{ date: '2026-03-31', rate: '0.95', source: 'manual' }],
    });
    const after = String(first.body['next']);
    const second = await ask('listExchangeRates', undefined, {
      entityId,
      currency: 'USD',
      limit: '1',
      after,
    });
    expect(second.body).toMatchObject({ data: [{ date: '2026-03-30', source: 'ecb' }] });
  });

  test('a rate set by hand is replaced when that is asked for, and stands among the corrections', async () => {
    const body = { entityId, content: ecb, replaceManual: true, from: '2026-03-31', currencies: ['USD'] };
    expect((await ask('importExchangeRates', body)).body).toMatchObject({
      counts: { added: 0, replaced: 1, kept: 0, unchanged: 0 },
      rows: [{ outcome: 'replaced', rate: '0.924641701341', before: { rate: '0.95', source: 'manual' } }],
    });
    const query = { entityId, currency: 'USD', date: '2026-03-31' };
    expect((await ask('listExchangeRateCorrections', undefined, query)).body).toMatchObject({
      data: [{ rate: '0.95', source: 'manual' }],
    });
  });

  test('a wrong file changes nothing and says where it is wrong', async () => {
    const total = (await ask('listExchangeRates', undefined, { entityId })).body['total'];
    const content = 'date,currency,rate\n2026-03-29,GBP,1.15\n2026-03-30,GBP,"1,16"\n';
    for (const operation of ['previewExchangeRateImport', 'importExchangeRates'] as const) {
      expect(await ask(operation, { entityId, content })).toMatchObject({
        status: 422,
        body: { code: 'invalid_rate_file', fields: [{ field: 'line 3, rate' }] },
      });
    }
    expect((await ask('listExchangeRates', undefined, { entityId })).body['total']).toBe(total);
    const unknown = await ask('importExchangeRates', { entityId, content: ecb, currencies: ['XXQ'] });
    expect(unknown.body).toMatchObject({ code: 'unknown_currency' });
    const large = await ask('importExchangeRates', { entityId, content: 'x'.repeat(21 * 1024 * 1024) });
    expect(large.body).toMatchObject({ code: 'payload_too_large' });
  });

  test('a revaluation is previewed, posted once, listed and undone', async () => {
    const lines = [
      { account: '1000', debit: '1000.00' },
      { account: '3000', credit: '1000.00' },
    ];
    const entry = { entityId, date: '2026-03-10', description: 'Loan', currency: 'USD', lines };
    expect((await ask('createJournalEntry', entry)).status).toBe(201);
    const body = { entityId, date: '2026-03-31' };
    const figures = [
      {
        account: '1000',
        currency: 'USD',
        balance: '1000.00',
        bookBase: '917.43',
        rate: '0.924641701341',
        newBase: '924.64',
        difference: '7.21',
      },
    ];
    const expected = { figures, gain: '7.21', loss: '0.00', baseCurrency: 'EUR' };
    expect((await ask('previewRevaluation', body)).body).toMatchObject({
      ...expected,
      outcome: 'posted',
      id: null,
    });
    expect(await journalSize()).toBe(2);
    const posted = await ask('createRevaluation', body);
    expect(posted).toMatchObject({ status: 200, body: { ...expected, outcome: 'posted' } });
    expect((await ask('createRevaluation', body)).body).toMatchObject({ outcome: 'unchanged' });
    expect(await journalSize()).toBe(6);
    const id = String(posted.body['id']);
    expect((await ask('listRevaluations', undefined, { entityId })).body).toMatchObject({
      total: 1,
      data: [{ id, ...expected, undoneAt: null }],
    });
    expect((await ask('undoRevaluation', undefined, {}, id)).body).toMatchObject({
      id,
      undoneAt: expect.any(String),
    });
    expect((await ask('undoRevaluation', undefined, {}, id)).body).toMatchObject({ code: 'conflict' });
  });

  test('a currency without a rate, and whoever may not, is refused', async () => {
    const gone = '01890000-0000-7000-8000-00000000dead';
    const body = { entityId, date: '2026-03-20' };
    expect((await ask('previewRevaluation', body)).body).toMatchObject({
      code: 'no_exchange_rate',
      detail: expect.stringContaining('USD'),
    });
    const reader = await keyWith(fixture, ['read']);
    for (const operation of ['createRevaluation', 'importExchangeRates'] as const) {
      expect(await ask(operation, { ...body, content: 'x' }, {}, '', reader)).toMatchObject({ status: 403 });
      const foreign = await ask(operation, { ...body, content: 'x' }, {}, '', fixture.otherKey);
      expect(foreign.body).toMatchObject({ code: 'not_found' });
    }
    expect((await ask('undoRevaluation', undefined, {}, gone)).body).toMatchObject({ code: 'not_found' });
    expect((await ask('createRevaluation', { entityId, date: '2026-02-30' })).body).toMatchObject({
      code: 'invalid_request',
    });
  });

  test('a manual entry is reversed once, and says what it takes', async () => {
    const lines = [
      { account: '1000', debit: '5' },
      { account: '3000', credit: '5' },
    ];
    const entry = { entityId, date: '2026-03-10', description: 'Wrong', currency: 'EUR', lines };
    const noted = lines.map((line) => ({ ...line, description: 'note' }));
    expect((await ask('createJournalEntry', { ...entry, lines: noted })).body).toMatchObject({
      code: 'invalid_request',
    });
    const made = await ask('createJournalEntry', entry);
    const id = String(made.body['entryId']);
    const early = await ask('reverseJournalEntry', { date: '2026-03-09' }, {}, id);
    expect(early.body).toMatchObject({ code: 'invalid_request' });
    const reversed = await ask('reverseJournalEntry', { date: '2026-03-11' }, {}, id);
    expect(reversed.status).toBe(201);
    expect(rows(reversed.body)).toMatchObject([
      { kind: 'reversal', reversesEntryId: id, date: '2026-03-11', account: '1000', credit: '5.00' },
      { account: '3000', debit: '5.00' },
    ]);
    expect((await ask('reverseJournalEntry', {}, {}, id)).body).toMatchObject({ code: 'conflict' });
    const own = rows(reversed.body)[0]?.['entryId'];
    expect((await ask('reverseJournalEntry', {}, {}, String(own))).body).toMatchObject({
      code: 'invalid_request',
    });
  });
});
