import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Json, startTestClient, type TestClient } from './test-client.ts';

let client: TestClient;
beforeAll(async () => {
  client = await startTestClient();
});
afterAll(() => client.running.close());

const SEARCH = '/crm/objects/2026-09/deals/search';

function filters(...list: Json[]): Json {
  return { filterGroups: [{ filters: list }], limit: 200 };
}

async function names(...list: Json[]): Promise<string[]> {
  const reply = await client.search('deals', { ...filters(...list), properties: ['dealname'] });
  return reply.results.map((record: Json) => record.properties.dealname);
}

describe('limits of search', () => {
  test('a page is ten unless asked and 200 at most', async () => {
    expect((await client.search('deals', {})).results).toHaveLength(10);
    expect((await client.call('POST', SEARCH, { limit: 201 })).status).toBe(400);
  });

  test('beyond 10,000 results, a body over 3,000 characters, too many filters or sorts: 400 and a violation', async () => {
    client.running.control.reset();
    const one = { propertyName: 'amount', operator: 'GT', value: '1' };
    const bodies: Json[] = [
      { after: '9900', limit: 200 },
      { after: 'abc' },
      { properties: Array.from({ length: 200 }, (_, at) => `some_long_property_${at}`) },
      { filterGroups: Array.from({ length: 6 }, () => ({ filters: [one] })) },
      { filterGroups: [{ filters: Array.from({ length: 7 }, () => one) }] },
      { filterGroups: Array.from({ length: 4 }, () => ({ filters: Array.from({ length: 5 }, () => one) })) },
      { sorts: ['amount', 'dealname'] },
      filters({ propertyName: 'no_such_property', operator: 'EQ', value: '1' }),
      filters({ propertyName: 'amount', operator: 'ROUGHLY', value: '1' }),
      filters({ propertyName: 'amount', operator: 'BETWEEN', value: '1' }),
    ];
    for (const body of bodies) expect((await client.call('POST', SEARCH, body)).status).toBe(400);
    expect(client.running.control.violations().byRule).toEqual({
      search_beyond_cap: 1,
      invalid_cursor: 1,
      search_body_too_long: 1,
      too_many_filters: 3,
      too_many_sorts: 1,
      unknown_search_property: 1,
      invalid_filter: 2,
    });
    expect((await client.call('POST', SEARCH, { after: '9800', limit: 200 })).status).toBe(200);
  });

  test('epoch 0 is a server error', async () => {
    const body = filters({ propertyName: 'hs_lastmodifieddate', operator: 'GT', value: '0' });
    expect((await client.call('POST', SEARCH, body)).status).toBe(500);
  });

  test('answers carry no rate headers even when limits are on', async () => {
    client.running.control.setOptions({ unthrottled: false });
    const reply = await client.call('POST', SEARCH, {});
    const listed = await client.call('GET', '/crm/objects/2026-09/deals');
    client.running.control.setOptions({ unthrottled: true });
    expect(reply.headers.get('x-hubspot-ratelimit-max')).toBeNull();
    expect(listed.headers.get('x-hubspot-ratelimit-max')).toBe('190');
  });
});

describe('operators', () => {
  const won = { propertyName: 'hs_is_closed_won', operator: 'EQ', value: 'true' };

  test('won deals of all pipelines are found by the calculated flag', async () => {
    const reply = await client.search('deals', filters(won));
    expect(reply.total).toBe(33);
    expect(reply.results).toHaveLength(33);
  });

  test('comparisons are numeric for numbers and by instant for dates', async () => {
    const over = await client.search('deals', {
      ...filters({ propertyName: 'amount', operator: 'GTE', value: '9999' }),
      properties: ['amount'],
    });
    expect(over.total).toBeGreaterThan(3);
    for (const record of over.results) expect(Number(record.properties.amount)).toBeGreaterThanOrEqual(9999);
    const all = (await client.search('deals', { limit: 200 })).results as Json[];
    const times = all.map((record) => Date.parse(record.updatedAt)).sort((left, right) => left - right);
    const [low, high] = [times[10] ?? 0, times[20] ?? 0];
    const between = { propertyName: 'hs_lastmodifieddate', operator: 'BETWEEN', value: String(low) };
    expect((await client.search('deals', filters({ ...between, highValue: String(high) }))).total).toBe(11);
    const iso = new Date(high).toISOString();
    const after = { propertyName: 'hs_lastmodifieddate', operator: 'GT', value: iso };
    expect((await client.search('deals', filters(after))).total).toBe(19);
  });

  test('IN on text needs lowercase values, and enumerations match as they are', async () => {
    const all = (await client.search('companies', { limit: 200, properties: ['domain'] })).results as Json[];
    const domain = all[0].properties.domain as string;
    const search = (values: string[]): Promise<Json> =>
      client.search('companies', filters({ propertyName: 'domain', operator: 'IN', values }));
    expect((await search([domain])).total).toBe(1);
    client.running.control.reset();
    expect((await search([domain.toUpperCase()])).total).toBe(0);
    expect(client.running.control.violations().byRule).toEqual({ in_values_not_lowercase: 1 });
    const byCode = { propertyName: 'deal_currency_code', operator: 'IN', values: ['JPY', 'KWD'] };
    expect((await client.search('deals', filters(byCode))).total).toBe(2);
  });

  test('empty values are found, and not matched by comparisons', async () => {
    const without = { propertyName: 'amount', operator: 'NOT_HAS_PROPERTY' };
    expect((await client.search('deals', filters(without))).total).toBe(2);
    const small = { propertyName: 'amount', operator: 'LT', value: '-1' };
    expect((await client.search('deals', filters(small))).total).toBe(0);
    const has = { propertyName: 'amount', operator: 'HAS_PROPERTY' };
    expect((await client.search('deals', filters(has))).total).toBe(38);
  });

  test('words are found with CONTAINS_TOKEN and its wildcard', async () => {
    expect(
      await names({ propertyName: 'dealname', operator: 'CONTAINS_TOKEN', value: '東京支社' }),
    ).toHaveLength(1);
    expect(await names({ propertyName: 'dealname', operator: 'CONTAINS_TOKEN', value: 'roll*' })).toContain(
      '🚀 Rollout – phase 2 👩🏽‍🚀',
    );
    expect(await names({ propertyName: 'dealname', operator: 'CONTAINS_TOKEN', value: 'rollou' })).toEqual(
      [],
    );
  });

  test('groups are alternatives, filters of a group all hold, and a record comes once', async () => {
    const body = {
      filterGroups: [
        { filters: [won, { propertyName: 'deal_currency_code', operator: 'EQ', value: 'JPY' }] },
        { filters: [{ propertyName: 'deal_currency_code', operator: 'IN', values: ['JPY', 'KWD'] }] },
      ],
    };
    expect((await client.search('deals', body)).total).toBe(2);
  });

  test('the pseudo property associations.{type} filters, though no associations come back', async () => {
    const company = client.running.control.records({ type: 'companies' })[0] as Json;
    const body = filters({ propertyName: 'associations.company', operator: 'EQ', value: company.id });
    const reply = await client.search('deals', body);
    expect(reply.total).toBe(1);
    expect(reply.results[0]).not.toHaveProperty('associations');
    const none = filters({ propertyName: 'associations.companies', operator: 'NOT_HAS_PROPERTY' });
    expect((await client.search('deals', none)).total).toBe(1);
  });

  test('ids can be used as a range', async () => {
    const ids = client.running.control
      .records({ type: 'deals' })
      .map((record) => (record as Json).id as string);
    const body = {
      ...filters({ propertyName: 'hs_object_id', operator: 'GT', value: ids[9] }),
      sorts: [{ propertyName: 'hs_object_id', direction: 'ASCENDING' }],
    };
    const reply = await client.search('deals', body);
    expect(reply.results.map((record: Json) => record.id)).toEqual(ids.slice(10));
  });
});

