import { beforeEach, expect, test } from 'vitest';
import { describeOnBothStores } from '../support/database.ts';
import { openSyncWorld, storyOf, type SyncWorld } from '../support/sync-world.ts';

describeOnBothStores('The configuration of a sync', (open) => {
  let world: SyncWorld;

  beforeEach(async () => {
    world = await openSyncWorld(await open());
    return () => world.close();
  });

  const { records, update, healthy } = storyOf(() => world);
  const configure = (set: Record<string, unknown>) =>
    world.operations.changeConfiguration(world.caller, {
      params: { id: world.connectionId },
      query: undefined,
      body: { set },
    });

  test('says which mapping reads a property that was deleted in the CRM', async () => {
    const set = { 'deals.fields.dimensions': { region: 'region' } };
    await configure(set);
    expect((await world.sync()).counts.created).toBe(29);
    const regionsOf = (documents: Awaited<ReturnType<SyncWorld['documents']>>) =>
      Object.fromEntries([...documents].map(([id, { dimensions }]) => [id, dimensions['region']]));
    const regions = regionsOf(await world.documents());
    expect(Object.values(regions).some((region) => region !== undefined)).toBe(true);
    world.sandbox.control.deleteProperty({ type: 'deals', name: 'region' });
    const deal = healthy();
    update('deals', deal.id, { dealname: 'After the deletion' });
    expect((await records(await world.sync())).get(deal.id)).toMatchObject({
      code: 'mapping_error',
      reason: expect.stringContaining('region'),
    });
    update('companies', deal.associations['companies']?.[0] ?? '', { name: 'Renamed meanwhile' });
    await world.sync();
    world.sandbox.control.restoreProperty({ type: 'deals', name: 'region' });
    await world.sync();
    const documents = await world.documents();
    expect(documents.get(deal.id)).toMatchObject({
      description: 'After the deletion',
      customer: { name: 'Renamed meanwhile' },
    });
    expect(regionsOf(documents)).toEqual(regions);
  });

  test('plans every deal again after the configuration changed', async () => {
    await world.sync();
    const set = { 'deals.fields.customProperties': { source: 'hs_analytics_source' } };
    await configure(set);
    expect((await world.sync()).counts).toMatchObject({ created: 0, updated: 29 });
    const [document] = (await world.documents()).values();
    expect(Object.keys(document?.customProperties ?? {})).toEqual(['source']);
  });

  test('refuses a configuration that does not fit, naming the key', async () => {
    await expect(configure({ 'deals.fields.description': 'no_such_property' })).rejects.toMatchObject({
      code: 'invalid_configuration',
      fields: [{ field: 'deals.fields.description' }],
    });
    await expect(configure({ 'deals.fields.total': 'closedate' })).rejects.toMatchObject({
      fields: [{ field: 'deals.fields.total' }],
    });
    await expect(configure({ 'deals.stages': ['no-such-stage'] })).rejects.toMatchObject({
      fields: [{ field: 'deals.stages' }],
    });
    await expect(configure({ 'deals.typo': 1 })).rejects.toMatchObject({ fields: [{ field: 'deals.typo' }] });
    await expect(configure({ 'accounts.income': '1100' })).rejects.toMatchObject({
      code: 'invalid_configuration',
    });
  });
});
