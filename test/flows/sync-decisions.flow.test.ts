import { beforeEach, expect, test } from 'vitest';
import type { RunWire } from '../../src/contract/sync-wire.ts';
import { describeOnBothStores } from '../support/database.ts';
import { openSyncWorld, storyOf, type SyncWorld } from '../support/sync-world.ts';

describeOnBothStores('What a person decides about a sync', (open) => {
  let world: SyncWorld;

  beforeEach(async () => {
    world = await openSyncWorld(await open());
    return () => world.close();
  });

  const { truth, records } = storyOf(() => world);
  const ofConnection = () => ({ params: { id: world.connectionId }, query: undefined });
  const configure = (set: Record<string, unknown>) =>
    world.operations.changeConfiguration(world.caller, { ...ofConnection(), body: { set } });
  const recordOf = async (run: RunWire, dealId: string) => (await records(run)).get(dealId);
  const count = async (table: string): Promise<number> => {
    const [row] = await world.database.withOrganization(world.caller.organizationId, (tx) =>
      tx.query(`SELECT count(*)::integer AS count FROM ${table}`),
    );
    return row?.['count'] as number;
  };
  const ambiguous = () =>
    truth('deals').find(
      ({ associations, primaryCompanyId }) =>
        (associations['companies'] ?? []).length === 2 && primaryCompanyId === null,
    )?.id ?? '';
  const withoutCompany = () =>
    truth('deals').find(
      ({ associations, properties }) =>
        (associations['companies'] ?? []).length === 0 && properties['dealstage'] === 'closedwon',
    )?.id ?? '';

  test('every company becomes a customer when the scope is widened, and only once', async () => {
    await world.sync();
    expect(await count('customers')).toBeLessThan(truth('companies').length);
    await configure({ 'companies.scope': 'all' });
    await world.sync();
    expect(await count('customers')).toBe(truth('companies').length);
    await world.sync();
    expect(await count('customers')).toBe(truth('companies').length);
  });

  test('a deal without a company goes to its contact, or to the placeholder, as the settings say', async () => {
    await configure({ 'deals.noCompany': 'placeholder' });
    const run = await world.sync();
    expect(await recordOf(run, withoutCompany())).toMatchObject({ outcome: 'created' });
    expect((await world.documents()).get(withoutCompany())?.customer).toMatchObject({
      name: 'Unknown customer',
      sourceId: null,
    });
    await configure({ 'deals.noCompany': 'contact' });
    await world.sync();
    const contact = truth('deals').find(({ id }) => id === withoutCompany())?.associations['contacts']?.[0];
    const customer = (await world.documents()).get(withoutCompany())?.customer;
    if (contact !== undefined) expect(customer?.sourceId).toBe(contact);
  });

  test('an existing customer of the same name is matched and updated, whatever its case and legal form', async () => {
    const deal = truth('deals').find(
      ({ associations, properties }) =>
        (associations['companies'] ?? []).length === 1 && properties['dealstage'] === 'closedwon',
    );
    const companyId = deal?.associations['companies']?.[0] ?? '';
    world.sandbox.control.updateRecord({
      type: 'companies',
      id: companyId,
      properties: { name: 'Unmistakable Widgets GmbH', industry: 'WIDGETS' },
    });
    const { organizationId } = world.caller;
    const connection = await world.dependencies.connections.load(organizationId, world.connectionId);
    await world.database.withOrganization(organizationId, (tx) =>
      tx.execute(
        `INSERT INTO customers (id, organization_id, entity_id, kind, name, normalized_name) VALUES (gen_random_uuid(), $1, $2, 'company', 'UNMISTAKABLE widgets', 'unmistakable widgets')`,
        [organizationId, connection.entityId],
      ),
    );
    await world.sync();
    const rows = await world.database.withOrganization(organizationId, (tx) =>
      tx.query(`SELECT name, industry FROM customers WHERE normalized_name LIKE 'unmistakable%'`),
    );
    expect(rows).toEqual([{ name: 'Unmistakable Widgets GmbH', industry: 'WIDGETS' }]);
  });

  test('Why offers the customers that a company matches, and the chosen one gets the document', async () => {
    const deal = truth('deals').find(
      ({ associations, properties }) =>
        (associations['companies'] ?? []).length === 1 && properties['dealstage'] === 'closedwon',
    );
    const companyId = deal?.associations['companies']?.[0] ?? '';
    const id = deal?.id ?? '';
    world.sandbox.control.updateRecord({
      type: 'companies',
      id: companyId,
      properties: { name: 'Double Widgets GmbH' },
    });
    const { organizationId } = world.caller;
    const connection = await world.dependencies.connections.load(organizationId, world.connectionId);
    await world.database.withOrganization(organizationId, (tx) =>
      tx.execute(
        `INSERT INTO customers (id, organization_id, entity_id, kind, name, normalized_name)
         SELECT gen_random_uuid(), $1, $2, 'company', name, 'double widgets' FROM unnest($3::text[]) AS name`,
        [organizationId, connection.entityId, ['Double Widgets', 'DOUBLE widgets']],
      ),
    );
    await world.sync();
    const params = { id: world.connectionId, deal: id };
    const why = await world.operations.getWhy(world.caller, { params, query: undefined, body: undefined });
    expect(why.now).toMatchObject({ decision: 'fail', code: 'ambiguous_customer' });
    expect(why.customerChoices.map(({ customerName }) => customerName).toSorted()).toEqual([
      'DOUBLE widgets',
      'Double Widgets',
    ]);
    const customerId = why.customerChoices[1]?.customerId ?? '';
    await world.operations.chooseCustomer(world.caller, {
      ...ofConnection(),
      body: { companyId, customerId },
    });
    await world.sync();
    expect((await world.documents()).get(id)?.customer.id).toBe(customerId);
    const clear = await world.operations.getWhy(world.caller, { params, query: undefined, body: undefined });
    expect(clear.customerChoices).toEqual([]);
  });

  test('Why tells what decides now and what decided in each run', async () => {
    await world.preview();
    await world.sync();
    const id = withoutCompany();
    const url = `https://app.hubspot.com/contacts/48151623/record/0-3/${id}`;
    const why = await world.operations.getWhy(world.caller, {
      params: { id: world.connectionId, deal: url },
      query: undefined,
      body: undefined,
    });
    expect(why).toMatchObject({
      sourceId: id,
      now: { decision: 'fail', code: 'company_not_found', mend: expect.stringContaining('company') },
    });
    expect(why.history.map(({ outcome }) => outcome)).toEqual(['failed', null]);
    const params = { id: world.connectionId, deal: '1' };
    await expect(
      world.operations.getWhy(world.caller, { params, query: undefined, body: undefined }),
    ).rejects.toMatchObject({ code: 'not_found', detail: expect.stringContaining('no deal 1') });
  });

  test('Why reads a deal that no sync has seen: one made since, one archived before the first', async () => {
    const { control } = world.sandbox;
    const why = (deal: string) =>
      world.operations.getWhy(world.caller, {
        params: { id: world.connectionId, deal },
        query: undefined,
        body: undefined,
      });
    const archived = withoutCompany();
    control.archiveRecord({ type: 'deals', id: archived });
    await world.sync();
    expect(await why(archived)).toMatchObject({ now: { decision: 'skip', code: 'archived' }, history: [] });
    const { id } = control.createRecord({ type: 'deals', properties: { dealname: 'Brand new' } });
    expect(await why(id)).toMatchObject({ title: 'Brand new', now: { code: 'stage_not_selected' } });
    await world.sync();
    expect((await why(id)).history).toMatchObject([{ outcome: 'skipped' }]);
  });

  test('a mapping is tried on a real deal before it is saved', async () => {
    await world.sync();
    const deal = [...(await world.documents()).keys()][0] ?? '';
    const { settings } = await world.operations.getConfiguration(world.caller, {
      params: { id: world.connectionId },
      query: {},
      body: undefined,
    });
    const changed = structuredClone(settings) as { deals: { fields: { description: unknown } } };
    changed.deals.fields.description = { constant: 'Tried only' };
    const tried = await world.operations.tryConfiguration(world.caller, {
      ...ofConnection(),
      body: { deal, settings: changed },
    });
    expect(tried).toMatchObject({
      decision: 'update',
      document: { description: 'Tried only' },
      changes: [{ field: 'description', after: 'Tried only' }],
    });
    expect((await world.documents()).get(deal)?.description).not.toBe('Tried only');
  });

  test('a preview gives deals that stand unchanged the amount of their document', async () => {
    await world.sync();
    const documents = await world.documents();
    const preview = await world.preview();
    const { data } = await world.operations.listRunRecords(world.caller, {
      params: { id: preview.runId },
      query: { limit: 200, sourceType: 'deal', decision: 'unchanged' },
      body: undefined,
    });
    expect(data.length).toBe(documents.size);
    for (const { sourceId, amount, currency } of data) {
      expect({ amount, currency }).toEqual({
        amount: documents.get(sourceId)?.total,
        currency: documents.get(sourceId)?.currency,
      });
    }
  });

  test('what the customer and the contact would become is told with it, also of a deal that makes no document', async () => {
    await world.sync();
    const { settings } = await world.operations.getConfiguration(world.caller, {
      params: { id: world.connectionId },
      query: {},
      body: undefined,
    });
    const changed = structuredClone(settings) as {
      deals: { minimumAmount: unknown };
      companies: { fields: Record<string, unknown> };
      contacts: { fields: Record<string, unknown> };
    };
    changed.companies.fields['industry'] = { constant: 'Tried industry' };
    changed.contacts.fields['name'] = { constant: 'Tried Contact' };
    changed.deals.minimumAmount = '999999999';
    const deal = [...(await world.documents()).keys()][0] ?? '';
    const tried = await world.operations.tryConfiguration(world.caller, {
      ...ofConnection(),
      body: { deal, settings: changed },
    });
    expect(tried.customer).toMatchObject({ sourceType: 'company', industry: 'Tried industry' });
    expect(tried.contact === null || tried.contact.name === 'Tried Contact').toBe(true);
    const unclear = await world.operations.tryConfiguration(world.caller, {
      ...ofConnection(),
      body: { deal: ambiguous(), settings: changed },
    });
    expect(unclear.customer).toBeNull();
  });

  test('a retry plans only the failed records of a run again', async () => {
    const run = await world.sync();
    const company = truth('companies')[0]?.id ?? '';
    const id = withoutCompany();
    world.sandbox.control.associate({
      from: { type: 'deals', id },
      to: { type: 'companies', id: company },
      primary: true,
    });
    world.sandbox.control.updateRecord({
      type: 'deals',
      id,
      properties: { dealname: 'Mended' },
    });
    const started = await world.operations.retryRun(world.caller, {
      params: { id: run.runId },
      query: undefined,
      body: {},
    });
    const retried = await world.work(started.runId);
    expect(retried.counts).toMatchObject({ processed: run.counts.failed, created: 1 });
  });

  test('what fails now is listed by cause until it is mended', async () => {
    await world.sync();
    const review = await world.operations.listReview(world.caller, {
      params: undefined,
      query: {},
      body: undefined,
    });
    expect(review.data.map(({ code, count: of }) => `${code} ${of}`).toSorted()).toEqual([
      'ambiguous_customer 1',
      'company_not_found 1',
      'missing_required_field 1',
    ]);
    world.sandbox.control.updateRecord({
      type: 'deals',
      id: ambiguous(),
      properties: { dealstage: 'closedlost' },
    });
    await world.sync();
    const after = await world.operations.listReview(world.caller, {
      params: undefined,
      query: {},
      body: undefined,
    });
    expect(after.data.map(({ code }) => code)).not.toContain('ambiguous_customer');
  });

  test('filters, the minimum and the cutoff skip, each with its own code', async () => {
    await configure({
      'deals.minimumAmount': 1000,
      'deals.cutoff': '2026-06-01',
      'deals.filters': [{ property: 'dealname', operator: 'is_set' }],
    });
    const { codes } = await world.sync();
    expect(codes.map(({ code }) => code)).toEqual(expect.arrayContaining(['before_cutoff', 'below_minimum']));
    await configure({
      'deals.cutoff': null,
      'deals.minimumAmount': null,
      'deals.filters': [{ any: [{ property: 'region', operator: 'equals', value: 'nowhere' }] }],
    });
    expect((await world.sync()).codes.map(({ code }) => code)).toContain('filtered_out');
  });

  test('a second connection to the same portal finds what the first one made', async () => {
    await world.sync();
    const before = [...(await world.documents()).keys()].sort();
    await world.bench.operations.disconnectConnection(world.caller, { ...ofConnection(), body: undefined });
    const body = { token: world.sandbox.control.issueTokens({}).accessToken, mode: 'live' as const };
    const again = await world.bench.operations.connectWithToken(world.caller, {
      params: { connector: 'hubspot' },
      query: undefined,
      body,
    });
    expect(again).toMatchObject({ id: world.connectionId, status: 'connected' });
    expect((await world.sync()).counts).toMatchObject({ created: 0 });
    expect([...(await world.documents()).keys()].sort()).toEqual(before);
  });
});
