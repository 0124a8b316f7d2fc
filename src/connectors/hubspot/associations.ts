import type { TributaryError } from '../../kernel/errors.ts';
import { callHubspot, type HubspotClient } from './client.ts';
import { apiVersion } from './endpoint.ts';
import { unavailable } from './failure.ts';
import { isolateFailures, noRecordId } from './isolate-failures.ts';
import { type CrmType, crmTypes } from './object-types.ts';
import { associationsSchema, type ItemError } from './wire.ts';

/** Inputs of one association batch read (changelog of 10 February 2025). */
export const associationInputsMax = 1_000;

/** The type id of "deal to its primary company" (associations guide, table of type ids). */
export const primaryCompanyTypeId = 5;

const readsConcurrentMax = 3;

/** Pages of one record's associations that are followed: at 500 a page no deal has more, and a cursor that runs in a circle ends. */
const pagesMax = 200;

export interface AssociatedRecord {
  readonly id: string;
  readonly typeIds: readonly number[];
}

export interface AssociationRead {
  /** Every id asked for has an entry, unless it failed. In HubSpot's order, each record once. */
  readonly found: ReadonlyMap<string, readonly AssociatedRecord[]>;
  readonly failed: ReadonlyMap<string, TributaryError>;
}

interface Input {
  readonly id: string;
  readonly after?: string;
}

interface Reading {
  readonly found: Map<string, Map<string, AssociatedRecord>>;
  readonly failed: Map<string, TributaryError>;
  /** Ids about which HubSpot said something: records, or that there are none. */
  readonly answered: Set<string>;
  /** Ids for which HubSpot stayed unavailable while it answered for others. */
  readonly unavailable: Map<string, TributaryError>;
  /** Ids that could not be read in an earlier sync. */
  readonly unread: ReadonlySet<string>;
}

function newReading(unread: ReadonlySet<string>): Reading {
  return { found: new Map(), failed: new Map(), answered: new Set(), unavailable: new Map(), unread };
}

/**
 * Reads which records of one type the given ones are associated with, a thousand a call, following the pages of each. No entry
 * and NO_ASSOCIATIONS_FOUND mean none; any other error is that record's failure and never an empty list. An id that is left out
 * without a word is asked for once more before it counts as empty. A record for which alone HubSpot stays unavailable fails alone, and one
 * of `unread` by a single try.
 * Errors: those of a call, for the whole read.
 */
export async function readAssociations(
  client: HubspotClient,
  from: CrmType,
  to: CrmType,
  ids: readonly string[],
  unread: ReadonlySet<string> = new Set(),
): Promise<AssociationRead> {
  const reading = newReading(unread);
  const asked = [...new Set(ids)];
  await readPages(
    client,
    from,
    to,
    asked.map((id) => ({ id })),
    reading,
  );
  const unanswered = asked.filter((id) => !reading.answered.has(id) && !reading.unavailable.has(id));
  const again = [...unanswered, ...reading.failed.keys()];
  if (again.length > 0) {
    for (const id of again) {
      reading.failed.delete(id);
      reading.found.delete(id);
    }
    await readPages(
      client,
      from,
      to,
      again.map((id) => ({ id })),
      reading,
    );
  }
  const failed = new Map([...reading.failed, ...reading.unavailable]);
  const found = new Map<string, AssociatedRecord[]>();
  for (const id of asked) {
    if (!failed.has(id)) found.set(id, [...(reading.found.get(id)?.values() ?? [])]);
  }
  return { found, failed };
}

async function readPages(
  client: HubspotClient,
  from: CrmType,
  to: CrmType,
  firstInputs: readonly Input[],
  reading: Reading,
): Promise<void> {
  let inputs = firstInputs;
  for (let page = 0; inputs.length > 0; page += 1) {
    if (page === pagesMax)
      throw unavailable('HubSpot, associations', `more than ${pagesMax} pages of one record`);
    const probe: Input = { id: noRecordId };
    const following = await isolateFailures(client, {
      inputs,
      batchSize: associationInputsMax,
      concurrentMax: readsConcurrentMax,
      probe,
      failedBefore: ({ id }) => reading.unread.has(id),
      read: (asking, batch) =>
        readBatch(asking, from, to, batch, batch.includes(probe) ? newReading(reading.unread) : reading),
    });
    for (const [{ id }, error] of following.failed) reading.unavailable.set(id, error);
    inputs = following.results.flat();
  }
}

/** Reads one batch; returns the inputs that have a next page. */
async function readBatch(
  client: HubspotClient,
  from: CrmType,
  to: CrmType,
  inputs: readonly Input[],
  reading: Reading,
): Promise<Input[]> {
  const pair = `${crmTypes[from].path}/${crmTypes[to].path}`;
  const answer = await callHubspot(
    client,
    {
      name: `POST associations/${pair}/batch/read`,
      bucket: 'associations',
      method: 'POST',
      path: `/crm/associations/${apiVersion}/${pair}/batch/read`,
      body: { inputs },
    },
    associationsSchema,
  );
  const following: Input[] = [];
  const afters = new Map(inputs.map(({ id, after }) => [id, after]));
  for (const result of answer.results) {
    if (!afters.has(result.from.id)) continue;
    reading.answered.add(result.from.id);
    addTo(reading, result.from.id, result.to);
    const after = result.paging?.next?.after;
    if (after && after !== afters.get(result.from.id)) following.push({ id: result.from.id, after });
  }
  for (const error of answer.errors ?? []) noteError(reading, error, inputs, pair);
  return following.filter(({ id }) => !reading.failed.has(id));
}

function addTo(
  reading: Reading,
  id: string,
  targets: readonly {
    toObjectId: string;
    associationTypes?: readonly { typeId: number }[] | null | undefined;
  }[],
): void {
  const known = reading.found.get(id) ?? new Map<string, AssociatedRecord>();
  reading.found.set(id, known);
  for (const target of targets) {
    const typeIds = (target.associationTypes ?? []).map(({ typeId }) => typeId);
    const before = known.get(target.toObjectId)?.typeIds ?? [];
    known.set(target.toObjectId, { id: target.toObjectId, typeIds: [...before, ...typeIds] });
  }
}

function noteError(reading: Reading, error: ItemError, inputs: readonly Input[], pair: string): void {
  const named = inputIdsOf(error, inputs);
  if (isNothingFound(error)) {
    for (const id of named) reading.answered.add(id);
    return;
  }
  const reason = error.category ?? 'an error without a category';
  // An error that names no input may be about any of them.
  const concerned = named.length > 0 ? named : inputs.map(({ id }) => id);
  for (const id of concerned) {
    reading.answered.add(id);
    reading.failed.set(id, unavailable(`HubSpot, associations ${pair} of ${id}`, reason));
  }
}

/** Source: recorded answers of third parties; the sub-category comes as text, elsewhere it may be an object. */
function isNothingFound(error: ItemError): boolean {
  return JSON.stringify(error.subCategory ?? '').includes('NO_ASSOCIATIONS_FOUND');
}

function inputIdsOf(error: ItemError, inputs: readonly Input[]): string[] {
  const named = new Set(
    ['fromObjectId', 'id', 'ids'].flatMap((key) => {
      const value = error.context?.[key];
      return (Array.isArray(value) ? value : [value]).flatMap((entry) =>
        typeof entry === 'string' || typeof entry === 'number' ? [String(entry)] : [],
      );
    }),
  );
  return inputs.map(({ id }) => id).filter((id) => named.has(id));
}
