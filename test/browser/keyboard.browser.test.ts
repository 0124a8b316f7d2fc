import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  admin,
  connectionIdOf,
  hasBrowser,
  settle,
  type Site,
  startMsMax,
  startSite,
  storyMsMax,
} from './site.ts';

/** Further than any control of a page is away; a test that needs more has lost its way. */
const tabsMax = 80;

/** Presses Tab until the control of that name has the focus, as one does without a mouse. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let pressed = 0; pressed < tabsMax; pressed += 1) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      return element?.getAttribute('aria-label') ?? element?.textContent ?? '';
    });
    if (name.test(focused.trim())) return;
  }
  throw new Error(`No ${name} within ${tabsMax} tabs`);
}

/** Whether the focused control looks focused. */
function focusIsVisible(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return false;
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    return outlineStyle !== 'none' && outlineWidth !== '0px';
  });
}

const focusedText = (page: Page): Promise<string> =>
  page.evaluate(() => document.activeElement?.textContent?.trim() ?? '');

describe.skipIf(!hasBrowser)('In the browser, with the keyboard alone, one', { timeout: storyMsMax }, () => {
  let site: Site;

  beforeAll(async () => {
    site = await startSite();
  }, startMsMax);
  afterAll(async () => site?.stop(), startMsMax);

  test('signs in, skips to the page, and goes by the menu; the new page’s heading has the focus', async () => {
    const page = await site.open();
    await page.goto('/');
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.keyboard.type(admin.email);
    await tabTo(page, /^$/);
    await page.keyboard.type(admin.password);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    await settle(page);
    await page.goto('/');
    await settle(page);
    await page.keyboard.press('Tab');
    expect(await focusedText(page)).toBe('Skip to the page');
    expect(await focusIsVisible(page)).toBe(true);
    await page.keyboard.press('Enter');
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('main');
    await page.goto('/');
    await settle(page);
    await tabTo(page, /^Invoices$/);
    expect(await focusIsVisible(page)).toBe(true);
    await page.keyboard.press('Enter');
    await expect.poll(() => focusedText(page)).toBe('Invoices');
    await page.context().close();
  });

  test('previews, opens a record and leaves it with Escape, and syncs', async () => {
    const page = await site.openSignedIn();
    const connectionId = await connectionIdOf(site);
    await page.goto(`/settings/integrations/hubspot/${connectionId}`);
    await settle(page);
    await page.getByRole('button', { name: 'Preview', exact: true }).waitFor();
    await tabTo(page, /^Preview$/);
    await page.keyboard.press('Enter');
    await page.getByRole('list', { name: 'Filter by decision' }).waitFor({ timeout: 60_000 });
    await tabTo(page, /^3 create$/);
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('tbody a.row-link').count()).toBe(3);
    const deal = ((await page.locator('tbody a.row-link bdi').first().textContent()) ?? '').trim();
    await tabTo(page, new RegExp(`^${deal.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`));
    await page.keyboard.press('Enter');
    await expect.poll(() => focusedText(page)).toBe(deal);
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByRole('complementary', { name: 'The record' }).count()).toBe(0);
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.matches('a.row-link') ?? false))
      .toBe(true);
    expect(await focusedText(page)).toContain(deal);
    await page.getByRole('button', { name: 'Sync these 3' }).focus();
    await page.keyboard.press('Enter');
    await page.getByTestId('run-summary').waitFor({ timeout: 60_000 });
    expect(await page.getByTestId('run-summary').textContent()).toMatch(/3 created/);
    await page.context().close();
  });

  test('opens the search with / and Ctrl-K, walks the results with the arrows and follows one', async () => {
    const page = await site.openSignedIn();
    await page.keyboard.press('Control+k');
    const box = page.getByRole('combobox');
    await box.waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => box.count()).toBe(0);
    await page.keyboard.press('/');
    await box.waitFor();
    await page.keyboard.type('journal');
    await page.getByRole('option', { name: /^Journal/ }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Journal' }).waitFor();
    await page.context().close();
  });

  test('opens and closes the menu of a phone', async () => {
    const page = await site.openSignedIn({ viewport: { width: 360, height: 740 } });
    await tabTo(page, /^Open the menu$/);
    await page.keyboard.press('Enter');
    const menu = page.getByRole('navigation', { name: 'Main' });
    await menu.waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => menu.isVisible()).toBe(false);
    await page.context().close();
  });
});
