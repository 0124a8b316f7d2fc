import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findViolations, hasBrowser, settle, type Site, startMsMax, startSite, storyMsMax } from './site.ts';

describe.skipIf(!hasBrowser)('In the browser, an empty store', { timeout: storyMsMax }, () => {
  let site: Site;
  let page: Page;

  beforeAll(async () => {
    site = await startSite({ TRIBUTARY_DEMO: 'off' });
    page = await site.openSignedIn();
  }, startMsMax);
  afterAll(async () => site?.stop(), startMsMax);

  test.each([
    ['/', 'Nothing is connected yet'],
    ['/review', 'Nothing to look at'],
    ['/invoices', 'No invoices yet'],
    ['/contracts', 'No contracts yet'],
    ['/recognition?month=2026-01', 'Nothing is due up to the end of Jan 2026'],
    ['/reports/deferred-revenue', 'No contract has moved up to that month'],
    ['/reports/contract-balances', 'No contract has a balance on that day'],
    ['/reports/remaining-performance-obligation', 'Nothing remains to be recognised'],
    ['/customers', 'No customers yet'],
    ['/journal', 'The journal is empty'],
    ['/reports/trial-balance', 'Nothing is posted up to that day'],
    ['/reports/profit-and-loss', 'There is neither income nor expense in that range'],
    ['/reports/balance-sheet', 'Nothing is posted up to that day'],
    ['/reports/general-ledger', 'The account has no lines in that range'],
    ['/reports/ar-aging', 'Nobody owes anything on that day'],
    ['/settings/exchange-rates', 'No exchange rates yet'],
  ])('says on %s what will be there: %s', async (path, title) => {
    await page.goto(path);
    await settle(page);
    await page.getByRole('heading', { name: title }).waitFor();
    expect(await findViolations(page)).toEqual([]);
  });

  test('counts the one item that there is in the singular', async () => {
    await page.goto('/items');
    await settle(page);
    await page.getByText('1–1 of 1 item', { exact: true }).waitFor();
  });

  test('shows no test badge, and leads from the overview to what there is to connect, and why it asks', async () => {
    await page.goto('/');
    expect(await page.locator('.test-badge').count()).toBe(0);
    await page.getByRole('link', { name: 'Connect a CRM' }).click();
    const card = page.getByRole('article', { name: 'HubSpot' });
    await card.getByText('Not connected').waitFor();
    await card.getByRole('link', { name: 'Connect' }).click();
    await page.getByRole('heading', { name: 'What Tributary asks HubSpot for, and why' }).waitFor();
    expect(await page.getByRole('cell', { name: 'crm.objects.deals.read' }).count()).toBe(1);
    expect(await findViolations(page)).toEqual([]);
  });

  test('adds an account, sets an exchange rate, and makes a key that is shown once', async () => {
    await page.goto('/settings/accounts');
    await settle(page);
    await page.getByRole('button', { name: 'Add an account' }).click();
    await page.getByLabel('Number').fill('4111');
    await page.getByLabel('Name').fill('Training');
    await page.getByRole('button', { name: 'Add account' }).click();
    await page.getByRole('cell', { name: 'Training', exact: true }).waitFor();

    await page.goto('/settings/exchange-rates');
    await settle(page);
    const rateForm = page.getByRole('form', { name: 'Set a rate' });
    await rateForm.getByRole('combobox', { name: 'Currency' }).click();
    await page.getByRole('option', { name: 'EUR' }).click();
    await rateForm.getByLabel('From').fill('2026-01-01');
    await page.getByLabel('USD for one EUR').fill('1.0825');
    await page.getByRole('button', { name: 'Set rate' }).click();
    await page.getByRole('cell', { name: '1.0825' }).waitFor();

    await page.goto('/settings/api-keys');
    await page.getByRole('button', { name: 'Make a key' }).click();
    await page.getByLabel('Name').fill('Nightly export');
    await page.getByRole('button', { name: 'Make key' }).click();
    const key = (await page.getByTestId('api-key').textContent()) ?? '';
    expect(key.length).toBeGreaterThan(20);
    await page.reload();
    await page.getByRole('cell', { name: /^Nightly export/ }).waitFor();
    expect(await page.getByText(key).count()).toBe(0);
  });

  test('adds a viewer', async () => {
    await page.goto('/settings/members');
    await page.getByRole('button', { name: 'Add a member' }).click();
    await page.getByLabel('Name').fill('Vic Viewer');
    await page.getByLabel('E-mail address').fill('vic@example.com');
    await page.getByRole('dialog').locator('input[type=password]').fill('only-looking-around');
    await page.getByRole('button', { name: 'Add member' }).click();
    await page.getByRole('cell', { name: /^Vic Viewer/ }).waitFor();
  });
});
