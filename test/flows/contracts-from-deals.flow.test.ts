import { beforeEach, expect, test } from 'vitest';
import { apiHandlers } from '../../src/api/handlers/api-handlers.ts';
import { formatDecimal, decimalFromInteger, multiply, parseDecimal, zero } from '../../src/kernel/decimal.ts';
import { describeOnBothStores } from '../support/database.ts';
import { openSyncWorld, storyOf, type SyncWorld } from '../support/sync-world.ts';

describeOnBothStores('Won deals become revenue contracts', (open) => {
  let world: SyncWorld;

  beforeEach(async () => {
    world = await openSyncWorld(await open());
    return () => world.close();
  });
  const { truth, records } = storyOf(() => world);
  const configure = (set: Record<string, unknown>) =>
    world.operations.changeConfiguration(world.caller, {
      params: { id: world.connectionId },
      query: undefined,
      body: { set },
    });
  const handlers = () => apiHandlers(world.database);
  const recurringDeal = async () => {
    const lineIds = new Set(
      truth('line_items')
        .filter(({ properties }) => properties['hs_term_in_months'] === '12')
        .map(({ id }) => id),
    );
    for (const [dealId, document] of await world.documents()) {
      const line = document.lines.find(({ sourceId }) => lineIds.has(sourceId ?? ''));
      if (line && document.currency === 'USD') return { dealId, document, line };
    }
    throw new Error('The seed has a recurring line on a won deal in dollars.');
  };

  test('one draft a deal with its discounts, the link to the deal, and the whole term of what recurs', async () => {
    await configure({ 'deals.kind': 'contract', 'autoPost.enabled': true });
    const run = await world.sync();
    const documents = await world.documents();
    expect(documents.size).toBeGreaterThan(5);
    expect(new Set([...documents.values()].map(({ kind, status }) => `${kind} ${status}`))).toEqual(
      new Set(['contract draft']),
    );
    expect(run.counts.created).toBe(documents.size);
    const { document, line } = await recurringDeal();
    const perMonth = multiply(parseDecimal(line.quantity) ?? zero, parseDecimal(line.unitPrice) ?? zero);
    expect(parseDecimal(line.amount)).toEqual(
      parseDecimal(formatDecimal(multiply(perMonth, decimalFromInteger(12)))),
    );
    expect(document.source?.url).toContain(document.source?.id);
    const again = await world.sync();
    expect(again.counts).toMatchObject({ created: 0, updated: 0, held: 0 });
  });

  test('are activated with the terms of the CRM, billed and recognised; a deal that changes then is held', async () => {
    await configure({
      'deals.kind': 'contract',
      'deals.contract': { termMonths: 6, recognition: 'monthly' },
    });
    await world.sync();
    const { dealId, document, line } = await recurringDeal();
    const active = await handlers().activateContract(world.caller, {
      params: { id: document.id },
      query: undefined,
      body: { billing: 'monthly_advance' },
    });
    const recurring = active.obligations.find(({ position }) => position === line.position);
    expect(recurring).toMatchObject({ recognition: 'monthly', allocated: line.amount });
    expect(recurring?.schedule.length).toBeGreaterThanOrEqual(12);
    expect(active).toMatchObject({
      price: document.total,
      document: { status: 'active', memo: document.memo },
    });
    const billed = await handlers().billContract(world.caller, {
      params: { id: document.id },
      query: undefined,
      body: { upTo: active.billings[0]?.date },
    });
    expect(billed.data).toHaveLength(1);
    world.sandbox.control.updateRecord({
      type: 'deals',
      id: dealId,
      properties: { dealname: 'Another name' },
    });
    const record = (await records(await world.sync())).get(dealId);
    expect(record).toMatchObject({ outcome: 'held', code: 'changed_after_posting' });
  });

  test('a deal that became an invoice is held when deals make contracts from then on', async () => {
    await world.sync();
    const made = (await world.documents()).size;
    await configure({ 'deals.kind': 'contract' });
    const run = await world.sync();
    const kinds = new Set([...(await world.documents()).values()].map(({ kind }) => kind));
    expect(kinds).toEqual(new Set(['invoice']));
    expect((await world.documents()).size).toBe(made);
    expect(run.counts.held).toBeGreaterThan(0);
  });
});
