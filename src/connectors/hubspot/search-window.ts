import { callHubspot, type HubspotClient } from './client.ts';
import { apiVersion } from './endpoint.ts';
import { unavailable } from './failure.ts';
import { type CrmType, crmTypes } from './object-types.ts';
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
    const ids = first.results.map((record) => record.id);
    for (const part of cutWindow(window, first.total, ids)) {
      const page = await searchPage(client, part, properties);
      yield* searchAll(client, part, properties, page);
    }
    return;
  }
  let page = first;
  for (let pass = 1; ; pass += 1) {
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
      // Rows beyond the limit came in meanwhile; the count below notices.
      if (Number(following) >= searchRowsMax) break;
      after = following;
      page = await searchPage(client, window, properties, after);
    }
    if (seen.size >= most || pass === passesMax) return;
    page = await searchPage(client, window, properties);
    if (page.total > searchRowsMax) {
      yield* searchAll(client, window, properties, page);
      return;
    }
  }
}

/**
 * Cuts a window of too many rows into parts that together are the window: by time, or by id where all rows share one millisecond.
 * `ids` are those of the first page.
 */
export function cutWindow(window: SearchWindow, total: number, ids: readonly string[]): SearchWindow[] {
  const parts = Math.min(partsMax, Math.max(2, Math.ceil(total / rowsAimed)));
  if (window.toMs - window.fromMs > 1) {
    return rangesBetween(window.fromMs, window.toMs, evenCuts(window.fromMs, window.toMs, parts)).map(
      ([fromMs, toMs]) => ({ ...window, fromMs, toMs }),
    );
  }
  const fromId = window.fromId ?? 0;
  const toId = window.toId ?? idMax;
  if (toId - fromId <= 1) throw unavailable('HubSpot, search', 'one record is counted many times');
  const cuts = [...cutsAround(ids.map(Number).filter(Number.isSafeInteger), parts), (fromId + toId) / 2];
  return rangesBetween(fromId, toId, cuts).map(([from, to]) => ({ ...window, fromId: from, toId: to }));
}

function evenCuts(from: number, to: number, parts: number): number[] {
  return Array.from({ length: parts - 1 }, (_, part) => from + ((to - from) * (part + 1)) / parts);
}

/**
 * Ids can lie anywhere between zero and 9 × 10^15, so halving would make some fifty calls. The ids of a first page tell their scale:
 * cut evenly between them, and in steps that grow fourfold on either side.
 */
function cutsAround(ids: readonly number[], parts: number): number[] {
  const lowest = Math.min(...ids);
  const highest = Math.max(...ids);
  if (ids.length === 0) return [];
  const span = Math.max(1, highest - lowest);
  const steps = Array.from({ length: partsMax }, (_, step) => span * 4 ** step);
  return [
    ...evenCuts(lowest, highest + 1, parts),
    lowest,
    highest + 1,
    ...steps.flatMap((step) => [lowest - step, highest + step]),
  ];
}

function rangesBetween(from: number, to: number, cuts: readonly number[]): [number, number][] {
  const inside = cuts.map(Math.floor).filter((cut) => cut > from && cut < to);
  const bounds = [...new Set([from, ...inside, to])].toSorted((left, right) => left - right);
  return bounds.slice(1).map((end, index): [number, number] => [bounds[index] ?? from, end]);
}
