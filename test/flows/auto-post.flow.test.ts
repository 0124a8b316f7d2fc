import { beforeEach, expect, test } from 'vitest';
import { postDocuments } from '../../src/ledger/posting.ts';
import { describeOnBothStores } from '../support/database.ts';
import { openSyncWorld, storyOf, type SyncWorld } from '../support/sync-world.ts';

describeOnBothStores('Posting by itself', (open) => {
  let world: SyncWorld;

  beforeEach(async () => {
    world = await openSyncWorld(await open());
    return () => world.close();
  });

  const { records, healthy } = storyOf(() => world);
  const configure = (set: Record<string, unknown>) =>
    world.operations.changeConfiguration(world.caller, {
      params: { id: world.connectionId },
      query: undefined,
      body: { set },
    });
  const read = (sql: string, parameters: readonly unknown[] = []) =>
    world.database.withOrganization(world.caller.organizationId, (tx) => tx.query(sql, parameters));
  const documents = async () => [...(await world.documents()).values()];

  test('is off until somebody switches it on', async () => {
    await world.sync();
    expect(new Set((await documents()).map(({ status }) => status))).toEqual(new Set(['draft']));
  });

  test('posts what the same run made within the limits, and the audit trail names the run', async () => {
    await configure({ 'autoPost.enabled': true, 'autoPost.maximumAmounts': { USD: '5000' } });
    const preview = await records(await world.preview());
    const run = await world.sync();
    const posted = (await documents()).filter(({ status }) => status !== 'draft');
    const drafts = (await documents()).filter(({ status }) => status === 'draft');
    expect(posted.length).toBeGreaterThan(0);
    expect(posted.every(({ currency, total }) => currency === 'USD' && Number(total) <= 5000)).toBe(true);
    expect(drafts.every(({ currency, total }) => currency !== 'USD' || Number(total) > 5000)).toBe(true);
    const announced = [...preview.values()].filter(({ reason }) => reason.includes('would be posted'));
    expect(announced.map(({ sourceId }) => sourceId).sort()).toEqual(
      posted.map(({ source }) => source?.id ?? '').sort(),
    );
    const audited = await read(
      `SELECT subject_id, actor FROM audit_entries WHERE action = 'document.posted' AND run_id = $1`,
      [run.runId],
    );
    expect(audited.length).toBe(posted.length);
    expect(new Set(audited.map(({ actor }) => actor))).toEqual(new Set(['sync']));
  });

  test('leaves one that cannot be posted a draft, says why, and posts the others', async () => {
    await configure({ 'autoPost.enabled': true });
    const run = await world.sync();
    const foreign = (await documents()).filter(({ status }) => status === 'draft');
    expect(foreign.length).toBeGreaterThan(0);
    expect(foreign.every(({ currency }) => currency !== 'USD')).toBe(true);
    const record = (await records(run)).get(foreign[0]?.source?.id ?? '');
    expect(record).toMatchObject({
      outcome: 'created',
      warnings: expect.arrayContaining([expect.objectContaining({ code: 'no_exchange_rate' })]),
    });
    expect((await documents()).some(({ status }) => status === 'posted' || status === 'overdue')).toBe(true);
  });

  test('posts for the customers that are named and for no other', async () => {
    await world.sync();
    const customerId = (await world.documents()).get(healthy().id)?.customer.id ?? '';
    await read('DELETE FROM links WHERE target = $1 RETURNING target_id', ['document']);
    await read('DELETE FROM documents RETURNING id');
    await read('UPDATE source_records SET pending = true RETURNING source_id');
    await configure({ 'autoPost.enabled': true, 'autoPost.onlyCustomers': [customerId] });
    await world.sync();
    const posted = (await documents()).filter(({ status }) => status !== 'draft');
    expect(new Set(posted.map(({ customer }) => customer.id))).toEqual(new Set([customerId]));
  });

  test('refuses limits that are none, by their keys', async () => {
    await expect(configure({ 'autoPost.maximumAmounts': { XXQ: '5' } })).rejects.toMatchObject({
      code: 'invalid_configuration',
    });
    await expect(configure({ 'autoPost.maximumAmounts': { USD: 'much' } })).rejects.toMatchObject({
      code: 'invalid_configuration',
    });
  });

  test('is offered once enough drafts were posted by hand as the sync had made them', async () => {
    await configure({ 'autoPost.enabled': false });
    await world.sync();
    const offer = () =>
      world.operations.getAutoPostOffer(world.caller, {
        params: { id: world.connectionId },
        query: undefined,
        body: undefined,
      });
    const offers = async () =>
      (
        await world.operations.getOverview(world.caller, {
          params: undefined,
          query: { mode: undefined },
          body: undefined,
        })
      ).autoPostOffers;
    const post = (ids: readonly string[]) =>
      world.database.withOrganization(world.caller.organizationId, (tx) =>
        postDocuments(tx, ids, world.caller),
      );
    const inBase = (await documents()).filter(({ currency }) => currency === 'USD').map(({ id }) => id);
    await post(inBase.slice(0, 4));
    expect(await offer()).toMatchObject({ postedUnchanged: 4, offerAfter: 5, offered: false });
    expect(await offers()).toEqual([]);
    await read(`UPDATE documents SET edited_at = now(), edited_by = 'ann' WHERE id = $1`, [inBase[4]]);
    await post(inBase.slice(4, 5));
    expect(await offer()).toMatchObject({ postedUnchanged: 4, offered: false });
    await post(inBase.slice(5, 6));
    expect(await offer()).toMatchObject({ postedUnchanged: 5, offered: true });
    expect(await offers()).toMatchObject([{ connectionId: world.connectionId, postedUnchanged: 5 }]);
    await configure({ 'autoPost.enabled': true });
    expect(await offer()).toMatchObject({ postedUnchanged: 5, offered: false });
    expect(await offers()).toEqual([]);
  });
});
