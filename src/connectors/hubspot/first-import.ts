import type { Instant } from '../../kernel/dates.ts';
import type { SourceRecord } from '../../model/source-record.ts';
import type { ChangesPage, ChangesRequest } from '../connector.ts';
import { readOwners } from './account.ts';
import type { HubspotClient } from './client.ts';
import { cursorToJson, type ImportCursor } from './cursor.ts';
import { completeInline } from './deal-associations.ts';
import { listRecords } from './list-records.ts';
import { prefetchOne } from './map-concurrently.ts';
import { type CrmType, isCrmType, propertiesWanted } from './object-types.ts';
import { fromRemote, goneByMerge } from './source-record.ts';
import type { CrmRecord } from './wire.ts';

/** List pages of 100 that make one page for the caller: as many deals as one hydration takes. */
const listPagesPerPage = 20;

export interface ListedGroup {
  readonly records: readonly SourceRecord[];
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
        cursor: next,
      };
      owners = [];
    }
  }
}

function importCursor(type: CrmType, after: string | null, startedAt: Instant): ChangesPage['cursor'] {
  return cursorToJson({ phase: 'import', type, after, startedAt });
}

/** Deals come with their associations. Always at least one group, so that an empty account has a last page, too. */
export async function* listGroups(
  client: HubspotClient,
  request: ChangesRequest,
  type: CrmType,
  start: string | null,
): AsyncGenerator<ListedGroup> {
  let listed: CrmRecord[] = [];
  let pages = 0;
  const list = listRecords(client, {
    type,
    properties: propertiesWanted(type, request.properties[type]),
    associations: type === 'deal' ? ['company', 'contact', 'line_item'] : [],
    archived: false,
    after: start,
  });
  for await (const page of list) {
    listed.push(...page.records);
    pages += 1;
    if (page.after !== null && pages < listPagesPerPage) continue;
    yield { records: await decodeListed(client, type, listed), after: page.after };
    listed = [];
    pages = 0;
  }
}

async function decodeListed(
  client: HubspotClient,
  type: CrmType,
  listed: readonly CrmRecord[],
): Promise<SourceRecord[]> {
  if (type !== 'deal') return listed.map((record) => fromRemote(client, type, record));
  const associations = await completeInline(client, listed);
  return listed.map((deal) => fromRemote(client, type, deal, associations.get(deal.id) ?? null));
}
