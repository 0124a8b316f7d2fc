import { toInstant } from '../../kernel/dates.ts';
import type { Json } from '../../kernel/json.ts';
import { type ChangesPage, type ChangesRequest, hydrateDealsMax } from '../connector.ts';
import { readOwners } from './account.ts';
import { archivedCallsOften, type ArchivedRead, readArchived } from './archived-records.ts';
import { readAssociations } from './associations.ts';
import type { HubspotClient } from './client.ts';
import { type ChangesCursor, cursorToJson } from './cursor.ts';
import { readDealAssociations, sameAssociations } from './deal-associations.ts';
import { unreadOf } from './failure.ts';
import { listGroups } from './first-import.ts';
import { readType, type TypeRead } from './hydrate.ts';
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
 * What was changed since the last pull: owners, deals, what was archived and restored, what could not be read before, then line items,
 * companies, contacts and products. The order matters: the caller stores and hydrates the deals of a page before the next is made, so
 * that the later searches find what came with them already stored. Window: from an hour before the last read began, or from the newest
 * stored change of a deal where that is earlier: a vendor's clock behind ours would otherwise hide every change.
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
  yield* unreadBefore(read);
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
    yield { records: [], gone: [], unread: [], cursor: cursorToJson(done) };
    return;
  }
  const listedAt = done.listAfter === null ? done.readStartedAt : done.listedAt;
  for await (const group of prefetchOne(listGroups(read.client, read.request, 'deal', done.listAfter))) {
    yield {
      ...pageOf(read, group),
      cursor: cursorToJson({ ...done, listedAt, listAfter: group.after }),
    };
  }
}

function pageOf(read: Read, { records = [], gone = [], unread = [] }: Partial<TypeRead>): ChangesPage {
  return { records, gone: [...gone, ...records.flatMap(goneByMerge)], unread, cursor: read.keep };
}

