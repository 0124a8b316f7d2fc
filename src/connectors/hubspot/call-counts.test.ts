import { expect, test } from 'vitest';
import { startHubSpotSandbox } from '../../../sandbox/hubspot/server.ts';
import { unlimitedRateBudgets } from '../../platform/rate-budget/rate-budgets.ts';
import { makeRecordStore, makeTestSession, mappedProperties, pullOnce } from '../conformance.ts';
import { hubspot } from './hubspot.ts';

/**
 * The floor is arithmetic from HubSpot's batch sizes: 1,000 changed deals with companies and contacts of their own and three lines
 * each, 500 products, 100 owners: 77 calls by search, of them pipelines and account one each, which a sync asks for once.
 */
test('1,000 changed deals cost at most a tenth more than the fewest calls there can be', async () => {
  const sandbox = await startHubSpotSandbox({
    deals: 1_000,
    profile: 'bench',
    behaviour: { unthrottled: true, lagMs: 0 },
  });
  try {
    const [portal] = sandbox.portals;
    const endpoint = { apiUrl: sandbox.url, appUrl: sandbox.url, clientId: null, clientSecret: null };
    const session = makeTestSession(
      { endpoint, token: portal?.token ?? '', accountId: String(portal?.id) },
      { budgets: unlimitedRateBudgets },
    );
    const crm = hubspot.crm!;
    const store = makeRecordStore();
    const startedAt = new Date();
    sandbox.control.touch({ type: 'deals' });
    const pull = {
      crm,
      session,
      store,
      properties: mappedProperties(crm),
      cursor: { phase: 'changes', readStartedAt: startedAt.toISOString(), archivedReadAt: null },
    };
    await crm.account(session);
    await crm.pipelines(session);
    const { cursor } = await pullOnce(pull);
    expect(store.all('deal').length).toBe(1_000);
    expect(store.all('line_item').length).toBe(3_000);
    expect(session.calls.length).toBeLessThanOrEqual(Math.floor(77 * 1.1));

    const before = session.calls.length;
    await pullOnce({ ...pull, cursor });
    // Owners, a search a type, the bins, and the associations of a thousand deals.
    expect(session.calls.length - before).toBeLessThanOrEqual(14);

    for (const type of ['deals', 'line_items', 'companies', 'contacts', 'products'] as const)
      sandbox.control.touch({ type });
    const idle = session.calls.length;
    await pullOnce({ ...pull, cursor });
    expect(session.calls.length - idle).toBeLessThanOrEqual(Math.floor(77 * 1.1));
  } finally {
    await sandbox.close();
  }
});

test('a first import costs a call a hundred records of each type', async () => {
  const sandbox = await startHubSpotSandbox({
    deals: 2_000,
    profile: 'bench',
    behaviour: { unthrottled: true, lagMs: 0 },
  });
  try {
    const [portal] = sandbox.portals;
    const endpoint = { apiUrl: sandbox.url, appUrl: sandbox.url, clientId: null, clientSecret: null };
    const session = makeTestSession(
      { endpoint, token: portal?.token ?? '', accountId: String(portal?.id) },
      { budgets: unlimitedRateBudgets },
    );
    await pullOnce({ crm: hubspot.crm!, session, store: makeRecordStore(), cursor: null });
    // Deals, companies, contacts, 3 lines a deal, 500 products, owners.
    expect(session.calls.length).toBeLessThanOrEqual(Math.floor((20 + 20 + 20 + 60 + 5 + 2) * 1.1));
  } finally {
    await sandbox.close();
  }
});
