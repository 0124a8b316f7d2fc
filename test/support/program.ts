import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../bin/tributary.js', import.meta.url));

/** A start on a busy machine, with the page to be built and the first sync. */
const startMsMax = 90_000;

export type Environment = Readonly<Record<string, string>>;

/** Only what a test gives, and what a process needs: nothing of the developer's own settings. */
function environmentOf(environment: Environment): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], HOME: process.env['HOME'], ...environment };
}

export interface CommandResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Each line of standard output as JSON. */
  readonly lines: () => Record<string, unknown>[];
}

/** Runs one command of the real program to its end. */
export async function runCommand(
  args: readonly string[],
  environment: Environment,
  input = '',
): Promise<CommandResult> {
  const child = spawn(process.execPath, [program, ...args], { env: environmentOf(environment) });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const status = await exitOf(child);
  const lines = (): Record<string, unknown>[] =>
    stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { status, stdout, stderr, lines };
}

export interface RunningProgram {
  readonly pid: number;
  /** Everything that it wrote, to either output. */
  readonly output: () => string;
  /** Resolves when the output matches; rejects when the program ends before. */
  readonly waitFor: (pattern: RegExp) => Promise<void>;
  /** Sends the signal and waits for the end. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<{ status: number | null; tookMs: number }>;
}

/** Starts a server command of the real program. */
export function startProgram(args: readonly string[], environment: Environment): RunningProgram {
  const child = spawn(process.execPath, [program, ...args], {
    env: environmentOf(environment),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const watchers = new Set<() => void>();
  const append = (chunk: Buffer): void => {
    output += chunk.toString();
    for (const watcher of watchers) watcher();
  };
  child.stdout.on('data', append);
  child.stderr.on('data', append);
  const ended = exitOf(child);
  return {
    pid: child.pid ?? 0,
    output: () => output,
    waitFor: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (!pattern.test(output)) return;
          finish();
          resolve();
        };
        const fail = (why: string): void => {
          finish();
          reject(new Error(`${why} before ${pattern}:\n${output}`));
        };
        const timer = setTimeout(() => fail('Too late'), startMsMax);
        const finish = (): void => {
          clearTimeout(timer);
          watchers.delete(look);
        };
        watchers.add(look);
        void ended.then(() => (watchers.has(look) ? fail('It ended') : undefined));
        look();
      }),
    stop: async (signal = 'SIGTERM') => {
      const startedAt = performance.now();
      child.kill(signal);
      const status = await ended;
      return { status, tookMs: performance.now() - startedAt };
    },
  };
}

function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    child.once('close', resolve);
  });
}

/** A folder that is gone after `remove`. */
export async function temporaryFolder(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'tributary-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
