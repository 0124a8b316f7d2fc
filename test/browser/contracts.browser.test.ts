import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { draftContract } from './draft-contract.ts';
import { findViolations, hasBrowser, settle, type Site, startMsMax, startSite, storyMsMax } from './site.ts';

describe.skipIf(!hasBrowser)('In the browser, a revenue contract', { timeout: storyMsMax }, () => {
  let site: Site;
  let page: Page;
  let id: string;
  const heading = (name: string | RegExp) => page.getByRole('heading', { level: 1, name });
  const dialog = () => page.getByRole('dialog');
  const figure = async (name: string): Promise<string> =>
    (await page.locator('.figures > div', { hasText: name }).first().locator('dd').textContent()) ?? '';

  beforeAll(async () => {
    site = await startSite();
    id = await draftContract(site);
    page = await site.openSignedIn();
  }, startMsMax);
  afterAll(async () => site?.stop(), startMsMax);

  test('is found among the contracts and not among the invoices, and an old link to it leads to its page', async () => {
    await page.goto('/contracts');
    await settle(page);
    expect(await page.locator('tbody tr').count()).toBeGreaterThan(0);
    await page.goto(`/invoices/${id}`);
    await heading('Contract (draft)').waitFor();
    expect(new URL(page.url()).pathname).toBe(`/contracts/${id}`);
    await page.getByText('A draft: nothing is recognised or billed yet').waitFor();
  });

  test('is activated by its terms, and says at its field what is wrong with them', async () => {
    await page.getByRole('link', { name: 'Activate' }).click();
    await heading('Activate contract').waitFor();
    await page.getByLabel('All start').fill('2026-01-01');
    await page.getByLabel('All end').fill('2025-12-31');
    await page.getByRole('button', { name: /^Set on all/ }).click();
    await page.getByRole('combobox', { name: 'Billed' }).click();
    await page.getByRole('option', { name: 'Quarterly in advance' }).click();
    await page.getByRole('button', { name: 'Activate contract' }).click();
    await expect
      .poll(() => page.locator('fieldset .field-error').first().textContent())
      .toContain('before it starts');
    expect(await findViolations(page)).toEqual([]);
    await page.getByLabel('All end').fill('2026-12-31');
    await page.getByRole('button', { name: /^Set on all/ }).click();
    await page.getByRole('combobox', { name: 'Recognition of all lines' }).click();
    await page.getByRole('option', { name: 'Evenly by month' }).click();
    await page.getByRole('button', { name: /^Set on all/ }).click();
    await page.getByRole('button', { name: 'Activate contract' }).click();
    await heading(/^Contract CON-\d+/).waitFor();
    await settle(page);
    expect(await page.getByRole('group', { name: 'Billing plan' }).locator('tbody tr').count()).toBe(4);
    await page.getByRole('link', { name: 'Open all schedules' }).click();
    await expect
      .poll(() =>
        page
          .getByRole('group', { name: /^Schedule of/ })
          .first()
          .locator('tbody tr')
          .count(),
      )
      .toBe(12);
    expect(await findViolations(page)).toEqual([]);
  });

  test('has its due invoices made, and once they are posted it is a liability', async () => {
    await page.getByRole('button', { name: 'Make invoices due' }).click();
    await dialog().getByLabel('Due up to').fill('2026-03-31');
    await dialog().getByRole('button', { name: 'Make 1 draft' }).click();
    await dialog().getByText('1 draft made').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'Draft invoice' }).click();
    await heading(/^Invoice/).waitFor();
    await page.getByRole('button', { name: 'Post', exact: true }).click();
    await dialog().getByRole('button', { name: 'Post invoice' }).click();
    await page.getByText('Posted', { exact: true }).first().waitFor();
    await page.goto(`/contracts/${id}`);
    await settle(page);
    expect(await figure('Contract liability')).not.toMatch(/\s?0\.00$/);
    expect(await figure('Contract liability')).toBe(await figure('Billed'));
  });

  test('is recognised at month end after a look at what is due, and a second look finds nothing', async () => {
    await page.goto('/recognition?month=2026-01');
    await settle(page);
    await page.getByRole('link', { name: /^CON-/ }).first().waitFor();
    await page.getByRole('button', { name: 'Recognise…' }).click();
    await dialog().getByRole('button', { name: 'Recognise' }).click();
    await page.getByRole('heading', { name: 'Nothing is due up to the end of Jan 2026' }).waitFor();
    await page.getByText(/recognised on Jan 31, 2026/).waitFor();
    expect(await findViolations(page)).toEqual([]);
    await page.goto(`/contracts/${id}`);
    await settle(page);
    expect(await figure('Recognised')).not.toMatch(/\s?0\.00$/);
    await page.goto('/reports/deferred-revenue?from=2026-01&to=2026-02');
    await settle(page);
    await page.getByRole('link', { name: 'Jan 2026' }).waitFor();
  });

  test('is due again once the run is undone', async () => {
    await page.goto('/recognition?month=2026-01');
    await settle(page);
    await page.getByRole('button', { name: /^Undo/ }).click();
    await dialog().getByRole('button', { name: 'Undo run' }).click();
    await page.getByText('Undone', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Recognise…' }).waitFor();
    await page.goto(`/contracts/${id}`);
    await settle(page);
    expect(await figure('Recognised')).toMatch(/0\.00$/);
  });

  test('shows a modification beside itself before it is applied, and keeps its reason', async () => {
    await page.getByRole('link', { name: 'Modify' }).click();
    await heading('Modify contract').waitFor();
    const before = await site.call('GET', `/contracts/${id}`);
    await page.getByLabel('Holds from').fill('2026-07-01');
    await page.getByLabel(/^Price change/).fill('120');
    await page.getByLabel('Reason').fill('Ten more seats');
    await page.getByRole('button', { name: 'Preview' }).click();
    await page.getByRole('heading', { name: 'After the change' }).waitFor();
    expect(await site.call('GET', `/contracts/${id}`)).toEqual(before);
    expect(await findViolations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Apply the change' }).click();
    await page
      .getByRole('group', { name: 'Modifications of the contract' })
      .getByText('Ten more seats')
      .waitFor();
  });

  test('is renewed by a draft that leads back to it, and terminated with a preview', async () => {
    await page.getByRole('button', { name: 'Renew' }).click();
    await dialog().getByLabel('Uplift in percent').fill('5');
    await dialog().getByRole('button', { name: 'Draft the renewal' }).click();
    await heading('Contract (draft)').waitFor();
    await page.getByRole('link', { name: 'The contract before' }).click();
    await heading(/^Contract CON-/).waitFor();
    await page.getByRole('link', { name: 'The contract after' }).waitFor();
    await page.getByRole('link', { name: 'Terminate' }).click();
    await heading('Terminate contract').waitFor();
    await page.getByLabel('Last day of service').fill('2026-09-30');
    await page.getByLabel('Reason').fill('The customer left');
    await page.getByRole('button', { name: 'Preview' }).click();
    await page.getByRole('heading', { name: 'After the change' }).waitFor();
    expect(await findViolations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Terminate contract' }).click();
    await heading(/^Contract CON-\d+ Terminated/).waitFor();
  });
});
