import type { SandboxEndpoint } from '../connections/connections-dependencies.ts';
import { isTributaryError } from '../kernel/errors.ts';
import { type DemoSale, type DemoState, readDemoState, writeDemoState } from './demo-state.ts';
import { type SandboxProcess, startSandboxProcess } from './sandbox-process.ts';

/** Every hard case is there once in forty deals; so many make a year of a small company, and a first sync of seconds. */
const demoDeals = 240;
/** The sandbox sells one deal in so much time. */
const saleMs = 180_000;
/** After so many sales the sandbox has sold out: each start does all of them again. */
const salesMax = 2_000;
const controlMsMax = 10_000;

/** The outside system of the demo, by its connector. */
export const demoConnector = 'hubspot';

export interface Demo {
  readonly endpoint: SandboxEndpoint;
  readonly token: string;
  readonly accountId: string;
  /** Where the sandbox was at the start before, when it has moved. */
  readonly movedFrom: string | null;
  /** Closes open deals as won, or makes new ones. */
  readonly sell: (count: number, create: boolean) => Promise<void>;
  /** Lets the sandbox go on selling, until it is stopped. */
  readonly keepSelling: (onError: (error: unknown) => void) => void;
  readonly stop: () => Promise<void>;
}

/** Marks a data folder as one of a demo. Its deals end at the start of this day. */
export async function prepareDemo(dataFolder: string, now: Date): Promise<void> {
  if ((await readDemoState(dataFolder)) !== null) return;
  const seedNow = `${now.toISOString().slice(0, 10)}T00:00:00.000Z`;
  await writeDemoState(dataFolder, { port: 0, seed: 1, deals: demoDeals, seedNow, url: null, sales: [] });
}

/** Starts the sandbox of a demo's data folder, with all that it has sold before. Null: the folder is not one of a demo. */
export async function startDemo(dataFolder: string): Promise<Demo | null> {
  const before = await readDemoState(dataFolder);
  if (before === null) return null;
  const sandbox = await startOnItsPort(before);
  const { access } = sandbox;
  const portal = access.portals[0];
  if (!portal) throw new Error('The sandbox has no portal');
  const movedFrom = before.url !== null && before.url !== access.url ? before.url : null;
  let state: DemoState = { ...before, port: access.port, url: access.url };
  try {
    for (const sale of state.sales) await repeatSale(access.url, sale);
    await writeDemoState(dataFolder, state);
  } catch (error) {
    await sandbox.stop();
    throw error;
  }
  let timer: NodeJS.Timeout | undefined;
  const sell = async (count: number, create: boolean): Promise<void> => {
    const at = await clockOf(access.url);
    const current: DemoState = { ...state, sales: [...state.sales, { at, count, create }] };
    await callSandbox(access.url, 'sell', { count, create });
    state = current;
    await writeDemoState(dataFolder, current);
  };
  return {
    endpoint: {
      apiUrl: access.url,
      appUrl: access.url,
      clientId: portal.clientId,
      clientSecret: portal.clientSecret,
    },
    token: portal.token,
    accountId: String(portal.id),
    movedFrom,
    sell,
    keepSelling: (onError) => {
      timer = setInterval(() => {
        if (state.sales.length >= salesMax) return;
        // Every third deal is a new one, so that there are open deals left to close.
        sell(1, state.sales.length % 3 === 2).catch(onError);
      }, saleMs);
    },
    stop: async () => {
      clearInterval(timer);
      await sandbox.stop();
    },
  };
}

/** The port of the last time, so that addresses in the books still lead somewhere; another one where that is taken. */
async function startOnItsPort(state: DemoState): Promise<SandboxProcess> {
  try {
    return await startSandboxProcess(state);
  } catch (error) {
    if (state.port === 0 || !isTributaryError(error) || !error.detail?.includes('EADDRINUSE')) throw error;
    return startSandboxProcess({ ...state, port: 0 });
  }
}

/** Sells as at that time: the sandbox's clock is moved there and back. */
async function repeatSale(url: string, sale: DemoSale): Promise<void> {
  const backMs = Date.parse(sale.at) - Date.now();
  await callSandbox(url, 'clock/advance', { ms: backMs });
  await callSandbox(url, 'sell', { count: sale.count, create: sale.create });
  await callSandbox(url, 'clock/advance', { ms: -backMs });
}

async function clockOf(url: string): Promise<string> {
  const answer = await callSandbox(url, 'clock/advance', { ms: 0 });
  const now = typeof answer === 'object' && answer !== null && 'now' in answer ? answer.now : null;
  return typeof now === 'string' ? now : new Date().toISOString();
}

async function callSandbox(url: string, path: string, body: object): Promise<unknown> {
  const answer = await fetch(`${url}/__sandbox/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(controlMsMax),
  });
  if (!answer.ok) throw new Error(`The sandbox answered ${answer.status} to ${path}`);
  return answer.json();
}
