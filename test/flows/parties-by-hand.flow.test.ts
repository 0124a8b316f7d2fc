import { beforeAll, expect, test } from 'vitest';
import { apiBasePath } from '../../src/contract/headers.ts';
import { openSampleBooks, type SampleBooks } from '../../src/ledger/sample-books.ts';
import type { Database } from '../../src/platform/database/database.ts';
import { describeOnBothStores } from '../support/database.ts';
import { type ApiFixture, bearer, bootstrapKey, openApi } from './api-fixture.ts';

describeOnBothStores('Customers and items by hand', (open) => {
  let database: Database;
  let api: ApiFixture;
  let books: SampleBooks;

  beforeAll(async () => {
    database = await open();
    api = await openApi(database);
    books = await openSampleBooks(database, api.organizationId);
  });

  const call = async (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, payload?: object) => {
    const response = await api.app.inject({
      method,
      url: `${apiBasePath}${path}`,
      headers: bearer(bootstrapKey),
      ...(payload === undefined ? {} : { payload }),
    });
    return { status: response.statusCode, body: response.body === '' ? null : response.json() };
  };
  const addCustomer = async (name: string) =>
    (await call('POST', '/customers', { entityId: books.entity.id, name })).body;
  const sameName = async (name: string) => {
    const query = new URLSearchParams({ entityId: books.entity.id, sameNameAs: name });
    return (await call('GET', `/customers?${query}`)).body;
  };

  test('a customer of the same name is found before there are two, whatever its legal form', async () => {
    const { id } = await addCustomer('Müller & Söhne GmbH');
    await addCustomer('Müller & Söhne Immobilien GmbH');
    expect(await sameName('MULLER AND SOHNE')).toMatchObject({ data: [{ id }], total: 1, next: null });
    expect(await sameName('Nobody Ltd')).toMatchObject({ data: [], total: 0 });
  });

  test('a customer is changed in the version that one has seen, and is offered while it is active', async () => {
    const { id, version } = await addCustomer('Changing Ltd');
    const address = {
      line1: 'Main St 1',
      line2: null,
      city: 'Ghent',
      region: null,
      postalCode: null,
      country: 'BE',
    };
    const changed = await call('PATCH', `/customers/${id}`, {
      version,
      address,
      termsDays: 14,
      active: false,
    });
    expect(changed).toMatchObject({ status: 200, body: { address, termsDays: 14, active: false } });
    expect(await call('PATCH', `/customers/${id}`, { version, phone: '1' })).toMatchObject({
      status: 409,
      body: { code: 'conflict' },
    });
    const query = `/customers?entityId=${books.entity.id}&q=changing`;
    expect((await call('GET', `${query}&active=true`)).body).toMatchObject({ data: [], total: 0 });
    expect((await call('GET', `${query}&active=false`)).body).toMatchObject({ data: [{ id }], total: 1 });
    const draft = { customerId: id, lines: [{ description: 'Work', unitPrice: '1' }] };
    expect(await call('POST', '/documents', draft)).toMatchObject({
      body: { code: 'invalid_request', fields: [{ field: 'customerId' }] },
    });
  });

  test('what a document has stays; what nothing has can go', async () => {
    const customer = await addCustomer('Used Ltd');
    const item = await call('POST', '/items', {
      entityId: books.entity.id,
      sku: 'HAND-1',
      name: 'By hand',
      unitPrice: '12.50',
    });
    const draft = await call('POST', '/documents', {
      customerId: customer.id,
      lines: [{ itemId: item.body.id }],
    });
    expect(draft.body).toMatchObject({ total: '12.50', lines: [{ description: 'By hand', sku: 'HAND-1' }] });
    expect(await call('DELETE', `/customers/${customer.id}`)).toMatchObject({
      status: 409,
      body: { code: 'customer_in_use' },
    });
    expect(await call('DELETE', `/items/${item.body.id}`)).toMatchObject({
      status: 409,
      body: { code: 'item_in_use' },
    });
    const other = {
      customerId: (await addCustomer('Other Ltd')).id,
      lines: [{ description: 'Work', unitPrice: '1' }],
    };
    await call('PATCH', `/documents/${draft.body.id}`, { version: draft.body.version, ...other });
    expect(await call('DELETE', `/customers/${customer.id}`)).toEqual({ status: 204, body: null });
    expect(await call('DELETE', `/items/${item.body.id}`)).toEqual({ status: 204, body: null });
    expect(await call('GET', `/items/${item.body.id}`)).toMatchObject({ status: 404 });
  });

  test('a draft takes another customer of its entity, and no other', async () => {
    const first = await addCustomer('First Ltd');
    const second = await addCustomer('Second Ltd');
    const { body: draft } = await call('POST', '/documents', {
      customerId: first.id,
      lines: [{ description: 'Work', unitPrice: '80' }],
    });
    const path = `/documents/${draft.id}`;
    expect(await call('PATCH', path, { version: draft.version, customerId: second.id })).toMatchObject({
      status: 200,
      body: { customer: { id: second.id }, total: '80.00' },
    });
    const elsewhere = await openSampleBooks(database, api.organizationId);
    expect(
      await call('PATCH', path, { version: draft.version + 1, customerId: elsewhere.customerId }),
    ).toMatchObject({ status: 400, body: { code: 'invalid_request', fields: [{ field: 'customerId' }] } });
    expect((await call('GET', path)).body).toMatchObject({ customer: { id: second.id } });
  });
});
