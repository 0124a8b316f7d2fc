import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { draftContract } from './draft-contract.ts';
import {
  admin,
  collectComplaints,
  connectionIdOf,
  findViolations,
  hasBrowser,
  overflowOf,
  settle,
  signIn,
  type Site,
  startMsMax,
  startSite,
} from './site.ts';

/** Some 90 pages with some 3 s each for axe, on a machine that has other work as well. */
const pagesMsMax = 1_200_000;

/** The script that the first view may load, gzipped. */
const firstViewBytesMax = 300_000;

interface Row {
  readonly id: string;
}
interface List<Item> {
  readonly data: readonly Item[];
}

/** Every page by its address, with the ids of the demo. */
async function listPages(site: Site): Promise<readonly string[]> {
  const connectionId = await connectionIdOf(site);
  const base = `/settings/integrations/hubspot/${connectionId}`;
  const { runId: previewId } = (await site.call('POST', `/connections/${connectionId}/preview`)) as {
    readonly runId: string;
  };
  await site.call('GET', `/runs/${previewId}?wait=20`);
  const runs = (await site.call('GET', '/runs?kind=sync')) as List<{ readonly runId: string }>;
  const documents = (await site.call('GET', '/documents')) as List<Row & { readonly source: Row }>;
  const posted = documents.data[0]?.id ?? '';
  await site.call('POST', '/documents/post', { ids: documents.data.slice(0, 5).map(({ id }) => id) });
  const paid = (await site.call('GET', `/documents/${posted}`)) as Row & {
    readonly entityId: string;
    readonly currency: string;
    readonly customer: Row;
  };
  const receipt = (await site.call('POST', '/receipts', {
    entityId: paid.entityId,
    customerId: paid.customer.id,
    currency: paid.currency,
    amount: '10',
    receivedOn: new Date().toISOString().slice(0, 10),
    allocations: [{ documentId: paid.id, amount: '1' }],
  })) as Row;
  const active = await draftContract(site);
  await site.call('POST', `/contracts/${active}/activate`, { billing: 'quarterly_advance' });
  const contractDraft = await draftContract(site);
  const customers = (await site.call('GET', '/customers')) as List<Row>;
  const items = (await site.call('GET', '/items')) as List<Row>;
  const drafts = (await site.call('GET', '/documents?status=draft&kind=invoice')) as List<Row>;
  const draft = drafts.data[0]?.id ?? '';
  const years = (await site.call('GET', '/fiscal-years?limit=1')) as List<
    Row & { readonly entityId: string }
  >;
  const { id: yearId = '', entityId = '' } = years.data[0] ?? {};
  const review = (await site.call('GET', '/review')) as List<{
    readonly records: readonly { readonly sourceId: string }[];
  }>;
  const failed = review.data[0]?.records[0]?.sourceId ?? '';
  return [
    '/',
    '/review',
    '/invoices',
    '/invoices/new',
    '/invoices?status=paid',
    `/invoices/${posted}`,
    `/invoices/${documents.data.at(-1)?.id ?? ''}`,
    '/contracts',
    '/contracts?status=completed',
    `/contracts/${contractDraft}`,
    `/contracts/${contractDraft}/activate`,
    `/contracts/${active}?obligation=all`,
    `/contracts/${active}/modify`,
    `/contracts/${active}/terminate`,
    '/recognition',
    '/receipts',
    '/receipts?unapplied=true',
    '/receipts/new',
    `/receipts/new?invoice=${posted}`,
    `/receipts/${receipt.id}`,
    `/invoices/${draft}/edit`,
    `/invoices/${posted}/credit`,
    '/credit-notes/new',
    '/customers/new',
    `/customers/${customers.data[0]?.id ?? ''}/edit`,
    '/items/new',
    `/items/${items.data[0]?.id ?? ''}`,
    '/customers',
    `/customers/${customers.data[0]?.id ?? ''}`,
    '/items',
    '/journal',
    '/reports',
    '/reports/trial-balance',
    '/reports/profit-and-loss?columns=months',
    '/reports/balance-sheet?compare=2025-12-31',
    '/reports/general-ledger?account=1200',
    '/reports/ar-aging',
    `/customers/${customers.data[0]?.id ?? ''}/statement`,
    '/reports/deferred-revenue',
    '/reports/contract-balances',
    '/reports/remaining-performance-obligation',
    '/reports/revaluation',
    `/runs/${runs.data.at(-1)?.runId ?? ''}`,
    `/runs/${runs.data.at(-1)?.runId ?? ''}?record=deal:${failed}`,
    `/why/${connectionId}/${failed}`,
    '/settings/integrations',
    '/settings/integrations/hubspot',
    base,
    `${base}/deal-mapping`,
    `${base}/stage-configuration`,
    `${base}/company-mapping`,
    `${base}/contact-mapping`,
    `${base}/sync-settings`,
    `${base}/sync-history`,
    `${base}/settings`,
    `${base}/preview/${previewId}`,
    `${base}/preview/${previewId}?record=deal:${failed}`,
    '/settings/accounts',
    '/settings/tax-codes',
    '/settings/exchange-rates',
    '/settings/entities',
    `/settings/entities/${entityId}`,
    '/settings/periods',
    `/settings/periods/${yearId}`,
    `/settings/periods/${yearId}/close`,
    '/settings/members',
    '/settings/api-keys',
    '/settings/audit-trail',
    '/no-such-page',
  ];
}

