import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type RunningSandbox, startHubSpotSandbox } from '../../sandbox/hubspot/server.ts';
import { createClient } from '../../src/contract/client.ts';
import type { DocumentWire } from '../../src/contract/books-wire.ts';
import { type RunningProgram, runCommand, startProgram, temporaryFolder } from '../support/program.ts';

const apiKey = 'trib_key-of-the-crash-test';
const deals = 2_000;
const kills = 10;

/** The same ten moments in every run of the test: a whole sync of these deals takes some seconds, a start one. */
function* moments(): Generator<number> {
  let state = 20_261_125;
  for (;;) {
    state = (state * 48_271) % 2_147_483_647;
    yield 100 + (state % 2_500);
  }
}

describe('A server that is killed in the middle of a sync', { timeout: 420_000 }, () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let sandbox: RunningSandbox;
  let running: RunningProgram | null = null;

  beforeEach(async () => {
    folder = await temporaryFolder();
    sandbox = await startHubSpotSandbox({
      deals,
      profile: 'bench',
      behaviour: { unthrottled: true, lagMs: 0, latencyMs: 5 },
    });
  });
  afterEach(async () => {
    await running?.stop('SIGKILL');
    await sandbox.close();
    await folder.remove();
  });

  const start = async (): Promise<string> => {
    running = startProgram(['serve'], {
      TRIBUTARY_DATA_DIR: folder.path,
      TRIBUTARY_DEMO: 'off',
      TRIBUTARY_BOOTSTRAP_API_KEY: apiKey,
      HUBSPOT_API_URL: sandbox.url,
      HUBSPOT_APP_URL: sandbox.url,
      PORT: '0',
    });
    await running.waitFor(/"msg":"listening"/);
    return /"address":"(http:[^"]+)"/.exec(running.output())?.[1] ?? '';
  };

  test(`${kills} times at random points makes exactly one invoice of every won deal, and the books balance`, async () => {
    let url = await start();
    const environment = () => ({ TRIBUTARY_URL: url, TRIBUTARY_API_KEY: apiKey });
    const connected = await runCommand(
      ['connect', 'hubspot', '--token-stdin', '--json'],
      environment(),
      sandbox.portals[0]?.token,
    );
    const connectionId = String(connected.lines()[0]?.['id']);
    const client = () => createClient({ baseUrl: url, headers: { authorization: `Bearer ${apiKey}` } });
    const trigger = () => client().call('triggerSync', { params: { connector: 'hubspot', connectionId } });
    const delays = moments();
    const reached: number[] = [];
    for (let kill = 0; kill < kills; kill += 1) {
      await trigger();
      await delay(delays.next().value ?? 0);
      await running?.stop('SIGKILL');
      url = await start();
      const documents = await client().call('listDocuments', { query: { limit: 1 } });
      reached.push(documents.total);
    }
    const ended = await runCommand(['sync', connectionId, '--json'], environment());
    expect(ended.lines()[0]).toMatchObject({ status: 'succeeded' });
    const last = await runCommand(['sync', connectionId, '--json'], environment());
    expect(last.lines()[0]).toMatchObject({
      status: 'succeeded',
      counts: { processed: deals, created: 0, unchanged: deals },
    });
    // A kill that comes after the end of a sync tests nothing: some of them have to have come in its middle.
    expect(reached.some((count) => count < deals)).toBe(true);

    const documents = (
      await runCommand(['documents', '--json'], environment())
    ).lines() as unknown as DocumentWire[];
    const sources = documents.map(({ source }) => source?.id ?? '').sort();
    const won = sandbox.control.records({ type: 'deals' }) as { id: string }[];
    expect(sources).toEqual(won.map(({ id }) => id).sort());
    for (const { id, total, lines } of documents) {
      const cents = (text: string) => Math.round(Number(text) * 100);
      expect({ id, sum: lines.reduce((sum, { amount }) => sum + cents(amount), 0) }).toEqual({
        id,
        sum: cents(total),
      });
    }
    const ids = documents.slice(0, 50).map(({ id }) => id);
    await runCommand(['post', ...ids], environment());
    const balance = (await runCommand(['trial-balance', '--json'], environment())).lines();
    const sumOf = (side: string) =>
      balance.reduce((sum, line) => sum + Math.round(Number(line[side]) * 100), 0);
    expect(sumOf('debit')).toBeGreaterThan(0);
    expect(sumOf('debit')).toBe(sumOf('credit'));
  });
});
