import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Json, startTestClient, type TestClient } from './test-client.ts';

let client: TestClient;
beforeAll(async () => {
  client = await startTestClient();
});
afterAll(() => client.running.close());

const DEALS = '/crm/objects/2026-09/deals';

async function listAll(path: string): Promise<Json[]> {
  const results: Json[] = [];
  let after = '';
  do {
    const page = await client.get(`${path}${after === '' ? '' : `&after=${after}`}`);
    results.push(...page.results);
    after = page.paging?.next?.after ?? '';
  } while (after !== '');
  return results;
}

describe('listing', () => {
  test('pages are ten records unless asked, ordered by id, and after is the next id', async () => {
    const first = await client.get(DEALS);
    expect(first.results).toHaveLength(10);
    const second = await client.get(`${DEALS}?after=${first.paging.next.after}`);
    expect(second.results[0].id).toBe(first.paging.next.after);
    const ids = (await listAll(`${DEALS}?limit=7`)).map((record) => Number(record.id));
    expect(ids).toHaveLength(40);
    expect(ids).toEqual([...ids].sort((left, right) => left - right));
  });

  test('more than 100 records, or 50 with history, are refused', async () => {
    expect((await client.call('GET', `${DEALS}?limit=101`)).status).toBe(400);
    expect((await client.call('GET', `${DEALS}?limit=51&propertiesWithHistory=amount`)).status).toBe(400);
    expect((await client.call('GET', `${DEALS}?limit=50&propertiesWithHistory=amount`)).status).toBe(200);
  });

  test('ids grow a digit within the seed, so sorting them as text goes wrong', async () => {
    const ids = (await listAll(`${DEALS}?limit=100`)).map((record) => String(record.id));
    expect([...ids].sort()).not.toEqual(ids);
  });

  test('unknown properties are omitted and known but empty ones are null', async () => {
    const page = await client.get(`${DEALS}?limit=1&properties=dealname,no_such_property,closed_lost_reason`);
    const { properties } = page.results[0];
    expect(properties.closed_lost_reason).toBeNull();
    expect(properties).not.toHaveProperty('no_such_property');
    expect(Object.keys(properties)).toEqual([
      'closed_lost_reason',
      'createdate',
      'dealname',
      'hs_lastmodifieddate',
      'hs_object_id',
    ]);
  });

  test('every property value is text or null', async () => {
    const definitions = await client.get('/crm/properties/2026-09/deals');
    const names = definitions.results.map((entry: Json) => entry.name).join(',');
    for (const record of await listAll(`${DEALS}?limit=100&properties=${names}`)) {
      for (const value of Object.values(record.properties)) {
        expect(value === null || typeof value === 'string').toBe(true);
      }
    }
  });

  test('type ids and singular names work like plural names', async () => {
    const page = await client.get(DEALS);
    expect((await client.get('/crm/objects/2026-09/0-3')).results).toEqual(page.results);
    expect((await client.get('/crm/objects/2026-03/deal')).results).toEqual(page.results);
    expect((await client.call('GET', '/crm/objects/2026-09/0-999')).status).toBe(400);
  });

  test('a record has a deep link, both dates, and no archivedAt while it is live', async () => {
    const record = (await client.get(`${DEALS}?limit=1`)).results[0];
    expect(record.url).toBe(`https://app.hubspot.com/contacts/48151623/record/0-3/${record.id}`);
    expect(record.archived).toBe(false);
    expect(record).not.toHaveProperty('archivedAt');
    expect(record.properties.hs_lastmodifieddate).toBe(record.updatedAt);
  });
});

