import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface SandboxProcess {
  readonly url: string;
  readonly token: string;
  /** Forgets the calls counted so far. */
  readonly resetCalls: () => Promise<void>;
  /** One of the sandbox's own calls, such as `/records/touch`. */
  readonly control: (path: string, body: object) => Promise<unknown>;
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
  const control = async (path: string, method: string, body?: object): Promise<unknown> => {
    const answer = await fetch(`${ready.url}/__sandbox${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return answer.json();
  };
  return {
    url: ready.url,
    token: ready.portals[0]?.token ?? '',
    resetCalls: async () => {
      await control('/calls', 'DELETE');
    },
    control: (path, body) => control(path, 'POST', body),
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve());
        child.kill('SIGTERM');
      }),
  };
}
