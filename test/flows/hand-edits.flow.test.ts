import { beforeEach, expect, test } from 'vitest';
import { changeDraft } from '../../src/ledger/by-hand/drafts.ts';
import { describeOnBothStores } from '../support/database.ts';
import { openSyncWorld, storyOf, type SyncWorld } from '../support/sync-world.ts';

describeOnBothStores('A draft of a sync that a person edited', (open) => {
  let world: SyncWorld;
  let dealId: string;
  let documentId: string;

  const { records, update, healthy } = storyOf(() => world);
  const document = async () => (await world.documents()).get(dealId);
  const resolve = (keep: 'books' | 'crm') =>
    world.operations.resolveConflict(world.caller, {
      params: { id: documentId },
      query: undefined,
      body: { keep },
    });
  const syncedDeal = async () => (await records(await world.sync())).get(dealId);

  beforeEach(async () => {
    world = await openSyncWorld(await open());
    dealId = healthy().id;
    await world.sync();
    const made = await document();
    documentId = made?.id ?? '';
    const change = { description: 'Agreed by phone', lines: [{ description: 'All in', unitPrice: '999' }] };
    await world.database.withOrganization(world.caller.organizationId, (tx) =>
      changeDraft(tx, documentId, made?.version ?? 0, change, world.caller),
    );
    return () => world.close();
  });

  test('stays as it is when the CRM changes nothing, and a change there is held with both values', async () => {
    await world.sync();
    expect(await document()).toMatchObject({ description: 'Agreed by phone', total: '999.00' });
    update('deals', dealId, { dealname: 'Renamed in the CRM' });
    expect(await syncedDeal()).toMatchObject({
      outcome: 'held',
      code: 'conflict',
      changes: [{ field: 'description', before: 'Agreed by phone', after: 'Renamed in the CRM' }],
    });
    expect(await document()).toMatchObject({ description: 'Agreed by phone', total: '999.00' });
  });

  test('is kept against the CRM until the CRM changes again', async () => {
    update('deals', dealId, { dealname: 'Renamed in the CRM' });
    await world.sync();
    await resolve('books');
    expect(await syncedDeal()).toMatchObject({ outcome: 'unchanged' });
    expect(await document()).toMatchObject({ description: 'Agreed by phone' });
    update('deals', dealId, { dealname: 'Renamed once more' });
    expect(await syncedDeal()).toMatchObject({ outcome: 'held', code: 'conflict' });
  });

  test('takes the CRM’s values when a person says so, and is the CRM’s again', async () => {
    update('deals', dealId, { dealname: 'Renamed in the CRM' });
    await world.sync();
    await resolve('crm');
    expect(await syncedDeal()).toMatchObject({ outcome: 'updated' });
    expect(await document()).toMatchObject({ description: 'Renamed in the CRM', editedAt: null });
    await expect(resolve('crm')).rejects.toMatchObject({ code: 'no_conflict' });
  });

  test('is not taken back by itself when the deal is lost', async () => {
    update('deals', dealId, { dealstage: 'closedlost' });
    expect(await syncedDeal()).toMatchObject({ outcome: 'held', code: 'conflict' });
    expect(await document()).toMatchObject({ description: 'Agreed by phone' });
    await resolve('crm');
    expect(await syncedDeal()).toMatchObject({ outcome: 'skipped' });
    expect(await document()).toBeUndefined();
  });
});
