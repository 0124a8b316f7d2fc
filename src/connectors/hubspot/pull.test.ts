import { afterEach, describe, expect, test } from 'vitest';
import { closePortal, crm, idsOf, sellOne, startPortal } from '../../../test/support/hubspot-portal.ts';
import { makeRecordStore, mappedProperties, noProperties } from '../conformance.ts';

afterEach(closePortal);

describe('The first import', () => {
  test('reads a realistic portal whole, as it is in the portal', async () => {
    const { control, store, pull } = await startPortal({ deals: 240 });
    await pull({ properties: mappedProperties(crm) });
    const truth = control.records({ type: 'deals' }) as {
      id: string;
      properties: Record<string, string>;
      associations: Record<string, string[]>;
      primaryCompanyId: string | null;
    }[];
    expect(store.all('deal').length).toBe(truth.length);
    for (const deal of truth) {
      const read = store.find('deal', deal.id);
      expect(read?.properties.dealname ?? null).toBe(deal.properties.dealname ?? null);
      expect(read?.associations?.companies.toSorted()).toEqual(deal.associations.companies?.toSorted());
      expect(read?.associations?.contacts.toSorted()).toEqual(deal.associations.contacts?.toSorted());
      expect(read?.associations?.lineItems.toSorted()).toEqual(deal.associations.line_items?.toSorted());
      if ((deal.associations.companies?.length ?? 0) > 1)
        expect(read?.associations?.primaryCompany).toBe(deal.primaryCompanyId);
    }
    const products = store
      .all('line_item')
      .flatMap(({ facts }) => (facts.productId ? [facts.productId] : []));
    expect(products.filter((id) => !store.find('product', id))).toEqual([]);
    expect(store.all('owner').some(({ archived }) => archived)).toBe(true);
    expect(store.all('line_item').filter(({ facts }) => facts.pricing && 'invalid' in facts.pricing)).toEqual(
      [],
    );
  });

  test.each(['line items', 'line_items'] as const)(
    'follows association lists that are cut off (%s)',
    async (lineItemsKey) => {
      const { control, store, pull } = await startPortal({
        behaviour: {
          lineItemsKey,
          numericAssociationIds: true,
          inlineAssociationPageSize: 3,
          associationPageSize: 4,
        },
      });
      const { deal } = sellOne(control);
      for (let line = 0; line < 11; line += 1) {
        const { id } = control.createRecord({ type: 'line_items', properties: { name: `Line ${line}` } });
        control.associate({ from: { type: 'deals', id: deal }, to: { type: 'line_items', id } });
      }
      await pull();
      expect(store.find('deal', deal)?.associations?.lineItems.length).toBe(12);
      expect(store.all('line_item').length).toBe(12);
    },
  );

  test('takes more properties than an address holds', async () => {
    const { control, store, pull } = await startPortal();
    const { deal } = sellOne(control);
    const many = Array.from({ length: 400 }, (_, index) => `a_rather_long_property_name_${index}`);
    await pull({ properties: { ...noProperties, deal: [...many, 'dealname'] } });
    expect(store.find('deal', deal)?.properties.dealname).toBe('Sale');
    expect(store.find('deal', deal)?.associations?.lineItems.length).toBe(1);
  });

  test('ends in an empty portal, too', async () => {
    const { store, pull } = await startPortal();
    const { cursor } = await pull();
    expect(cursor).toMatchObject({ phase: 'changes' });
    expect(store.all('deal')).toEqual([]);
  });

  test('reads every company where all are wanted', async () => {
    const { control, store, pull } = await startPortal({ deals: 40 });
    control.createRecord({ type: 'companies', properties: { name: 'No deal yet' } });
    await pull({ wholeTypes: ['company'] });
    expect(store.all('company').length).toBe(control.records({ type: 'companies' }).length);
  });
});

