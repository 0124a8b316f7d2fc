import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  connectionIdOf,
  controlSandbox,
  hasBrowser,
  settle,
  type Site,
  startMsMax,
  startSite,
  storyMsMax,
} from './site.ts';

interface ConfigurationAnswer {
  readonly version: number;
  readonly settings: { readonly deals: Readonly<Record<string, unknown>> };
}

const pipelinesReadWithin = { timeout: 30_000, interval: 1_000 };

describe.skipIf(!hasBrowser)('In the browser, an admin', { timeout: storyMsMax }, () => {
  let site: Site;
  let page: Page;
  let base: string;
  let connectionId: string;
  const configuration = async (): Promise<ConfigurationAnswer> =>
    (await site.call('GET', `/connections/${connectionId}/configuration`)) as ConfigurationAnswer;
  const choose = async (field: string, option: string): Promise<void> => {
    // Document, lines and items may all have a field of one name; the document's stands first.
    await page.getByRole('combobox', { name: field, exact: true }).first().click();
    await page.getByRole('option', { name: option, exact: true }).click();
  };

  beforeAll(async () => {
    site = await startSite();
    connectionId = await connectionIdOf(site);
    base = `/settings/integrations/hubspot/${connectionId}`;
    page = await site.openSignedIn({ viewport: { width: 1440, height: 900 } });
  }, startMsMax);
  afterAll(async () => site?.stop(), startMsMax);

  test('changes a mapping and sees the picked deal’s document change before anything is saved', async () => {
    await page.goto(`${base}/deal-mapping`);
    await settle(page);
    const trial = page.getByRole('complementary', { name: 'Try it on a real deal' });
    await trial.getByText('Customer', { exact: true }).waitFor();
    const before = (await configuration()).version;
    await choose('Kind of source of Description', 'Constant');
    await page.getByRole('textbox', { name: 'Constant for Description' }).fill('Services as agreed');
    await trial.getByText('Services as agreed').waitFor();
    expect((await configuration()).version).toBe(before);
  });

  test('sees what the deal’s customer and contact would become under the settings as they stand', async () => {
    for (const [path, section, label] of [
      ['company-mapping', 'Customer', 'Customer name'],
      ['contact-mapping', 'Contact person', 'Contact name'],
    ] as const) {
      await page
        .getByRole('link', { name: path === 'company-mapping' ? 'Company Mapping' : 'Contact Mapping' })
        .click();
      await settle(page);
      const row = page
        .getByRole('group', { name: section, exact: true })
        .getByRole('group', { name: label, exact: true });
      await choose(`Kind of source of ${label}`, 'Constant');
      await page.getByRole('textbox', { name: `Constant for ${label}` }).fill(`Tried ${label}`);
      await row.locator('.example').getByText(`Tried ${label}`).waitFor();
    }
    await page.getByRole('button', { name: 'Discard' }).click();
    await page.getByRole('link', { name: 'Deal Mapping' }).click();
    await settle(page);
    await choose('Kind of source of Description', 'Constant');
    await page.getByRole('textbox', { name: 'Constant for Description' }).fill('Services as agreed');
  });

  test('keeps the unsaved change on the way to another mapping page, and saves both as one version', async () => {
    await page.getByRole('link', { name: 'Stage Configuration' }).click();
    await choose('What Negotiation means for revenue', 'Makes the document');
    const before = (await configuration()).version;
    const bar = page.getByRole('form', { name: 'Unsaved changes' });
    await bar.getByRole('textbox').fill('Invoice from negotiation on');
    await bar.getByRole('button', { name: `Save as version ${before + 1}` }).click();
    await page.getByText(`Saved as version ${before + 1}`).waitFor();
    const { deals } = (await configuration()).settings;
    expect(deals).toMatchObject({ fields: { description: { constant: 'Services as agreed' } } });
    expect(deals['stages']).toContain('contractsent');
  });

  test('sees what changed from version to version, and goes back', async () => {
    await page.goto(`${base}/settings`);
    await settle(page);
    const table = page.getByRole('group', { name: 'Versions of the configuration' });
    await table.getByRole('cell', { name: 'Invoice from negotiation on' }).waitFor();
    await table.getByRole('button', { name: 'Go back to version 1' }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Save as version/ })
      .click();
    await table.getByRole('cell', { name: 'Back to version 1' }).waitFor();
    expect((await configuration()).settings.deals['stages']).toEqual([]);
  });

  test('is told at its row what is wrong with a mapping and how to mend it, and cannot save it', async () => {
    await page.goto(`${base}/deal-mapping`);
    await settle(page);
    await page.getByRole('combobox', { name: 'Property for Document date' }).click();
    await page.getByRole('combobox', { name: 'Property for Document date' }).fill('amount');
    await page
      .getByRole('option', { name: /^Amount\b/ })
      .first()
      .click();
    const row = page.getByRole('group', { name: 'Document date', exact: true });
    await row.getByText('Error', { exact: true }).waitFor();
    expect(await row.textContent()).toContain('this field needs a date');
    const save = page.getByRole('button', { name: /^Save as version/ });
    await expect.poll(() => save.isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Discard' }).click();
    await expect.poll(() => save.count()).toBe(0);
  });

  test('sees on a phone that the value below a field is an example', async () => {
    await page.goto(`${base}/company-mapping`);
    await settle(page);
    const row = page.getByRole('group', { name: 'Customer name', exact: true });
    const label = row.getByText('Example', { exact: true });
    expect(await label.isVisible()).toBe(false);
    await page.setViewportSize({ width: 390, height: 844 });
    await label.waitFor();
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  test('is told that a chosen stage was removed in the CRM, and takes it out', async () => {
    const set = { 'deals.stages': ['closedwon', 'contractsent'] };
    await site.call('PATCH', `/connections/${connectionId}/configuration`, { set });
    await controlSandbox(site, 'stages/remove', { stageId: 'contractsent' });
    await site.call('POST', `/integrations/hubspot/${connectionId}/trigger-sync`);
    await page.goto(`${base}/sync-settings`);
    const warning = page.getByText('The chosen deal stage contractsent is no longer in the CRM.');
    // Until the sync has read the pipelines.
    await expect
      .poll(async () => {
        await page.reload();
        await settle(page);
        return warning.count();
      }, pipelinesReadWithin)
      .toBe(1);
    await page.getByRole('link', { name: 'Open Stage Configuration' }).click();
    await page.getByRole('button', { name: 'Take it out' }).click();
    await page.getByRole('button', { name: /^Save as version/ }).click();
    await page.getByText(/^Saved as version/).waitFor();
    expect((await configuration()).settings.deals['stages']).toEqual(['closedwon']);
    await page.getByRole('link', { name: 'Sync Settings' }).click();
    await settle(page);
    await expect.poll(() => warning.count()).toBe(0);
  });

  test('filters deals by a rule, and the next preview holds to it', async () => {
    await page.goto(`${base}/sync-settings`);
    await settle(page);
    await page.getByLabel('Minimum amount').fill('5000');
    await page.getByRole('button', { name: /^Save as version/ }).click();
    await page.getByText(/^Saved as version/).waitFor();
    await page.getByRole('link', { name: 'Overview', exact: true }).last().click();
    await page.getByRole('button', { name: 'Preview', exact: true }).click();
    const reason = page.getByRole('combobox', { name: 'Reason' });
    await reason.waitFor({ timeout: 60_000 });
    await reason.click();
    await page.getByRole('option', { name: /below the minimum amount/i }).click();
    await page
      .getByRole('cell', { name: /below the minimum of/ })
      .first()
      .waitFor();
    expect(new URL(page.url()).searchParams.get('code')).toBe('below_minimum');
  });
});
