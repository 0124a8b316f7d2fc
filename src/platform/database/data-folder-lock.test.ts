import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { lockDataFolder, lockFileName } from './data-folder-lock.ts';
import { ownIdentity } from './process-identity.ts';

let folder: string;
let children: ChildProcess[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tributary-lock-'));
  children = [];
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

/** A process that takes the lock and keeps it until it is killed. */
async function startHolder(): Promise<ChildProcess> {
  const script = `
    import { lockDataFolder } from ${JSON.stringify(new URL('./data-folder-lock.ts', import.meta.url).href)};
    await lockDataFolder(process.argv[1]);
    console.log('held');
    setInterval(() => {}, 1000);`;
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '--eval', script, folder],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  children.push(child);
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  expect(line.toString().trim()).toBe('held');
  return child;
}

const writeLock = (fields: object): Promise<void> =>
  writeFile(
    join(folder, lockFileName),
    JSON.stringify({ ...ownIdentity(), since: '2026-01-01T00:00:00.000Z', nonce: 'n', ...fields }),
  );

describe('The lock on the data folder', () => {
  test('is held by one, and given back', async () => {
    const lock = await lockDataFolder(folder);
    await expect(lockDataFolder(folder)).rejects.toMatchObject({
      code: 'data_folder_in_use',
      detail: expect.stringMatching(new RegExp(`^Process ${process.pid} holds ${folder} since `)),
    });
    await lock.release();
    expect(await readdir(folder)).toEqual([]);
    await (await lockDataFolder(folder)).release();
  });

  test('of another process is refused with its number, and taken over after kill -9', async () => {
    const holder = await startHolder();
    await expect(lockDataFolder(folder)).rejects.toMatchObject({
      code: 'data_folder_in_use',
      detail: expect.stringContaining(`Process ${holder.pid} holds`),
    });
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    await (await lockDataFolder(folder)).release();
  });

  test('is taken over when its process number belongs to another process by now', async () => {
    await writeLock({ started: 'long ago' });
    await (await lockDataFolder(folder)).release();
  });

  test('is taken over when its file was cut off', async () => {
    await writeFile(join(folder, lockFileName), '{"pid": 1');
    await (await lockDataFolder(folder)).release();
  });

  test('of another machine is refused while it shows life', async () => {
    await writeLock({ host: 'elsewhere', pid: 1 });
    const beat = setInterval(() => void utimes(join(folder, lockFileName), new Date(), new Date()), 500);
    try {
      await expect(lockDataFolder(folder)).rejects.toMatchObject({
        code: 'data_folder_in_use',
        detail: expect.stringContaining('Process 1 on elsewhere holds'),
      });
    } finally {
      clearInterval(beat);
    }
  });

  test('of another machine is taken over when it shows none', async () => {
    await writeLock({ host: 'elsewhere', pid: 1 });
    await (await lockDataFolder(folder, 300)).release();
  });

  test('that is stale is taken over by one of several that find it at once', async () => {
    await writeLock({ started: 'long ago' });
    const results = await Promise.allSettled(Array.from({ length: 6 }, () => lockDataFolder(folder)));
    const held = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    expect(held).toHaveLength(1);
    await held[0]?.release();
    expect(await readdir(folder)).toEqual([]);
  });

  test('is left alone at the release when it was taken over meanwhile', async () => {
    const lock = await lockDataFolder(folder);
    await writeLock({ nonce: 'of another' });
    await lock.release();
    expect(await readFile(join(folder, lockFileName), 'utf8')).toContain('of another');
  });

  test('says that the folder cannot be written when it cannot', async () => {
    await expect(lockDataFolder(join(folder, 'file'))).rejects.toMatchObject({ code: 'ENOENT' });
    await writeFile(join(folder, 'file'), '');
    await expect(lockDataFolder(join(folder, 'file'))).rejects.toMatchObject({
      code: 'data_folder_unusable',
      detail: `${join(folder, 'file')}: a part of the path is a file.`,
    });
  });
});
