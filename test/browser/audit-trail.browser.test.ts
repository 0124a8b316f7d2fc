import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findViolations, hasBrowser, settle, type Site, startMsMax, startSite, storyMsMax } from './site.ts';

const viewer = { email: 'vic@example.com', password: 'only-looking-around' } as const;

interface Head {
  readonly sealNumber: number;
  readonly hash: string;
}

describe.skipIf(!hasBrowser)('In the browser, the audit trail', { timeout: storyMsMax }, () => {
  let site: Site;

  beforeAll(async () => {
    site = await startSite();
    await site.call('POST', '/users', { ...viewer, name: 'Vic Viewer', role: 'viewer' });
  }, startMsMax);
  afterAll(async () => site?.stop(), startMsMax);

  test('is verified in words, alone and against a head that was kept', async () => {
    const page = await site.openSignedIn();
    await page.goto('/settings/audit-trail');
    await page.getByRole('button', { name: 'Verify now' }).click();
    await page.getByText('The audit trail holds').waitFor();
    await page.getByText('Not compared with a kept head').waitFor();
    const [saved] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export the head' }).click(),
    ]);
    expect(saved.suggestedFilename()).toMatch(/^audit-head-\d+\.json$/);
    await page.locator('input[type=file]').setInputFiles(await saved.path());
    await page.getByText('Compared with the kept head').waitFor();
    const head = (await site.call('GET', '/audit/head')) as Head;
    const forged = { ...head, hash: '0'.repeat(64) };
    const file = (name: string, text: string) => ({
      name,
      mimeType: 'application/json',
      buffer: Buffer.from(text),
    });
    await page.locator('input[type=file]').setInputFiles(file('forged.json', JSON.stringify(forged)));
    await page.getByText('The audit trail does not hold: 1 problem.').waitFor();
    await page.getByText('the chain was made anew').waitFor();
    expect(await findViolations(page)).toEqual([]);
    await page.locator('input[type=file]').setInputFiles(file('other.json', '[]'));
    await page.getByText('other.json is no head that was exported here.').waitFor();
    await page.context().close();
  });

  test('keeps a deleted draft readable, from the address that it had', async () => {
    const { data } = (await site.call('GET', '/documents?status=draft&limit=1')) as {
      data: { id: string; customer: { name: string } }[];
    };
    const draft = data[0];
    await site.call('DELETE', `/documents/${draft?.id}`);
    const page = await site.openSignedIn();
    await page.goto(`/invoices/${draft?.id}`);
    await page.getByRole('link', { name: 'See its history' }).click();
    await settle(page);
    await page
      .getByRole('row', { name: /Document deleted/ })
      .getByText('Show', { exact: true })
      .last()
      .click();
    await page
      .getByRole('row', { name: 'Customer name' })
      .getByText(draft?.customer.name ?? '')
      .waitFor();
    await page.getByRole('row', { name: 'Lines 1 amount' }).waitFor();
    await page.context().close();
  });

  test('is read by a viewer, who is not offered to verify it', async () => {
    const page = await site.openSignedIn({}, viewer);
    await page.goto('/settings/audit-trail?what=audit.verified');
    await settle(page);
    await page.getByRole('button', { name: 'Export the head' }).waitFor();
    expect(await page.getByRole('button', { name: /Verify/ }).count()).toBe(0);
    await page.context().close();
  });
});