describe('order and paging', () => {
  test('after is an offset and the pages make the whole, sorted once', async () => {
    const sorts = [{ propertyName: 'hs_lastmodifieddate', direction: 'DESCENDING' }];
    const seen: string[] = [];
    let after: string | undefined = '0';
    while (after !== undefined) {
      const page: Json = await client.search('deals', { sorts, limit: 15, after });
      expect(page.total).toBe(40);
      seen.push(...page.results.map((record: Json) => record.updatedAt));
      after = page.paging?.next?.after;
    }
    expect(seen).toHaveLength(40);
    expect(seen).toEqual([...seen].sort().reverse());
  });

  test('rows can be asked to come out of order, without loss', async () => {
    client.running.control.setOptions({ misorderedSearch: true });
    const reply = await client.search('deals', { sorts: ['hs_lastmodifieddate'], limit: 200 });
    client.running.control.setOptions({ misorderedSearch: false });
    const times: number[] = reply.results.map((record: Json) => Date.parse(record.updatedAt));
    expect(times).not.toEqual([...times].sort((left, right) => left - right));
    expect(new Set(reply.results.map((record: Json) => record.id)).size).toBe(40);
  });
});

describe('the index', () => {
  test('lags: a change is not found before, and the old state is still shown', async () => {
    client.running.control.setOptions({ lagMs: 60_000 });
    const won = { propertyName: 'hs_is_closed_won', operator: 'EQ', value: 'true' };
    const before = (await client.search('deals', filters(won))).total;
    const { deals } = client.running.control.sell({ count: 2 });
    expect((await client.search('deals', filters(won))).total).toBe(before);
    expect(
      (await client.get(`/crm/objects/2026-09/deals/${deals[0]}?properties=hs_is_closed_won`)).properties,
    ).toMatchObject({ hs_is_closed_won: 'true' });
    client.running.control.advanceClock({ ms: 60_001 });
    expect((await client.search('deals', filters(won))).total).toBe(before + 2);
    client.running.control.setOptions({ lagMs: 0 });
  });

  test('never returns archived records, even with the newest change still pending', async () => {
    const { id } = client.running.control.createRecord({
      type: 'deals',
      properties: { dealname: 'Archive me' },
    });
    client.running.control.setOptions({ lagMs: 60_000 });
    client.running.control.updateRecord({ type: 'deals', id, properties: { dealname: 'Archive me now' } });
    client.running.control.archiveRecord({ type: 'deals', id });
    client.running.control.advanceClock({ ms: 60_001 });
    client.running.control.setOptions({ lagMs: 0 });
    expect(await names({ propertyName: 'dealname', operator: 'CONTAINS_TOKEN', value: 'archive' })).toEqual(
      [],
    );
  });

  test('many records can share one modified time', async () => {
    const at = new Date(client.running.sandbox.now() - 1000).toISOString();
    expect(client.running.control.touch({ type: 'contacts', at }).touched).toBe(24);
    const body = filters({ propertyName: 'lastmodifieddate', operator: 'EQ', value: String(Date.parse(at)) });
    expect((await client.search('contacts', body)).total).toBe(24);
  });
});
