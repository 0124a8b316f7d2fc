import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Json, startTestClient, type TestClient } from './test-client.ts';

let client: TestClient;
let deals: Json[];
beforeAll(async () => {
  client = await startTestClient();
  deals = client.running.control.records({ type: 'deals' }) as Json[];
});
afterAll(() => client.running.close());

const READ = '/crm/associations/2026-09/deals/companies/batch/read';

function dealWith(companies: number): Json {
  return deals.find((deal) => deal.associations.companies.length === companies);
}

test('a primary company has both types, another one only the unlabelled', async () => {
  const deal = deals.find(
    (entry) => entry.associations.companies.length === 2 && entry.primaryCompanyId !== null,
  );
  const reply = await client.call('POST', READ, { inputs: [{ id: deal.id }] });
  expect(reply.status).toBe(200);
  const [other, primary] = reply.body.results[0].to;
  expect(primary.toObjectId).toBe(deal.primaryCompanyId);
  expect(primary.associationTypes).toEqual([
    { category: 'HUBSPOT_DEFINED', typeId: 5, label: 'Primary' },
    { category: 'HUBSPOT_DEFINED', typeId: 341, label: null },
  ]);
  expect(other.associationTypes).toEqual([{ category: 'HUBSPOT_DEFINED', typeId: 341, label: null }]);
});

test('nothing associated is a 207 with NO_ASSOCIATIONS_FOUND beside the other results', async () => {
  const reply = await client.call('POST', READ, { inputs: [{ id: dealWith(0).id }, { id: dealWith(1).id }] });
  expect(reply.status).toBe(207);
  expect(reply.body.results).toHaveLength(1);
  expect(reply.body.numErrors).toBe(1);
  expect(reply.body.errors[0]).toMatchObject({
    status: 'error',
    category: 'OBJECT_NOT_FOUND',
    subCategory: 'crm.associations.NO_ASSOCIATIONS_FOUND',
    context: { fromObjectId: [dealWith(0).id] },
  });
});

test('1,000 inputs are taken and 1,001 refused', async () => {
  const inputs = Array.from({ length: 1000 }, () => ({ id: dealWith(1).id }));
  expect((await client.call('POST', READ, { inputs })).status).toBe(200);
  expect((await client.call('POST', READ, { inputs: [...inputs, inputs[0]] })).status).toBe(400);
});

test('long lists are paged for each input, and paging is there only when there is more', async () => {
  client.running.control.setOptions({ associationPageSize: 15 });
  const deal = deals.find((entry) => entry.associations.line_items.length === 40);
  const path = '/crm/associations/2026-09/deals/line_items/batch/read';
  const ids: string[] = [];
  let after: string | undefined;
  let pages = 0;
  do {
    const result: Json = (await client.post(path, { inputs: [{ id: deal.id, ...(after ? { after } : {}) }] }))
      .results[0];
    ids.push(...result.to.map((entry: Json) => entry.toObjectId));
    after = result.paging?.next?.after;
    pages += 1;
  } while (after !== undefined);
  client.running.control.setOptions({ associationPageSize: 500 });
  expect(pages).toBe(3);
  expect(ids).toEqual(deal.associations.line_items);
});

test('listed deals carry associations: a primary company twice, line items under a key with a space', async () => {
  const page = await client.get(
    '/crm/objects/2026-09/deals?limit=1&associations=companies,contacts,line_items',
  );
  const { associations } = page.results[0];
  expect(associations.companies.results.map((entry: Json) => entry.type)).toEqual([
    'deal_to_company',
    'deal_to_company_unlabeled',
  ]);
  expect(associations['line items'].results[0].type).toBe('deal_to_line_item');
  expect(associations.contacts.results[0].type).toBe('deal_to_contact');
});

test('an inline list is cut with paging, and the rest comes from the associations of the record', async () => {
  client.running.control.setOptions({ inlineAssociationPageSize: 30 });
  const deal = deals.find((entry) => entry.associations.line_items.length === 40);
  const inline = (await client.get(`/crm/objects/2026-09/deals/${deal.id}?associations=line_items`))
    .associations['line items'];
  client.running.control.setOptions({ inlineAssociationPageSize: 100 });
  expect(inline.results).toHaveLength(30);
  const rest = await client.get(
    `/crm/objects/2026-09/deals/${deal.id}/associations/line_items?after=${inline.paging.next.after}`,
  );
  const ids = [
    ...inline.results.map((entry: Json) => entry.id),
    ...rest.results.map((entry: Json) => entry.toObjectId),
  ];
  expect(ids).toEqual(deal.associations.line_items);
});

test('associations are made and removed in both directions', async () => {
  const [deal, company] = [dealWith(0), client.running.control.records({ type: 'companies' })[0] as Json];
  const created = await client.call('POST', '/crm/associations/2026-09/companies/deals/batch/create', {
    inputs: [
      {
        from: { id: company.id },
        to: { id: deal.id },
        types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 6 }],
      },
    ],
  });
  expect(created.status).toBe(201);
  const read = await client.post(READ, { inputs: [{ id: deal.id }] });
  expect(read.results[0].to[0].associationTypes[0].typeId).toBe(5);
  const archived = await client.call('POST', '/crm/associations/2026-09/deals/companies/batch/archive', {
    inputs: [{ from: { id: deal.id }, to: [{ id: company.id }] }],
  });
  expect(archived.status).toBe(204);
  expect((await client.call('POST', READ, { inputs: [{ id: deal.id }] })).status).toBe(207);
});

test('archived records are not associated, and products cannot be associated at all', async () => {
  const deal = dealWith(1);
  const [company] = deal.associations.companies;
  client.running.control.archiveRecord({ type: 'companies', id: company });
  expect((await client.call('POST', READ, { inputs: [{ id: deal.id }] })).status).toBe(207);
  client.running.control.restoreRecord({ type: 'companies', id: company });
  expect((await client.call('POST', READ, { inputs: [{ id: deal.id }] })).status).toBe(200);
  const products = await client.call('POST', '/crm/associations/2026-09/deals/products/batch/read', {
    inputs: [],
  });
  expect(products.status).toBe(400);
});
