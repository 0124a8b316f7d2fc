import type { Page } from 'playwright-core';
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

interface Row {
  readonly id: string;
}

const field = (page: Page, name: string | RegExp) => page.getByRole('textbox', { name });

async function choose(page: Page, label: string, text: string, option: string | RegExp): Promise<void> {
  await page.getByRole('combobox', { name: label }).fill(text);
  await page.getByRole('option', { name: option }).first().click();
}

describe.skipIf(!hasBrowser)('In the browser, the books by hand', { timeout: storyMsMax }, () => {
  let site: Site;
  let entityId: string;

  beforeAll(async () => {
    site = await startSite();
    const { data } = (await site.call('GET', '/connections')) as {
      readonly data: readonly { readonly entity: Row }[];
    };
    entityId = data[0]?.entity.id ?? '';
  }, startMsMax);
  afterAll(async () => site?.stop(), startMsMax);

  const addCustomer = async (name: string) =>
    (await site.call('POST', '/customers', { entityId, name })) as Row;
  const postInvoice = async (customerId: string) => {
    const invoice = (await site.call('POST', '/documents', {
      customerId,
      lines: [
        { description: 'Consulting', unitPrice: '100' },
        { description: 'Travel', unitPrice: '40' },
      ],
    })) as Row;
    await site.call('POST', '/documents/post', { ids: [invoice.id] });
    return invoice.id;
  };

  test('a customer is added with a warning of the same name, changed, and kept while it is in use', async () => {
    const first = await addCustomer('Hand & Foot Ltd');
    await postInvoice(first.id);
    const page = await site.openSignedIn();
    await page.goto('/customers');
    await page.getByRole('link', { name: 'New customer' }).click();
    await field(page, /^Name/).fill('hand and foot');
    await page.getByText('There is 1 customer of that name already').waitFor();
    expect(await findViolations(page)).toEqual([]);
    await field(page, /^Name/).fill('Second Hand');
    await field(page, 'City').fill('Ghent');
    await page.getByLabel('Days to pay').fill('21');
    await page.getByRole('button', { name: 'Add customer' }).click();
    await page.getByRole('heading', { level: 1, name: 'Second Hand' }).waitFor();
    await page.getByText('Net 21 days').waitFor();
    await page.getByRole('link', { name: 'Edit', exact: true }).click();
    await field(page, 'Phone').fill('+32 9 000');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('+32 9 000').waitFor();
    await page.goto(`/customers/${first.id}/edit`);
    await page.getByRole('button', { name: 'Delete…' }).click();
    await page.getByRole('button', { name: 'Delete customer' }).click();
    await page.getByText('Deactivate or merge it instead.').waitFor();
    await page.context().close();
  });

  test('an item is added, priced on a line of a draft, and the draft goes to another customer', async () => {
    await addCustomer('Taker One');
    await addCustomer('Taker Two');
    const page = await site.openSignedIn();
    await page.goto('/items');
    await page.getByRole('link', { name: 'New item' }).click();
    await field(page, /^SKU/).fill('WORKSHOP');
    await field(page, /^Name/).fill('Workshop of a day');
    await field(page, 'Unit price').fill('850');
    await choose(page, 'Income account', '4000', /^4000/);
    await page.getByRole('button', { name: 'Add item' }).click();
    await page.getByRole('heading', { level: 1, name: 'Workshop of a day' }).waitFor();
    await page.goto('/invoices/new');
    await choose(page, 'Customer', 'Taker One', 'Taker One');
    await choose(page, 'Item', 'WORKSHOP', /^WORKSHOP/);
    await page.getByRole('button', { name: 'Save draft' }).click();
    await page.getByRole('link', { name: 'Taker One' }).waitFor();
    await page.getByRole('button', { name: 'Edit' }).click();
    await page.getByRole('heading', { level: 1, name: 'Edit draft' }).waitFor();
    expect(await page.getByRole('combobox', { name: 'Customer' }).inputValue()).toBe('Taker One');
    await choose(page, 'Customer', 'Taker Two', 'Taker Two');
    await page.getByRole('button', { name: 'Save draft' }).click();
    await page.getByRole('link', { name: 'Taker Two' }).waitFor();
    await page.getByText('Workshop of a day').first().waitFor();
    await page.context().close();
  });

  test('an invoice is credited by line, at most what is left of it, and a customer without an invoice', async () => {
    const customer = await addCustomer('Credited Ltd');
    const invoice = await postInvoice(customer.id);
    const page = await site.openSignedIn();
    await page.goto(`/invoices/${invoice}`);
    await page.getByRole('link', { name: 'Credit', exact: true }).click();
    await page.getByLabel('Single lines').click();
    await field(page, 'Credit of line 2').fill('40.01');
    await page.getByRole('button', { name: 'Credit and apply' }).click();
    await page.getByText('Of line 2 40.00').waitFor();
    await page.getByRole('button', { name: 'Credit all of line 2' }).click();
    expect(await findViolations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Credit and apply' }).click();
    await page.getByRole('heading', { level: 1, name: /^Credit note / }).waitFor();
    await page.goto(`/invoices/${invoice}/credit`);
    await page.getByLabel('Single lines').click();
    await page.getByText('Credited', { exact: true }).waitFor();
    await page.goto(`/customers/${customer.id}`);
    await page.getByRole('link', { name: 'New credit note' }).click();
    await field(page, 'Description').first().fill('Goodwill');
    await field(page, 'Description').last().fill('For the delay');
    await field(page, /^Amount without tax/).fill('15');
    await page.getByRole('button', { name: 'Draft credit note' }).click();
    await page.getByRole('heading', { level: 1, name: 'Credit note (draft)' }).waitFor();
    await page.getByText('For the delay').waitFor();
    await page.context().close();
  });

  test('posting by itself is offered after drafts went out unchanged, with limits by amount and customer', async () => {
    const connectionId = await connectionIdOf(site);
    const { data } = (await site.call('GET', '/documents?status=draft&currency=USD&limit=50')) as {
      readonly data: readonly (Row & { readonly connectionId: string | null })[];
    };
    const ids = data.filter((document) => document.connectionId === connectionId).map(({ id }) => id);
    await site.call('POST', '/documents/post', { ids: ids.slice(0, 6) });
    await addCustomer('Careful Buyer');
    const page = await site.openSignedIn();
    await page.goto('/');
    await page.getByText('6 drafts went out as the sync made them').waitFor();
    await page.getByRole('link', { name: 'See the settings' }).click();
    await page.getByRole('button', { name: 'Switch it on' }).click();
    await page.getByRole('combobox', { name: 'Add a limit in' }).click();
    await page.getByRole('option', { name: 'USD' }).click();
    await field(page, 'Up to, in USD').fill('2500');
    await choose(page, 'Never for these customers', 'Careful', 'Careful Buyer');
    await page.getByRole('link', { name: 'Careful Buyer' }).waitFor();
    expect(await findViolations(page)).toEqual([]);
    await page.getByRole('button', { name: /^Save/ }).first().click();
    await page.getByText(/^Saved as version/).waitFor();
    const { settings } = (await site.call('GET', `/connections/${connectionId}/configuration`)) as {
      readonly settings: { readonly autoPost: unknown };
    };
    expect(settings.autoPost).toMatchObject({
      enabled: true,
      maximumAmounts: { USD: '2500' },
      exceptCustomers: [expect.any(String)],
    });
    await page.goto('/');
    await settle(page);
    expect(await page.getByText('went out as the sync made them').count()).toBe(0);
    await page.context().close();
  });
});
