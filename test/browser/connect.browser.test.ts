import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  collectComplaints,
  connectionIdOf,
  controlSandbox,
  hasBrowser,
  settle,
  type Site,
  startMsMax,
  startSite,
  storyMsMax,
} from './site.ts';

describe.skipIf(!hasBrowser)('In the browser, an admin connects', { timeout: storyMsMax }, () => {
  let site: Site;
  let page: Page;
  const connectForm = () => page.getByRole('region', { name: /^Connect/ });

  beforeAll(async () => {
    site = await startSite();
    page = await site.openSignedIn();
  }, startMsMax);
  afterAll(async () => site?.stop(), startMsMax);

  test('by consent: sees what is asked for, agrees at the vendor, and comes back connected', async () => {
    await page.goto('/settings/integrations/hubspot');
    await settle(page);
    await connectForm().getByText('Test', { exact: true }).click();
    await page.getByRole('button', { name: 'Connect with HubSpot' }).click();
    await page.waitForURL(/\/oauth\/(?:\d+\/)?authorize/);
    const portals = await page.locator('select, input[type=radio]').count();
    if (portals > 0 && (await page.locator('select').count()) > 0) {
      await page.locator('select').first().selectOption({ index: 1 });
    } else if (portals > 0) {
      await page.locator('input[type=radio]').last().check();
    }
    await page.getByRole('button').first().click();
    await page.waitForURL(/\/settings\/integrations\/hubspot\/[0-9a-f-]{36}/);
    await page.getByRole('list', { name: 'The way to syncing' }).waitFor();
    expect(await page.locator('#main').textContent()).toContain('by consent');
  });

  test('with a token that the vendor refuses: is told so, and nothing is connected', async () => {
    const complaints = collectComplaints(page);
    await page.goto('/settings/integrations/hubspot');
    await settle(page);
    await connectForm().getByText('Test', { exact: true }).click();
    await page.getByRole('textbox', { name: 'Token' }).fill('pat-na1-00000000-0000-0000-0000-000000000000');
    await page.getByRole('button', { name: 'Connect with this token' }).click();
    const alert = page.getByRole('alert');
    await alert.waitFor();
    expect(await alert.textContent()).toMatch(/not connected.*refused the credentials/);
    expect(complaints.some((complaint) => complaint.includes('pat-na1'))).toBe(false);
  });

  test('and later finds it in error when the token was revoked, and is led to reconnect', async () => {
    const connectionId = await connectionIdOf(site);
    await controlSandbox(site, 'tokens/revoke', { kind: 'all' });
    await page.goto(`/settings/integrations/hubspot/${connectionId}`);
    await settle(page);
    await page.getByRole('button', { name: 'Sync now' }).click();
    await page.waitForURL(/\/runs\//);
    await page.locator('h1').getByText('Failed').waitFor({ timeout: 60_000 });
    await page.goto(`/settings/integrations/hubspot/${connectionId}`);
    await page.getByRole('button', { name: 'Reconnect' }).click();
    await page.getByRole('heading', { name: /^Reconnect/ }).waitFor();
  });
});
