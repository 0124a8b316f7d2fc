import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import type { PortalAccess } from './server.ts';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

interface Ready {
  readonly url: string;
  readonly port: number;
  readonly portals: readonly PortalAccess[];
}

/** Starts the command as another process would, and waits for its one line. */
async function start(...options: string[]): Promise<{ child: ChildProcess; ready: Ready }> {
  const child = spawn(process.execPath, ['--import', 'tsx', MAIN, ...options], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.push(child);
  const line = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
      if (text.includes('\n')) resolve(text);
    });
    child.once('exit', (code) => reject(new Error(`exited with ${String(code)} before it was ready`)));
  });
  return { child, ready: JSON.parse(line) as Ready };
}

function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    if (child.exitCode !== null) resolve(child.exitCode);
    else child.once('exit', (code) => resolve(code));
  });
}

test('prints one line when ready, serves what was asked for, and stops cleanly on SIGTERM', async () => {
  const portal = JSON.stringify({ id: 7, currency: 'GBP', timeZone: 'Europe/London', deals: 80 });
  const { child, ready } = await start('--unthrottled', '--lag-ms', '0', '--seed', '3', '--portal', portal);
  expect(ready.url).toBe(`http://127.0.0.1:${ready.port}`);
  expect(ready.portals.map((entry) => [entry.id, entry.currency])).toEqual([[7, 'GBP']]);
  const response = await fetch(`${ready.url}/crm/objects/2026-09/deals?limit=100`, {
    headers: { Authorization: `Bearer ${ready.portals[0]?.token ?? ''}` },
  });
  expect(((await response.json()) as { results: unknown[] }).results).toHaveLength(80);
  child.kill('SIGTERM');
  expect(await exitOf(child)).toBe(0);
}, 30_000);

test('ends when its parent goes away', async () => {
  const { child } = await start('--exit-with-parent', '--deals', '0');
  child.stdin?.end();
  expect(await exitOf(child)).toBe(0);
}, 30_000);

test('a wrong option is exit status 2', async () => {
  const child = spawn(process.execPath, ['--import', 'tsx', MAIN, '--deals', 'many'], { stdio: 'ignore' });
  children.push(child);
  expect(await exitOf(child)).toBe(2);
}, 30_000);
