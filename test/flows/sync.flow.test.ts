import { beforeEach, expect, test } from 'vitest';
import type { RunWire } from '../../src/contract/sync-wire.ts';
import { getCustomerWire } from '../../src/ledger/customers.ts';
import { postDocuments } from '../../src/ledger/posting.ts';
import { describeOnBothStores } from '../support/database.ts';
import { expectedInvoice } from '../support/expected-invoice.ts';
import { openSyncWorld, storyOf, type SyncWorld } from '../support/sync-world.ts';

describeOnBothStores('A sync of a HubSpot portal', (open) => {
  let world: SyncWorld;

  beforeEach(async () => {
    world = await openSyncWorld(await open());
    return () => world.close();
  });

  const { truth, records, update, healthy } = storyOf(() => world);
  const won = () => truth('deals').filter(({ properties }) => properties.dealstage === 'closedwon');

  const changesOf = async (sourceType: string, { runId }: RunWire) => {
    const input = { params: { id: runId }, query: { limit: 200, sourceType }, body: undefined };
    return (await world.operations.listRunRecords(world.caller, input)).data.map(({ changes }) => changes);
  };
  const documentsInWhy = async (deal: string) => {
    const input = { params: { id: world.connectionId, deal }, query: undefined, body: undefined };
    return (await world.operations.getWhy(world.caller, input)).documentIds;
  };
  const post = (documentId: string) =>
    world.database.withOrganization(world.caller.organizationId, (tx) =>
      postDocuments(tx, [documentId], { organizationId: world.caller.organizationId, actor: 'user:test' }),
    );

  test('makes each won deal one draft whose lines and total agree with an independent calculation', async () => {
    const run = await world.sync();
    const documents = await world.documents();
    const lines = new Map(truth('line_items').map((line) => [line.id, line]));
    const pipelines = world.sandbox.sandbox.portals.values().next().value?.pipelines ?? [];
    const wonStages = new Set(
      pipelines.flatMap(({ stages }) =>
        stages
          .filter(({ isClosed, probability }) => isClosed && Number(probability) === 1)
          .map(({ id }) => id),
      ),
    );
    const account = { currency: 'USD', timeZone: 'Pacific/Auckland', wonStages };
    const expected = new Map(
      truth('deals').flatMap((deal) => {
        const invoice = expectedInvoice(deal, lines, account);
        return invoice ? [[deal.id, invoice] as const] : [];
      }),
    );
    expect([...documents.keys()].sort()).toEqual([...expected.keys()].sort());
    for (const [id, invoice] of expected) {
      const document = documents.get(id);
      expect({
        id,
        total: document?.total,
        currency: document?.currency,
        date: document?.documentDate,
        company: document?.customer.sourceId,
      }).toEqual({
        id,
        total: invoice.total,
        currency: invoice.currency,
        date: invoice.documentDate,
        company: invoice.companyId,
      });
      expect({ id, lines: document?.lines.map(({ amount }) => amount) }).toEqual({
        id,
        lines: invoice.lines,
      });
      expect(document?.lines.map(({ position }) => position)).toEqual(
        invoice.lines.map((_, index) => index + 1),
      );
    }
    expect(run.counts.processed).toBe(40);
    expect(run.counts.created).toBe(expected.size);
    expect(world.sandbox.control.violations().violations).toEqual([]);
  });

  test('says of every deal that made nothing why, with a code of the catalogue', async () => {
    const run = await world.sync();
    const codes = [...(await records(run)).values()]
      .filter(({ outcome }) => outcome !== 'created')
      .map(({ code }) => code);
    expect(
      codes.flatMap((code) => (code === null || code === 'stage_not_selected' ? [] : [code])).sort(),
    ).toEqual(['ambiguous_customer', 'company_not_found', 'missing_required_field', 'no_valid_line_items']);
    expect(run.status).toBe('succeeded_with_failures');
  });

  test('plans in a preview what the sync then does, and writes nothing to the books', async () => {
    const preview = await world.preview();
    const planned = await records(preview);
    expect((await world.documents()).size).toBe(0);
    const done = await records(await world.sync());
    const documents = await world.documents();
    expect([...planned].map(([id, { decision, code, reason }]) => ({ id, decision, code, reason }))).toEqual(
      [...done].map(([id, { decision, code, reason }]) => ({ id, decision, code, reason })),
    );
    for (const [id, { document }] of planned) {
      const made = documents.get(id);
      expect({
        id,
        total: document?.total,
        lines: document?.lines.map(({ amount }) => amount),
        customer: document?.customer.name,
      }).toEqual({
        id,
        total: made?.total,
        lines: made?.lines.map(({ amount }) => amount),
        customer: made?.customer.name,
      });
    }
  });

  test('changes nothing in the books when it runs again', async () => {
    const first = await world.sync();
    const before = await world.documents();
    const second = await world.sync();
    expect(await world.documents()).toEqual(before);
    expect(second.counts).toMatchObject({
      created: 0,
      updated: 0,
      unchanged: first.counts.created,
      skipped: first.counts.skipped,
      failed: first.counts.failed,
    });
  });

  test('lists in a later run the deals that stand, so that its records add up to its counts', async () => {
    const first = await world.sync();
    const before = await records(first);
    const deal = healthy();
    update('deals', deal.id, { dealname: 'Renamed' });
    const second = await world.sync();
    const after = await records(second);
    const tally = (outcome: string) =>
      [...after.values()].filter((record) => record.outcome === outcome).length;
    const { processed, ...counts } = second.counts;
    expect(Object.fromEntries(Object.keys(counts).map((outcome) => [outcome, tally(outcome)]))).toEqual(
      counts,
    );
    expect(after.size).toBe(processed);
    expect(after.get(deal.id)).toMatchObject({ outcome: 'updated' });
    expect(await records(first)).toEqual(before);
  });

  test('lists every deal in a preview after a sync, with what stands unchanged', async () => {
    const first = await world.sync();
    const preview = await world.preview();
    expect((await records(preview)).size).toBe(40);
    expect(preview.counts).toMatchObject({ processed: 40, unchanged: first.counts.created });
  });

  test('updates the draft of a deal of which only a line item changed', async () => {
    await world.sync();
    const deal = healthy();
    const lineId = deal.associations.line_items?.[0] ?? '';
    update('line_items', lineId, { quantity: '7', price: '10', discount: '', hs_discount_percentage: '' });
    const run = await world.sync();
    const record = (await records(run)).get(deal.id);
    expect(record).toMatchObject({ outcome: 'updated' });
    const document = (await world.documents()).get(deal.id);
    expect(document?.lines.map(({ amount }) => amount)).toContain('70.00');
    expect(run.counts).toMatchObject({ created: 0, updated: 1 });
  });

  test('updates the draft of a deal to which only a line item was added, and from which one was deleted', async () => {
    await world.sync();
    const deal = healthy();
    const before = (await world.documents()).get(deal.id)?.lines.length ?? 0;
    const added = world.sandbox.control.createRecord({
      type: 'line_items',
      properties: { name: 'Late addition', quantity: '1', price: '5' },
      associations: [{ type: 'deals', id: deal.id }],
    });
    await world.sync();
    expect((await world.documents()).get(deal.id)?.lines.length).toBe(before + 1);
    world.sandbox.control.archiveRecord({ type: 'line_items', id: added.id });
    await world.sync();
    expect((await world.documents()).get(deal.id)?.lines.length).toBe(before);
  });

  test('follows a line that was moved to another product', async () => {
    await world.sync();
    const deal = healthy();
    const lineId = deal.associations.line_items?.[0] ?? '';
    const product = world.sandbox.control.createRecord({
      type: 'products',
      properties: { name: 'Another product', hs_sku: 'OTHER-1', price: '1' },
    });
    update('line_items', lineId, { hs_product_id: product.id, hs_sku: 'OTHER-1' });
    await world.sync();
    expect((await world.documents()).get(deal.id)?.lines.map(({ sku }) => sku)).toContain('OTHER-1');
  });

  test('follows a renamed company, a changed owner and a changed company', async () => {
    await world.sync();
    const deal = healthy();
    const named = (await world.documents()).get(deal.id)?.customer.name;
    update('companies', deal.associations.companies?.[0] ?? '', { name: 'Renamed & Sons' });
    expect(await changesOf('company', await world.sync())).toEqual([
      [{ field: 'name', before: named, after: 'Renamed & Sons' }],
    ]);
    expect((await world.documents()).get(deal.id)?.customer.name).toBe('Renamed & Sons');
    const owner = truth('deals')
      .map(({ properties }) => properties.hubspot_owner_id)
      .find((id) => id !== undefined && id !== deal.properties.hubspot_owner_id);
    update('deals', deal.id, { hubspot_owner_id: owner ?? '' });
    const before = (await world.documents()).get(deal.id)?.salesRep?.name;
    await world.sync();
    expect((await world.documents()).get(deal.id)?.salesRep?.name).not.toBe(before);
    const company = world.sandbox.control.createRecord({
      type: 'companies',
      properties: { name: 'The buyer after all' },
    });
    world.sandbox.control.associate({
      from: { type: 'deals', id: deal.id },
      to: { type: 'companies', id: company.id },
      primary: true,
    });
    update('deals', deal.id, { dealname: 'Sold to another' });
    await world.sync();
    expect((await world.documents()).get(deal.id)).toMatchObject({
      customer: { name: 'The buyer after all' },
      description: 'Sold to another',
    });
  });

  test('follows another company and another contact of a deal that itself was not changed', async () => {
    await world.sync();
    const deal = healthy();
    const { control } = world.sandbox;
    const change = (type: 'companies' | 'contacts', properties: Record<string, string>) => {
      const { id } = control.createRecord({ type, properties });
      for (const old of deal.associations[type] ?? [])
        control.dissociate({ from: { type: 'deals', id: deal.id }, to: { type, id: old } });
      control.associate({
        from: { type: 'deals', id: deal.id },
        to: { type, id },
        primary: type === 'companies',
      });
    };
    const seller = (await world.documents()).get(deal.id)?.customer.name ?? '';
    change('companies', { name: 'The buyer after all' });
    const swapped = await world.sync();
    expect(swapped.counts).toMatchObject({ updated: 1, created: 0 });
    const [[moved] = []] = await changesOf('contact', swapped);
    expect(moved).toMatchObject({ field: 'customers', before: expect.stringContaining(seller) });
    expect(moved?.before).not.toContain('The buyer after all');
    expect(moved?.after).toContain('The buyer after all');
    expect((await world.documents()).get(deal.id)?.customer.name).toBe('The buyer after all');
    change('contacts', { firstname: 'Ada', lastname: 'Buyer', email: 'ada@buyer.test' });
    await world.sync();
    const customerId = (await world.documents()).get(deal.id)?.customer.id ?? '';
    const customer = await world.database.withOrganization(world.caller.organizationId, (tx) =>
      getCustomerWire(tx, customerId),
    );
    expect(customer.contacts.map(({ name }) => name)).toContain('Ada Buyer');
    expect((await world.sync()).counts).toMatchObject({ updated: 0, created: 0 });
  });

  test('renews the warning of a draft that itself stays as it is', async () => {
    await world.sync();
    const deal = healthy();
    const warningsOf = async () => (await world.documents()).get(deal.id)?.warnings;
    expect(await warningsOf()).toEqual([]);
    update('deals', deal.id, { amount: '1.00' });
    expect((await world.sync()).counts).toMatchObject({ updated: 0 });
    expect(await warningsOf()).toMatchObject([
      { code: 'amount_differs', message: expect.stringContaining(' 1.00 ') },
    ]);
  });

  test('takes the draft of a deal that is no longer won back, and makes it again when the deal is won again', async () => {
    await world.sync();
    const deal = healthy();
    update('deals', deal.id, { dealstage: 'closedlost' });
    const lost = await world.sync();
    expect((await records(lost)).get(deal.id)).toMatchObject({
      outcome: 'skipped',
      code: 'stage_not_selected',
    });
    expect((await world.documents()).has(deal.id)).toBe(false);
    update('deals', deal.id, { dealstage: 'closedwon' });
    const again = await world.sync();
    expect((await records(again)).get(deal.id)).toMatchObject({ outcome: 'created' });
    expect((await world.documents()).get(deal.id)?.status).toBe('draft');
  });

  test('takes the draft of an archived deal back, and makes it again when the deal is restored', async () => {
    await world.sync();
    const deal = healthy();
    world.sandbox.control.archiveRecord({ type: 'deals', id: deal.id });
    expect((await records(await world.sync())).get(deal.id)).toMatchObject({
      outcome: 'skipped',
      code: 'archived',
    });
    expect((await world.documents()).has(deal.id)).toBe(false);
    world.sandbox.control.restoreRecord({ type: 'deals', id: deal.id });
    await world.sync();
    expect((await world.documents()).has(deal.id)).toBe(true);
  });

  test('makes no second invoice when the links were lost: they come back from the documents', async () => {
    await world.sync();
    const deal = healthy();
    const documents = await world.documents();
    await post(documents.get(deal.id)?.id ?? '');
    await world.database.withOrganization(world.caller.organizationId, async (tx) => {
      await tx.execute(`DELETE FROM links WHERE target = 'document'`);
      await tx.execute(`UPDATE source_records SET pending = true WHERE object_type = 'deal'`);
    });
    const run = await world.sync();
    expect(run.counts).toMatchObject({ created: 0, unchanged: documents.size, held: 0 });
    expect((await world.documents()).size).toBe(documents.size);
    update('line_items', deal.associations.line_items?.[0] ?? '', { quantity: '99' });
    expect((await records(await world.sync())).get(deal.id)).toMatchObject({ code: 'changed_after_posting' });
  });

  test('keeps one draft for two merged deals', async () => {
    await world.sync();
    const [first, second] = [healthy(0), healthy(1)];
    const before = (await world.documents()).size;
    expect(await documentsInWhy(second.id)).toHaveLength(1);
    expect(await documentsInWhy(first.id)).toHaveLength(1);
    const { id } = world.sandbox.control.mergeRecords({
      type: 'deals',
      primaryId: first.id,
      otherId: second.id,
    });
    const run = await records(await world.sync());
    const mergedAway = [first.id, second.id].find((old) => old !== id) ?? '';
    expect(run.get(mergedAway)).toMatchObject({
      code: 'archived',
      reason: expect.stringContaining(`merged into deal ${id}`),
      mend: expect.stringContaining('nothing needs doing: the deal that remains is invoiced'),
    });
    const documents = await world.documents();
    expect(documents.has(id)).toBe(true);
    expect([first.id, second.id].filter((old) => old !== id && documents.has(old))).toEqual([]);
    expect(documents.size).toBe(before - 1);
    // Of the two drafts one is the survivor's now; the other is gone, and no deal names it.
    const named = [...(await documentsInWhy(first.id)), ...(await documentsInWhy(second.id))];
    expect(new Set(named)).toEqual(new Set([documents.get(id)?.id]));
    expect(await documentsInWhy(id)).toEqual([documents.get(id)?.id]);
  });

  test('holds a deal that was changed after its invoice was posted', async () => {
    await world.sync();
    const deal = healthy();
    const document = (await world.documents()).get(deal.id);
    await post(document?.id ?? '');
    update('line_items', deal.associations.line_items?.[0] ?? '', { quantity: '99' });
    expect((await records(await world.sync())).get(deal.id)).toMatchObject({
      outcome: 'held',
      code: 'changed_after_posting',
    });
    expect((await world.documents()).get(deal.id)).toMatchObject({
      status: expect.stringMatching(/^(posted|overdue)$/),
      total: document?.total,
    });
    update('deals', deal.id, { dealstage: 'closedlost' });
    expect((await records(await world.sync())).get(deal.id)).toMatchObject({
      outcome: 'held',
      code: 'reopened_after_posting',
    });
    const [sum] = await world.database.withOrganization(world.caller.organizationId, (tx) =>
      tx.query('SELECT sum(base_debit_minor) AS debit, sum(base_credit_minor) AS credit FROM journal_lines'),
    );
    expect(sum?.debit).toBe(sum?.credit);
    expect(Number(sum?.debit)).toBeGreaterThan(0);
  });

  test('makes the invoice of a deal that failed once its cause is mended in the CRM', async () => {
    await world.sync();
    const deal = won().find(({ associations }) => (associations.companies ?? []).length === 0);
    const company = truth('companies')[0];
    world.sandbox.control.associate({
      from: { type: 'deals', id: deal?.id ?? '' },
      to: { type: 'companies', id: company?.id ?? '' },
      primary: true,
    });
    update('deals', deal?.id ?? '', { dealname: 'Now with a company' });
    expect((await records(await world.sync())).get(deal?.id ?? '')).toMatchObject({ outcome: 'created' });
  });

  test('keeps two companies of one name two customers, and one company of two deals one', async () => {
    const name = 'Twin Holdings';
    const companies = [1, 2].map(
      () => world.sandbox.control.createRecord({ type: 'companies', properties: { name } }).id,
    );
    const sell = (companyId: string | undefined) =>
      world.sandbox.control.createRecord({
        type: 'deals',
        properties: {
          dealname: 'Twin deal',
          amount: '10',
          dealstage: 'closedwon',
          pipeline: 'default',
          closedate: '2026-10-01T00:00:00Z',
        },
        associations: [{ type: 'companies', id: companyId ?? '', primary: true }],
      }).id;
    const deals = [sell(companies[0]), sell(companies[0]), sell(companies[1])];
    await world.sync();
    const documents = await world.documents();
    const [first, second, third] = deals.map((id) => documents.get(id)?.customer.id);
    expect(first).toBeDefined();
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  test.each([
    ['text', { amount: 'about 100' }, 'invalid_amount'],
    ['negative', { amount: '-5' }, 'invalid_amount'],
    ['enormous', { amount: '1e400' }, 'invalid_amount'],
    ['beyond every limit', { amount: '99999999999999999' }, 'amount_out_of_range'],
    ['zero', { amount: '0' }, 'zero_total'],
    ['in an unknown currency', { amount: '5', deal_currency_code: 'XQX' }, 'unknown_currency'],
    ['without a close date', { amount: '5', closedate: '' }, 'missing_date'],
  ])('fails one deal alone whose amount is %s', async (_, properties, code) => {
    const company = truth('companies')[0];
    const { id } = world.sandbox.control.createRecord({
      type: 'deals',
      properties: {
        dealname: 'Bad',
        dealstage: 'closedwon',
        pipeline: 'default',
        closedate: '2026-10-01T00:00:00Z',
        ...properties,
      },
      associations: [{ type: 'companies', id: company?.id ?? '', primary: true }],
    });
    const run = await world.sync();
    expect((await records(run)).get(id)).toMatchObject({ code, documentId: null });
    expect(run.counts.created).toBeGreaterThan(25);
  });

  test('rounds an amount with twelve decimals once, half away from zero', async () => {
    const company = truth('companies')[0];
    const make = (amount: string) =>
      world.sandbox.control.createRecord({
        type: 'deals',
        properties: {
          dealname: 'Fine',
          dealstage: 'closedwon',
          pipeline: 'default',
          closedate: '2026-10-01T00:00:00Z',
          amount,
        },
        associations: [{ type: 'companies', id: company?.id ?? '', primary: true }],
      }).id;
    const ids = ['10.005000000000', '10.004999999999'].map(make);
    await world.sync();
    const documents = await world.documents();
    expect(ids.map((id) => documents.get(id)?.total)).toEqual(['10.01', '10.00']);
  });

  test('holds a deal whose draft was deleted by hand until it is released', async () => {
    await world.sync();
    const deal = healthy();
    const document = (await world.documents()).get(deal.id);
    await world.operations.deleteDocument(world.caller, {
      params: { id: document?.id ?? '' },
      query: undefined,
      body: undefined,
    });
    expect((await records(await world.sync())).get(deal.id)).toMatchObject({
      outcome: 'held',
      code: 'unsynced',
    });
    await world.operations.releaseDeals(world.caller, {
      params: { id: world.connectionId },
      query: undefined,
      body: { deals: [deal.id] },
    });
    expect((await records(await world.sync())).get(deal.id)).toMatchObject({ outcome: 'created' });
  });
});