function* pageUnlessEmpty(read: Read, found: TypeRead): Generator<ChangesPage> {
  if (found.records.length + found.gone.length + found.unread.length > 0) yield pageOf(read, found);
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
  if (changed.length > 0) yield pageOf(read, { records: changed });
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
 * those of the facts alone and all are read by batch: a deal must not be passed over for a property that was not asked for.
 */
async function* changedDeals(read: Read): AsyncGenerator<ChangesPage> {
  const properties = propertiesWanted('deal', read.request.properties.deal);
  const fit = fitsSearch('deal', properties);
  for await (const rows of recentPages(read, 'deal', fit ? properties : crmTypes.deal.factProperties)) {
    const summaries = rows.map(({ record }) => fromRemote(read.client, 'deal', record));
    const found: TypeRead = fit
      ? { records: summaries, gone: [], unread: [] }
      : await readDeals(
          read,
          rows.map(({ record }) => record.id),
        );
    const failed = new Set(found.unread.map(({ id }) => id));
    const deals = [...found.records, ...(fit ? [] : summaries.filter(({ id }) => failed.has(id)))];
    for (const { id } of deals) read.fresh.add(id);
    for (const id of deals.flatMap((deal) => deal.mergedIds)) read.merged.add(id);
    yield pageOf(read, { ...found, records: deals });
  }
}

function readDeals(read: Read, ids: readonly string[]): Promise<TypeRead> {
  return readType(read.client, read.request, 'deal', ids);
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
  const unread = reads.flatMap((archived) => archived.unread);
  yield* pageUnlessEmpty(read, { records: restored, gone, unread });
  const calls = reads.reduce((sum, archived) => sum + archived.calls, 0);
  return calls > archivedCallsOften ? toInstant(new Date(read.startedAtMs)) : null;
}

/** Deals whose associations are not those that are stored, to be read again. Returns the cursor's `comparedAfter`. */
async function* changedAssociations(read: Read): AsyncGenerator<ChangesPage, string | null> {
  let after = read.cursor.comparedAfter;
  for (let compared = 0; compared < comparedDealsMax; compared += hydrateDealsMax) {
    const stored = (await read.request.wholeDeals?.(after, hydrateDealsMax)) ?? [];
    const old = stored.filter(({ id }) => !read.fresh.has(id));
    const ids = old.map(({ id }) => id);
    const { found, failed } = await readDealAssociations(read.client, ids);
    const swapped = old.filter(({ id, associations }) => {
      const now = found.get(id);
      return now !== undefined && !sameAssociations(now, associations);
    });
    const deals = await readDeals(
      read,
      swapped.map(({ id }) => id),
    );
    const unread = [...failed].map(([id, error]) => unreadOf('deal', id, error));
    yield* pageUnlessEmpty(read, { ...deals, unread: [...deals.unread, ...unread] });
    after = stored.length < hydrateDealsMax ? null : (stored.at(-1)?.id ?? null);
    if (after === null) break;
  }
  return after;
}

/**
 * What could not be read in an earlier pull, and is asked for by no deal that is: of a line item its deals, too. Deals are asked for as
 * long as they are not whole.
 */
async function* unreadBefore(read: Read): AsyncGenerator<ChangesPage> {
  for (const type of ['line_item', 'company', 'contact', 'product'] as const) {
    const before = [...(read.request.unread?.[type] ?? [])];
    const found = await readType(read.client, read.request, type, before);
    if (type !== 'line_item') {
      yield* pageUnlessEmpty(read, found);
      continue;
    }
    const deals = await dealsOfLines(
      read,
      found.records.filter(({ archived }) => !archived).map(({ id }) => id),
    );
    const failed = new Set(deals.unread.map(({ type: failedType, id }) => `${failedType}:${id}`));
    const lines = found.records.filter(({ id }) => !failed.has(`line_item:${id}`));
    yield* pageUnlessEmpty(read, {
      records: [...lines, ...deals.records],
      gone: [...found.gone, ...deals.gone],
      unread: [...found.unread, ...deals.unread],
    });
  }
}

/** Known line items come as they are now; unknown ones may be new lines of known deals, which then have to be read again. */
async function* changedLineItems(read: Read): AsyncGenerator<ChangesPage> {
  const before = new Set(read.request.unread?.line_item);
  for await (const rows of recentPages(read, 'line_item', searchedProperties(read, 'line_item'))) {
    const known = rows.filter((row) => row.known !== undefined);
    const unknown = rows
      .filter((row) => row.known === undefined && !before.has(row.record.id))
      .map(({ record }) => record.id);
    const lines = await wholeOf(read, 'line_item', known);
    const deals = await dealsOfLines(read, unknown);
    yield* pageUnlessEmpty(read, {
      records: [...lines.records, ...deals.records],
      gone: [...lines.gone, ...deals.gone],
      unread: [...lines.unread, ...deals.unread],
    });
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
async function wholeOf(read: Read, type: CrmType, rows: readonly RecentRecord[]): Promise<TypeRead> {
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
  return { ...rest, records: [...records, ...rest.records] };
}

/** The stored deals of these lines, as they are now. A line whose deals cannot be told is unread. */
async function dealsOfLines(read: Read, lineIds: readonly string[]): Promise<TypeRead> {
  if (lineIds.length === 0) return { records: [], gone: [], unread: [] };
  const { unread } = read.request;
  const associations = await readAssociations(read.client, 'line_item', 'deal', lineIds, unread?.line_item);
  const dealIds = new Set([...associations.found.values()].flatMap((deals) => deals.map(({ id }) => id)));
  const known = await read.request.known('deal', [...dealIds]);
  // A deal that is not stored comes by its own change.
  const deals = await readDeals(
    read,
    [...dealIds].filter((id) => known.get(id)?.archived === false),
  );
  const lines = [...associations.failed].map(([id, error]) => unreadOf('line_item', id, error));
  return { ...deals, unread: [...deals.unread, ...lines] };
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
    yield* pageUnlessEmpty(read, await wholeOf(read, type, wanted));
  }
}
