import { callHubspot, type HubspotClient } from './client.ts';
import { apiVersion } from './endpoint.ts';
import { unavailable } from './failure.ts';
import { type CrmType, crmTypes } from './object-types.ts';
import { versionOf } from './source-record.ts';
import { type CrmRecord, type SearchPage, searchPageSchema } from './wire.ts';

/** Rows of one search page, the most there is. */
export const searchPageSize = 200;

/** Rows that one query gives at all; the page after them is a 400. */
export const searchRowsMax = 10_000;

/** Characters of one search body; more is a 400. A long list of properties counts. */
export const searchBodyLengthMax = 3_000;

/** Times that one window is read again because rows moved between its pages. */
const passesMax = 3;

/** A window is cut into parts of this many expected rows: below the limit by the margin that uneven times need. */
const rowsAimed = 9_000;

const partsMax = 16;

/** Object ids are whole numbers that JSON numbers can hold. */
const idMax = Number.MAX_SAFE_INTEGER;

/** Records of a type that were changed in [fromMs, toMs), and of these the ones with an id in [fromId, toId). */
export interface SearchWindow {
  readonly type: CrmType;
  readonly fromMs: number;
  readonly toMs: number;
  readonly fromId?: number;
  readonly toId?: number;
}

interface SearchBody {
  readonly filterGroups: readonly [
    { readonly filters: readonly { propertyName: string; operator: string; value: string }[] },
  ];
  readonly sorts: readonly { propertyName: string; direction: 'DESCENDING' }[];
  readonly properties: readonly string[];
  readonly limit: number;
  readonly after?: string;
}

/**
 * The query of a window. It asks for the newest first, which is a wish and no promise: rows come up to an hour out of order
 * (estuary/connectors#5180), so nothing depends on it. Source: CRM search guide, 2026-09.
 */
function searchBody(window: SearchWindow, properties: readonly string[], after?: string): SearchBody {
  const modified = crmTypes[window.type].modifiedProperty;
  const filter = (propertyName: string, operator: string, value: number) => ({
    propertyName,
    operator,
    value: String(value),
  });
  return {
    filterGroups: [
      {
        filters: [
          // Epoch 0 is answered with 500.
          filter(modified, 'GTE', Math.max(1, window.fromMs)),
          filter(modified, 'LT', window.toMs),
          ...(window.fromId === undefined ? [] : [filter('hs_object_id', 'GTE', window.fromId)]),
          ...(window.toId === undefined ? [] : [filter('hs_object_id', 'LT', window.toId)]),
        ],
      },
    ],
    sorts: [{ propertyName: modified, direction: 'DESCENDING' }],
    properties,
    limit: searchPageSize,
    ...(after === undefined ? {} : { after }),
  };
}

/** Whether a search with these properties stays below the limit of the body, with the longest filters there can be. */
export function fitsSearch(type: CrmType, properties: readonly string[]): boolean {
  const longest = { type, fromMs: 9_999_999_999_999, toMs: 9_999_999_999_999, fromId: idMax, toId: idMax };
  return JSON.stringify(searchBody(longest, properties, String(searchRowsMax))).length <= searchBodyLengthMax;
}

export function searchPage(
  client: HubspotClient,
  window: SearchWindow,
  properties: readonly string[],
  after?: string,
): Promise<SearchPage> {
  const { path } = crmTypes[window.type];
  return callHubspot(
    client,
    {
      name: `POST ${path}/search`,
      bucket: 'search',
      method: 'POST',
      path: `/crm/objects/${apiVersion}/${path}/search`,
      body: searchBody(window, properties, after),
    },
    searchPageSchema,
  );
}

/**
 * Every record of the window, page by page, whose first page is already there. More rows than one query gives: the window is cut by
 * time, and a single millisecond by id. A record that is changed meanwhile leaves the window and moves the rows behind it up by one:
 * when fewer rows came than were counted, the window is read again. Rows may repeat.
 */
