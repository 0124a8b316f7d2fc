import { toInstant } from '../../kernel/dates.ts';
import type { Json } from '../../kernel/json.ts';
import type { GoneRecord, SourceRecord } from '../../model/source-record.ts';
import { type ChangesPage, type ChangesRequest, hydrateDealsMax } from '../connector.ts';
import { readOwners } from './account.ts';
import { archivedCallsOften, type ArchivedRead, readArchived } from './archived-records.ts';
import { readAssociations } from './associations.ts';
import { readFound } from './batch-read.ts';
import type { HubspotClient } from './client.ts';
import { type ChangesCursor, cursorToJson } from './cursor.ts';
import { readDealAssociations, sameAssociations } from './deal-associations.ts';
import { listGroups } from './first-import.ts';
import { readType } from './hydrate.ts';
import { prefetchOne } from './map-concurrently.ts';
import { type CrmType, crmTypes, propertiesWanted } from './object-types.ts';
import { type RecentRecord, recentRecords } from './recent-records.ts';
import { fitsSearch } from './search-window.ts';
import { fromRemote, goneByMerge } from './source-record.ts';

/** How late search may show a change: "a few moments" in the guide, up to an hour in estuary/connectors#5180. */
const overlapMs = 3_600_000;

/** Large recycle bins are read this often. */
const archivedEveryMs = 3_600_000;

/**
 * All deals are listed anew this often, a call a hundred deals: 1,000 calls a day for 100,000 deals, of a quota of 250,000 at the least.
 * What no search tells is found then: a company that was added to a deal without the deal being changed, or a row that search lost.
 */
const listEveryMs = 24 * 3_600_000;

/**
 * Deals of a pull whose associations are compared with the stored ones: three calls a thousand, at most 30 a pull, 8,640 a day at a
 * pull every five minutes, of an own quota of 500,000. Larger portals are gone through in turns.
 */
const comparedDealsMax = 10_000;

interface Read {
  readonly client: HubspotClient;
  readonly request: ChangesRequest;
  readonly cursor: ChangesCursor;
  /** The cursor of every page but the last: a pull that ends half-way reads its window again and finds what is stored in it. */
  readonly keep: Json;
  readonly startedAtMs: number;
  /** The newest change of a deal that was stored when this pull began: HubSpot's clock as far as it has been seen. */
  readonly newestDealMs: number | null;
  /** Ids of deals that came in this pull, with associations of now. */
  readonly fresh: Set<string>;
  /** Ids of deals that were merged away, as survivors tell. */
  readonly merged: Set<string>;
}

/**
 * What was changed since the last pull: owners, deals, what was archived and restored, then line items, companies, contacts and
 * products. The order matters: the caller stores and hydrates the deals of a page before the next is made, so that the later
 * searches find what came with them already stored. Window: from an hour before the last read began, or from the newest stored
 * change of a deal where that is earlier: a vendor's clock behind ours would otherwise hide every change.
 *
 * HubSpot does not document whether a changed association changes the deal. The associations of the stored deals are therefore compared
 * in every pull, and new line items bring their deals.
 */
export async function* recentChanges(
  client: HubspotClient,
  request: ChangesRequest,
  cursor: ChangesCursor,
): AsyncGenerator<ChangesPage> {
  const newestDeal = (await request.newestKnown?.('deal')) ?? null;
  const read: Read = {
    client,
    request,
    cursor,
    keep: cursorToJson(cursor),
    startedAtMs: request.now().getTime(),
    newestDealMs: newestDeal === null ? null : Date.parse(newestDeal),
    fresh: new Set(),
    merged: new Set(),
  };
  yield* changedOwners(read);
  yield* changedDeals(read);
  const archivedReadAt = yield* changedArchives(read);
  const comparedAfter = yield* changedAssociations(read);
  yield* changedLineItems(read);
  for (const type of ['company', 'contact', 'product'] as const) yield* changedRelated(read, type);
  yield* listedDeals(read, {
    ...cursor,
    readStartedAt: toInstant(new Date(read.startedAtMs)),
    archivedReadAt,
    comparedAfter,
  });
}

/** Ends the pull: with the cursor of the next one, after all deals were listed when that is due. */
async function* listedDeals(read: Read, done: ChangesCursor): AsyncGenerator<ChangesPage> {
  const due = read.startedAtMs - Date.parse(done.listedAt) >= listEveryMs;
  if (!due && done.listAfter === null) {
    yield { records: [], gone: [], cursor: cursorToJson(done) };
    return;
  }
  const listedAt = done.listAfter === null ? done.readStartedAt : done.listedAt;
  for await (const group of prefetchOne(listGroups(read.client, read.request, 'deal', done.listAfter))) {
    yield {
      ...pageOf(read, group.records),
      cursor: cursorToJson({ ...done, listedAt, listAfter: group.after }),
    };
  }
}

