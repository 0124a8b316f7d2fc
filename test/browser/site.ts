import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { findChromium } from '../../scripts/find-chromium.ts';
import { type Environment, startProgram, temporaryFolder } from '../support/program.ts';

const found = findChromium(process.env);
const chromiumPath = process.env['TRIBUTARY_TEST_CHROMIUM'] ?? ('path' in found ? found.path : undefined);

/** Browser tests are skipped where this is false; `npm test` names them. */
export const hasBrowser = chromiumPath !== undefined;

export const admin = { email: 'ann@example.com', password: 'correct-horse-battery-staple' } as const;
export const apiKey = 'trib_key-of-the-browser-tests';

/** A start with its first sync, on a busy machine. */
export const startMsMax = 120_000;
/** A whole story in the page, on a busy machine. */
export const storyMsMax = 150_000;

export interface Site {
  readonly url: string;
  readonly browser: Browser;
  readonly dataFolder: string;
  /** A fresh browser window of nobody. */
  readonly open: (options?: BrowserContextOptions) => Promise<Page>;
  /** A fresh browser window of the admin, or of someone else. */
  readonly openSignedIn: (
    options?: BrowserContextOptions,
    who?: { readonly email: string; readonly password: string },
  ) => Promise<Page>;
  /** One call of the API with every scope. */
  readonly call: (method: string, path: string, body?: unknown) => Promise<unknown>;
  readonly stop: () => Promise<void>;
}

/** Starts the real program on a folder of its own and a browser for it. */
export async function startSite(environment: Environment = {}): Promise<Site> {
  const folder = await temporaryFolder();
  const program = startProgram(['start'], {
    PORT: '0',
    TRIBUTARY_DATA_DIR: folder.path,
    TRIBUTARY_ADMIN_EMAIL: admin.email,
    TRIBUTARY_ADMIN_PASSWORD: admin.password,
    TRIBUTARY_BOOTSTRAP_API_KEY: apiKey,
    ...environment,
  });
  try {
    await program.waitFor(/"msg":"listening"/);
    const url = /Tributary +(http:\S+)/.exec(program.output())?.[1] ?? '';
    const browser = await launchBrowser();
    const open = async (options: BrowserContextOptions = {}): Promise<Page> => {
      const context = await browser.newContext({
        locale: 'en-US',
        viewport: { width: 1280, height: 900 },
        baseURL: url,
        ...options,
      });
      return context.newPage();
    };
    return {
      url,
      browser,
      dataFolder: folder.path,
      open,
      openSignedIn: async (options, who = admin) => {
        const page = await open(options);
        await signIn(page, who);
        return page;
      },
      call: (method, path, body) => callApi(url, method, path, body),
      stop: async () => {
        await browser.close();
        await program.stop('SIGTERM');
        await folder.remove();
      },
    };
  } catch (error) {
    await program.stop('SIGKILL');
    await folder.remove();
    throw error;
  }
}

function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    ...(chromiumPath === undefined ? {} : { executablePath: chromiumPath }),
    args: [
      // A container's root has no sandbox; the only pages are our own.
      '--no-sandbox',
      '--disable-background-networking',
      '--disable-component-update',
      '--no-first-run',
      '--disable-dev-shm-usage',
    ],
  });
}

async function callApi(url: string, method: string, path: string, body?: unknown): Promise<unknown> {
  const answer = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${apiKey}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return text === '' ? null : JSON.parse(text);
}

export async function signIn(
  page: Page,
  { email, password }: { readonly email: string; readonly password: string },
): Promise<void> {
  await page.goto('/sign-in');
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
}

/** What axe finds on the page as it stands, one line a violation, so that a failing test can be read. */
export async function findViolations(page: Page, rules: readonly string[] = []): Promise<string[]> {
  const axe = new AxeBuilder({ page });
  const { violations } = await (rules.length > 0 ? axe.withRules([...rules]) : axe).analyze();
  return violations.map(
    ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(' | ')}`,
  );
}

/** How many pixels the page is wider than its window. */
export function overflowOf(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

/** The page is there whole: nothing of it is still on its way. */
export async function settle(page: Page): Promise<void> {
  await page.locator('#main h1').first().waitFor();
  await page.waitForFunction(
    () => document.querySelector('#main [aria-busy="true"], #main .mantine-Skeleton-root') === null,
  );
}

/** Messages of the browser that nobody should see: errors of scripts, and what the content security policy stopped. */
export function collectComplaints(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  return complaints;
}

/** Asks the sandbox of the demo to do something, as its control API has it. */
export async function controlSandbox(site: Site, path: string, body: unknown): Promise<unknown> {
  const state: unknown = JSON.parse(await readFile(join(site.dataFolder, 'demo.json'), 'utf8'));
  const url = typeof state === 'object' && state !== null && 'url' in state ? String(state.url) : '';
  const answer = await fetch(`${url}/__sandbox/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`The sandbox answered ${answer.status} to ${path}: ${await answer.text()}`);
  return answer.json();
}

interface WithId {
  readonly id: string;
}

/** The id of the first connection: that of the demo. */
export async function connectionIdOf(site: Site): Promise<string> {
  const { data } = (await site.call('GET', '/connections')) as { readonly data: readonly WithId[] };
  const id = data[0]?.id;
  if (id === undefined) throw new Error('The demo has no connection');
  return id;
}
