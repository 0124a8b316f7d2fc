import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningSandbox, startHubSpotSandbox } from '../../sandbox/hubspot/server.ts';
import packageJson from '../../package.json' with { type: 'json' };
import {
  type CommandResult,
  type Environment,
  runCommand,
  type RunningProgram,
  startProgram,
  temporaryFolder,
} from '../support/program.ts';

const apiKey = 'trib_key-of-the-command-line-test';

// Each command is a process: on a busy machine some seconds.
describe('The command line', { timeout: 120_000 }, () => {
  let sandbox: RunningSandbox;
  let server: RunningProgram;
  let environment: Environment;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let connectionId = '';

  const run = (args: readonly string[], input = '', more: Environment = {}): Promise<CommandResult> =>
    runCommand(args, { ...environment, ...more }, input);
  const portal = () => {
    const first = sandbox.portals[0];
    if (!first) throw new Error('The sandbox has no portal');
    return first;
  };

  beforeAll(async () => {
    folder = await temporaryFolder();
    sandbox = await startHubSpotSandbox({ deals: 40, behaviour: { unthrottled: true, lagMs: 0 } });
    server = startProgram(['serve'], {
      TRIBUTARY_DATA_DIR: folder.path,
      PORT: '0',
      TRIBUTARY_BOOTSTRAP_API_KEY: apiKey,
      HUBSPOT_API_URL: sandbox.url,
      HUBSPOT_APP_URL: sandbox.url,
    });
    await server.waitFor(/"listening"/);
    const url = /Tributary +(http:\S+)/.exec(server.output())?.[1] ?? '';
    environment = { TRIBUTARY_URL: url, TRIBUTARY_API_KEY: apiKey };
  }, 120_000);

  afterAll(async () => {
    await server.stop();
    await sandbox.close();
    await folder.remove();
  });

  test('prints the version of the package', async () => {
    const { version } = packageJson;
    for (const option of ['--version', '-V']) {
      expect(await run([option])).toMatchObject({ status: 0, stdout: `${version}\n`, stderr: '' });
    }
    expect((await run(['--version', '--json'])).lines()).toEqual([{ version }]);
  });

  test('refuses a wrong token with status 4 and the problem as JSON', async () => {
    const refused = await run(['connect', 'hubspot', '--token-stdin', '--json'], 'pat-na1-wrong\n');
    expect(refused.status).toBe(4);
    expect(refused.lines()).toMatchObject([
      { code: 'vendor_auth', mend: expect.stringMatching(/Reconnect/) },
    ]);
  });

  test('connects by a token from standard input', async () => {
    const connected = await run(['connect', 'hubspot', '--token-stdin', '--json'], `${portal().token}\n`);
    expect(connected.status).toBe(0);
    const [connection] = connected.lines();
    expect(connection).toMatchObject({
      connector: 'hubspot',
      mode: 'live',
      status: 'connected',
      account: { id: String(portal().id), currency: 'USD', timeZone: 'Pacific/Auckland' },
    });
    connectionId = String(connection?.['id']);
    expect(connected.stdout).not.toContain(portal().token);
    expect(server.output()).not.toContain(portal().token);
    expect((await run(['connections', '--json'])).lines()).toMatchObject([{ id: connectionId }]);
    expect((await run(['status', connectionId])).stdout).toMatch(/Status +connected/);
    expect((await run(['test', connectionId])).status).toBe(0);
  });

  test('plans: a line for each deal, and nothing is written', async () => {
    const planned = await run(['plan', connectionId, '--json']);
    expect(planned.status).toBe(0);
    const lines = planned.lines();
    expect(lines).toHaveLength(40);
    expect(lines.every(({ sourceType }) => sourceType === 'deal')).toBe(true);
    expect(new Set(lines.map(({ decision }) => decision))).toEqual(new Set(['create', 'fail', 'skip']));
    expect((await run(['documents', '--json'])).stdout).toBe('');
  });

  test('syncs, waits for the end and says by its status that some records failed', async () => {
    const synced = await run(['sync', connectionId, '--json']);
    expect(synced.status).toBe(3);
    const [first] = synced.lines();
    const counts = first?.['counts'] as Record<string, number>;
    expect(first).toMatchObject({ status: 'succeeded_with_failures', error: null });
    expect(counts['created']).toBeGreaterThan(20);
    const again = (await run(['sync', connectionId, '--json'])).lines()[0];
    expect(again?.['counts']).toMatchObject({ created: 0, updated: 0 });
    const documents = (await run(['documents', '--connection', connectionId, '--json'])).lines();
    expect(documents).toHaveLength(counts['created'] ?? 0);
    expect(documents[0]).toMatchObject({ kind: 'invoice', status: 'draft', number: null });
  });

  test('lists runs, records and reasons, and retries', async () => {
    const runs = (await run(['runs', connectionId, '--json'])).lines();
    expect(runs.map(({ kind }) => kind)).toEqual(['sync', 'sync', 'preview']);
    const first = String(runs[1]?.['runId']);
    const failed = (await run(['records', first, '--outcome', 'failed', '--json'])).lines();
    expect(failed.length).toBeGreaterThan(0);
    const deal = String(failed[0]?.['sourceId']);
    const why = (await run(['why', connectionId, deal, '--json'])).lines()[0];
    expect(why).toMatchObject({ sourceId: deal, now: { code: failed[0]?.['code'] } });
    expect((await run(['retry', first, '--record', deal])).status).toBe(3);
  });

  test('reads and changes the configuration; a wrong key is named', async () => {
    const changed = await run(['configure', connectionId, '--set', 'deals.minimumAmount=100', '--json']);
    expect(changed.lines()[0]).toMatchObject({ version: 2, settings: { deals: { minimumAmount: '100' } } });
    const whole = await run(['configuration', connectionId]);
    const file = JSON.stringify({ ...JSON.parse(whole.stdout), comment: null });
    expect((await run(['configure', connectionId, '--file', '-', '--json'], file)).lines()[0]).toMatchObject({
      version: 3,
    });
    const wrong = await run(['configure', connectionId, '--set', 'deals.nonsense=1']);
    expect(wrong.status).toBe(2);
    expect(wrong.stderr).toContain('deals.nonsense');
    expect((await run(['configure', connectionId, '--set', 'deals.minimumAmount=null'])).status).toBe(0);
  });

  test('posts and reverses, and the trial balance is even', async () => {
    const drafts = (await run(['documents', '--json'])).lines().filter(({ currency }) => currency === 'USD');
    const ids = drafts.slice(0, 2).map(({ id }) => String(id));
    const posted = await run(['post', ...ids, '--json']);
    expect(posted.status).toBe(0);
    expect(posted.lines()).toMatchObject([{ number: expect.any(String) }, { number: expect.any(String) }]);
    expect((await run(['post', ids[0] ?? ''])).status).toBe(3);
    const reversed = await run(['reverse', ids[0] ?? '', '--json']);
    expect(reversed.lines()).toMatchObject([{ status: 'reversed' }]);
    const journal = (await run(['journal', '--document', ids[1] ?? '', '--json'])).lines();
    expect(journal.length).toBeGreaterThan(1);
    const balance = (await run(['trial-balance', '--json'])).lines();
    const sum = (side: string): number => balance.reduce((total, line) => total + Number(line[side]), 0);
    expect(sum('debit')).toBeCloseTo(sum('credit'), 2);
    expect(sum('debit')).toBeGreaterThan(0);
  });

  test('sets exchange rates by the name of the entity', async () => {
    const args = [
      '--entity',
      'My organization',
      '--currency',
      'eur',
      '--date',
      '2026-01-01',
      '--rate',
      '1.1',
    ];
    expect((await run(['rates', 'set', ...args])).stdout).toContain('1 EUR = 1.1');
    expect((await run(['rates', '--json'])).lines()).toMatchObject([{ currency: 'EUR', date: '2026-01-01' }]);
    expect((await run(['rates', 'set', '--entity', 'Nobody', ...args.slice(2)])).status).toBe(2);
  });

  test('writes the head of the audit trail to a file and verifies the trail against it', async () => {
    const verified = (await run(['audit', 'verify', '--json'])).lines()[0];
    expect(verified).toMatchObject({ holds: true, problems: [], problemCount: 0 });
    expect(verified?.['documents']).toBeGreaterThan(0);
    const file = join(folder.path, 'head.json');
    expect(await run(['audit', 'head', '--out', file])).toMatchObject({ status: 0 });
    const head = (await run(['audit', 'head', '--json'])).lines()[0];
    expect(head).toMatchObject({
      sealNumber: expect.any(Number),
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    const against = await run(['audit', 'verify', '--head', file]);
    expect(against.status).toBe(0);
    expect(against.stdout).toContain('The audit trail holds');
    const forged = await run(
      ['audit', 'verify', '--head', '-', '--json'],
      JSON.stringify({ ...head, hash: '0'.repeat(64) }),
    );
    expect(forged.status).toBe(3);
    expect(forged.lines()[0]).toMatchObject({ holds: false, problems: [{ kind: 'head_differs' }] });
    const cut = await run(
      ['audit', 'verify', '--head', '-'],
      JSON.stringify({ ...head, sealNumber: 1_000_000 }),
    );
    expect(cut.status).toBe(3);
    expect(cut.stdout).toContain('head_missing');
    for (const wrong of ['{', '{}', JSON.stringify({ ...head, hash: 'x' })]) {
      expect((await run(['audit', 'verify', '--head', '-'], wrong)).status).toBe(2);
    }
    expect((await run(['audit', 'verify', '--head', join(folder.path, 'nowhere')])).status).toBe(2);
  });

  test('shows tables without what a terminal would obey', async () => {
    sandbox.control.createRecord({
      type: 'deals',
      properties: {
        dealname: 'Bell\u0007 \u001b[31mred\u202e',
        amount: '10',
        dealstage: 'closedwon',
        pipeline: 'default',
        closedate: '2026-11-01T00:00:00Z',
      },
    });
    const planned = await run(['plan', connectionId]);
    expect(planned.stdout).toContain('Bell [31mred');
    expect(planned.stdout).not.toMatch(/(?!\n)\p{Cc}|\u202e/u);
  });

  test('says by its status what is wrong: usage, key, server, setup', async () => {
    expect((await run(['nonsense'])).status).toBe(2);
    expect((await run(['sync'])).status).toBe(2);
    expect((await run(['sync', 'not-an-id', '--json'])).lines()).toMatchObject([{ code: 'not_found' }]);
    expect((await run(['connections'], '', { TRIBUTARY_API_KEY: '' })).status).toBe(4);
    const unreachable = await run(['connections', '--json'], '', { TRIBUTARY_URL: 'http://127.0.0.1:1' });
    expect(unreachable).toMatchObject({ status: 1 });
    expect(unreachable.lines()).toMatchObject([{ code: 'unavailable' }]);
    await run(['pause', connectionId]);
    expect((await run(['sync', connectionId])).status).toBe(4);
    await run(['resume', connectionId]);
    await setReceivables(false);
    const incomplete = await run(['sync', connectionId]);
    expect(incomplete.status).toBe(5);
    expect(incomplete.stderr).toContain('Accounts receivable');
    expect((await run(['status', connectionId, '--json'])).lines()).toMatchObject([
      { status: 'setup_incomplete', missingSettings: [expect.stringContaining('Accounts receivable')] },
    ]);
  });

  test('the server ends in time while a command waits for a run', async () => {
    await setReceivables(true);
    sandbox.control.fault({ kind: 'hang', path: '/account-info/' });
    const waiting = run(['sync', connectionId]);
    await server.waitFor(/"msg":"run started"(?![\s\S]*"msg":"run ended")/);
    const { status, tookMs } = await server.stop();
    expect({ status, inTime: tookMs < 10_000 }).toEqual({ status: 0, inTime: true });
    expect((await waiting).status).toBe(1);
  });

  const setReceivables = async (active: boolean): Promise<void> => {
    const url = environment['TRIBUTARY_URL'] ?? '';
    const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };
    const listed = await fetch(`${url}/api/v1/accounts?limit=200`, { headers });
    const { data } = (await listed.json()) as { data: { id: string; roles: string[] }[] };
    const receivables = data.find(({ roles }) => roles.includes('accounts_receivable'));
    const changed = await fetch(`${url}/api/v1/accounts/${receivables?.id ?? ''}`, {
      method: 'PATCH',
      headers,
      body: JSON.stringify({ active }),
    });
    expect(changed.status).toBe(200);
  };
});