export async function* searchAll(
  client: HubspotClient,
  window: SearchWindow,
  properties: readonly string[],
  first: SearchPage,
): AsyncGenerator<readonly CrmRecord[]> {
  if (first.total > searchRowsMax) {
    yield* searchParts(client, window, properties, first);
    return;
  }
  let page = first;
  for (let pass = 1; ; pass += 1) {
    const start = page;
    const seen = new Set<string>();
    let most = page.total;
    let after: string | undefined;
    for (;;) {
      for (const record of page.results) seen.add(record.id);
      most = Math.max(most, page.total);
      yield page.results;
      const following = page.paging?.next?.after;
      if (following === undefined || page.results.length === 0) break;
      if (following === after) throw unavailable('HubSpot, search', 'the next page is the same page');
      if (Number(following) >= searchRowsMax) {
        // There are more rows than were counted, or than can be had.
        yield* searchParts(client, window, properties, start);
        return;
      }
      after = following;
      page = await searchPage(client, window, properties, after);
    }
    if (seen.size >= most || pass === passesMax) return;
    page = await searchPage(client, window, properties);
    if (page.total > searchRowsMax) {
      yield* searchParts(client, window, properties, page);
      return;
    }
  }
}

async function* searchParts(
  client: HubspotClient,
  window: SearchWindow,
  properties: readonly string[],
  first: SearchPage,
): AsyncGenerator<readonly CrmRecord[]> {
  for (const part of cutWindow(window, first.total, first.results))
    yield* searchAll(client, part, properties, await searchPage(client, part, properties));
}

/**
 * Cuts a window of too many rows into parts that together are the window: by time, or by id where all rows share one millisecond.
 * `rows` are those of the first page.
 */
export function cutWindow(window: SearchWindow, total: number, rows: readonly CrmRecord[]): SearchWindow[] {
  if (window.toMs - window.fromMs > 1) {
    const times = rows.map((row) => Date.parse(versionOf(window.type, row)));
    return cutRange(window.fromMs, window.toMs, total, times).map(([fromMs, toMs]) => ({
      ...window,
      fromMs,
      toMs,
    }));
  }
  const ids = rows.map((row) => Number(row.id));
  return cutRange(window.fromId ?? 0, window.toId ?? idMax, total, ids).map(([fromId, toId]) => ({
    ...window,
    fromId,
    toId,
  }));
}

/**
 * Parts of the range with some nine thousand rows each, as far as the first page's values tell. Halving would cost a call for each
 * halving: 27 for a day that ends in a millisecond, 53 for ids. Values that lie close together (an import, a workflow) get cuts around
 * them; a wrong guess costs calls and no rows, for each part is counted and cut again.
 */
function cutRange(from: number, to: number, total: number, values: readonly number[]): [number, number][] {
  if (to - from <= 1) throw unavailable('HubSpot, search', 'one record is counted many times');
  const parts = Math.min(partsMax, Math.max(2, Math.ceil(total / rowsAimed)));
  const inside = values.filter((value) => value >= from && value < to);
  const lowest = Math.min(...inside);
  const highest = Math.max(...inside);
  const span = Math.max(1, highest - lowest);
  const isEven = inside.length === 0 || (inside.length * (to - from)) / span <= 4 * total;
  if (isEven) return rangesBetween(from, to, evenCuts(from, to, parts));
  const reach = Math.ceil((2 * total * span) / inside.length);
  const around = evenCuts(Math.max(from, lowest - reach), Math.min(to, highest + 1 + reach), 2 * parts);
  return rangesBetween(from, to, [...around, lowest, highest + 1, (from + to) / 2]);
}

function evenCuts(from: number, to: number, parts: number): number[] {
  return Array.from({ length: parts - 1 }, (_, part) => from + ((to - from) * (part + 1)) / parts);
}

function rangesBetween(from: number, to: number, cuts: readonly number[]): [number, number][] {
  const inside = cuts.map(Math.floor).filter((cut) => cut > from && cut < to);
  const bounds = [...new Set([from, ...inside, to])].toSorted((left, right) => left - right);
  return bounds.slice(1).map((end, index): [number, number] => [bounds[index] ?? from, end]);
}
