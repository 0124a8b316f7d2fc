import { describe, expect, test } from 'vitest';
import { TributaryError } from '../../kernel/errors.ts';
import { unlimitedRateBudgets } from '../../platform/rate-budget/rate-budgets.ts';
import { makeTestSession } from '../conformance.ts';
import { standardLimits } from './client.ts';
import { againCallsMax, isolateFailures, isolationCallsMax, noRecordId } from './isolate-failures.ts';

const endpoint = { apiUrl: 'http://127.0.0.1:1', appUrl: '', clientId: null, clientSecret: null };
const session = makeTestSession(
  { endpoint, token: 'token', accountId: '1' },
  { budgets: unlimitedRateBudgets },
);
const client = { session, limits: standardLimits };
const hundred = Array.from({ length: 100 }, (_, index) => `${10_000 + index}`);

/** Reads in batches of a hundred from a vendor that fails for every batch of which the test says so. */
async function readWith(
  inputs: readonly string[],
  fails: (batch: readonly string[]) => boolean,
  before: readonly string[] = [],
) {
  const batches: (readonly string[])[] = [];
  const tries: number[] = [];
  const reading = isolateFailures(client, {
    inputs,
    batchSize: 100,
    concurrentMax: 1,
    probe: noRecordId,
    failedBefore: (id) => before.includes(id),
    read: async ({ limits }, batch) => {
      batches.push(batch);
      tries.push(limits.attemptsMax);
      await Promise.resolve();
      if (fails(batch)) throw new TributaryError('vendor_unavailable', 'HubSpot answered 500.');
      return batch;
    },
  });
  const outcome = await reading.then(
    ({ results, failed }) => ({ read: results.flat().sort(), failed: [...failed.keys()].sort() }),
    (error: unknown) => ({ error }),
  );
  return { outcome, batches, tries };
}

describe('A batch that the vendor cannot read', () => {
  test('fails its one bad record alone, in fifteen calls more', async () => {
    const { outcome, batches } = await readWith(hundred, (batch) => batch.includes('10042'));
    expect(outcome).toEqual({ read: hundred.filter((id) => id !== '10042'), failed: ['10042'] });
    expect(batches.length).toBeLessThanOrEqual(1 + 1 + 14);
  });

  test('fails the read after one call more when the vendor answers nothing', async () => {
    const { outcome, batches, tries } = await readWith([...hundred, ...hundred], () => true);
    expect(outcome).toMatchObject({ error: { code: 'vendor_unavailable' } });
    expect(batches.map(({ length }) => length)).toEqual([100, 1]);
    expect(tries).toEqual([standardLimits.attemptsMax, 1]);
  });

  test('fails the read when every part of a batch fails', async () => {
    const { outcome, batches } = await readWith(hundred, (batch) => !batch.includes(noRecordId));
    expect(outcome).toMatchObject({ error: { code: 'vendor_unavailable' } });
    expect(batches.length).toBe(1 + 1 + 6);
  });

  test('fails a record that is alone in its batch when the vendor answers otherwise', async () => {
    const { outcome } = await readWith(['10042'], (batch) => batch.includes('10042'));
    expect(outcome).toEqual({ read: [], failed: ['10042'] });
  });

  test('ends within its calls when many are bad, and loses none', async () => {
    const bad = (id: string) => Number(id) >= 10_050;
    const { outcome, batches } = await readWith(hundred, (batch) => batch.some(bad));
    expect(batches.length).toBeLessThanOrEqual(2 + isolationCallsMax);
    const { read = [], failed = [] } = outcome as { read?: string[]; failed?: string[] };
    expect([...read, ...failed].sort()).toEqual(hundred);
    expect(read).toEqual(hundred.filter((id) => !bad(id)));
  });

  test('asks once more for a record that fails alone', async () => {
    const { tries, batches } = await readWith(['10001', '10002'], (batch) => batch.includes('10001'));
    expect(batches.map((batch) => batch.join())).toEqual(['10001,10002', noRecordId, '10001', '10002']);
    expect(tries).toEqual([standardLimits.attemptsMax, 1, 2, 2]);
  });

  test('fails the read for every other error at once', async () => {
    const reading = isolateFailures(client, {
      inputs: hundred,
      batchSize: 100,
      concurrentMax: 1,
      probe: noRecordId,
      failedBefore: () => false,
      read: () => Promise.reject(new TributaryError('vendor_auth')),
    });
    await expect(reading).rejects.toMatchObject({ code: 'vendor_auth' });
  });
});

describe('Records that could not be read in an earlier sync', () => {
  test('are asked for apart from the others, by one try', async () => {
    const { outcome, batches, tries } = await readWith(
      ['10001', '10002', '10003'],
      (batch) => batch.includes('10002'),
      ['10002'],
    );
    expect(outcome).toEqual({ read: ['10001', '10003'], failed: ['10002'] });
    expect(batches.map((batch) => batch.join())).toEqual(['10002', '10001,10003']);
    expect(tries).toEqual([1, standardLimits.attemptsMax]);
  });

  test('are told apart when some of them can be read again', async () => {
    const { outcome, tries } = await readWith(hundred, (batch) => batch.includes('10042'), hundred);
    expect(outcome).toEqual({ read: hundred.filter((id) => id !== '10042'), failed: ['10042'] });
    expect(new Set(tries)).toEqual(new Set([1]));
    expect(tries.length).toBeLessThanOrEqual(1 + 1 + 14);
  });

  test('do not end the read when none of them can be read, even if all fail', async () => {
    const { outcome, batches } = await readWith(hundred, (batch) => !batch.includes(noRecordId), hundred);
    expect(outcome).toEqual({ read: [], failed: hundred });
    expect(batches.length).toBeLessThanOrEqual(againCallsMax + 1);
  });

  test('cost two calls while the vendor answers nothing', async () => {
    const { outcome, batches } = await readWith(hundred, () => true, hundred);
    expect(outcome).toEqual({ read: [], failed: hundred });
    expect(batches.map(({ length }) => length)).toEqual([100, 1]);
  });
});
