import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { TributaryError } from '../../kernel/errors.ts';
import { toDataFolderError } from './data-folder.ts';
import { findProcess, ownIdentity } from './process-identity.ts';

export const lockFileName = 'tributary.lock';

/** The holder touches its lock that often: the only sign of life that another machine or container sees. */
const heartbeatMs = 3_000;

/** Four heartbeats in a row missed: the holder is gone. Shorter would take a process that is merely busy for a dead one. */
const watchMsUsual = 15_000;

/** Whoever has taken a lock over looks again after this; another one that judged the same old lock is done by then. */
const settleMs = 100;

/** Stale locks that come back: more than this is another process that starts and dies in a loop. */
const attemptsMax = 5;

const recordSchema = z.object({
  pid: z.number(),
  host: z.string(),
  started: z.string().nullable(),
  /** When it was taken. */
  since: z.string(),
  /** Different for each lock ever taken. */
  nonce: z.string(),
});

type LockRecord = z.infer<typeof recordSchema>;

export interface DataFolderLock {
  release(): Promise<void>;
}

/**
 * Takes the lock on a data folder: two processes on one embedded store lose rows without an error. The lock of a process that
 * was killed is taken over, also when its number belongs to another process by now.
 * @param watchMs how long a lock from another machine or container is watched for a sign of life.
 * @throws `data_folder_in_use` with the process that holds it; `data_folder_unusable`.
 */
export async function lockDataFolder(folder: string, watchMs = watchMsUsual): Promise<DataFolderLock> {
  const file = join(folder, lockFileName);
  const record: LockRecord = { ...ownIdentity(), since: new Date().toISOString(), nonce: randomUUID() };
  try {
    for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
      if (await createLock(file, record)) return holdLock(file, record.nonce);
      const holder = await readLock(file);
      if (holder === null) continue;
      if (await isHeld(file, holder, watchMs)) throw inUse(folder, holder);
      if (!(await removeStale(file, holder))) continue;
      if (!(await createLock(file, record))) continue;
      await sleep(settleMs);
      if ((await readLock(file))?.nonce === record.nonce) return holdLock(file, record.nonce);
    }
  } catch (error) {
    throw toDataFolderError(error, folder);
  }
  throw new TributaryError('data_folder_in_use', `Others are starting on ${folder} at the same moment.`);
}

function inUse(folder: string, { pid, host, since }: LockRecord): TributaryError {
  const here = host === ownIdentity().host;
  const where = here ? '' : ` on ${host.split(' ')[0]}`;
  return new TributaryError('data_folder_in_use', `Process ${pid}${where} holds ${folder} since ${since}.`);
}

/** Puts the whole record in place at once, or does nothing where there is a lock. */
async function createLock(file: string, record: LockRecord): Promise<boolean> {
  const unfinished = `${file}.${record.nonce}`;
  await writeFile(unfinished, `${JSON.stringify(record)}\n`, { mode: 0o600 });
  try {
    await link(unfinished, file);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(unfinished, { force: true });
  }
}

/** Null when there is no lock. A file that is no lock of ours is one of nobody: it is taken over. */
async function readLock(file: string): Promise<LockRecord | null> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  const unreadable: LockRecord = {
    pid: 0,
    host: ownIdentity().host,
    started: 'never',
    since: '?',
    nonce: text,
  };
  try {
    return recordSchema.safeParse(JSON.parse(text)).data ?? unreadable;
  } catch {
    return unreadable;
  }
}

async function isHeld(file: string, holder: LockRecord, watchMs: number): Promise<boolean> {
  // Number 0 would ask about our own group of processes.
  if (holder.pid <= 0) return false;
  const state = findProcess(holder);
  return state === 'elsewhere' ? showsLife(file, watchMs) : state === 'running';
}

/** Watches for a heartbeat; compares no clocks, because those of two machines differ. */
async function showsLife(file: string, watchMs: number): Promise<boolean> {
  const before = await modifiedAt(file);
  const deadline = Date.now() + watchMs;
  while (Date.now() < deadline) {
    await sleep(Math.min(heartbeatMs, watchMs) / 3);
    if ((await modifiedAt(file)) !== before) return true;
  }
  return false;
}

async function modifiedAt(file: string): Promise<number | null> {
  try {
    return (await stat(file)).mtimeMs;
  } catch {
    return null;
  }
}

/** Moves the stale lock aside. Another one may have taken over meanwhile: then its lock is put back. */
async function removeStale(file: string, stale: LockRecord): Promise<boolean> {
  const aside = `${file}.stale.${randomUUID()}`;
  try {
    await rename(file, aside);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return true;
    throw error;
  }
  const moved = await readLock(aside);
  const isStale = moved?.nonce === stale.nonce;
  if (!isStale) await link(aside, file).catch(() => {});
  await rm(aside, { force: true });
  return isStale;
}

function holdLock(file: string, nonce: string): DataFolderLock {
  const heartbeat = setInterval(() => {
    const now = new Date();
    // A missed heartbeat matters to nobody but a watcher, who waits for several.
    utimes(file, now, now).catch(() => {});
  }, heartbeatMs);
  heartbeat.unref();
  return {
    release: async () => {
      clearInterval(heartbeat);
      if ((await readLock(file))?.nonce === nonce) await rm(file, { force: true });
    },
  };
}