function pageOf(read: Read, records: readonly SourceRecord[], gone: readonly GoneRecord[] = []): ChangesPage {
  return { records, gone: [...gone, ...records.flatMap(goneByMerge)], cursor: read.keep };
}

async function* changedOwners(read: Read): AsyncGenerator<ChangesPage> {
  const owners = await readOwners(read.client);
  const known = await read.request.known(
    'owner',
    owners.map((owner) => owner.id),
  );
  const changed = owners.filter((owner) => {
    const before = known.get(owner.id);
    return (
      !before ||
      before.archived !== owner.archived ||
      Date.parse(before.version) !== Date.parse(owner.updatedAt)
    );
  });
  if (changed.length > 0) yield pageOf(read, changed);
}

/** Changed records of one type in this pull's window, gathered to pages that the caller can take in one piece. */
async function* recentPages(
  read: Read,
  type: CrmType,
  properties: readonly string[],
): AsyncGenerator<readonly RecentRecord[]> {
  const fromMs = Date.parse(read.cursor.readStartedAt);
  const overlapFromMs = fromMs - overlapMs;
  const earlierFromMs = Math.min(overlapFromMs, read.newestDealMs ?? overlapFromMs);
  const pages = recentRecords(read.client, read.request, {
    type,
    properties,
    // Every deal is stored, so that an earlier start brings no row twice but those of the newest stored time. Of the other types
    // only some are stored: there the earlier start is an attempt.
    ...(type === 'deal' ? { overlapFromMs: earlierFromMs } : { overlapFromMs, earlierFromMs }),
    fromMs,
    // Beyond the start: HubSpot's clock may be ahead of ours.
    toMs: read.startedAtMs + overlapMs,
  });
  let gathered = new Map<string, RecentRecord>();
  for await (const page of pages) {
    for (const row of page) gathered.set(row.record.id, row);
    if (gathered.size < hydrateDealsMax - searchPageMargin) continue;
    yield [...gathered.values()];
    gathered = new Map();
  }
  if (gathered.size > 0) yield [...gathered.values()];
}

/** One more search page still fits. */
const searchPageMargin = 200;

/**
 * Deals as summaries with the properties that decide whether they are wanted. When these do not fit a search body the rows come with
 * ids alone and the properties are read by batch: a deal must not be passed over for a property that was not asked for.
 */
async function* changedDeals(read: Read): AsyncGenerator<ChangesPage> {
  const properties = propertiesWanted('deal', read.request.properties.deal);
  const fit = fitsSearch('deal', properties);
  for await (const rows of recentPages(read, 'deal', fit ? properties : crmTypes.deal.factProperties)) {
    const records = fit
      ? rows.map(({ record }) => record)
      : await readFound(
          read.client,
          'deal',
          rows.map(({ record }) => record.id),
          properties,
        );
    const deals = records.map((record) => fromRemote(read.client, 'deal', record));
    for (const { id } of deals) read.fresh.add(id);
    for (const id of deals.flatMap((deal) => deal.mergedIds)) read.merged.add(id);
    yield pageOf(read, deals);
  }
}

/** Returns when the bins were read, or null when they are small enough for every pull. */
async function* changedArchives(read: Read): AsyncGenerator<ChangesPage, ChangesCursor['archivedReadAt']> {
  const { archivedReadAt } = read.cursor;
  if (archivedReadAt !== null && read.startedAtMs - Date.parse(archivedReadAt) < archivedEveryMs)
    return archivedReadAt;
  const reads: ArchivedRead[] = [];
  for (const type of ['deal', 'line_item'] as const)
    reads.push(await readArchived(read.client, read.request, type, read.merged));
  const restored = reads.flatMap((archived) => archived.restored);
  const gone = reads.flatMap((archived) => archived.gone);
  if (restored.length + gone.length > 0) yield pageOf(read, restored, gone);
  const calls = reads.reduce((sum, archived) => sum + archived.calls, 0);
  return calls > archivedCallsOften ? toInstant(new Date(read.startedAtMs)) : null;
}

/**
 * Deals whose associations are not those that are stored, to be read again. One whose associations cannot be read now keeps
 * what is stored of it: the next turn comes to it again. Returns the cursor's `comparedAfter`.
 */
