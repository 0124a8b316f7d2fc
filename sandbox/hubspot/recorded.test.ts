import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Json, startTestClient, type TestClient } from './test-client.ts';

/**
 * Shapes of recorded answers of a real portal (v3, 2021–2022) against ours. Recordings live outside the project:
 * beside it in ../shared/recorded, or where TRIBUTARY_RECORDED says.
 */
const repository = fileURLToPath(new URL('../../', import.meta.url));
const recorded = process.env.TRIBUTARY_RECORDED ?? join(repository, '..', 'shared', 'recorded');
const file = join(recorded, 'hubspot', 'export-objects__export-records-companies.json');
const present = existsSync(file);

interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly requestBody: Json;
  readonly status: number;
  readonly responseBody: Json;
  readonly responseHeaders: Record<string, string>;
}

const exchanges: Exchange[] = present ? (JSON.parse(readFileSync(file, 'utf8')) as Exchange[]) : [];

/** The recorded exchanges of one endpoint with one status. */
function recordedOf(suffix: string, status: number): Exchange[] {
  return exchanges.filter((entry) => entry.path.endsWith(suffix) && entry.status === status);
}

/** Every path of a value with the type at its end; list elements share a path. */
function shapeOf(value: unknown, path = ''): Set<string> {
  if (value === null) return new Set([`${path}: null`]);
  if (Array.isArray(value))
    return new Set([`${path}: list`, ...value.flatMap((entry) => [...shapeOf(entry, `${path}[]`)])]);
  if (typeof value !== 'object') return new Set([`${path}: ${typeof value}`]);
  const entries = Object.entries(value as Record<string, unknown>);
  return new Set(entries.flatMap(([name, entry]) => [...shapeOf(entry, `${path}.${name}`)]));
}

/** The recorded shape, less property values, which depend on the portal's data. */
function expectCovered(ours: unknown, theirs: unknown): void {
  const own = shapeOf(ours);
  const missing = [...shapeOf(theirs)].filter((entry) => !own.has(entry) && !entry.includes('.properties.'));
  expect(missing).toEqual([]);
}

const reason = present ? '' : ` (skipped: no recorded answers at TRIBUTARY_RECORDED or ../shared/recorded)`;

describe.skipIf(!present)(`recorded answers of a real portal${reason}`, () => {
  let client: TestClient;
  beforeAll(async () => {
    client = await startTestClient();
  });
  afterAll(() => client.running.close());

  test('search: total and results with the same fields, and without paging when all fits', async () => {
    const theirs = recordedOf('/search', 200).filter((entry) => entry.responseBody.results.length > 0);
    expect(theirs.length).toBeGreaterThan(100);
    const ours = await client.search('companies', { limit: 100 });
    for (const exchange of theirs) expectCovered(ours, exchange.responseBody);
    expect(ours).not.toHaveProperty('paging');
    const nothing = {
      filterGroups: [{ filters: [{ propertyName: 'name', operator: 'EQ', value: 'nobody' }] }],
    };
    const empty = recordedOf('/search', 200).find((entry) => entry.responseBody.total === 0);
    expect(await client.search('companies', nothing)).toEqual(empty?.responseBody);
  });

  test('search: asked-for properties come with the id and both dates, and empty ones are null', async () => {
    const theirs = recordedOf('/search', 200).flatMap((entry) => entry.responseBody.results as Json[]);
    const [first] = (await client.search('companies', { properties: ['name'], limit: 1 })).results;
    for (const record of theirs) {
      for (const name of ['createdate', 'hs_lastmodifieddate', 'hs_object_id']) {
        expect(typeof record.properties[name]).toBe(typeof first.properties[name]);
      }
      expect(record.updatedAt).toBe(record.properties.hs_lastmodifieddate);
      expect(
        Object.values(record.properties).every((value) => value === null || typeof value === 'string'),
      ).toBe(true);
    }
    expect(first.updatedAt).toBe(first.properties.hs_lastmodifieddate);
  });

  test('batch create: the same status and fields', async () => {
    const theirs = recordedOf('/batch/create', 201);
    expect(theirs.length).toBeGreaterThan(0);
    const ours = await client.call('POST', '/crm/objects/2026-09/companies/batch/create', {
      inputs: [{ properties: { name: 'John', domain: 'created.example', website: 'created.example' } }],
    });
    expect(ours.status).toBe(201);
    for (const exchange of theirs) expectCovered(ours.body, exchange.responseBody);
  });

  test('batch update and archive: the same status and fields', async () => {
    const theirs = recordedOf('/batch/update', 200);
    expect(theirs.length).toBeGreaterThan(0);
    const { id } = client.running.control.records({ type: 'companies' })[0] as Json;
    const inputs = [{ id, properties: { name: 'Renamed' } }];
    const ours = await client.call('POST', '/crm/objects/2026-09/companies/batch/update', { inputs });
    expect(ours.status).toBe(200);
    for (const exchange of theirs) expectCovered(ours.body, exchange.responseBody);
    const archived = await client.call('POST', '/crm/objects/2026-09/companies/batch/archive', {
      inputs: [{ id }],
    });
    expect([archived.status, archived.body]).toEqual([recordedOf('/batch/archive', 204)[0]?.status, null]);
  });

  test('a search over its limit: the same message and fields, and no rate headers but the daily ones', async () => {
    const theirs = recordedOf('/search', 429);
    expect(theirs.length).toBeGreaterThan(10);
    client.running.control.setOptions({ unthrottled: false, searchLimit: 0 });
    const ours = await client.call('POST', '/crm/objects/2026-09/companies/search', {});
    client.running.control.setOptions({ unthrottled: true, searchLimit: 5 });
    expect(ours.status).toBe(429);
    for (const exchange of theirs) {
      expectCovered(ours.body, exchange.responseBody);
      expect(ours.body.message).toBe(exchange.responseBody.message);
      expect(Object.keys(exchange.responseHeaders)).not.toContain('X-HubSpot-RateLimit-Max');
    }
    expect(ours.headers.get('x-hubspot-ratelimit-max')).toBeNull();
  });

  test('the other calls: rate headers of the same names', async () => {
    client.running.control.setOptions({ unthrottled: false });
    const ours = await client.call('GET', '/crm/objects/2026-09/companies');
    client.running.control.setOptions({ unthrottled: true });
    const theirs = recordedOf('/batch/update', 200)[0]?.responseHeaders ?? {};
    // The headers of a second's limit are deprecated and no longer sent.
    const names = Object.keys(theirs).filter(
      (name) => name.includes('RateLimit') && !name.includes('Secondly'),
    );
    expect(names.length).toBe(5);
    for (const name of names) expect(ours.headers.get(name)).not.toBeNull();
  });
});