describe('A later pull', () => {
  test('finds a change that search shows late', async () => {
    const { control, store, pull } = await startPortal({ behaviour: { lagMs: 400 } });
    const { deal } = sellOne(control);
    await pull();
    control.updateRecord({ type: 'deals', id: deal, properties: { dealname: 'Late' } });
    expect(idsOf(await pull(), 'deal')).toEqual([]);
    await pull();
    await new Promise((resolve) => {
      setTimeout(resolve, 450);
    });
    expect(idsOf(await pull(), 'deal')).toEqual([deal]);
    expect(store.find('deal', deal)?.properties.hs_lastmodifieddate).toBe(
      store.find('deal', deal)?.updatedAt,
    );
  });

  test('reads what changed beside the deals: lines, companies, products', async () => {
    const { control, store, pull } = await startPortal();
    const sold = sellOne(control);
    await pull();
    control.updateRecord({ type: 'line_items', id: sold.line, properties: { price: '99' } });
    control.updateRecord({ type: 'companies', id: sold.company, properties: { name: 'New name' } });
    control.updateRecord({ type: 'products', id: sold.product, properties: { name: 'Better thing' } });
    control.createRecord({ type: 'companies', properties: { name: 'Of no deal' } });
    const result = await pull({ properties: mappedProperties(crm) });
    expect(idsOf(result, 'company')).toEqual([sold.company]);
    expect(store.find('line_item', sold.line)?.properties.price).toBe('99');
    expect(store.find('company', sold.company)?.properties.name).toBe('New name');
    expect(store.find('product', sold.product)?.properties.name).toBe('Better thing');
  });

  test('finds changes that a clock months behind ours has stamped', async () => {
    const behindMs = 90 * 24 * 3_600_000;
    const { control, store, pull } = await startPortal({ now: () => Date.now() - behindMs });
    const sold = sellOne(control);
    await pull();
    control.advanceClock({ ms: 60_000 });
    control.updateRecord({ type: 'line_items', id: sold.line, properties: { price: '99' } });
    control.updateRecord({ type: 'companies', id: sold.company, properties: { name: 'New name' } });
    await pull({ properties: mappedProperties(crm) });
    expect(store.find('line_item', sold.line)?.properties.price).toBe('99');
    expect(store.find('company', sold.company)?.properties.name).toBe('New name');
    control.advanceClock({ ms: 60_000 });
    control.updateRecord({ type: 'deals', id: sold.deal, properties: { dealname: 'Told late' } });
    await pull({ properties: mappedProperties(crm) });
    expect(store.find('deal', sold.deal)?.properties.dealname).toBe('Told late');
  });

  test('finds a new line item although its deal was not changed', async () => {
    const { control, store, pull } = await startPortal();
    const { deal } = sellOne(control);
    await pull();
    const { id } = control.createRecord({ type: 'line_items', properties: { name: 'Second', price: '5' } });
    control.associate({ from: { type: 'deals', id: deal }, to: { type: 'line_items', id } });
    await pull();
    expect(store.find('deal', deal)?.associations?.lineItems).toContain(id);
    expect(store.find('line_item', id)).toBeDefined();
  });

  test('tells of archived deals and lines, and of restored ones', async () => {
    const { control, store, pull } = await startPortal();
    const { deal, line } = sellOne(control);
    await pull();
    control.archiveRecord({ type: 'deals', id: deal });
    control.archiveRecord({ type: 'line_items', id: line });
    const { pages } = await pull();
    expect(
      pages.flatMap(({ gone }) => gone.map(({ type, reason }) => `${type} ${reason}`)).toSorted(),
    ).toEqual(['deal archived', 'line_item archived']);
    expect((await pull()).pages.flatMap(({ gone }) => gone)).toEqual([]);
    control.restoreRecord({ type: 'deals', id: deal });
    control.restoreRecord({ type: 'line_items', id: line });
    await pull();
    expect(store.find('deal', deal)?.archived).toBe(false);
    expect(store.find('line_item', line)?.archived).toBe(false);
  });

  test.each([false, true])('follows merged deals and companies (primary id kept: %s)', async (keeps) => {
    const { control, store, pull } = await startPortal({ behaviour: { mergeKeepsPrimaryId: keeps } });
    const first = sellOne(control, 'First');
    const second = sellOne(control, 'Second');
    await pull();
    const deal = control.mergeRecords({ type: 'deals', primaryId: first.deal, otherId: second.deal }).id;
    const company = control.mergeRecords({
      type: 'companies',
      primaryId: first.company,
      otherId: second.company,
    }).id;
    await pull();
    expect(store.survivorOf('deal', second.deal)).toBe(deal);
    expect(store.survivorOf('company', second.company)).toBe(company);
    expect(store.find('deal', deal)?.archived).toBe(false);
    expect(store.find('deal', deal)?.associations?.lineItems.toSorted()).toEqual(
      [first.line, second.line].toSorted(),
    );
    expect(store.find('company', company)?.archived).toBe(false);
  });

  test('reads deals by batch when their properties do not fit a search', async () => {
    const { control, store, pull } = await startPortal();
    const { deal } = sellOne(control);
    await pull();
    control.updateRecord({ type: 'deals', id: deal, properties: { dealname: 'Changed' } });
    const many = Array.from({ length: 150 }, (_, index) => `a_rather_long_property_name_${index}`);
    await pull({ properties: { ...noProperties, deal: [...many, 'dealname'] } });
    expect(store.find('deal', deal)?.properties.dealname).toBe('Changed');
  });

  test('finds every one of 10,500 deals that share one millisecond, in rows out of order', async () => {
    const { control, session, pull } = await startPortal({
      deals: 10_500,
      profile: 'bench',
      behaviour: { misorderedSearch: true },
    });
    const seen = new Set<string>();
    const now = new Date();
    const at = new Date(now.getTime() - 60_000).toISOString();
    control.touch({ type: 'deals', at });
    const cursor = {
      phase: 'changes',
      readStartedAt: new Date(now.getTime() - 24 * 3_600_000).toISOString(),
      archivedReadAt: at,
    };
    const store = makeRecordStore();
    const result = await pull({
      cursor,
      store: {
        ...store,
        store: (page) => page.records.forEach(({ type, id }) => type === 'deal' && seen.add(id)),
      },
      wants: () => false,
    });
    expect(seen.size).toBe(10_500);
    expect(Math.max(...result.pages.map(({ records }) => records.length))).toBeLessThanOrEqual(2_000);
    const searches = session.calls.filter(({ endpoint }) => endpoint === 'POST deals/search').length;
    expect(searches).toBeLessThan(53 + 40);
  });

  test('sees that a deal has another company although the deal was not changed', async () => {
    const { control, store, pull } = await startPortal();
    const { deal } = sellOne(control);
    await pull();
    const { id } = control.createRecord({ type: 'companies', properties: { name: 'The real buyer' } });
    control.associate({ from: { type: 'deals', id: deal }, to: { type: 'companies', id }, primary: true });
    expect(idsOf(await pull(), 'deal')).toEqual([deal]);
    expect(store.find('deal', deal)?.associations).toMatchObject({ primaryCompany: id });
    expect(store.find('company', id)).toBeDefined();
    expect(idsOf(await pull(), 'deal')).toEqual([]);
  });

  test('sees that a line was moved to another deal although neither was changed', async () => {
    const { control, store, pull } = await startPortal();
    const { deal, line } = sellOne(control);
    const other = sellOne(control);
    await pull();
    control.dissociate({
      from: { type: 'deals', id: other.deal },
      to: { type: 'line_items', id: other.line },
    });
    control.associate({ from: { type: 'deals', id: deal }, to: { type: 'line_items', id: other.line } });
    await pull();
    expect(store.find('deal', deal)?.associations?.lineItems.toSorted()).toEqual(
      [line, other.line].toSorted(),
    );
    expect(store.find('deal', other.deal)?.associations?.lineItems).toEqual([]);
  });

  test('reads one page where a thousand deals are stored as they are, and finds the one that is not', async () => {
    const { control, session, store, pull } = await startPortal({ deals: 1_000, profile: 'bench' });
    control.touch({ type: 'deals' });
    await pull({ wants: () => false });
    const searches = (): number =>
      session.calls.filter(({ endpoint }) => endpoint === 'POST deals/search').length;
    const before = searches();
    expect(idsOf(await pull(), 'deal')).toEqual([]);
    expect(searches() - before).toBeLessThanOrEqual(2);
    const id = store.all('deal')[700]?.id ?? '';
    control.updateRecord({ type: 'deals', id, properties: { dealname: 'Only this one' } });
    expect(idsOf(await pull({ wants: () => false }), 'deal')).toEqual([id]);
  });
});

