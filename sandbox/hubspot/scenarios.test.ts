import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Json, startTestClient, type TestClient } from './test-client.ts';

let client: TestClient;
beforeEach(async () => {
  client = await startTestClient();
});
afterEach(() => client.running.close());

async function control(path: string, body: unknown): Promise<Json> {
  const response = await fetch(`${client.running.url}/__sandbox${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
  });
  return response.json();
}

describe('selling on', () => {
  test('closes open deals first and makes new ones when there are none left', async () => {
    const { deals } = await control('/sell', { count: 6 });
    expect(deals).toHaveLength(6);
    const body = {
      filterGroups: [{ filters: [{ propertyName: 'hs_is_closed_won', operator: 'EQ', value: 'true' }] }],
    };
    expect((await client.search('deals', body)).total).toBe(39);
    const all = client.running.control.records({ type: 'deals' }) as Json[];
    expect(all).toHaveLength(42);
    const made = all.find((deal) => deal.id === deals.at(-1));
    expect(made.properties.amount).toBeDefined();
    expect(made.primaryCompanyId).not.toBeNull();
    expect(made.associations.line_items).toHaveLength(2);
  });

  test('sells the same on every machine', async () => {
    const other = await startTestClient();
    expect(other.running.control.sell({ count: 8 })).toEqual(client.running.control.sell({ count: 8 }));
    await other.running.close();
  });
});

describe('changing the set-up', () => {
  test('a renamed stage keeps its id, and a removed one is no longer listed', async () => {
    await control('/stages/rename', { stageId: 'closedwon', label: 'Gewonnen' });
    await control('/stages/remove', { stageId: 'contractsent' });
    const [pipeline] = (await client.get('/crm/pipelines/2026-09/deals')).results;
    const stages = pipeline.stages.map((stage: Json) => [stage.id, stage.label]);
    expect(stages).toContainEqual(['closedwon', 'Gewonnen']);
    expect(stages.map(([id]: string[]) => id)).not.toContain('contractsent');
    expect(pipeline.stages.find((stage: Json) => stage.id === 'closedwon').metadata).toEqual({
      isClosed: 'true',
      probability: '1.0',
    });
  });

  test('a deleted property is gone from answers, searches and writes', async () => {
    await control('/properties/delete', { type: 'deals', name: 'project_code' });
    const page = await client.get('/crm/objects/2026-09/deals?properties=project_code,dealname');
    expect(page.results[0].properties).not.toHaveProperty('project_code');
    const body = {
      filterGroups: [{ filters: [{ propertyName: 'project_code', operator: 'HAS_PROPERTY' }] }],
    };
    expect((await client.call('POST', '/crm/objects/2026-09/deals/search', body)).status).toBe(400);
    expect((await client.call('GET', '/crm/properties/2026-09/deals/project_code')).status).toBe(404);
  });

  test('records are changed, archived, restored and merged over HTTP', async () => {
    const { id } = await control('/records/create', { type: 'companies', properties: { name: 'A' } });
    await control('/records/update', { type: 'companies', id, properties: { name: 'B' } });
    expect((await client.get(`/crm/objects/2026-09/companies/${id}`)).properties.name).toBe('B');
    await control('/records/archive', { type: 'companies', id });
    expect((await client.call('GET', `/crm/objects/2026-09/companies/${id}`)).status).toBe(404);
    await control('/records/restore', { type: 'companies', id });
    const other = await control('/records/create', { type: 'companies', properties: { name: 'C' } });
    const merged = await control('/records/merge', { type: 'companies', primaryId: id, otherId: other.id });
    expect((await client.get(`/crm/objects/2026-09/companies/${other.id}`)).id).toBe(merged.id);
  });

  test('a changed line moves its deal only when that is switched on', async () => {
    const deal = client.running.control.records({ type: 'deals' })[0] as Json;
    const line = { type: 'line_items', id: deal.associations.line_items[0], properties: { quantity: '9' } };
    await control('/records/update', line);
    expect((await client.get(`/crm/objects/2026-09/deals/${deal.id}`)).updatedAt).toBe(deal.updatedAt);
    await control('/options', { childrenTouchDeal: true });
    await control('/records/update', line);
    expect((await client.get(`/crm/objects/2026-09/deals/${deal.id}`)).updatedAt > deal.updatedAt).toBe(true);
  });

  test('scenarios can work on the second portal', async () => {
    const portalId = client.running.portals[1]?.id ?? 0;
    const { id } = await control('/records/create', {
      portalId,
      type: 'deals',
      properties: { dealname: 'Two' },
    });
    const token = client.running.portals[1]?.token ?? '';
    expect(
      (await client.call('GET', `/crm/objects/2026-09/deals/${id}?properties=dealname`, undefined, token))
        .body.properties.dealname,
    ).toBe('Two');
    const reply = await client.call('GET', `/crm/objects/2026-09/deals/${id}?properties=dealname`);
    expect(reply.body.properties?.dealname).not.toBe('Two');
  });
});

describe('properties', () => {
  const path = '/crm/properties/2026-09/deals';
  const definition = { name: 'invoice_number', label: 'Invoice number', type: 'string', fieldType: 'text' };

  test('are created in a group that exists, once, and come back to life after archiving', async () => {
    const unknown = await client.call('POST', path, { ...definition, groupName: 'tributary' });
    expect(unknown.status).toBe(400);
    expect((await client.call('POST', `${path}/groups`, { name: 'tributary', label: 'Books' })).status).toBe(
      201,
    );
    expect((await client.call('POST', path, { ...definition, groupName: 'tributary' })).status).toBe(201);
    const again = await client.call('POST', path, { ...definition, groupName: 'tributary' });
    expect(again.status).toBe(409);
    expect(again.body.category).toBe('OBJECT_ALREADY_EXISTS');
    expect((await client.call('DELETE', `${path}/invoice_number`)).status).toBe(204);
    expect((await client.call('POST', path, { ...definition, groupName: 'tributary' })).status).toBe(201);
  });

  test('need a schema scope to be created, and hold written values', async () => {
    client.running.control.setScopes({ remove: ['crm.schemas.deals.write'] });
    const body = { ...definition, groupName: 'dealinformation' };
    expect((await client.call('POST', path, body)).status).toBe(403);
    client.running.control.setScopes({ add: ['crm.schemas.deals.write'] });
    expect((await client.call('POST', path, body)).status).toBe(201);
    const [deal] = (await client.get('/crm/objects/2026-09/deals?limit=1')).results;
    const update = { inputs: [{ id: deal.id, properties: { invoice_number: 'INV-7' } }] };
    expect((await client.call('POST', '/crm/objects/2026-09/deals/batch/update', update)).status).toBe(200);
    const read = await client.get(`/crm/objects/2026-09/deals/${deal.id}?properties=invoice_number`);
    expect(read.properties.invoice_number).toBe('INV-7');
  });

  test('tell their type, options and whether they can be written', async () => {
    const stage = await client.get(`${path}/dealstage`);
    expect(stage.options.map((option: Json) => option.value)).toContain('1048576203');
    const won = await client.get(`${path}/hs_is_closed_won`);
    expect(won).toMatchObject({
      type: 'bool',
      calculated: true,
      modificationMetadata: { readOnlyValue: true },
    });
  });
});

describe('owners', () => {
  test('are live or archived, never both in one answer; their id is not the user id', async () => {
    const live = await client.get('/crm/owners/2026-09');
    expect(live.results.every((owner: Json) => !owner.archived && owner.id !== String(owner.userId))).toBe(
      true,
    );
    expect(live.results.map((owner: Json) => owner.type)).toContain('QUEUE');
    const { id } = live.results[0];
    await control('/owners/archive', { id });
    expect((await client.call('GET', `/crm/owners/2026-09/${id}`)).status).toBe(404);
    expect((await client.get(`/crm/owners/2026-09/${id}?archived=true`)).userId).toBeNull();
  });

  test('are paged by id', async () => {
    const first = await client.get('/crm/owners/2026-09?limit=5');
    const second = await client.get(`/crm/owners/2026-09?limit=5&after=${first.paging.next.after}`);
    expect(second.results[0].id).toBe(first.paging.next.after);
  });
});
