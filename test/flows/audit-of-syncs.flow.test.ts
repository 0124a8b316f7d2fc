import { beforeEach, expect, test } from 'vitest';
import { listAuditTrail, type AuditTrailEntry } from '../../src/organizations/audit-trail-store.ts';
import { describeOnBothStores } from '../support/database.ts';
import { openSyncWorld, storyOf, type SyncWorld } from '../support/sync-world.ts';

describeOnBothStores('The audit trail of a sync', (open) => {
  let world: SyncWorld;

  beforeEach(async () => {
    world = await openSyncWorld(await open());
    return () => world.close();
  });

  const { update, healthy } = storyOf(() => world);
  const entriesOfDocuments = async (): Promise<readonly AuditTrailEntry[]> => {
    const { organizationId } = world.caller;
    const page = await world.database.withOrganization(organizationId, (tx) =>
      listAuditTrail(tx, organizationId, { subjectType: 'document' }, { limit: 200 }),
    );
    return page.data;
  };

  test('has one entry for each draft that was made, with the run and what tells it from others', async () => {
    const run = await world.sync();
    const documents = [...(await world.documents()).values()];
    const entries = await entriesOfDocuments();
    expect(entries).toHaveLength(documents.length);
    for (const document of documents) {
      const entry = entries.find(({ subjectId }) => subjectId === document.id);
      expect(entry).toMatchObject({
        action: 'document.created',
        actor: 'sync',
        connectionId: world.connectionId,
        runId: run.runId,
        before: null,
      });
      expect(entry?.after).toEqual({
        deal: document.source?.id,
        kind: document.kind,
        customer: expect.stringMatching(/^(company|contact|placeholder):/),
        total: document.total,
        currency: document.currency,
        documentDate: document.documentDate,
      });
    }
    expect((await world.sync()).counts).toMatchObject({ created: 0 });
    expect(await entriesOfDocuments()).toHaveLength(documents.length);
  });

  test('tells of a draft from its making to its end', async () => {
    await world.sync();
    const deal = healthy();
    const id = (await world.documents()).get(deal.id)?.id;
    update('deals', deal.id, { dealname: 'Renamed' });
    await world.sync();
    update('deals', deal.id, { dealstage: 'closedlost' });
    await world.sync();
    const own = (await entriesOfDocuments()).filter(({ subjectId }) => subjectId === id);
    expect(own.map(({ action }) => action)).toEqual([
      'document.withdrawn',
      'document.updated',
      'document.created',
    ]);
    // Nothing but the trail still has it: it can be read there whole.
    expect(own[0]?.before).toMatchObject({
      id,
      status: 'draft',
      description: 'Renamed',
      total: expect.stringMatching(/^\d+(\.\d+)?$/),
      customer: { name: expect.any(String) },
      lines: expect.arrayContaining([expect.objectContaining({ position: 1, amount: expect.any(String) })]),
    });
  });
});