async function* changedAssociations(read: Read): AsyncGenerator<ChangesPage, string | null> {
  let after = read.cursor.comparedAfter;
  for (let compared = 0; compared < comparedDealsMax; compared += hydrateDealsMax) {
    const stored = (await read.request.wholeDeals?.(after, hydrateDealsMax)) ?? [];
    const old = stored.filter(({ id }) => !read.fresh.has(id));
    const ids = old.map(({ id }) => id);
    const { found } = await readDealAssociations(read.client, ids);
    const swapped = old.filter(({ id, associations }) => {
      const now = found.get(id);
      return now !== undefined && !sameAssociations(now, associations);
    });
    const records = await readFound(
      read.client,
      'deal',
      swapped.map(({ id }) => id),
      propertiesWanted('deal', read.request.properties.deal),
    );
    if (records.length > 0)
      yield pageOf(
        read,
        records.map((record) => fromRemote(read.client, 'deal', record)),
      );
    after = stored.length < hydrateDealsMax ? null : (stored.at(-1)?.id ?? null);
    if (after === null) break;
  }
  return after;
}

/** Known line items come as they are now; unknown ones may be new lines of known deals, which then have to be read again. */
async function* changedLineItems(read: Read): AsyncGenerator<ChangesPage> {
  for await (const rows of recentPages(read, 'line_item', searchedProperties(read, 'line_item'))) {
    const known = rows.filter((row) => row.known !== undefined);
    const unknown = rows.filter((row) => row.known === undefined).map(({ record }) => record.id);
    const lines = await wholeOf(read, 'line_item', known);
    const deals = await dealsOfLines(read, unknown);
    if (lines.records.length + lines.gone.length + deals.length > 0)
      yield pageOf(read, [...lines.records, ...deals], lines.gone);
  }
}

/** Everything that is wanted of the type, or what a version takes where that does not fit a search body. */
function searchedProperties(read: Read, type: CrmType): readonly string[] {
  const wanted = propertiesWanted(type, read.request.properties[type]);
  return fitsSearch(type, wanted) ? wanted : crmTypes[type].factProperties;
}

/**
 * The rows as records. One that came without a property that is wanted is read by batch: whether the property is empty or deleted
 * only that tells.
 */
async function wholeOf(
  read: Read,
  type: CrmType,
  rows: readonly RecentRecord[],
): Promise<{ readonly records: readonly SourceRecord[]; readonly gone: readonly GoneRecord[] }> {
  const wanted = propertiesWanted(type, read.request.properties[type]);
  const isWhole = ({ record: { properties } }: RecentRecord): boolean =>
    wanted.every((name) => properties?.[name] !== undefined);
  const records = rows.filter(isWhole).map(({ record }) => fromRemote(read.client, type, record));
  const rest = await readType(
    read.client,
    read.request,
    type,
    rows.filter((row) => !isWhole(row)).map(({ record }) => record.id),
  );
  return { records: [...records, ...rest.records], gone: rest.gone };
}

async function dealsOfLines(read: Read, lineIds: readonly string[]): Promise<SourceRecord[]> {
  if (lineIds.length === 0) return [];
  const associations = await readAssociations(read.client, 'line_item', 'deal', lineIds);
  const [failure] = associations.failed.values();
  if (failure) throw failure;
  const dealIds = new Set([...associations.found.values()].flatMap((deals) => deals.map(({ id }) => id)));
  const known = await read.request.known('deal', [...dealIds]);
  // A deal that is not stored comes by its own change.
  const records = await readFound(
    read.client,
    'deal',
    [...dealIds].filter((id) => known.get(id)?.archived === false),
    propertiesWanted('deal', read.request.properties.deal),
  );
  return records.map((record) => fromRemote(read.client, 'deal', record));
}

/** Companies, contacts and products: those that are stored, or every one where the whole type is wanted. */
async function* changedRelated(
  read: Read,
  type: 'company' | 'contact' | 'product',
): AsyncGenerator<ChangesPage> {
  const whole = read.request.wholeTypes.includes(type);
  for await (const rows of recentPages(read, type, searchedProperties(read, type))) {
    const merges = rows.map(({ record }) => fromRemote(read.client, type, record)).flatMap(goneByMerge);
    const mergedIds = merges.map(({ id }) => id);
    const mergedKnown =
      mergedIds.length > 0 ? await read.request.known(type, mergedIds) : new Map<string, never>();
    const survivors = new Set(
      merges.filter(({ id }) => mergedKnown.has(id)).map(({ survivorId }) => survivorId),
    );
    const wanted = rows.filter(
      ({ known, record }) => whole || known !== undefined || survivors.has(record.id),
    );
    const changed = await wholeOf(read, type, wanted);
    if (changed.records.length + changed.gone.length > 0) yield pageOf(read, changed.records, changed.gone);
  }
}
