import type { GoneRecord, SourceRecord } from '../../model/source-record.ts';
import type { ChangesRequest, UnreadRecord } from '../connector.ts';
import { batchReadInputsMax, readFound } from './batch-read.ts';
import type { HubspotClient } from './client.ts';
import { unreadOf } from './failure.ts';
import { listRecords } from './list-records.ts';
import { type CrmType, crmTypes, propertiesWanted } from './object-types.ts';
import { fromRemote } from './source-record.ts';
import type { CrmRecord } from './wire.ts';

/** Calls for the recycle bins that every pull makes; larger bins are read at most once an hour. */
export const archivedCallsOften = 10;

export interface ArchivedRead {
  readonly gone: readonly GoneRecord[];
  /** Records that were stored as archived and are not any more. */
  readonly restored: readonly SourceRecord[];
  /** Of these it cannot be told whether they were restored or are gone for good. */
  readonly unread: readonly UnreadRecord[];
  readonly calls: number;
}

/**
 * Compares the recycle bin with what is stored. Search never shows archived records and archiving moves no date, so the bin is
 * listed whole (HubSpot empties it after 90 days). A record that is stored as archived and not in the bin was restored or is gone for
 * good: a batch read tells which. `merged` are ids that this pull knows as merged away: they are no deletions.
 */
export async function readArchived(
  client: HubspotClient,
  request: ChangesRequest,
  type: CrmType,
  merged: ReadonlySet<string>,
): Promise<ArchivedRead> {
  const gone: GoneRecord[] = [];
  const inBin = new Set<string>();
  let calls = 0;
  const list = listRecords(client, {
    type,
    properties: [crmTypes[type].modifiedProperty],
    associations: [],
    archived: true,
    after: null,
  });
  for await (const page of list) {
    calls += 1;
    const ids = page.records
      .filter(saysArchived)
      .map((record) => record.id)
      .filter((id) => !merged.has(id));
    for (const id of ids) inBin.add(id);
    const known = ids.length > 0 ? await request.known(type, ids) : new Map<string, never>();
    for (const id of ids) {
      if (known.get(id)?.archived === false) gone.push({ type, id, reason: 'archived', survivorId: null });
    }
  }
  const outside = (await (request.archivedIds?.(type) ?? [])).filter((id) => !inBin.has(id));
  const failedBefore = request.unread?.[type];
  const { found, failed } = await readFound(
    client,
    type,
    outside,
    propertiesWanted(type, request.properties[type]),
    failedBefore,
  );
  const restored = found.map((record) => fromRemote(client, type, record));
  const there = new Set(found.map(({ id }) => id));
  for (const id of outside) {
    if (failedBefore?.has(id) === true && !failed.has(id) && !there.has(id))
      gone.push({ type, id, reason: 'deleted', survivorId: null });
  }
  const unread = [...failed].map(([id, error]) => unreadOf(type, id, error));
  return { gone, restored, unread, calls: calls + Math.ceil(outside.length / batchReadInputsMax) };
}

/** A proxy or an older region that leaves the parameter out of account lists the living: no deal is gone by that. */
function saysArchived(record: CrmRecord): boolean {
  return record.archived !== false;
}
