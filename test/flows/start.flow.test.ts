import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type RunningProgram, runCommand, startProgram, temporaryFolder } from '../support/program.ts';

const apiKey = 'trib_key-of-the-start-test';
const listening = /"msg":"listening"/;

/** Whether something still answers there. */
const answers = (url: string): Promise<boolean> =>
  fetch(url).then(
    () => true,
    () => false,
  );

describe('`start` on an empty folder', { timeout: 300_000 }, () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  const running: RunningProgram[] = [];

  const start = (more: Record<string, string> = {}): RunningProgram => {
    const program = startProgram(['start'], {
      TRIBUTARY_DATA_DIR: folder.path,
      PORT: '0',
      TRIBUTARY_BOOTSTRAP_API_KEY: apiKey,
      ...more,
    });
    running.push(program);
    return program;
  };
  const urlOf = (program: RunningProgram): string =>
    /Tributary +(http:\S+)/.exec(program.output())?.[1] ?? '';
  const command = async (program: RunningProgram, ...args: string[]) =>
    (
      await runCommand([...args, '--json'], { TRIBUTARY_URL: urlOf(program), TRIBUTARY_API_KEY: apiKey })
    ).lines();

  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(async () => {
    for (const program of running.splice(0)) await program.stop('SIGKILL');
    await folder.remove();
  });

  test('shows a first sync, goes on selling, and comes back as it was', async () => {
    const first = start();
    await first.waitFor(listening);
    const said = first.output();
    expect(said).toMatch(/240 processed: .*created/);
    expect(said).toMatch(/USD +\d+ +[\d,]+\.\d\d/);
    expect(said).toMatch(/skipped +stage_not_selected/);
    expect(said).toMatch(/Password +\S+ +\(shown this once\)/);
    expect((await fetch(urlOf(first))).headers.get('content-type')).toContain('text/html');
    const [connection] = await command(first, 'connections');
    expect(connection).toMatchObject({ mode: 'test', status: 'connected', connector: 'hubspot' });
    const id = String(connection?.['id']);
    const planned = await command(first, 'plan', id);
    const fresh = planned.filter(({ decision }) => decision === 'create').map(({ sourceId }) => sourceId);
    expect(fresh).toHaveLength(3);

    const second = start();
    await second.waitFor(/Another process uses this data folder/);
    expect(second.output()).toContain(String(first.pid));

    const { status, tookMs } = await first.stop('SIGTERM');
    expect({ status, inTime: tookMs < 10_000 }).toEqual({ status: 0, inTime: true });
    const sandboxUrl = /"url":"(http:[^"]+)"/.exec(await readDemo(folder.path))?.[1] ?? '';
    expect(await answers(`${sandboxUrl}/__sandbox/portals`)).toBe(false);

    const again = start();
    await again.waitFor(listening);
    expect(again.output()).not.toMatch(/Password|first sync/);
    const replanned = await command(again, 'plan', id);
    expect(replanned.filter(({ decision }) => decision === 'create').map(({ sourceId }) => sourceId)).toEqual(
      fresh,
    );
    expect(replanned.filter(({ decision }) => decision === 'update')).toEqual([]);
  });

  test('killed in the middle of the first sync it goes on at the next start, and makes no invoice twice', async () => {
    const first = start();
    await first.waitFor(/"msg":"run started"/);
    await first.stop('SIGKILL');
    const again = start();
    await again.waitFor(listening);
    expect(again.output()).toMatch(/240 processed: .*created/);
    const documents = await command(again, 'documents');
    const sources = documents.map((document) => (document['source'] as { id: string }).id);
    expect(new Set(sources).size).toBe(sources.length);
    expect((await again.stop('SIGINT')).status).toBe(0);
  });

  test('starts empty without the demo, and is backed up and restored', async () => {
    const program = start({ TRIBUTARY_DEMO: 'off' });
    await program.waitFor(listening);
    expect(await command(program, 'connections')).toEqual([]);
    expect(existsSync(join(folder.path, 'demo.json'))).toBe(false);
    await program.stop();
    const archive = join(folder.path, 'backup.tar.gz');
    const environment = { TRIBUTARY_DATA_DIR: folder.path };
    expect((await runCommand(['backup', '--out', archive], environment)).status).toBe(0);
    expect((await runCommand(['restore', archive], environment)).status).toBe(2);
    const other = { TRIBUTARY_DATA_DIR: join(folder.path, 'other') };
    expect((await runCommand(['restore', archive], other)).status).toBe(0);
    const restored = start({ ...other, TRIBUTARY_DEMO: 'off' });
    await restored.waitFor(listening);
    expect(restored.output()).not.toMatch(/Password/);
    expect(await command(restored, 'connections')).toEqual([]);
  });

  test('says what is wrong with the environment', async () => {
    const wrong = await runCommand(['start'], { TRIBUTARY_DATA_DIR: folder.path, PORT: 'many' });
    expect(wrong.status).toBe(2);
    expect(wrong.stderr).toContain('PORT');
    const worker = await runCommand(['worker'], { TRIBUTARY_DATA_DIR: folder.path });
    expect(worker.status).toBe(2);
    expect(worker.stderr).toContain('DATABASE_URL');
  });
});

function readDemo(path: string): Promise<string> {
  return readFile(join(path, 'demo.json'), 'utf8');
}
