import { afterEach, describe, expect, test } from 'vitest';
import {
  closePortal,
  idsOf,
  type Portal,
  sellOne,
  startPortal,
} from '../../../test/support/hubspot-portal.ts';
import { noProperties } from '../conformance.ts';

afterEach(closePortal);

/** More than a search body or an address holds: what is listed or found has to be read by batch. */
const manyNames = Array.from({ length: 400 }, (_, index) => `a_rather_long_property_name_${index}`);
const many = {
  deal: [...manyNames, 'dealname'],
  line_item: [...manyNames, 'price'],
  company: [...manyNames, 'name'],
  contact: [...manyNames, 'email'],
  product: [...manyNames, 'name'],
  owner: [],
};
const typeOf = { line: 'line_item', company: 'company', product: 'product', deal: 'deal' } as const;
const pathOf = { line: 'line_items', company: 'companies', product: 'products', deal: 'deals' } as const;
const changeOf = {
  line: { price: '99' },
  company: { name: 'New name' },
  product: { name: 'Better thing' },
  deal: { dealname: 'Renamed' },
} as const;

type Kind = keyof typeof typeOf;

/** Makes HubSpot answer so to every read of the record, be it in a batch or alone. */
function makeUnreadable(control: Portal['control'], kind: Kind, id: string, status: 400 | 500): void {
  const path = `objects/[^/]+/${pathOf[kind]}/(batch/read|${id})`;
  // A batch read leaves out what it refuses.
  if (status === 400) control.fault({ kind: 'drop_ids', path, ids: [id], count: -1 });
  control.fault({ kind: 'status', status, path, ids: [id], count: -1 });
}

const failedCalls = ({ session }: Portal): number =>
  session.calls.filter(({ status }) => status === 500).length;

describe('A changed record that HubSpot does not let be read', () => {
  test.each(
    (['line', 'company', 'product', 'deal'] as const).flatMap((kind) => [
      [kind, 400] as const,
      [kind, 500] as const,
    ]),
  )('is told as unread, and the others come (%s, %d)', async (kind, status) => {
    const portal = await startPortal();
    const { control, store, pull } = portal;
    const [bad, good] = [sellOne(control, 'Bad'), sellOne(control, 'Good')];
    await pull({ properties: many });
    for (const sold of [bad, good])
      control.updateRecord({ type: pathOf[kind], id: sold[kind], properties: changeOf[kind] });
    makeUnreadable(control, kind, bad[kind], status);
    const result = await pull({ properties: many });
    const code = status === 500 ? 'vendor_unavailable' : 'vendor_rejected';
    expect(result.unread).toContainEqual({
      ...{ type: typeOf[kind], id: bad[kind], code },
      detail: expect.stringContaining(`HubSpot answered ${status} to `),
    });
    expect(new Set(result.unread.map(({ type }) => type))).toEqual(new Set([typeOf[kind]]));
    expect(store.find(typeOf[kind], good[kind])?.properties).toMatchObject(changeOf[kind]);
    control.clearFaults();
    await pull({ properties: many });
    expect(store.unread[typeOf[kind]].has(bad[kind])).toBe(false);
    expect(store.find(typeOf[kind], bad[kind])?.properties).toMatchObject(changeOf[kind]);
  });

  test.each(['line', 'company', 'product', 'deal'] as const)(
    'is asked for once or twice by each later pull, without waiting (%s)',
    async (kind) => {
      const portal = await startPortal();
      const { control, pull } = portal;
      const bad = sellOne(control);
      sellOne(control);
      await pull({ properties: many });
      control.updateRecord({ type: pathOf[kind], id: bad[kind], properties: changeOf[kind] });
      makeUnreadable(control, kind, bad[kind], 500);
      await pull({ properties: many });
      for (let later = 0; later < 3; later += 1) {
        const before = failedCalls(portal);
        const { unread } = await pull({ properties: many });
        expect(new Set(unread.map(({ type, id }) => `${type} ${id}`))).toEqual(
          new Set([`${typeOf[kind]} ${bad[kind]}`]),
        );
        expect(failedCalls(portal) - before).toBeLessThanOrEqual(2);
      }
    },
  );
});

