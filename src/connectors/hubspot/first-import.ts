import type { Instant } from '../../kernel/dates.ts';
import type { SourceRecord } from '../../model/source-record.ts';
import type { TributaryError } from '../../kernel/errors.ts';
import type { ChangesPage, ChangesRequest, UnreadRecord } from '../connector.ts';
import { readOwners } from './account.ts';
import type { HubspotClient } from './client.ts';
import { cursorToJson, type ImportCursor } from './cursor.ts';
import { completeInline } from './deal-associations.ts';
import { unreadOf } from './failure.ts';
import { listRecords } from './list-records.ts';
import { prefetchOne } from './map-concurrently.ts';
import { type CrmType, isCrmType, propertiesWanted } from './object-types.ts';
import { fromRemote, goneByMerge } from './source-record.ts';
import type { CrmRecord } from './wire.ts';

/** List pages of 100 that make one page for the caller: as many deals as one hydration takes. */
const listPagesPerPage = 20;

export interface ListedGroup {
  readonly records: readonly SourceRecord[];
  readonly unread: readonly UnreadRecord[];
  readonly after: string | null;
}

/**
 * The first import: every deal by list, whole with its associations, then the types that are wanted whole. A list costs a call a
 * hundred records, knows no limit of ten thousand and stays complete while records change; what changes behind it, the next pull
 * finds from `startedAt` on. One group of pages is read ahead while the caller stores the last.
 */
export async function* firstImport(
  client: HubspotClient,
  request: ChangesRequest,
  cursor: ImportCursor,
): AsyncGenerator<ChangesPage> {
  const types: CrmType[] = [
    'deal',
    ...request.wholeTypes.filter(isCrmType).filter((type) => type !== 'deal'),
  ];
  const remaining = types.slice(Math.max(0, types.indexOf(cursor.type)));
  let owners = cursor.type === 'deal' && cursor.after === null ? await readOwners(client) : [];
  for (const [index, type] of remaining.entries()) {
    const start = index === 0 ? cursor.after : null;
    const following = remaining[index + 1];
    for await (const group of prefetchOne(listGroups(client, request, type, start))) {
      const next =
        group.after !== null
          ? importCursor(type, group.after, cursor.startedAt)
          : following
            ? importCursor(following, null, cursor.startedAt)
            : cursorToJson({
                phase: 'changes',
                readStartedAt: cursor.startedAt,
                archivedReadAt: null,
                listedAt: cursor.startedAt,
                listAfter: null,
                comparedAfter: null,
              });
      yield {
        records: [...owners, ...group.records],
        gone: group.records.flatMap(goneByMerge),
        unread: group.unread,
        cursor: next,
      };
      owners = [];
    }
  }
}

function importCursor(type: CrmType, after: string | null, startedAt: Instant): ChangesPage['cursor'] {
  return cursorToJson({ phase: 'import', type, after, startedAt });
}

/**
 * Deals come with their associations; one whose properties cannot be read, as a summary of what is listed of it. Always at least one group, so that an empty account has a last page, too.
 */
export async function* listGroups(
  client: HubspotClient,
  request: ChangesRequest,
  type: CrmType,
  start: string | null,
): AsyncGenerator<ListedGroup> {
  let listed: CrmRecord[] = [];
  let failed: [CrmRecord, TributaryError][] = [];
  let pages = 0;
  const list = listRecords(client, {
    type,
    properties: propertiesWanted(type, request.properties[type]),
    associations: type === 'deal' ? ['company', 'contact', 'line_item'] : [],
    archived: false,
    after: start,
    unread: request.unread?.[type],
  });
  for await (const page of list) {
    listed.push(...page.records);
    failed.push(...page.failed);
    pages += 1;
    if (page.after !== null && pages < listPagesPerPage) continue;
    const whole = await decodeListed(client, type, listed, request.unread?.[type]);
    const summaries = type === 'deal' ? failed.map(([record]) => fromRemote(client, type, record)) : [];
    const unread = failed.map(([{ id }, error]) => unreadOf(type, id, error));
    yield { records: [...whole, ...summaries], unread, after: page.after };
    listed = [];
    failed = [];
    pages = 0;
  }
}

async function decodeListed(
  client: HubspotClient,
  type: CrmType,
  listed: readonly CrmRecord[],
  unread: ReadonlySet<string> | undefined,
): Promise<SourceRecord[]> {
  if (type !== 'deal') return listed.map((record) => fromRemote(client, type, record));
  const associations = await completeInline(client, listed, unread);
  return listed.map((deal) => fromRemote(client, type, deal, associations.get(deal.id) ?? null));
}
