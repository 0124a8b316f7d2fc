import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Where the built page lies. */
export const webRoot = join(root, 'dist', 'web');

/** What the page is made of. */
const sources = ['src/web', 'src/contract', 'src/kernel', 'src/model', 'package-lock.json'];

export interface BuildOutcome {
  readonly state: 'ready' | 'built' | 'no_builder' | 'failed';
  /** What the builder said, when it failed. */
  readonly output: string;
}

/** Whether the page is missing, or older than what it is made of. */
export function needsBuild(): boolean {
  const index = join(webRoot, 'index.html');
  if (!existsSync(index)) return true;
  const builtAt = statSync(index).mtimeMs;
  return sources.some((source) => newestIn(join(root, source)) > builtAt);
}

function newestIn(path: string): number {
  if (!existsSync(path)) return 0;
  const found = statSync(path);
  if (!found.isDirectory()) return found.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newestIn(join(path, name))));
}

/**
 * Builds the page in a process of its own: the builder is a tool of development, and its memory is gone afterwards. A server
 * without it, as in production, serves what was built before.
 */
export async function buildWebPage(signal: AbortSignal): Promise<BuildOutcome> {
  const builder = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const configuration = join(root, 'src', 'web', 'vite.config.ts');
  if (!existsSync(builder) || !existsSync(configuration)) return { state: 'no_builder', output: '' };
  const child = spawn(process.execPath, [builder, 'build', '--config', configuration, '--logLevel', 'warn'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ state: 'failed', output: error.message }));
    child.once('close', (code) => {
      resolve({ state: code === 0 ? 'built' : 'failed', output: output.trim() });
    });
  });
}