describe('A listed record of which the properties cannot be read', () => {
  test.each([400, 500] as const)('is told as unread, a deal with its stage besides (%d)', async (status) => {
    const { control, store, pull } = await startPortal();
    const [bad, good] = [sellOne(control, 'Bad'), sellOne(control, 'Good')];
    makeUnreadable(control, 'deal', bad.deal, status);
    makeUnreadable(control, 'company', bad.company, status);
    const { unread } = await pull({ properties: many, wholeTypes: ['company'] });
    expect(new Set(unread.map(({ type, id }) => `${type} ${id}`))).toEqual(
      new Set([`deal ${bad.deal}`, `company ${bad.company}`]),
    );
    expect(store.find('deal', bad.deal)).toMatchObject({
      associations: null,
      facts: { stageId: 'closedwon' },
    });
    expect(store.find('deal', good.deal)?.properties['dealname']).toBe('Good');
    expect(store.find('company', bad.company)).toBeUndefined();
    control.clearFaults();
    await pull({ properties: many, wholeTypes: ['company'] });
    expect(store.find('company', bad.company)?.properties['name']).toBe('Bad Ltd');
  });
});

describe('What else may keep a record from being read', () => {
  test('a new line of which the deals cannot be told is unread, and brings its deal later', async () => {
    const { control, store, pull } = await startPortal();
    const { deal } = sellOne(control);
    await pull();
    const { id } = control.createRecord({ type: 'line_items', properties: { name: 'Second', price: '5' } });
    control.fault({ kind: 'status', status: 500, path: 'line_items/deals', ids: [id], count: -1 });
    expect((await pull()).unread).toMatchObject([{ type: 'line_item', id, code: 'vendor_unavailable' }]);
    expect((await pull()).unread).toMatchObject([{ type: 'line_item', id }]);
    control.clearFaults();
    control.associate({ from: { type: 'deals', id: deal }, to: { type: 'line_items', id } });
    const result = await pull({ store: { ...store, wholeDeals: () => Promise.resolve([]) } });
    expect(result.unread).toEqual([]);
    expect(idsOf(result, 'deal')).toEqual([deal]);
    expect(store.find('deal', deal)?.associations?.lineItems).toContain(id);
  });

  test('a deal of which the associations cannot be compared is unread', async () => {
    const { control, store, pull } = await startPortal();
    const [bad, good] = [sellOne(control, 'Bad'), sellOne(control, 'Good')];
    await pull();
    control.fault({
      kind: 'status',
      status: 500,
      path: 'associations/.*deals/companies',
      ids: [bad.deal],
      count: -1,
    });
    const { id } = control.createRecord({ type: 'companies', properties: { name: 'The real buyer' } });
    for (const { deal } of [bad, good])
      control.associate({ from: { type: 'deals', id: deal }, to: { type: 'companies', id }, primary: true });
    const result = await pull();
    expect(result.unread.map((record) => `${record.type} ${record.id}`)).toEqual([`deal ${bad.deal}`]);
    expect(store.find('deal', good.deal)?.associations).toMatchObject({ primaryCompany: id });
  });

  test('a line that may have been restored, which only the recycle bin tells, is unread until it can be read', async () => {
    const { control, store, pull } = await startPortal();
    const { deal, line } = sellOne(control);
    await pull();
    control.archiveRecord({ type: 'line_items', id: line });
    await pull();
    // Neither search nor a deal leads to the line any more.
    control.updateRecord({ type: 'deals', id: deal, properties: { dealname: 'Later' } });
    const alone = {
      now: () => new Date(Date.now() + 2 * 3_600_000),
      store: { ...store, wholeDeals: () => Promise.resolve([]) },
    };
    await pull(alone);
    control.restoreRecord({ type: 'line_items', id: line });
    makeUnreadable(control, 'line', line, 500);
    const { unread, pages } = await pull(alone);
    expect(new Set(unread.map(({ type, id }) => `${type} ${id}`))).toEqual(new Set([`line_item ${line}`]));
    expect(idsOf({ pages }, 'line_item')).toEqual([]);
    control.clearFaults();
    expect((await pull(alone)).unread).toEqual([]);
    expect(store.find('line_item', line)?.archived).toBe(false);
  });

  test('a product keeps its deals from being whole, whatever HubSpot answers', async () => {
    const { control, pull } = await startPortal();
    const [bad, good] = [sellOne(control, 'Bad'), sellOne(control, 'Good')];
    makeUnreadable(control, 'product', bad.product, 400);
    const result = await pull({ properties: { ...noProperties, product: ['name'] } });
    expect(result.lacking).toEqual([bad.deal]);
    expect(result.unread).toMatchObject([{ type: 'product', id: bad.product, code: 'vendor_rejected' }]);
    expect(idsOf(result, 'deal')).toContain(good.deal);
  });
});
