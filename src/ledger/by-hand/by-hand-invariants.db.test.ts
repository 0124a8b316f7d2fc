import { beforeAll, expect, test } from 'vitest';
import { createOrganization, describeOnBothStores } from '../../../test/support/database.ts';
import type { CalendarDate } from '../../kernel/dates.ts';
import { newId } from '../../kernel/ids.ts';
import type { Database, Transaction } from '../../platform/database/database.ts';
import { createAccount } from '../accounts.ts';
import { getDocument } from '../documents-store.ts';
import { documentToWire } from '../documents-wire.ts';
import { listJournal } from '../journal-list-store.ts';
import { postDocuments } from '../posting.ts';
import { openSampleBooks, type SampleBooks } from '../sample-books.ts';
import { creditInvoice } from '../settlement/credit-notes.ts';
import { receive } from '../settlement/sample-settlements.ts';
import { changeCustomer, createCustomer, deleteCustomer } from './customer-edits.ts';
import { changeDraft, createDraft } from './drafts.ts';
import { changeItem, createItem, deleteItem } from './item-edits.ts';
import { changeTaxCode, createTaxCode, deleteTaxCode } from './tax-codes.ts';

const day = '2026-03-10' as CalendarDate;

describeOnBothStores('What a person enters by hand', (open) => {
  let database: Database;
  let books: SampleBooks;
  let vatId: string;
  let exemptId: string;

  const inBooks = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> =>
    database.withOrganization(books.scope.organizationId, work);
  const attempt = (sql: string, parameters: readonly unknown[] = []): Promise<number> =>
    inBooks((tx) => tx.execute(sql, parameters));
  const code = (name: string, ratePercent: string, account: string | null = null) =>
    inBooks((tx) =>
      createTaxCode(
        tx,
        books.scope,
        { code: name, name, ratePercent, account, note: null, active: true },
        books.context,
      ),
    );
  const draft = (taxCodeId: string | null, customerId = books.customerId) =>
    inBooks((tx) =>
      createDraft(
        tx,
        {
          customerId,
          documentDate: day,
          lines: [{ description: 'Work', unitPrice: '100.50', taxCodeId }],
        },
        books.context,
      ),
    );
  const post = async (id: string) => {
    const [outcome] = await inBooks((tx) => postDocuments(tx, [id], books.context));
    return outcome?.outcome === 'failed' ? outcome.error.code : outcome?.outcome;
  };

  beforeAll(async () => {
    database = await open();
    books = await openSampleBooks(database, await createOrganization(database));
    await inBooks((tx) =>
      createAccount(tx, books.scope, { number: '2210', name: 'VAT', type: 'liability' }, books.context),
    );
    vatId = (await code('VAT19', '19', '2210')).id;
    exemptId = (await code('EXEMPT', '0')).id;
  });

  test('is charged by the line’s code, else the customer’s, else the item’s, and posts each code to its account', async () => {
    const itemId = await inBooks((tx) =>
      createItem(
        tx,
        books.scope,
        { sku: 'ROOF', name: 'Roof', unitPrice: '10', taxCodeId: vatId },
        books.context,
      ),
    );
    const exempt = await inBooks((tx) =>
      createCustomer(
        tx,
        books.scope,
        { name: 'Abroad Inc', taxCodeId: exemptId, termsDays: 5 },
        books.context,
      ),
    );
    const lines = [{ itemId }, { itemId, taxCodeId: null }, { itemId, taxCodeId: vatId, quantity: '2' }];
    const make = (customerId: string) =>
      inBooks((tx) => createDraft(tx, { customerId, documentDate: day, lines }, books.context));
    const domestic = await make(books.customerId);
    const abroad = await make(exempt);
    expect(documentToWire(domestic)).toMatchObject({
      total: '45.70',
      taxTotal: '5.70',
      dueDate: '2026-04-09',
      taxes: [{ code: 'VAT19', rate: '19', base: '30.00', tax: '5.70' }],
    });
    expect(documentToWire(abroad)).toMatchObject({
      dueDate: '2026-03-15',
      lines: [{ taxCode: 'EXEMPT' }, { taxCode: null }, { taxCode: 'VAT19', tax: '3.80' }],
      taxes: [
        { code: 'EXEMPT', rate: '0', base: '10.00', tax: '0.00' },
        { code: 'VAT19', base: '20.00', tax: '3.80' },
      ],
    });
    expect(await post(domestic.id)).toBe('posted');
    const journal = await inBooks((tx) => listJournal(tx, { documentId: domestic.id }));
    expect(journal.data.map(({ account, debit, credit }) => [account, debit, credit])).toEqual([
      ['1200', '45.70', '0.00'],
      ['4000', '0.00', '10.00'],
      ['4000', '0.00', '10.00'],
      ['4000', '0.00', '20.00'],
      ['2210', '0.00', '5.70'],
    ]);
  });

  test('is taken back by a credit note from the account that it was posted to', async () => {
    const note = await inBooks(async (tx) => {
      const lines = [{ description: 'Roof', unitPrice: '33.33', taxCodeId: vatId }];
      const input = { customerId: books.customerId, documentDate: day, lines };
      const invoice = await createDraft(tx, input, books.context);
      await postDocuments(tx, [invoice.id], books.context);
      const id = await creditInvoice(tx, invoice.id, { amount: '0.09' }, books.context);
      return { id, outcomes: await postDocuments(tx, [id], books.context) };
    });
    expect(note.outcomes).toMatchObject([{ outcome: 'posted' }]);
    const journal = await inBooks((tx) => listJournal(tx, { documentId: note.id }));
    // The tax is a share of what was charged, 6.33 of 39.66: nineteen percent of 0.08 anew would be 0.02.
    expect(journal.data.map(({ account, debit, credit }) => [account, debit, credit])).toEqual([
      ['1200', '0.00', '0.09'],
      ['4000', '0.08', '0.00'],
      ['2210', '0.01', '0.00'],
    ]);
  });

  test('an edit names its version, and one that stands on an older one changes nothing and says who was first', async () => {
    const { id, version } = await draft(vatId);
    const edit = (expected: number, memo: string) =>
      inBooks((tx) => changeDraft(tx, id, expected, { memo }, { ...books.context, actor: 'user:anna' }));
    await edit(version, 'first');
    await expect(edit(version, 'second')).rejects.toMatchObject({
      code: 'conflict',
      detail: expect.stringContaining('user:anna'),
    });
    expect(await inBooks((tx) => getDocument(tx, id))).toMatchObject({ memo: 'first', editedAt: null });
    const shorter = await inBooks((tx) =>
      changeDraft(tx, id, version + 1, { lines: [{ description: 'Less', unitPrice: '1' }] }, books.context),
    );
    expect(documentToWire(shorter)).toMatchObject({ total: '1.00', taxTotal: '0.00', memo: 'first' });
    await post(id);
    await expect(edit(version + 3, 'late')).rejects.toMatchObject({ code: 'document_not_draft' });
  });

  test('a rate that was changed under a draft is refused at posting, in the code and in the database', async () => {
    const { id: taxCodeId } = await code('STALE', '10');
    const stale = await draft(taxCodeId);
    await inBooks((tx) => changeTaxCode(tx, taxCodeId, { ratePercent: '11' }, books.context));
    expect(await post(stale.id)).toBe('invalid_amount');
    const other = await draft(vatId);
    await attempt('UPDATE document_lines SET tax_minor = 1 WHERE document_id = $1', [other.id]);
    await attempt(
      'UPDATE documents SET tax_minor = 1, total_minor = 10051, open_minor = 10051 WHERE id = $1',
      [other.id],
    );
    await expect(
      inBooks(async (tx) => {
        const entry = newId();
        await tx.execute(
          `INSERT INTO journal_entries (id, organization_id, entity_id, entry_date, kind, description, created_by, document_id)
           VALUES ($1::uuid, $2::uuid, $3::uuid, $4::date, 'document', 'attempt', 'x', $5::uuid)`,
          [entry, books.scope.organizationId, books.entity.id, day, other.id],
        );
        await tx.execute(
          `UPDATE documents SET status = 'posted', number = 'X-1', exchange_rate = 1, posted_at = now(), posted_by = 'x' WHERE id = $1`,
          [other.id],
        );
      }),
    ).rejects.toThrow(/not what its tax code makes of it/);
  });

  test('a tax code that was posted with keeps its rate, and none that is in use is deleted', async () => {
    const { id: usedId } = await code('USED', '7.7');
    expect(await post((await draft(usedId)).id)).toBe('posted');
    await expect(
      inBooks((tx) => changeTaxCode(tx, usedId, { ratePercent: '8' }, books.context)),
    ).rejects.toMatchObject({ code: 'tax_code_in_use' });
    await expect(attempt('UPDATE tax_codes SET rate_percent = 8 WHERE id = $1', [usedId])).rejects.toThrow(
      /never change/,
    );
    await expect(inBooks((tx) => deleteTaxCode(tx, usedId, books.context))).rejects.toMatchObject({
      code: 'tax_code_in_use',
    });
    await expect(attempt('DELETE FROM tax_codes WHERE id = $1', [usedId])).rejects.toThrow(/foreign key/);
    await inBooks((tx) => changeTaxCode(tx, usedId, { name: 'Old rate', active: false }, books.context));
    const { id: unusedId } = await code('UNUSED', '1');
    await inBooks((tx) => deleteTaxCode(tx, unusedId, books.context));
  });

  test('no code of another entity, or of another organization, is taken', async () => {
    const foreign = await openSampleBooks(database, books.scope.organizationId, { name: 'Other' });
    const { id: foreignId } = await inBooks((tx) =>
      createTaxCode(
        tx,
        foreign.scope,
        { code: 'VAT19', name: 'x', ratePercent: '19', account: null, note: null, active: true },
        books.context,
      ),
    );
    await expect(draft(foreignId)).rejects.toMatchObject({ code: 'invalid_request' });
    for (const table of ['customers', 'items']) {
      const sql = `UPDATE ${table} SET tax_code_id = $1 WHERE entity_id = $2`;
      await expect(attempt(sql, [foreignId, books.entity.id])).rejects.toThrow(/foreign key/);
    }
    const stranger = await createOrganization(database);
    expect(
      await database.withOrganization(stranger, (tx) => tx.query('SELECT id FROM tax_codes', [])),
    ).toEqual([]);
  });

  test('customers and items that are used stay, others can go', async () => {
    const { context, scope } = books;
    await draft(null);
    await expect(inBooks((tx) => deleteCustomer(tx, books.customerId, context))).rejects.toMatchObject({
      code: 'customer_in_use',
    });
    await expect(inBooks((tx) => deleteItem(tx, books.itemId, context))).rejects.toMatchObject({
      code: 'item_in_use',
    });
    const payer = await inBooks((tx) => createCustomer(tx, scope, { name: 'Payer Ltd' }, context));
    await inBooks((tx) => receive(tx, { ...books, customerId: payer }, '1.00'));
    await expect(inBooks((tx) => deleteCustomer(tx, payer, context))).rejects.toMatchObject({
      code: 'customer_in_use',
    });
    const customerId = await inBooks((tx) => createCustomer(tx, scope, { name: 'Gone Ltd' }, context));
    await inBooks((tx) => changeCustomer(tx, customerId, 1, { taxId: 'DE1', termsDays: 14 }, context));
    await expect(
      inBooks((tx) => changeCustomer(tx, customerId, 1, { taxId: 'DE2' }, context)),
    ).rejects.toMatchObject({ code: 'conflict' });
    await inBooks((tx) => deleteCustomer(tx, customerId, context));
    const itemId = await inBooks((tx) => createItem(tx, scope, { sku: 'GONE', name: 'Gone' }, context));
    await inBooks((tx) => changeItem(tx, itemId, 1, { incomeAccount: '4000' }, context));
    await expect(
      inBooks((tx) => changeItem(tx, itemId, 2, { incomeAccount: '1200' }, context)),
    ).rejects.toMatchObject({ code: 'account_not_usable' });
    await inBooks((tx) => deleteItem(tx, itemId, context));
  });
});
