import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { TributaryError } from '../kernel/errors.ts';

/** Making the data of some hundred deals takes a second or two; a busy machine gets its time. */
const startMsMax = 60_000;
const stopMsMax = 3_000;

const readySchema = z.object({
  url: z.string(),
  port: z.number(),
  portals: z
    .array(z.object({ id: z.number(), token: z.string(), clientId: z.string(), clientSecret: z.string() }))
    .min(1),
});
export type SandboxAccess = z.infer<typeof readySchema>;

export interface SandboxProcess {
  readonly access: SandboxAccess;
  readonly stop: () => Promise<void>;
}

export interface SandboxArguments {
  readonly port: number;
  readonly seed: number;
  readonly deals: number;
  readonly seedNow: string;
}

/**
 * Starts the stand-in for the CRM as a child process. It ends when this process ends, however that happens: its standard input
 * closes then. It is no member of the terminal's group, so that Ctrl-C stops the sync before the CRM goes away.
 * Errors: internal, with what it said.
 */
export async function startSandboxProcess(wanted: SandboxArguments): Promise<SandboxProcess> {
  const script = fileURLToPath(new URL('../../sandbox/hubspot/main.ts', import.meta.url));
  const args = [
    ...['--port', String(wanted.port), '--seed', String(wanted.seed), '--deals', String(wanted.deals)],
    ...['--seed-now', wanted.seedNow, '--exit-with-parent'],
  ];
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), script, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
  });
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', () => resolve());
  });
  const stop = async (): Promise<void> => {
    child.stdin.end();
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), stopMsMax);
    await ended;
    clearTimeout(timer);
  };
  child.stdin.on('error', () => undefined);
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => (complaints = `${complaints}${chunk.toString()}`.slice(-2_000)));
  try {
    const access = await readReadyLine(child.stdout, ended);
    child.stdout.resume();
    return { access, stop };
  } catch (error) {
    await stop();
    throw new TributaryError('internal', `The sandbox did not start. ${complaints.trim()}`, { cause: error });
  }
}

async function readReadyLine(stdout: NodeJS.ReadableStream, ended: Promise<void>): Promise<SandboxAccess> {
  let timer: NodeJS.Timeout | undefined;
  const line = new Promise<string>((resolve, reject) => {
    let text = '';
    const read = (chunk: Buffer): void => {
      text += chunk.toString();
      const end = text.indexOf('\n');
      if (end < 0) return;
      stdout.off('data', read);
      resolve(text.slice(0, end));
    };
    stdout.on('data', read);
    void ended.then(() => reject(new Error('It ended.')));
    timer = setTimeout(() => reject(new Error('It was not ready in time.')), startMsMax);
  });
  try {
    return readySchema.parse(JSON.parse(await line));
  } finally {
    clearTimeout(timer);
  }
}
