import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  accessSync,
  chownSync,
  constants,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

export interface TemporaryPostgres {
  /** Of its superuser and the database `postgres`. */
  readonly url: string;
  /** Ends the server and removes its folder. */
  stop(): Promise<void>;
}

/** An operating-system user; PostgreSQL refuses to run as root. */
interface ServerUser {
  readonly uid?: number;
  readonly gid?: number;
}

/** A start takes some 200 ms; on a machine that is busy with the tests themselves several seconds. */
const startTimeoutMs = 30_000;

/** A fast shutdown takes milliseconds; what does not end by then is killed. */
const stopTimeoutMs = 10_000;

/** Speed over durability: the cluster is thrown away. 60 connections serve two test files at a time. */
const serverSettings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '60',
  shared_buffers: '64MB',
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  log_min_messages: 'fatal',
} as const;

/**
 * Starts a PostgreSQL cluster of its own in a temporary folder, on a free port of the loopback address. Answers with the
 * reason where there is no PostgreSQL on this machine, or none that can be started.
 */
export async function startTemporaryPostgres(): Promise<TemporaryPostgres | { readonly reason: string }> {
  const binaries = findBinaries();
  if (binaries === null)
    return { reason: 'no initdb in PATH, by pg_config or in /usr/lib/postgresql (install postgresql)' };
  const user = findServerUser();
  if ('reason' in user) return user;
  const folder = mkdtempSync(join(tmpdir(), 'tributary-postgres-'));
  try {
    return await startCluster(binaries, folder, user);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    return { reason: `PostgreSQL did not start: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** The folder with initdb and postgres: in PATH, where pg_config says, or where Debian puts it, newest version first. */
function findBinaries(): string | null {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian) : [];
  const folders = [
    ...(process.env['PATH'] ?? '').split(delimiter),
    ...askPgConfig(),
    ...versions.toSorted((a, b) => Number(b) - Number(a)).map((version) => join(debian, version, 'bin')),
  ];
  return (
    folders.find(
      (folder) => isExecutable(join(folder, 'initdb')) && isExecutable(join(folder, 'postgres')),
    ) ?? null
  );
}

function askPgConfig(): string[] {
  try {
    return [
      execFileSync('pg_config', ['--bindir'], { stdio: ['ignore', 'pipe', 'ignore'] })
        .toString()
        .trim(),
    ];
  } catch {
    return [];
  }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function findServerUser(): ServerUser | { readonly reason: string } {
  if (process.getuid?.() !== 0) return {};
  try {
    const id = (flag: string): number =>
      Number(execFileSync('id', [flag, 'postgres'], { stdio: ['ignore', 'pipe', 'ignore'] }).toString());
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    return { reason: 'PostgreSQL does not run as root, and there is no user postgres to run it as' };
  }
}

async function startCluster(binaries: string, folder: string, user: ServerUser): Promise<TemporaryPostgres> {
  const data = join(folder, 'data');
  const passwordFile = join(folder, 'password');
  const password = randomBytes(18).toString('hex');
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (user.uid !== undefined && user.gid !== undefined) {
    chownSync(folder, user.uid, user.gid);
    chownSync(passwordFile, user.uid, user.gid);
  }
  const initdbArguments = ['--pgdata', data, '--username', 'postgres', '--pwfile', passwordFile];
  const authentication = [
    '--auth',
    'scram-sha-256',
    '--encoding',
    'UTF8',
    '--locale',
    'C.UTF-8',
    '--no-sync',
  ];
  execFileSync(join(binaries, 'initdb'), [...initdbArguments, ...authentication], {
    ...user,
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const port = await findFreePort();
  const settings = Object.entries({ ...serverSettings, port }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  const server = spawn(join(binaries, 'postgres'), ['-D', data, ...settings], {
    ...user,
    cwd: folder,
    stdio: 'ignore',
  });
  // A process that ends without stop() takes the server with it, and its folder as far as that goes without waiting.
  const killAtExit = (): void => {
    server.kill('SIGQUIT');
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  process.once('exit', killAtExit);
  const stop = async (): Promise<void> => {
    process.off('exit', killAtExit);
    await stopServer(server);
    rmSync(folder, { recursive: true, force: true });
  };
  const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
  try {
    await waitUntilReady(server, url);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, stop };
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === 'object' && address
          ? resolve(address.port)
          : reject(new Error('the probe has no port')),
      );
    });
  });
}

async function waitUntilReady(server: ChildProcess, url: string): Promise<void> {
  const deadline = Date.now() + startTimeoutMs;
  for (;;) {
    if (server.exitCode !== null) throw new Error(`the server ended with status ${server.exitCode}`);
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(50);
    }
  }
}

async function stopServer(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  server.kill('SIGINT');
  const timer = setTimeout(() => server.kill('SIGKILL'), stopTimeoutMs);
  await ended;
  clearTimeout(timer);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const started = await startTemporaryPostgres();
  if ('reason' in started) {
    console.error(started.reason);
    process.exitCode = 1;
  } else {
    console.log(`TRIBUTARY_TEST_POSTGRES=${started.url}`);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void started.stop());
  }
}