describe('batch read', () => {
  test('missing ids are silently omitted and doubled ids come once', async () => {
    const ids = (await client.get(`${DEALS}?limit=2`)).results.map((record: Json) => ({ id: record.id }));
    const reply = await client.call('POST', `${DEALS}/batch/read`, {
      inputs: [...ids, ids[0], { id: '404' }, { id: 'x' }],
      properties: ['dealname'],
    });
    expect(reply.status).toBe(200);
    expect(reply.body.status).toBe('COMPLETE');
    expect(reply.body.results.map((record: Json) => ({ id: record.id }))).toEqual(ids);
    expect(reply.body).not.toHaveProperty('errors');
  });

  test('more than 100 inputs are refused and recorded', async () => {
    client.running.control.reset();
    const inputs = Array.from({ length: 101 }, (_, id) => ({ id: String(id) }));
    expect((await client.call('POST', `${DEALS}/batch/read`, { inputs })).status).toBe(400);
    expect(client.running.control.violations().byRule).toEqual({ too_many_inputs: 1 });
  });

  test('archived records come only with archived=true, and archiving does not move updatedAt', async () => {
    const { id } = client.running.control.createRecord({ type: 'deals', properties: { dealname: 'Gone' } });
    const before = await client.get(`${DEALS}/${id}`);
    expect((await client.call('DELETE', `${DEALS}/${id}`)).status).toBe(204);
    const inputs = [{ id }];
    expect((await client.post(`${DEALS}/batch/read`, { inputs })).results).toEqual([]);
    const archived = (await client.post(`${DEALS}/batch/read?archived=true`, { inputs })).results[0];
    expect(archived.updatedAt).toBe(before.updatedAt);
    expect(archived.archivedAt >= before.updatedAt).toBe(true);
    expect((await client.call('GET', `${DEALS}/${id}`)).status).toBe(404);
    expect((await listAll(`${DEALS}?archived=true`)).map((record) => record.id)).toContain(id);
    client.running.control.restoreRecord({ type: 'deals', id });
    expect((await client.get(`${DEALS}/${id}`)).archived).toBe(false);
  });
});

describe('writing', () => {
  test('batch create answers 201 with the new records and their trace ids', async () => {
    const reply = await client.call('POST', '/crm/objects/2026-09/companies/batch/create', {
      inputs: [
        { properties: { name: 'New Co' }, objectWriteTraceId: 'a' },
        { properties: { name: 'Other Co' } },
      ],
    });
    expect(reply.status).toBe(201);
    expect(reply.body.results.map((record: Json) => record.properties.name)).toEqual(['New Co', 'Other Co']);
    expect(reply.body.results[0].objectWriteTraceId).toBe('a');
  });

  test('one invalid value refuses the whole batch and nothing is written', async () => {
    const id = (await client.get(`${DEALS}?limit=1`)).results[0].id;
    for (const [properties, code] of [
      [{ nonsense: '1' }, 'PROPERTY_DOESNT_EXIST'],
      [{ hs_is_closed_won: 'true' }, 'READ_ONLY_VALUE'],
      [{ amount: 'twelve' }, 'INVALID_DOUBLE'],
      [{ dealstage: 'no-such-stage' }, 'INVALID_OPTION'],
      [{ closedate: 'tomorrow' }, 'INVALID_DATE'],
    ] as const) {
      const reply = await client.call('POST', `${DEALS}/batch/update`, {
        inputs: [
          { id, properties: { description: 'changed' } },
          { id: '1', properties },
        ],
      });
      expect(reply.status).toBe(400);
      expect(reply.body.category).toBe('VALIDATION_ERROR');
      expect(reply.body.message).toContain(code);
    }
    expect((await client.get(`${DEALS}/${id}?properties=description`)).properties.description).not.toBe(
      'changed',
    );
  });

  test('an update moves the modified date and clears a value with an empty text', async () => {
    const { id } = client.running.control.createRecord({
      type: 'deals',
      properties: { dealname: 'Update me', description: 'old' },
    });
    client.running.control.advanceClock({ ms: 5000 });
    const reply = await client.call('PATCH', `${DEALS}/${id}`, {
      properties: { description: '', amount: 12.5 },
    });
    expect(reply.status).toBe(200);
    expect(reply.body.properties).toMatchObject({ description: null, amount: '12.5' });
    expect(reply.body.updatedAt > reply.body.createdAt).toBe(true);
    const history = await client.get(`${DEALS}/${id}?propertiesWithHistory=description`);
    expect(history.propertiesWithHistory.description.map((entry: Json) => entry.value)).toEqual(['', 'old']);
  });

  test('batch update tells missing ids beside the results: folded into 200 in 2026-09, 207 before', async () => {
    const id = (await client.get(`${DEALS}?limit=1`)).results[0].id;
    const body = {
      inputs: [
        { id, properties: { description: 'kept' } },
        { id: '404', properties: { description: 'lost' } },
      ],
    };
    for (const [version, status] of [
      ['2026-09', 200],
      ['2026-03', 207],
    ] as const) {
      const reply = await client.call('POST', `/crm/objects/${version}/deals/batch/update`, body);
      expect(reply.status).toBe(status);
      expect(reply.body.results).toHaveLength(1);
      expect(reply.body.numErrors).toBe(1);
      expect(reply.body.errors[0]).toMatchObject({ category: 'OBJECT_NOT_FOUND', context: { ids: ['404'] } });
    }
  });

  test('required properties are enforced for 2026-09 and not for 2026-03', async () => {
    client.running.control.setOptions({
      conditionalRequired: [
        { type: 'deals', property: 'dealstage', value: 'closedlost', require: ['closed_lost_reason'] },
      ],
    });
    const id = (await client.get(`${DEALS}?limit=1`)).results[0].id;
    const body = { properties: { dealstage: 'closedlost' } };
    const refused = await client.call('PATCH', `${DEALS}/${id}`, body);
    expect(refused.status).toBe(400);
    expect(refused.body.errors[0].code).toBe('MISSING_CONDITIONAL_REQUIRED_PROPERTY');
    expect((await client.call('PATCH', `/crm/objects/2026-03/deals/${id}`, body)).status).toBe(200);
    await client.call('PATCH', `${DEALS}/${id}`, { properties: { dealstage: 'closedwon' } });
    client.running.control.setOptions({ conditionalRequired: [] });
    const invoice = await client.call('POST', '/crm/objects/2026-09/invoices', { properties: {} });
    expect(invoice.body.errors[0].code).toBe('MISSING_REQUIRED_PROPERTY');
  });

  test('upsert works by a unique property only and says what is new', async () => {
    const path = '/crm/objects/2026-09/companies/batch/upsert';
    const input = { idProperty: 'external_customer_id', id: 'X-1', properties: { name: 'Upserted' } };
    expect((await client.post(path, { inputs: [input] })).results[0].new).toBe(true);
    expect((await client.post(path, { inputs: [input] })).results[0].new).toBe(false);
    const byDomain = { idProperty: 'domain', id: 'acme.example', properties: {} };
    expect((await client.call('POST', path, { inputs: [byDomain] })).status).toBe(400);
    const found = await client.call(
      'GET',
      '/crm/objects/2026-09/companies/X-1?idProperty=external_customer_id',
    );
    expect(found.status).toBe(200);
  });

  test('an invoice cannot be opened without a contact and a line item', async () => {
    const reply = await client.call('POST', '/crm/objects/2026-09/invoices', {
      properties: { hs_currency: 'USD', hs_invoice_status: 'open' },
    });
    expect(reply.status).toBe(400);
  });
});

