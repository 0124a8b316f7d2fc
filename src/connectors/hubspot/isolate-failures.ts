import { isTributaryError, type TributaryError } from '../../kernel/errors.ts';
import type { HubspotClient } from './client.ts';
import { chunksOf, mapConcurrently } from './map-concurrently.ts';

/**
 * Calls that are spent on finding the bad inputs of one batch. One of a hundred takes 14, one of a thousand 20, three of a hundred
 * some 36; what is not told apart by then has failed together.
 */
export const isolationCallsMax = 64;

/**
 * Calls that are spent on asking again for what failed before: some hundred bad records, each of which takes two. Of more, those that
 * are not reached stay unread until the first ones can be read.
 */
export const againCallsMax = 200;

/** A batch of which two halves and four quarters fail has no bad input: HubSpot is out of order for all of them. */
const fruitlessCallsMax = 6;

/** An id that no record has: HubSpot's begin with five digits at the least. */
export const noRecordId = '1';

export interface BatchedRead<Input, Result> {
  readonly inputs: readonly Input[];
  readonly batchSize: number;
  readonly concurrentMax: number;
  /** An input without a record. Reading it tells whether HubSpot answers at all. */
  readonly probe: Input;
  /** Inputs that could not be read in an earlier sync: they are asked for apart, by one try each time. */
  readonly failedBefore: (input: Input) => boolean;
  readonly read: (client: HubspotClient, inputs: readonly Input[]) => Promise<Result>;
}

export interface IsolatedRead<Input, Result> {
  readonly results: readonly Result[];
  /** Inputs that HubSpot does not answer for, while it answers for others. */
  readonly failed: ReadonlyMap<Input, TributaryError>;
}

/**
 * Reads in batches. A batch for which HubSpot stays unavailable after its tries is halved until the inputs that cause it stand
 * alone: a record whose reading ends in an error of the server must not keep all others from being read, today and in every later
 * sync. While HubSpot answers nothing at all that costs one call more for each batch at work.
 * Errors: those of a call, for the whole read; vendor_unavailable only when HubSpot answers for no input.
 */
export async function isolateFailures<Input, Result>(
  client: HubspotClient,
  batched: BatchedRead<Input, Result>,
): Promise<IsolatedRead<Input, Result>> {
  const failed = new Map<Input, TributaryError>();
  const { inputs, failedBefore } = batched;
  const again = inputs.filter(failedBefore);
  const fresh = again.length === 0 ? inputs : inputs.filter((input) => !failedBefore(input));
  const resultsAgain = await readAgain(client, batched, again, failed);
  const batches = chunksOf(fresh, batched.batchSize);
  const results = await mapConcurrently(batches, batched.concurrentMax, async (batch) => {
    const result = await readOrFailure(() => batched.read(client, batch));
    if ('read' in result) return [result.read];
    const unavailable = result.failure;
    if (!(await answers(client, batched))) throw unavailable;
    return readHalves(client, batched, batch, unavailable, failed);
  });
  return { results: [...results.flat(), ...resultsAgain], failed };
}

/**
 * Reads what failed before, in batches that are halved while they fail, without a wait between tries. That all of these fail is what
 * is expected, and no reason to give up the whole read. Adds the inputs that fail to `failed`.
 */
async function readAgain<Input, Result>(
  client: HubspotClient,
  batched: BatchedRead<Input, Result>,
  inputs: readonly Input[],
  failed: Map<Input, TributaryError>,
): Promise<Result[]> {
  const once = withTries(client, 1);
  const results: Result[] = [];
  const parts = chunksOf(inputs, batched.batchSize);
  let callsLeft = againCallsMax;
  let last: TributaryError | null = null;
  for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
    const asked = part;
    if (callsLeft <= 0 && last) {
      for (const input of asked) failed.set(input, last);
      continue;
    }
    callsLeft -= 1;
    const result = await readOrFailure(() => batched.read(once, asked));
    if ('read' in result) {
      results.push(result.read);
      continue;
    }
    const isFirst = last === null;
    last = result.failure;
    if (asked.length === 1) for (const input of asked) failed.set(input, last);
    else parts.push(...chunksOf(asked, Math.ceil(asked.length / 2)));
    if (isFirst && parts.length > 0 && !(await answers(client, batched))) callsLeft = 0;
  }
  return results;
}

/** Whether HubSpot answers at all, by a read of what is not there. A refusal is an answer, too. */
async function answers<Input, Result>(
  client: HubspotClient,
  { probe, read }: BatchedRead<Input, Result>,
): Promise<boolean> {
  const answer = await readOrFailure(() => read(withTries(client, 1), [probe])).catch(() => null);
  return answer === null || 'read' in answer;
}

/** Reads the halves of a batch, then the halves of those that fail. Adds the inputs that fail alone to `failed`. */
async function readHalves<Input, Result>(
  client: HubspotClient,
  { read }: BatchedRead<Input, Result>,
  batch: readonly Input[],
  unavailable: TributaryError,
  failed: Map<Input, TributaryError>,
): Promise<Result[]> {
  const results: Result[] = [];
  const parts: (readonly Input[])[] = [];
  const blame = (part: readonly Input[], failure: TributaryError): void => {
    const [only] = part;
    if (part.length === 1 && only !== undefined) failed.set(only, failure);
    else parts.push(...chunksOf(part, Math.ceil(part.length / 2)));
  };
  blame(batch, unavailable);
  let calls = 0;
  for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
    if (calls === isolationCallsMax) {
      for (const input of part) failed.set(input, unavailable);
      continue;
    }
    calls += 1;
    // A larger part that fails by chance is asked for again as its halves.
    const tries = part.length === 1 ? 2 : 1;
    const asked = part;
    const result = await readOrFailure(() => read(withTries(client, tries), asked));
    if ('read' in result) {
      results.push(result.read);
      continue;
    }
    if (results.length === 0 && calls >= fruitlessCallsMax && part.length > 1) throw unavailable;
    blame(part, result.failure);
  }
  return results;
}

async function readOrFailure<Result>(
  read: () => Promise<Result>,
): Promise<{ readonly read: Result } | { readonly failure: TributaryError }> {
  try {
    return { read: await read() };
  } catch (error) {
    if (isTributaryError(error, 'vendor_unavailable')) return { failure: error };
    throw error;
  }
}

function withTries({ session, limits }: HubspotClient, attemptsMax: number): HubspotClient {
  return { session, limits: { ...limits, attemptsMax: Math.min(limits.attemptsMax, attemptsMax) } };
}