describe('Reading deals whole', () => {
  test('notices ids that a batch read leaves out without a word', async () => {
    const { control, store, session, pull } = await startPortal();
    const { deal, line } = sellOne(control);
    control.fault({ kind: 'drop_ids', path: 'line_items/batch/read', ids: [line], count: 2 });
    await pull();
    expect(store.find('line_item', line)).toBeDefined();
    expect(store.find('deal', deal)).toBeDefined();
    expect(session.calls.map(({ endpoint }) => endpoint)).toContain('GET line_items/id');
  });

  test('gives archived products with their names, because old lines still name them', async () => {
    const { control, store, pull } = await startPortal();
    const { product } = sellOne(control);
    control.archiveRecord({ type: 'products', id: product });
    await pull({ properties: mappedProperties(crm) });
    expect(store.find('product', product)).toMatchObject({ archived: true, properties: { name: 'Thing' } });
  });

  test('says what became of each deal: whole, merged, deleted', async () => {
    const { control, session, pull } = await startPortal();
    const [first, second, third] = [sellOne(control, 'A'), sellOne(control, 'B'), sellOne(control, 'C')];
    await pull();
    const survivor = control.mergeRecords({ type: 'deals', primaryId: first.deal, otherId: second.deal }).id;
    control.purgeRecord({ type: 'deals', id: third.deal });
    const batch = await crm.hydrate(session, {
      deals: [first, second, third].map(({ deal }) => ({ id: deal, summary: true, associations: null })),
      properties: noProperties,
      known: makeRecordStore().known,
    });
    expect(batch.unread).toEqual([]);
    expect(batch.gone).toContainEqual({
      type: 'deal',
      id: first.deal,
      reason: 'merged',
      survivorId: survivor,
    });
    expect(batch.gone).toContainEqual({
      type: 'deal',
      id: second.deal,
      reason: 'merged',
      survivorId: survivor,
    });
    expect(batch.gone).toContainEqual({ type: 'deal', id: third.deal, reason: 'deleted', survivorId: null });
  });

  test('fails for the deal alone whose associations were refused, and never takes them for none', async () => {
    const { control, session } = await startPortal();
    const [good, bad] = [sellOne(control, 'Good'), sellOne(control, 'Bad')];
    const body = JSON.stringify({
      status: 'COMPLETE',
      results: [{ from: { id: good.deal }, to: [{ toObjectId: good.line, associationTypes: [] }] }],
      errors: [
        { status: 'error', category: 'INTERNAL_ERROR', message: 'x', context: { fromObjectId: [bad.deal] } },
      ],
      numErrors: 1,
    });
    control.fault({ kind: 'status', path: 'deals/line_items/batch/read', status: 207, body, count: 2 });
    const batch = await crm.hydrate(session, {
      deals: [good, bad].map(({ deal }) => ({ id: deal, summary: true, associations: null })),
      properties: noProperties,
      known: makeRecordStore().known,
    });
    expect(batch.unread).toMatchObject([{ type: 'deal', id: bad.deal, code: 'vendor_unavailable' }]);
    expect([...batch.lacking.keys()]).toEqual([bad.deal]);
    const deals = batch.records.filter(({ type }) => type === 'deal').map(({ id }) => id);
    expect(deals).toEqual([good.deal]);
  });
});
