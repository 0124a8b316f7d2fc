import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface SandboxProcess {
  readonly url: string;
  readonly token: string;
  /** Calls by bucket and endpoint since the last reset. */
  readonly calls: () => Promise<{ total: number; byEndpoint: Record<string, number> }>;
  readonly resetCalls: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** The sandbox HubSpot in a process of its own, unthrottled, with deals that are all won and have three lines and own parents. */
export async function startSandboxProcess(
  deals: number,
  profile: 'bench' | 'realistic' = 'bench',
): Promise<SandboxProcess> {
  const main = fileURLToPath(new URL('../sandbox/hubspot/main.ts', import.meta.url));
  const child = spawn(
    process.execPath,
    [
      '--import',
      'tsx',
      main,
      '--port',
      '0',
      '--deals',
      String(deals),
      '--profile',
      profile,
      '--unthrottled',
      '--lag-ms',
      '0',
      '--exit-with-parent',
    ],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  const ready = await new Promise<{ url: string; portals: { token: string }[] }>((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
      const line = text.split('\n').find((candidate) => candidate.startsWith('{') && candidate.endsWith('}'));
      if (line) resolve(JSON.parse(line) as { url: string; portals: { token: string }[] });
    });
    child.once('exit', (code) => reject(new Error(`The sandbox ended with ${code} before it was ready`)));
  });
  const read = async (path: string, method = 'GET') =>
    (await fetch(`${ready.url}/__sandbox${path}`, { method })).json() as Promise<never>;
  return {
    url: ready.url,
    token: ready.portals[0]?.token ?? '',
    calls: () => read('/calls'),
    resetCalls: async () => {
      await fetch(`${ready.url}/__sandbox/calls`, { method: 'DELETE' });
    },
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve());
        child.kill('SIGTERM');
      }),
  };
}
