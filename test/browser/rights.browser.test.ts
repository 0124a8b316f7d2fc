import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  connectionIdOf,
  findViolations,
  hasBrowser,
  settle,
  type Site,
  startMsMax,
  startSite,
  storyMsMax,
} from './site.ts';

const viewer = { email: 'vic@example.com', password: 'only-looking-around' } as const;

describe.skipIf(!hasBrowser)('In the browser, a viewer', { timeout: storyMsMax }, () => {
  let site: Site;
  let connectionId: string;

  beforeAll(async () => {
    site = await startSite();
    connectionId = await connectionIdOf(site);
    await site.call('POST', '/users', { ...viewer, name: 'Vic Viewer', role: 'viewer' });
  }, startMsMax);
  afterAll(async () => site?.stop(), startMsMax);

  test('sees the books and is offered nothing that changes them', async () => {
    const page = await site.openSignedIn({}, viewer);
    await page.goto('/invoices');
    await settle(page);
    expect(await page.locator('tbody tr').count()).toBeGreaterThan(0);
    expect(await page.getByRole('checkbox').count()).toBe(0);
    await page.locator('tbody a.row-link').first().click();
    await page.getByRole('heading', { name: 'Lines' }).waitFor();
    expect(await page.getByRole('button', { name: /^(Post|Reverse|Delete draft)$/ }).count()).toBe(0);
    await page.goto(`/settings/integrations/hubspot/${connectionId}`);
    await settle(page);
    expect(await page.getByRole('button', { name: /^(Preview|Sync now|Pause)$/ }).count()).toBe(0);
    await page.context().close();
  });

  test('looks at the mapping without being able to change it', async () => {
    const page = await site.openSignedIn({}, viewer);
    await page.goto(`/settings/integrations/hubspot/${connectionId}/deal-mapping`);
    await settle(page);
    await page.getByText('You can look at everything here; an admin changes it.').waitFor();
    const property = page
      .getByRole('group', { name: 'Document fields' })
      .getByRole('combobox', { name: 'Property for Description' });
    expect(await property.isDisabled()).toBe(true);
    expect(await findViolations(page)).toEqual([]);
    await page.context().close();
  });

  test('does not find members and keys in the menu, and is told why at their address', async () => {
    const page = await site.openSignedIn({}, viewer);
    const menu = page.getByRole('navigation', { name: 'Main' });
    expect(await menu.getByRole('link', { name: /^(Members|API keys)$/ }).count()).toBe(0);
    for (const path of ['/settings/members', '/settings/api-keys']) {
      await page.goto(path);
      await page.getByText('This account or key may not do that.').waitFor();
      expect(await page.getByRole('button', { name: /^(Add a member|Make a key)$/ }).count()).toBe(0);
    }
    await page.context().close();
  });

  test('is signed out by the server and asked to sign in again, then is back on the page', async () => {
    const page = await site.openSignedIn({}, viewer);
    await page.goto('/customers');
    await settle(page);
    await page.context().clearCookies();
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Items' }).click();
    await page.getByRole('heading', { name: 'Sign in to Tributary' }).waitFor();
    await page.getByLabel('E-mail address').fill(viewer.email);
    await page.getByLabel('Password', { exact: true }).fill(viewer.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { level: 1, name: 'Items' }).waitFor();
    await page.context().close();
  });
});
