import { isTributaryError, TributaryError } from '../../kernel/errors.ts';
import { callHubspot, type HubspotClient } from './client.ts';
import { apiVersion } from './endpoint.ts';
import { isolateFailures, noRecordId } from './isolate-failures.ts';
import { type CrmType, crmTypes } from './object-types.ts';
import { batchSchema, type CrmRecord, crmRecordSchema } from './wire.ts';

/** Inputs of one batch read; more is a 400. */
export const batchReadInputsMax = 100;

/** Reads at work at once. Six keep the general bucket full at HubSpot's usual answer times and leave room for others. */
export const readsConcurrentMax = 6;

/** What became of the ids that were asked for: each one is in exactly one of the parts. */
export interface BatchRead {
  readonly found: readonly CrmRecord[];
  /** In the recycle bin, with their properties. */
  readonly archived: readonly CrmRecord[];
  /** Old id → the record that it was merged into. */
  readonly merged: ReadonlyMap<string, CrmRecord>;
  /** Not there any more, or never. */
  readonly missing: readonly string[];
  /** Refused one by one, or not answered for: what is wrong with them concerns no other record. */
  readonly failed: ReadonlyMap<string, TributaryError>;
}

/**
 * Reads records by id, a hundred a call. A batch read leaves out ids without a word, so what came is compared with what was asked
 * for: the rest is looked up in the recycle bin, and what is not there either, one by one, because only the single read follows a
 * merge. A record for which alone HubSpot stays unavailable fails alone, and one of `unread` by a single try.
 * Errors: vendor_auth, vendor_rate_limited, vendor_unavailable, for the whole batch.
 */
export async function batchRead(
  client: HubspotClient,
  type: CrmType,
  ids: readonly string[],
  properties: readonly string[],
  unread: ReadonlySet<string> = noneUnread,
): Promise<BatchRead> {
  const asked = [...new Set(ids)];
  const failed = new Map<string, TributaryError>();
  const inBatches = async <Result>(
    inputs: readonly string[],
    batchSize: number,
    read: (asking: HubspotClient, batch: readonly string[]) => Promise<Result>,
  ): Promise<readonly Result[]> => {
    const isolated = await isolateFailures(client, { ...isolationOf(inputs, unread), batchSize, read });
    for (const [id, error] of isolated.failed) failed.set(id, error);
    return isolated.results;
  };
  const readMany = async (wanted: readonly string[], archived: boolean): Promise<CrmRecord[]> => {
    const batches = await inBatches(wanted, batchReadInputsMax, (asking, batch) =>
      readBatch(asking, type, batch, properties, archived),
    );
    return batches.flat();
  };
  const found = await readMany(asked, false);
  const omitted = without(asked, found).filter((id) => !failed.has(id));
  const archived = await readMany(omitted, true);
  const unclear = without(omitted, archived).filter((id) => !failed.has(id));
  const late: CrmRecord[] = [];
  const merged = new Map<string, CrmRecord>();
  const missing: string[] = [];
  const singles = await inBatches(unclear, 1, async (asking, [id = '']) => ({
    id,
    record: await readOne(asking, type, id, properties),
  }));
  for (const { id, record } of singles) {
    if (record instanceof TributaryError) failed.set(id, record);
    else if (record === null) missing.push(id);
    else if (record.id === id) late.push(record);
    else merged.set(id, record);
  }
  return {
    found: [...found, ...late.filter((record) => record.archived !== true)],
    archived: [...archived, ...late.filter((record) => record.archived === true)],
    merged,
    missing,
    failed,
  };
}

/** The records that are there under these very ids; what is archived, merged or gone is left out. */
export async function readFound(
  client: HubspotClient,
  type: CrmType,
  ids: readonly string[],
  properties: readonly string[],
  unread: ReadonlySet<string> = noneUnread,
): Promise<Pick<BatchRead, 'found' | 'failed'>> {
  const { results, failed } = await isolateFailures(client, {
    ...isolationOf([...new Set(ids)], unread),
    batchSize: batchReadInputsMax,
    read: (asking, batch) => readBatch(asking, type, batch, properties, false),
  });
  return { found: results.flat(), failed };
}

const noneUnread: ReadonlySet<string> = new Set();

function isolationOf(inputs: readonly string[], unread: ReadonlySet<string>) {
  const failedBefore = (id: string): boolean => unread.has(id);
  return { inputs, concurrentMax: readsConcurrentMax, probe: noRecordId, failedBefore };
}

async function readBatch(
  client: HubspotClient,
  type: CrmType,
  ids: readonly string[],
  properties: readonly string[],
  archived: boolean,
): Promise<CrmRecord[]> {
  const { path } = crmTypes[type];
  const answer = await callHubspot(
    client,
    {
      name: `POST ${path}/batch/read`,
      bucket: 'general',
      method: 'POST',
      path: `/crm/objects/${apiVersion}/${path}/batch/read`,
      query: { archived: String(archived) },
      body: { inputs: ids.map((id) => ({ id })), properties },
    },
    batchSchema,
  );
  // A batch read of a merged id may answer the survivor: that is not what was asked for.
  const wanted = new Set(ids);
  return answer.results
    .filter((record) => wanted.has(record.id))
    .map((record) => ({ ...record, archived: record.archived ?? archived }));
}

/** One record by its id, or the one it was merged into, or null, or why it alone was refused. */
async function readOne(
  client: HubspotClient,
  type: CrmType,
  id: string,
  properties: readonly string[],
): Promise<CrmRecord | TributaryError | null> {
  const { path } = crmTypes[type];
  try {
    return await callHubspot(
      client,
      {
        name: `GET ${path}/id`,
        bucket: 'general',
        method: 'GET',
        path: `/crm/objects/${apiVersion}/${path}/${encodeURIComponent(id)}`,
        query: { properties: properties.join(',') },
      },
      crmRecordSchema,
    );
  } catch (error) {
    if (isTributaryError(error, 'vendor_missing')) return null;
    if (isTributaryError(error, 'vendor_rejected') || isTributaryError(error, 'vendor_conflict'))
      return error;
    throw error;
  }
}

function without(ids: readonly string[], records: readonly CrmRecord[]): string[] {
  const there = new Set(records.map((record) => record.id));
  return ids.filter((id) => !there.has(id));
}