/** The widths, in pixels, of windows that the page is wider than. */
async function findOverflows(page: Page): Promise<number[]> {
  const before = page.viewportSize();
  const tooWide: number[] = [];
  for (const width of [360, 768, 2560]) {
    await page.setViewportSize({ width, height: 900 });
    if ((await overflowOf(page)) > 0) tooWide.push(width);
  }
  if (before) await page.setViewportSize(before);
  return tooWide;
}

describe.skipIf(!hasBrowser)('In the browser, every page', { timeout: pagesMsMax }, () => {
  let site: Site;
  let pages: readonly string[];

  beforeAll(async () => {
    site = await startSite();
    pages = await listPages(site);
  }, startMsMax);
  afterAll(async () => site?.stop(), startMsMax);

  test('has a title and one heading, fits windows from 360 to 2,560 pixels, and axe finds nothing', async () => {
    const page = await site.openSignedIn();
    const complaints = collectComplaints(page);
    const found: Record<string, unknown> = {};
    for (const path of pages) {
      await page.goto(path);
      await settle(page);
      const violations = await findViolations(page);
      const headings = await page.locator('h1').count();
      const title = await page.title();
      const tooWide = await findOverflows(page);
      if (violations.length > 0 || headings !== 1 || tooWide.length > 0 || !/^.+ · Tributary$/.test(title)) {
        found[path] = { violations, headings, title, tooWide };
      }
    }
    expect(found).toEqual({});
    expect(complaints, 'the console stays empty and the content security policy stops nothing').toEqual([]);
    await page.context().close();
  });

  test('can be read in dark colours: axe finds the contrast of all text enough', async () => {
    const page = await site.openSignedIn({ colorScheme: 'dark' });
    const found: Record<string, unknown> = {};
    for (const path of pages) {
      await page.goto(path);
      await settle(page);
      const violations = await findViolations(page, ['color-contrast']);
      if (violations.length > 0) found[path] = violations;
    }
    expect(found).toEqual({});
    await page.context().close();
  });

  test('signing in and the first view load less than 300 kB of script, gzipped', async () => {
    const page = await site.open();
    const sizes = new Map<string, number>();
    page.on('response', (response) => {
      if (!response.url().endsWith('.js')) return;
      void response.body().then((body) => sizes.set(response.url(), gzipSync(body).length));
    });
    expect(await findViolationsOfSignIn()).toEqual([]);
    await signIn(page, admin);
    await settle(page);
    const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
    expect(total).toBeGreaterThan(50_000);
    expect(total).toBeLessThan(firstViewBytesMax);

    async function findViolationsOfSignIn(): Promise<string[]> {
      await page.goto('/sign-in');
      await page.getByRole('heading', { level: 1 }).waitFor();
      return findViolations(page);
    }
  });

  test('with a list lets one choose its columns, and exports every row that passes its filters', async () => {
    const page = await site.openSignedIn();
    await page.goto('/invoices?currency=USD');
    await settle(page);
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Customer' }).click();
    await page.keyboard.press('Escape');
    await page.reload();
    await settle(page);
    expect(await page.getByRole('columnheader', { name: 'Customer' }).count()).toBe(0);
    const total = Number(/of (\d+) invoices/.exec((await page.locator('.pager').textContent()) ?? '')?.[1]);
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export' }).click();
    const file = await readFile(await (await download).path(), 'utf8');
    expect(file.trimEnd().split('\r\n')).toHaveLength(total + 1);
    expect(file).toContain("'=HYPERLINK(");
    await page.context().close();
  });

  test('shows names from outside as text in their own direction', async () => {
    const page = await site.openSignedIn();
    await page.goto('/invoices?q=script');
    await settle(page);
    const name = page.locator('tbody bdi', { hasText: '<script>' }).first();
    expect(await name.getAttribute('dir')).toBe('auto');
    expect(await name.getAttribute('title')).toContain('<script>');
    await page.context().close();
  });
});
