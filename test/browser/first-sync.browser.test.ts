import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { admin, hasBrowser, settle, type Site, startMsMax, startSite, storyMsMax } from './site.ts';

describe.skipIf(!hasBrowser)('In the browser, a bookkeeper', { timeout: storyMsMax }, () => {
  let site: Site;
  let page: Page;
  let postedInvoice: string;
  const heading = (name: string | RegExp) => page.getByRole('heading', { level: 1, name });

  beforeAll(async () => {
    site = await startSite();
    page = await site.open();
  }, startMsMax);
  afterAll(async () => site?.stop(), startMsMax);

  test('is told what to do when the password is wrong, signs in and lands on the page that was asked for', async () => {
    await page.goto('/invoices?status=draft');
    await heading('Sign in to Tributary').waitFor();
    await page.getByLabel('E-mail address').fill(admin.email);
    await page.getByLabel('Password', { exact: true }).fill('wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect.poll(() => page.getByRole('alert').textContent()).toContain('is wrong');
    await page.getByLabel('Password', { exact: true }).fill(admin.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await heading('Invoices').waitFor();
    expect(new URL(page.url()).search).toContain('status=draft');
  });

  test('sees the connection in test mode, its status, and that the data is test data', async () => {
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Integrations' }).click();
    await heading('Integrations').waitFor();
    const card = page.getByRole('article', { name: 'HubSpot' });
    expect(await card.textContent()).toContain('Connected');
    await card.getByRole('link', { name: /sandbox/ }).click();
    await page.getByRole('list', { name: 'The way to syncing' }).waitFor();
    expect(await page.locator('.topbar .test-badge').isVisible()).toBe(true);
    expect(await page.locator('#main').textContent()).toContain('48151623');
  });

  test('finds every tab by its name and address', async () => {
    const tabs = [
      ['Overview', ''],
      ['Deal Mapping', '/deal-mapping'],
      ['Stage Configuration', '/stage-configuration'],
      ['Company Mapping', '/company-mapping'],
      ['Contact Mapping', '/contact-mapping'],
      ['Sync Settings', '/sync-settings'],
      ['Sync History', '/sync-history'],
      ['Settings', '/settings'],
    ] as const;
    const bar = page.getByRole('navigation', { name: 'Of this connection' });
    expect(await bar.getByRole('link').allTextContents()).toEqual(tabs.map(([name]) => name));
    const base = new URL(page.url()).pathname.replace(/\/$/, '');
    for (const [name, path] of tabs) {
      await bar.getByRole('link', { name, exact: true }).click();
      await page.waitForURL((url) => url.pathname.replace(/\/$/, '') === `${base}${path}`);
      await expect.poll(() => page.title()).toContain(name);
    }
    await page.goBack();
    await expect.poll(() => page.title()).toContain('Sync History');
    await bar.getByRole('link', { name: 'Overview', exact: true }).click();
  });

  test('previews: reasons for what will not become an invoice, and the invoice that a deal would become', async () => {
    await page.getByRole('button', { name: 'Preview', exact: true }).click();
    await heading('Preview').waitFor();
    const filters = page.getByRole('list', { name: 'Filter by decision' });
    await filters.waitFor({ timeout: 60_000 });
    expect(await page.locator('.page-lead').textContent()).toMatch(/3 to create.*Nothing has been written/);
    await filters.getByRole('link', { name: /fail/ }).click();
    await page.getByRole('cell', { name: 'The deal has no company in the CRM.' }).first().waitFor();
    expect(new URL(page.url()).searchParams.get('decision')).toBe('fail');
    await filters.getByRole('link', { name: /create/ }).click();
    await expect.poll(() => page.locator('tbody tr').count()).toBe(3);
    await page.locator('tbody a.row-link').first().click();
    const panel = page.getByRole('complementary', { name: 'The record' });
    await panel.getByRole('heading', { name: 'The document that it would become' }).waitFor();
    expect(new URL(page.url()).searchParams.get('record')).toMatch(/^deal:\d+$/);
    await panel.getByText('In the CRM', { exact: true }).waitFor();
    expect(await panel.getByText('Total', { exact: true }).count()).toBeGreaterThan(0);
    await page.goBack();
    await expect.poll(() => panel.count()).toBe(0);
  });

  test('syncs what the preview showed, watches it, and reads the summary', async () => {
    await page.getByRole('button', { name: 'Sync these 3' }).click();
    await page.waitForURL(/\/runs\//);
    const summary = page.getByTestId('run-summary');
    await summary.waitFor({ timeout: 60_000 });
    expect(await summary.textContent()).toMatch(/3 created/);
    expect(
      await page
        .getByRole('list', { name: 'Totals of the created invoices, per currency' })
        .getByRole('listitem')
        .count(),
    ).toBeGreaterThan(0);
  });

  test('goes from the run to a record and from the record to its document, with the link to the deal', async () => {
    await page
      .getByRole('list', { name: 'Filter by outcome' })
      .getByRole('link', { name: /created/ })
      .click();
    await expect.poll(() => page.locator('tbody tr').count()).toBe(3);
    await page.locator('tbody a.row-link').first().click();
    const panel = page.getByRole('complementary', { name: 'The record' });
    await panel.getByRole('link', { name: 'Open the document' }).click();
    await heading(/^Invoice \(draft\)/).waitFor();
    await settle(page);
    expect(
      await page.getByRole('group', { name: 'Lines of the document' }).locator('tbody tr').count(),
    ).toBeGreaterThan(0);
    const crm = page.getByRole('link', { name: /Open the deal in the CRM/ });
    expect(await crm.getAttribute('href')).toMatch(
      /^https:\/\/app\.hubspot\.com\/contacts\/\d+\/record\/0-3\/\d+$/,
    );
    expect(await crm.getAttribute('rel')).toContain('noopener');
  });

  test('posts an invoice in the base currency and sees its journal entry', async () => {
    await page.goto('/invoices?status=draft&currency=USD&sort=-total');
    await settle(page);
    await page.locator('tbody a.row-link').first().click();
    await heading(/^Invoice \(draft\)/).waitFor();
    await page.getByRole('button', { name: 'Post', exact: true }).click();
    const dialog = page.getByRole('dialog');
    expect(await dialog.textContent()).toMatch(/journal entry of USD [\d,]+\.\d\d/);
    await dialog.getByRole('button', { name: 'Post invoice' }).click();
    await heading(/^Invoice (?!\(draft\))\S+/).waitFor();
    await page
      .getByRole('group', { name: 'Journal lines' })
      .getByRole('cell', { name: /Accounts receivable/ })
      .waitFor();
    expect(await page.getByRole('button', { name: 'Reverse' }).isVisible()).toBe(true);
    postedInvoice = new URL(page.url()).pathname;
  });

  test('posts several at once from the list', async () => {
    await page.goto('/invoices?status=draft&currency=USD');
    await settle(page);
    const draftCount = async (): Promise<number> =>
      Number(/of (\d+) invoices/.exec((await page.locator('.pager').textContent()) ?? '')?.[1]);
    const before = await draftCount();
    const boxes = page.getByRole('checkbox', { name: /^Select draft/ });
    await boxes.nth(0).check();
    await boxes.nth(1).check();
    await page.getByRole('button', { name: 'Post 2 drafts' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Post 2 drafts' }).click();
    await expect.poll(draftCount).toBe(before - 2);
  });

  test('reads a trial balance that balances', async () => {
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Reports' }).click();
    await page.getByRole('link', { name: 'Trial balance' }).click();
    await page.getByText('It balances').waitFor();
    const totals = await page.locator('tfoot td.end').allTextContents();
    expect(totals).toHaveLength(2);
    expect(totals[0]).toBe(totals[1]);
    expect(totals[0]).toMatch(/^[\d,]+\.\d\d$/);
  });

  test('reverses a posted invoice after being told in numbers what that does', async () => {
    await page.goto(postedInvoice);
    await page.getByRole('button', { name: 'Reverse' }).click();
    const dialog = page.getByRole('dialog');
    expect(await dialog.textContent()).toMatch(/reverses 1 posted invoice, USD [\d,]+\.\d\d/);
    await dialog.getByRole('button', { name: /^Reverse/ }).click();
    await page.locator('h1').getByText('Reversed').waitFor();
  });

  test('finds a deal by its address in the CRM and reads why it was decided so', async () => {
    await page.goto('/');
    await settle(page);
    const id = ((await site.call('GET', '/review')) as ReviewAnswer).data[0]?.records[0]?.sourceId ?? '';
    await page.keyboard.press('/');
    await page.getByRole('combobox').fill(`https://app.hubspot.com/contacts/48151623/record/0-3/${id}`);
    await page.getByRole('option', { name: new RegExp(`Deal ${id}`) }).waitFor();
    await page.keyboard.press('Enter');
    await heading(/^Why\?/).waitFor();
    await page.getByRole('heading', { name: 'What was decided in each run' }).waitFor();
    expect(await page.locator('#main').textContent()).toContain(id);
  });
});

interface ReviewAnswer {
  readonly data: readonly { readonly records: readonly { readonly sourceId: string }[] }[];
}
