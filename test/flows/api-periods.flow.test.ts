import { beforeAll, expect, test } from 'vitest';
import { apiBasePath } from '../../src/contract/headers.ts';
import { type OperationId, routes } from '../../src/contract/routes.ts';
import { describeOnBothStores } from '../support/database.ts';
import { type ApiFixture, bearer, bootstrapKey, keyWith, openApi } from './api-fixture.ts';

type Payload = Record<string, unknown>;

describeOnBothStores('Entities and periods over the API', (open) => {
  let fixture: ApiFixture;

  const ask = async (
    operation: OperationId,
    params: Record<string, string>,
    payload?: Payload,
    key = bootstrapKey,
  ) => {
    const route = routes[operation];
    const path = route.path.replace(/:(\w+)/g, (_, name: string) => params[name] ?? '');
    const search = route.method === 'GET' ? new URLSearchParams(params).toString() : '';
    const answer = await fixture.app.inject({
      method: route.method,
      url: `${apiBasePath}${path}${search === '' || path.includes(params['id'] ?? ' ') ? '' : `?${search}`}`,
      headers: bearer(key),
      ...(payload === undefined ? {} : { payload }),
    });
    return { status: answer.statusCode, body: answer.body === '' ? {} : answer.json<Payload>() };
  };
  const rows = (body: Payload): Payload[] => (body['data'] ?? []) as Payload[];
  const makeEntity = async (fields: Payload = {}): Promise<string> => {
    const draft = {
      name: 'Kōwhai Ltd',
      mode: 'live',
      baseCurrency: 'NZD',
      booksFrom: '2025-01-01',
      ...fields,
    };
    const { body } = await ask('createEntity', {}, draft);
    return String(body['id']);
  };
  const yearsOf = async (entityId: string) => rows((await ask('listFiscalYears', { entityId })).body);
  const periodsOf = async (entityId: string) =>
    (await yearsOf(entityId)).toReversed().flatMap((year) => year['periods'] as Payload[]);
  const enter = (entityId: string, date: string, more: Payload = {}, key = bootstrapKey) =>
    ask(
      'createJournalEntry',
      {},
      {
        entityId,
        date,
        description: 'Sale',
        currency: 'NZD',
        lines: [
          { account: '1000', debit: '20.00' },
          { account: '4000', credit: '20.00' },
        ],
        ...more,
      },
      key,
    );

  beforeAll(async () => {
    fixture = await openApi(await open());
  });

  test('a new entity has years from its fiscal year’s first day on, a chart and number series of its own', async () => {
    const id = await makeEntity({
      name: 'April plc',
      fiscalYearStart: { month: 4, day: 6 },
      booksFrom: '2025-05-01',
      baseCurrency: 'GBP',
    });
    const { body } = await ask('getEntity', { id });
    expect(body).toMatchObject({
      name: 'April plc',
      baseCurrency: 'GBP',
      fiscalYearStart: { month: 4, day: 6 },
      legalName: null,
      logo: null,
      canChange: { baseCurrency: true, fiscalYearStart: true },
    });
    expect(body['numberSeries']).toContainEqual({
      kind: 'invoice',
      prefix: 'INV-',
      digits: 6,
      nextNumber: 1,
      example: 'INV-000001',
    });
    const first = (await yearsOf(id)).at(-1);
    expect(first).toMatchObject({ name: '2025/26', startDate: '2025-04-06', endDate: '2026-04-05' });
    expect(rows((await ask('listAccounts', { entityId: id, limit: '1' })).body)).toHaveLength(1);
    for (const [fields, field] of [
      [{ fiscalYearStart: { month: 2, day: 29 } }, 'fiscalYearStart.day'],
      [{ timeZone: 'Mars/Olympus' }, 'timeZone'],
      [{ booksFrom: '1066-10-14' }, 'booksFrom'],
      [{ booksFrom: '2025-02-30' }, 'booksFrom'],
    ] as const) {
      const refused = await ask(
        'createEntity',
        {},
        {
          name: 'Refused',
          mode: 'live',
          baseCurrency: 'EUR',
          ...fields,
        },
      );
      expect(refused.body, field).toMatchObject({ code: 'invalid_request', fields: [{ field }] });
    }
    const entities = rows((await ask('listEntities', {})).body).map(({ name }) => name);
    expect(entities).not.toContain('Refused');
  });

  test('an entity takes what its invoices say, and refuses what makes no sense', async () => {
    const id = await makeEntity({ name: 'Details' });
    const address = {
      line1: '1 Queen St',
      line2: null,
      city: 'Auckland',
      region: null,
      postalCode: '1010',
      country: 'NZ',
    };
    const change = {
      name: 'Details Group',
      legalName: 'Details Holdings Limited',
      address,
      taxId: 'GST 123-456-789',
      registrationNumber: '9429000000000',
      bankDetails: 'ANZ\n01-0000-0000000-00',
      timeZone: 'Pacific/Auckland',
      termsDays: 20,
    };
    expect((await ask('updateEntity', { id }, change)).body).toMatchObject(change);
    expect((await ask('updateEntity', { id }, { legalName: null, taxId: ' ' })).body).toMatchObject({
      legalName: null,
      taxId: null,
      registrationNumber: '9429000000000',
    });
    const long = { ...address, city: 'x'.repeat(201) };
    expect((await ask('updateEntity', { id }, { address: long })).body).toMatchObject({
      code: 'invalid_request',
      fields: [{ field: 'address.city' }],
    });
    await makeEntity({ name: 'Taken' });
    expect((await ask('updateEntity', { id }, { name: 'Taken' })).body).toMatchObject({ code: 'conflict' });
    expect((await ask('updateEntity', { id }, { baseCurrency: 'XXQ' })).body).toMatchObject({
      code: 'unknown_currency',
    });
    const audit = rows((await ask('listAuditEntries', { subjectType: 'entity', subjectId: id })).body);
    expect(audit[0]).toMatchObject({
      action: 'entity.changed',
      before: { legalName: 'Details Holdings Limited' },
      after: { legalName: null },
    });
  });

  test('base currency and fiscal year change while the books are empty, and not after', async () => {
    const id = await makeEntity({ name: 'Young' });
    const change = { baseCurrency: 'NZD', fiscalYearStart: { month: 4, day: 1 } };
    expect((await ask('updateEntity', { id }, { ...change, baseCurrency: 'JPY' })).status).toBe(200);
    expect((await yearsOf(id)).at(-1)).toMatchObject({ name: '2024/25', startDate: '2024-04-01' });
    await ask('updateEntity', { id }, change);
    expect((await enter(id, '2025-05-01')).status).toBe(201);
    for (const late of [{ baseCurrency: 'USD' }, { fiscalYearStart: { month: 1, day: 1 } }]) {
      expect((await ask('updateEntity', { id }, late)).body).toMatchObject({ code: 'entity_in_use' });
    }
    expect((await ask('getEntity', { id })).body).toMatchObject({
      ...change,
      canChange: { baseCurrency: false, fiscalYearStart: false },
    });
  });

  test('a logo is a small PNG, JPEG or plain SVG, and nothing else', async () => {
    const id = await makeEntity({ name: 'Logo' });
    const set = (bytes: string | Buffer) =>
      ask('setEntityLogo', { id }, { data: Buffer.from(bytes).toString('base64') });
    const svg = '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h9v9z"/></svg>';
    expect((await set(svg)).body).toMatchObject({ logo: { mediaType: 'image/svg+xml', bytes: svg.length } });
    // One transparent dot.
    const png = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
      'base64',
    );
    expect((await set(png)).body).toMatchObject({ logo: { mediaType: 'image/png', bytes: png.length } });
    for (const bad of [
      'GIF89a',
      '<html><svg></svg></html>',
      svg.replace('<path', '<script>alert(1)</script><path'),
      svg.replace('<path', '<path onload="alert(1)"'),
      svg.replace('<path', '<image href="https://example.com/x.png"/><path'),
      png.subarray(0, 40),
      Buffer.concat([png.subarray(0, 40), Buffer.alloc(205_000), png.subarray(40)]),
    ]) {
      expect((await set(bad)).body).toMatchObject({ code: 'invalid_request', fields: [{ field: 'data' }] });
    }
    expect((await ask('setEntityLogo', { id }, { data: '%%%' })).body).toMatchObject({
      code: 'invalid_request',
    });
    expect((await ask('getEntityLogo', { id })).body).toEqual({
      mediaType: 'image/png',
      data: png.toString('base64'),
    });
    expect((await ask('deleteEntityLogo', { id })).status).toBe(204);
    expect((await ask('deleteEntityLogo', { id })).body).toMatchObject({ code: 'not_found' });
  });

  test('a number series goes up and never down', async () => {
    const id = await makeEntity({ name: 'Numbers' });
    const change = (payload: Payload, kind = 'invoice') => ask('changeNumberSeries', { id, kind }, payload);
    expect((await change({ prefix: 'RE-2026/', digits: 4, nextNumber: 250 })).body).toMatchObject({
      example: 'RE-2026/0250',
    });
    for (const [payload, field] of [
      [{ nextNumber: 249 }, 'nextNumber'],
      [{ prefix: 'RE-2026' }, 'prefix'],
    ] as const) {
      expect((await change(payload)).body).toMatchObject({ code: 'invalid_request', fields: [{ field }] });
    }
    expect((await change({ digits: 5 }, 'cheque')).body).toMatchObject({ code: 'not_found' });
    expect((await change({ digits: 5 })).body).toMatchObject({ example: 'RE-2026/00250' });
  });

  test('a period is closed with a reason by who may configure, and refuses entries that say how to go on', async () => {
    const id = await makeEntity({ name: 'Months' });
    const [january, february, march] = await periodsOf(id);
    const period = (one: Payload | undefined) => ({ id: String(one?.['id']) });
    const poster = await keyWith(fixture, ['read', 'post']);
    const closing = { status: 'closed', reason: 'Month end' };
    expect((await ask('changeFiscalPeriod', period(january), closing, poster)).status).toBe(403);
    expect((await ask('changeFiscalPeriod', period(january), { status: 'closed', reason: '' })).status).toBe(
      400,
    );
    expect((await ask('changeFiscalPeriod', period(february), closing)).body).toMatchObject({
      code: 'confirmation_required',
      detail: 'January 2025 is not closed.',
      fields: [{ field: 'closeEarlier' }],
    });
    const both = await ask('changeFiscalPeriod', period(february), { ...closing, closeEarlier: true });
    expect(rows(both.body)).toMatchObject([
      { name: 'January 2025', status: 'closed', statusBy: 'key:bootstrap', statusReason: 'Month end' },
      { name: 'February 2025', status: 'closed' },
    ]);
    expect((await ask('changeFiscalPeriod', period(february), closing)).body).toMatchObject({
      code: 'conflict',
    });

    const refused = await enter(id, '2025-02-28');
    expect(refused).toMatchObject({ status: 422, body: { code: 'locked_period' } });
    expect(refused.body['detail']).toMatch(
      /2025-02-28 lies in February 2025, which API key bootstrap closed on .* \(Month end\)\./,
    );
    expect((await enter(id, '2025-02-28', { adjusting: true }, poster)).body).toMatchObject({
      code: 'forbidden',
    });
    expect((await enter(id, '2025-02-28', { adjusting: true })).status).toBe(201);
    expect((await enter(id, '2025-03-01', {}, poster)).status).toBe(201);
    expect((await enter(id, '2019-12-31')).body).toMatchObject({
      code: 'unknown_period',
      mend: 'Correct the date, or add the fiscal year in Settings › Periods.',
    });
    const locked = { status: 'locked', reason: 'Filed', closeEarlier: true };
    expect((await ask('changeFiscalPeriod', period(march), locked)).status).toBe(200);
    expect((await enter(id, '2025-02-28', { adjusting: true })).body).toMatchObject({
      code: 'locked_period',
    });
    expect(rows((await ask('listJournal', { entityId: id })).body)).toHaveLength(4);
  });

  test('a year is added at either end, by hand', async () => {
    const id = await makeEntity({ name: 'Years' });
    const earlier = await ask('addFiscalYear', {}, { entityId: id, which: 'earlier' });
    expect(earlier).toMatchObject({ status: 201, body: { name: '2024', hasUnclosedResult: false } });
    const [last] = await yearsOf(id);
    const later = await ask('addFiscalYear', {}, { entityId: id, which: 'later' });
    expect(Number(later.body['name'])).toBe(Number(last?.['name']) + 1);
    expect((await ask('addFiscalYear', {}, { entityId: id, which: 'first' })).status).toBe(400);
  });

  test('a year is previewed, closed, closed again to no effect, and reopened', async () => {
    const id = await makeEntity({ name: 'Close' });
    await enter(id, '2025-06-30');
    const year = (await yearsOf(id)).find(({ name }) => name === '2025');
    expect(year).toMatchObject({ hasUnclosedResult: true, closedAt: null });
    const of = { id: String(year?.['id']) };
    const preview = await ask('previewYearClose', of);
    expect(preview.body).toMatchObject({
      currency: 'NZD',
      result: '20.00',
      warnings: [],
      lines: [
        { account: '4000', debit: '20.00', credit: '0.00', baseDebit: '20.00' },
        { account: '3100', accountName: 'Retained earnings', debit: '0.00', credit: '20.00' },
      ],
    });
    expect((await ask('closeFiscalYear', of, {})).status).toBe(400);
    const closed = await ask('closeFiscalYear', of, { reason: 'Audited' });
    expect(closed.body).toMatchObject({
      outcome: 'closed',
      year: { closedBy: 'key:bootstrap', closeReason: 'Audited', hasUnclosedResult: false },
    });
    expect((await ask('closeFiscalYear', of, { reason: 'Again' })).body).toMatchObject({
      outcome: 'unchanged',
      entryId: null,
    });
    const reopened = await ask('reopenFiscalYear', of, { reason: 'A late bill' });
    expect(reopened.body['entryIds']).toHaveLength(1);
    expect(reopened.body).toMatchObject({ year: { closedAt: null, hasUnclosedResult: true } });
    expect((await ask('reopenFiscalYear', of, { reason: 'Again' })).body).toMatchObject({ code: 'conflict' });
  });

  test('without an account for retained earnings a year cannot be closed, and any role of the books can be set', async () => {
    const id = await makeEntity({ name: 'Roles' });
    const accounts = rows((await ask('listAccounts', { entityId: id, limit: '200' })).body);
    const idOf = (number: string) => accounts.find((account) => account['number'] === number)?.['id'];
    const set = (role: string, accountId: unknown) =>
      ask('setAccountRole', {}, { entityId: id, role, accountId });
    expect((await set('retained_earnings', null)).status).toBe(200);
    const year = (await yearsOf(id)).find(({ name }) => name === '2025');
    const of = { id: String(year?.['id']) };
    expect((await ask('closeFiscalYear', of, { reason: 'Audited' })).body).toMatchObject({
      code: 'account_not_usable',
      detail: 'Retained earnings: No account is chosen.',
    });
    expect((await set('retained_earnings', idOf('4000'))).body).toMatchObject({ code: 'account_not_usable' });
    expect((await set('retained_earnings', idOf('3000'))).status).toBe(200);
    expect((await ask('closeFiscalYear', of, { reason: 'Audited' })).body).toMatchObject({
      outcome: 'closed',
    });
    for (const [role, number] of [
      ['bank', '1050'],
      ['customer_prepayments', '2000'],
      ['bad_debts', '6000'],
      ['contract_asset', '1400'],
      ['unrealized_fx_loss', '6900'],
    ] as const) {
      expect((await set(role, idOf(number))).body, role).toMatchObject({ role });
    }
    const used = await ask('deleteAccount', { id: String(idOf('1050')) });
    expect(used.body).toMatchObject({ code: 'account_in_use' });
  });

  test('another organization finds none of it', async () => {
    const id = await makeEntity({ name: 'Mine' });
    const [period] = await periodsOf(id);
    const [year] = await yearsOf(id);
    const theirs = (operation: OperationId, of: unknown, payload?: Payload) =>
      ask(operation, { id: String(of), kind: 'invoice' }, payload, fixture.otherKey);
    const refusals = [
      await theirs('getEntity', id),
      await theirs('updateEntity', id, { name: 'Theirs' }),
      await theirs('getEntityLogo', id),
      await theirs('setEntityLogo', id, { data: Buffer.from('<svg></svg>').toString('base64') }),
      await theirs('changeNumberSeries', id, { digits: 3 }),
      await theirs('changeFiscalPeriod', period?.['id'], { status: 'closed', reason: 'x' }),
      await theirs('getFiscalYear', year?.['id']),
      await theirs('previewYearClose', year?.['id']),
      await theirs('closeFiscalYear', year?.['id'], { reason: 'x' }),
      await theirs('reopenFiscalYear', year?.['id'], { reason: 'x' }),
      await theirs('addFiscalYear', '', { entityId: id, which: 'later' }),
    ];
    expect(refusals.map(({ body }) => body['code'])).toEqual(refusals.map(() => 'not_found'));
  });
});