describe('merging and deleting', () => {
  test('merging A and B makes C: A and B answer C, keep no associations, and C names both', async () => {
    const [a, b] = (await client.get(`${DEALS}?limit=2&after=999999928`)).results;
    const merged = await client.call('POST', `${DEALS}/merge`, {
      primaryObjectId: a.id,
      objectIdToMerge: b.id,
    });
    expect(merged.status).toBe(200);
    const c = merged.body.id;
    expect([a.id, b.id]).not.toContain(c);
    expect((await client.get(`${DEALS}/${a.id}?properties=hs_merged_object_ids`)).id).toBe(c);
    expect(
      (await client.get(`${DEALS}/${c}?properties=hs_merged_object_ids`)).properties.hs_merged_object_ids,
    ).toBe(`${a.id};${b.id}`);
    const inputs = [{ id: a.id }, { id: c }];
    const associations = await client.call('POST', '/crm/associations/2026-09/deals/companies/batch/read', {
      inputs,
    });
    expect(associations.status).toBe(207);
    expect(associations.body.results.map((entry: Json) => entry.from.id)).toEqual([c]);
    expect(
      (await client.post(`${DEALS}/batch/read`, { inputs })).results.map((entry: Json) => entry.id),
    ).toEqual([c]);
    const update = { properties: { description: 'after merge' } };
    expect((await client.call('PATCH', `${DEALS}/${a.id}`, update)).body.id).toBe(c);
    const batch = await client.post(`${DEALS}/batch/update`, { inputs: [{ id: a.id, ...update }] });
    expect(batch.numErrors).toBe(1);
  });

  test('a GDPR delete is hard and for contacts only', async () => {
    const id = (await client.get('/crm/objects/2026-09/contacts?limit=1')).results[0].id;
    const path = '/crm/objects/2026-09/contacts';
    expect((await client.call('POST', `${path}/gdpr-delete`, { objectId: id })).status).toBe(204);
    expect((await client.post(`${path}/batch/read?archived=true`, { inputs: [{ id }] })).results).toEqual([]);
    expect((await client.call('POST', `${DEALS}/gdpr-delete`, { objectId: id })).status).toBe(400);
  });

  test('after 90 days in the recycle bin an archived record is gone', async () => {
    const { id } = client.running.control.createRecord({ type: 'deals', properties: { dealname: 'Old' } });
    await client.call('DELETE', `${DEALS}/${id}`);
    client.running.control.advanceClock({ ms: 91 * 86_400_000 });
    const reply = await client.post(`${DEALS}/batch/read?archived=true`, { inputs: [{ id }] });
    expect(reply.results).toEqual([]);
  });
});
