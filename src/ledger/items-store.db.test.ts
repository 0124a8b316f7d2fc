import { beforeAll, expect, test } from 'vitest';
import { createOrganization, describeOnBothStores } from '../../test/support/database.ts';
import { newId } from '../kernel/ids.ts';
import type { ItemDraft } from '../model/document-draft.ts';
import type { Database, Transaction } from '../platform/database/database.ts';
import { listItems } from './item-list-store.ts';
import { findDefaultItem, findItemsBySku, getItems, insertItems, updateItems } from './items-store.ts';
import { openSampleBooks, type SampleBooks } from './sample-books.ts';
import { upsertSalesReps } from './sales-reps-store.ts';

const item = (sku: string, fields: Partial<ItemDraft> = {}): ItemDraft => ({
  sku,
  name: `Item ${sku}`,
  description: null,
  kind: 'service',
  unitPrice: null,
  ...fields,
});

describeOnBothStores('Items', (open) => {
  let database: Database;
  let books: SampleBooks;

  beforeAll(async () => {
    database = await open();
    books = await openSampleBooks(database, await createOrganization(database));
  });

  const inBooks = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> =>
    database.withOrganization(books.scope.organizationId, work);

  test('of a new entity are the default one', async () => {
    const found = await inBooks((tx) => findDefaultItem(tx, books.scope));
    expect(found).toMatchObject({ sku: 'DEFAULT', name: 'Sales', isDefault: true, kind: 'service' });
  });

  test('carry the deferred-revenue account when they are services, and not when they are goods', async () => {
    const [service, goods] = await inBooks(async (tx) => {
      const rows = [
        { id: newId(), draft: item('SVC', { unitPrice: '10.123400' }) },
        { id: newId(), draft: item('GDS', { kind: 'goods' }) },
      ];
      const ids = await insertItems(tx, books.scope, rows);
      expect(ids).toEqual(rows.map(({ id }) => id));
      const { data } = await listItems(tx, { entityId: books.entity.id });
      return ['SVC', 'GDS'].map((sku) => data.find((found) => found.sku === sku));
    });
    expect(service).toMatchObject({ deferredAccount: '2100', incomeAccount: null, unitPrice: '10.1234' });
    expect(goods).toMatchObject({ deferredAccount: null, unitPrice: null });
  });

  test('are one for each SKU: of two for one the first counts, and one that stands is taken', async () => {
    const { first, second, found } = await inBooks(async (tx) => {
      const once = await insertItems(tx, books.scope, [
        { id: newId(), draft: item('TWICE') },
        { id: newId(), draft: item('TWICE', { name: 'Again' }) },
      ]);
      const again = await insertItems(tx, books.scope, [{ id: newId(), draft: item('TWICE') }]);
      return {
        first: once,
        second: again,
        found: await findItemsBySku(tx, books.scope, ['TWICE', 'twice', 'NONE']),
      };
    });
    expect(found).toHaveLength(1);
    expect([...first, ...second].map((id) => id === found[0]?.id)).toEqual([true, true, true]);
    expect(found[0]?.name).toBe('Item TWICE');
  });

  test('follow their drafts, but never take the SKU of another item', async () => {
    const [one, two] = [newId(), newId()];
    const result = await inBooks(async (tx) => {
      await insertItems(tx, books.scope, [
        { id: one, draft: item('ONE', { description: 'kept', unitPrice: '1' }) },
        { id: two, draft: item('TWO') },
      ]);
      const changed = await updateItems(tx, books.scope, [
        { id: one, draft: item('UNO', { name: 'Uno' }) },
        { id: two, draft: item('ONE', { kind: 'goods' }) },
      ]);
      const unchanged = await updateItems(tx, books.scope, [
        { id: one, draft: item('UNO', { name: 'Uno' }) },
      ]);
      return { changed, unchanged, items: await getItems(tx, [one, two]) };
    });
    expect(result.changed.toSorted()).toEqual([one, two].toSorted());
    expect(result.unchanged).toEqual([]);
    const byId = new Map(result.items.map((found) => [found.id, found]));
    expect(byId.get(one)).toMatchObject({
      sku: 'UNO',
      name: 'Uno',
      description: 'kept',
      unitPrice: '1',
      version: 2,
    });
    expect(byId.get(two)).toMatchObject({ sku: 'TWO', kind: 'goods', name: 'Item ONE' });
  });

  test('are listed by SKU in pages and searched', async () => {
    const own = await openSampleBooks(database, books.scope.organizationId);
    const { first, second, found } = await inBooks(async (tx) => {
      const rows = ['A', 'B', 'C'].map((sku) => ({
        id: newId(),
        draft: item(sku, { description: `text ${sku}` }),
      }));
      await insertItems(tx, own.scope, rows);
      const filter = { entityId: own.entity.id };
      const page = await listItems(tx, filter, { limit: 2 });
      const rest = await listItems(tx, filter, { limit: 2, after: page.next });
      return { first: page.data, second: rest, found: await listItems(tx, { ...filter, text: 'TEXT b' }) };
    });
    expect([...first, ...second.data].map(({ sku }) => sku)).toEqual(['A', 'B', 'C', 'DEFAULT']);
    expect(second.next).toBeNull();
    expect(found.data.map(({ sku }) => sku)).toEqual(['B']);
  });
});

describeOnBothStores('Sales reps', (open) => {
  let database: Database;
  let books: SampleBooks;

  beforeAll(async () => {
    database = await open();
    books = await openSampleBooks(database, await createOrganization(database));
  });

  const upsert = (
    ...rows: { id: string; draft: { name: string; email: string | null } }[]
  ): Promise<string[]> =>
    database.withOrganization(books.scope.organizationId, (tx) => upsertSalesReps(tx, books.scope, rows));

  const read = (ids: readonly string[]): Promise<{ id: string; name: string; email: string | null }[]> =>
    database.withOrganization(books.scope.organizationId, (tx) =>
      tx.query('SELECT id, name, email FROM sales_reps WHERE id = ANY ($1::uuid[]) ORDER BY name', [ids]),
    );

  test('of one e-mail address are one, whatever its case, and take the latest name', async () => {
    const [first] = await upsert({ id: newId(), draft: { name: 'Ann', email: 'Ann@example.com' } });
    const ids = await upsert(
      { id: newId(), draft: { name: 'Ann B.', email: 'ann@EXAMPLE.com' } },
      { id: newId(), draft: { name: 'Ann C.', email: ' ann@example.com' } },
    );
    expect(ids).toEqual([first, first]);
    expect(await read(ids)).toMatchObject([{ name: 'Ann C.', email: 'Ann@example.com' }]);
  });

  test('without an address are one each', async () => {
    const ids = await upsert(
      { id: newId(), draft: { name: 'X', email: null } },
      { id: newId(), draft: { name: 'X', email: '' } },
    );
    expect(new Set(ids).size).toBe(2);
  });

  test('that are known are updated, and take no address that another has', async () => {
    const [one, two] = [newId(), newId()];
    await upsert(
      { id: one, draft: { name: 'One', email: 'one@example.com' } },
      { id: two, draft: { name: 'Two', email: null } },
    );
    const ids = await upsert(
      { id: one, draft: { name: 'One 1', email: null } },
      { id: two, draft: { name: 'Two 2', email: 'one@example.com' } },
    );
    expect(ids).toEqual([one, two]);
    expect(await read(ids)).toEqual([
      { id: one, name: 'One 1', email: 'one@example.com' },
      { id: two, name: 'Two 2', email: null },
    ]);
  });
});
