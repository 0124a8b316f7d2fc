import { beforeAll, expect, test } from 'vitest';
import { createOrganization, describeOnBothStores, whereParallel } from '../../test/support/database.ts';
import { newId } from '../kernel/ids.ts';
import type { Database, Transaction } from '../platform/database/database.ts';
import { listCustomerContacts, upsertCustomerContacts } from './customer-contacts-store.ts';
import { normalizeCustomerName } from './customer-name.ts';
import { getCustomerWire, listCustomersWire, mergeCustomers } from './customers.ts';
import {
  findCustomersByExternalIds,
  findCustomersByNormalizedNames,
  getCustomers,
  insertCustomers,
  updateCustomers,
} from './customers-store.ts';
import { insertDraftDocuments } from './document-drafts-store.ts';
import { getDocument } from './documents-store.ts';
import { postDocuments } from './posting.ts';
import {
  openSampleBooks,
  type SampleBooks,
  sampleCustomer,
  sampleDraft,
  sampleDraftRow,
} from './sample-books.ts';

describeOnBothStores('Customers', (open, kind) => {
  let database: Database;
  let organizationId: string;
  let books: SampleBooks;

  beforeAll(async () => {
    database = await open();
    organizationId = await createOrganization(database);
    books = await openSampleBooks(database, organizationId);
  });

  const inBooks = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> =>
    database.withOrganization(organizationId, work);

  const address = {
    line1: '1 "High" St, \\ Apt {2}',
    line2: null,
    city: 'Zürich',
    region: null,
    postalCode: '8000',
    country: 'CH',
  };

  test('come back as they were inserted, whatever signs are in them', async () => {
    const id = newId();
    const draft = sampleCustomer(`O'Neil & Söhne "AG", {x} \\ NULL 株式会社`, {
      website: 'https://oneil.example',
      email: 'a@oneil.example',
      address,
      externalId: 'NULL',
      customProperties: { segment: 'größer, "quoted"', empty: '' },
    });
    const [customer] = await inBooks(async (tx) => {
      expect(await insertCustomers(tx, books.scope, [{ id, draft }])).toEqual([id]);
      return getCustomers(tx, [id]);
    });
    expect(customer).toMatchObject({
      ...draft,
      id,
      entityId: books.entity.id,
      active: true,
      version: 1,
      termsDays: null,
      normalizedName: normalizeCustomerName(draft.name),
    });
  });

  test('keep what the draft does not know, take what it does, and count a version only when something changed', async () => {
    const id = newId();
    const draft = sampleCustomer('Globex', { phone: '1', customProperties: { a: '1', b: '1' } });
    const result = await inBooks(async (tx) => {
      await insertCustomers(tx, books.scope, [{ id, draft }]);
      const same = await updateCustomers(tx, books.scope, [{ id, draft: sampleCustomer('Globex') }]);
      const change = sampleCustomer('Globex Corp.', {
        email: 'x@globex.example',
        address,
        customProperties: { b: '2' },
      });
      const changed = await updateCustomers(tx, books.scope, [{ id, draft: change }]);
      const unknown = await updateCustomers(tx, books.scope, [{ id: newId(), draft: change }]);
      return { same, changed, unknown, customers: await getCustomers(tx, [id]) };
    });
    expect(result).toMatchObject({ same: [], changed: [id], unknown: [] });
    expect(result.customers).toMatchObject([
      {
        name: 'Globex Corp.',
        normalizedName: 'globex',
        phone: '1',
        email: 'x@globex.example',
        address,
        customProperties: { a: '1', b: '2' },
        version: 2,
      },
    ]);
  });

  test('are found by normalized name and by external id, active ones of this entity only', async () => {
    const other = await openSampleBooks(database, organizationId);
    const ids = [newId(), newId(), newId(), newId()];
    const names = ['Initech GmbH', 'INITECH', 'Hooli', 'Initech'];
    const rows = names.map((name, index) => ({
      id: ids[index] ?? '',
      draft: sampleCustomer(name, { externalId: `E${index}` }),
    }));
    const found = await inBooks(async (tx) => {
      await insertCustomers(tx, books.scope, rows.slice(0, 3));
      await insertCustomers(tx, other.scope, rows.slice(3));
      const wanted = ['Initech Ltd', 'Hooli', 'Nobody'].map(normalizeCustomerName);
      const byName = await findCustomersByNormalizedNames(tx, books.scope, wanted);
      const byId = await findCustomersByExternalIds(tx, books.scope, ['E2', 'E3', 'E9']);
      await tx.execute('UPDATE customers SET active = false WHERE id = $1::uuid', [ids[2]]);
      return { byName, byId, inactive: await findCustomersByNormalizedNames(tx, books.scope, ['hooli']) };
    });
    expect(found.byName.map(({ id }) => id).toSorted()).toEqual(ids.slice(0, 3).toSorted());
    expect(found.byName.filter(({ normalizedName }) => normalizedName === 'initech')).toHaveLength(2);
    expect(found.byId).toEqual([{ id: ids[2], externalId: 'E2', name: 'Hooli' }]);
    expect(found.inactive).toEqual([]);
  });

  test('have one contact for each CRM contact, who can be a contact of two customers', async () => {
    const [first, second] = [newId(), newId()];
    const contact = { sourceId: '101', name: 'Ann', email: 'ann@example.com', phone: null };
    const { ids, again, contacts } = await inBooks(async (tx) => {
      const customers = [first, second].map((id) => ({ id, draft: sampleCustomer(`Contacts ${id}`) }));
      await insertCustomers(tx, books.scope, customers);
      const id = newId();
      const changes = [
        { id, customerId: first, contact },
        { id, customerId: second, contact },
        { id: newId(), customerId: first, contact: { ...contact, name: 'Ann B.', email: null } },
      ];
      const written = await upsertCustomerContacts(tx, books.scope, changes);
      const repeated = await upsertCustomerContacts(tx, books.scope, [
        { id: newId(), customerId: second, contact },
      ]);
      return { ids: written, again: repeated, contacts: await listCustomerContacts(tx, [first, second]) };
    });
    expect(ids[0]).toBe(ids[2]);
    expect(ids[0]).not.toBe(ids[1]);
    expect(again).toEqual([ids[1]]);
    expect(contacts.map(({ customerId, name }) => [customerId, name])).toEqual([
      [second, 'Ann'],
      [first, 'Ann B.'],
    ]);
  });

  test('are listed by name in pages, with contacts and what they owe', async () => {
    const own = await openSampleBooks(database, organizationId);
    const pages = await inBooks(async (tx) => {
      const rows = ['beta', 'Alpha', 'gamma', 'Delta'].map((name) => ({
        id: newId(),
        draft: sampleCustomer(name),
      }));
      await insertCustomers(tx, own.scope, rows);
      const draft = sampleDraftRow(own, sampleDraft(own, [12345n]), { customerId: rows[1]?.id ?? '' });
      const posted = sampleDraftRow(own, sampleDraft(own, [100n]), { customerId: rows[1]?.id ?? '' });
      await insertDraftDocuments(tx, own.scope, [draft, posted]);
      await postDocuments(tx, [posted.id], own.context);
      const filter = { entityId: own.entity.id };
      const first = await listCustomersWire(tx, filter, { limit: 3 });
      const second = await listCustomersWire(tx, filter, { limit: 3, after: first.next });
      const found = await listCustomersWire(tx, { ...filter, text: 'AMM' });
      return { first, second, found, one: await getCustomerWire(tx, rows[1]?.id ?? '') };
    });
    const names = [...pages.first.data, ...pages.second.data].map(({ name }) => name);
    expect(names).toEqual(['Acme Ltd', 'Alpha', 'beta', 'Delta', 'gamma']);
    expect(pages.second.next).toBeNull();
    expect(pages.found.data.map(({ name }) => name)).toEqual(['gamma']);
    expect(pages.one.balances).toEqual([{ currency: 'USD', invoiced: '1.00', open: '1.00' }]);
  });

  test('can be merged: documents and contacts move, the first one stays readable and is no candidate any more', async () => {
    const [from, into] = [newId(), newId()];
    const result = await inBooks(async (tx) => {
      const rows = [from, into].map((id) => ({ id, draft: sampleCustomer('Merged Inc') }));
      await insertCustomers(tx, books.scope, rows);
      const document = sampleDraftRow(books, sampleDraft(books, [100n]), { customerId: from });
      await insertDraftDocuments(tx, books.scope, [document]);
      await postDocuments(tx, [document.id], books.context);
      const contact = { sourceId: '7', name: 'Bob', email: null, phone: null };
      await upsertCustomerContacts(tx, books.scope, [
        { id: newId(), customerId: from, contact },
        { id: newId(), customerId: into, contact },
        { id: newId(), customerId: from, contact: { ...contact, sourceId: '8', name: 'Cid' } },
      ]);
      const moved = await mergeCustomers(tx, books.scope, from, into, books.context);
      return {
        moved,
        customer: (await getDocument(tx, document.id))?.customer.id,
        candidates: await findCustomersByNormalizedNames(tx, books.scope, ['merged']),
        contacts: (await listCustomerContacts(tx, [into])).map(({ name }) => name),
        old: await getCustomers(tx, [from]),
      };
    });
    expect(result).toMatchObject({
      moved: 1,
      customer: into,
      candidates: [{ id: into }],
      contacts: ['Bob', 'Cid'],
      old: [{ active: false, mergedInto: into }],
    });
    const again = inBooks((tx) => mergeCustomers(tx, books.scope, from, into, books.context));
    await expect(again).rejects.toMatchObject({ code: 'invalid_request' });
    const itself = inBooks((tx) => mergeCustomers(tx, books.scope, into, into, books.context));
    await expect(itself).rejects.toMatchObject({ code: 'invalid_request' });
    const foreign = await openSampleBooks(database, organizationId);
    const across = inBooks((tx) => mergeCustomers(tx, books.scope, into, foreign.customerId, books.context));
    await expect(across).rejects.toMatchObject({ code: 'not_found' });
  });

  whereParallel(kind, () => {
    test('that are merged into each other at the same time are merged one way', async () => {
      const ids = [newId(), newId()] as const;
      await inBooks((tx) =>
        insertCustomers(
          tx,
          books.scope,
          ids.map((id) => ({ id, draft: sampleCustomer('Twin') })),
        ),
      );
      const results = await Promise.allSettled([
        inBooks((tx) => mergeCustomers(tx, books.scope, ids[0], ids[1], books.context)),
        inBooks((tx) => mergeCustomers(tx, books.scope, ids[1], ids[0], books.context)),
      ]);
      expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
      const customers = await inBooks((tx) => getCustomers(tx, ids));
      expect(customers.filter(({ active }) => active)).toHaveLength(1);
    });
  });

  test('of another organization are not there', async () => {
    const stranger = await createOrganization(database, 'Stranger');
    await expect(
      database.withOrganization(stranger, (tx) => getCustomerWire(tx, books.customerId)),
    ).rejects.toMatchObject({ code: 'not_found' });
  });
});
