import { type Instant, toInstant } from '../../kernel/dates.ts';
import type { ChangesRequest, KnownRecord } from '../connector.ts';
import type { HubspotClient } from './client.ts';
import { prefetchOne } from './map-concurrently.ts';
import type { CrmType } from './object-types.ts';
import { searchAll, searchPage, type SearchWindow } from './search-window.ts';
import { versionOf } from './source-record.ts';
import type { CrmRecord, SearchPage } from './wire.ts';

export interface RecentRequest {
  readonly type: CrmType;
  readonly properties: readonly string[];
  /** Search shows a change up to an hour late, so a read goes back behind the start of the last one. */
  readonly overlapFromMs: number;
  /** An earlier start to be tried where it brings few rows: what the stored records say of the CRM's own clock. */
  readonly earlierFromMs?: number;
  /** When the last read began. */
  readonly fromMs: number;
  readonly toMs: number;
}

export interface RecentRecord {
  readonly record: CrmRecord;
  /** What is stored of it; undefined: nothing. */
  readonly known: KnownRecord | undefined;
}

/** Five search pages: what an earlier start may cost in a CRM where nothing but records that nobody stored has changed for long. */
const earlierRowsMax = 1_000;

type Stored = Pick<ChangesRequest, 'known' | 'countKnown'>;

/**
 * The records of the window whose version is not the stored one, page by page. Where the number of rows is the number of stored
 * records of that time and the whole first page is stored as it is, the rest is not read.
 *
 * What that shortcut can miss: among more than 200 changes of one part of the window, a record that was changed twice in it, of
 * which search showed the first change in time and the second late, and not on the first page. A record that was changed since the
 * last read is never in the part that is skipped by count.
 */
export async function* recentRecords(
  client: HubspotClient,
  stored: Stored,
  request: RecentRequest,
): AsyncGenerator<readonly RecentRecord[]> {
  const { type, properties, overlapFromMs, earlierFromMs, fromMs, toMs } = request;
  if (earlierFromMs !== undefined && earlierFromMs < overlapFromMs) {
    const earlier = { type, fromMs: earlierFromMs, toMs };
    const earliest = await searchPage(client, earlier, properties);
    if (earliest.total <= earlierRowsMax || (await isStored(stored, earlier, earliest))) {
      yield* changedIn(client, stored, earlier, properties, earliest);
      return;
    }
  }
  const whole = { type, fromMs: overlapFromMs, toMs };
  const first = await searchPage(client, whole, properties);
  if (first.total <= first.results.length) {
    yield await changedOf(stored, type, first.results);
    return;
  }
  const knownOverlap = await countStored(stored, { type, fromMs: overlapFromMs, toMs: fromMs });
  if (knownOverlap === 0) {
    yield* changedIn(client, stored, whole, properties, first);
    return;
  }
  const recent: SearchWindow = { type, fromMs, toMs };
  const recentFirst = await searchPage(client, recent, properties);
  let movedOut = 0;
  for await (const page of changedIn(client, stored, recent, properties, recentFirst)) {
    movedOut += page.filter(({ known }) => known && isIn(known.version, overlapFromMs, fromMs)).length;
    yield page;
  }
  const overlapAsStored =
    first.total - recentFirst.total === knownOverlap - movedOut &&
    (
      await changedOf(
        stored,
        type,
        first.results.filter((record) => isIn(versionOf(type, record), 0, fromMs)),
      )
    ).length === 0;
  if (overlapAsStored) return;
  const overlap: SearchWindow = { type, fromMs: overlapFromMs, toMs: fromMs };
  yield* changedIn(client, stored, overlap, properties, await searchPage(client, overlap, properties));
}

async function* changedIn(
  client: HubspotClient,
  stored: Stored,
  window: SearchWindow,
  properties: readonly string[],
  first: SearchPage,
): AsyncGenerator<readonly RecentRecord[]> {
  if (await isStored(stored, window, first)) return;
  for await (const page of prefetchOne(searchAll(client, window, properties, first)))
    yield await changedOf(stored, window.type, page);
}

/** Whether the whole first page is stored as it is, and as many records of the window are stored as there are rows. */
async function isStored(stored: Stored, window: SearchWindow, first: SearchPage): Promise<boolean> {
  if ((await changedOf(stored, window.type, first.results)).length > 0) return false;
  return first.total <= first.results.length || first.total === (await countStored(stored, window));
}

/** The rows that are not stored with this version, or are stored as archived: search never shows archived ones. */
async function changedOf(stored: Stored, type: CrmType, rows: readonly CrmRecord[]): Promise<RecentRecord[]> {
  if (rows.length === 0) return [];
  const known = await stored.known(
    type,
    rows.map((row) => row.id),
  );
  return rows.flatMap((record) => {
    const before = known.get(record.id);
    const same = before && !before.archived && sameInstant(before.version, versionOf(type, record));
    return same ? [] : [{ record, known: before }];
  });
}

function countStored(stored: Stored, window: SearchWindow): Promise<number> {
  return stored.countKnown(window.type, toInstant(new Date(window.fromMs)), toInstant(new Date(window.toMs)));
}

function isIn(version: Instant, fromMs: number, toMs: number): boolean {
  const time = Date.parse(version);
  return time >= fromMs && time < toMs;
}

/** The store may write an instant otherwise than we do. */
function sameInstant(left: Instant, right: Instant): boolean {
  return left === right || Date.parse(left) === Date.parse(right);
}
