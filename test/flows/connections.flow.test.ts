import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { connectionWire, integrationWire, sourceSchemaWire } from '../../src/contract/sync-wire.ts';
import type { Database } from '../../src/platform/database/database.ts';
import { createAdmin } from '../support/connections.ts';
import {
  type ConnectionsStory,
  connector,
  idOnly,
  noQuery,
  page,
  startConnectionsStory,
} from '../support/connections-story.ts';
import { describeOnBothStores } from '../support/database.ts';

describeOnBothStores('Connections', (open) => {
  let database: Database;
  let story: ConnectionsStory;

  beforeAll(async () => {
    database = await open();
  });

  beforeEach(async () => {
    story = await startConnectionsStory(database);
    return () => story.sandbox.close();
  });

  const storedVersions = (id: string) =>
    database.withOrganization(story.admin.organizationId, (tx) =>
      tx.query<{ version: number }>(
        'SELECT version FROM configurations WHERE connection_id = $1::uuid ORDER BY version',
        [id],
      ),
    );

  describe('with a token', () => {
    test('connects: account, entity, defaults, schema and audit entry are there', async () => {
      const connection = connectionWire.parse(await story.connect());
      expect(connection).toMatchObject({
        connector,
        mode: 'live',
        status: 'connected',
        account: { id: String(story.portal.id), currency: 'USD', timeZone: 'Pacific/Auckland' },
        entity: { name: 'Main' },
        authKind: 'token',
        connectedBy: story.admin.actor,
        lastError: null,
        missingSettings: [],
        warnings: [],
        configurationVersion: 1,
        recordsSynced: 0,
        currentRunId: null,
      });
      const schema = sourceSchemaWire.parse(
        await story.bench.operations.getSourceSchema(story.admin, {
          params: { id: connection.id },
          query: { refresh: 'false' },
          body: undefined,
        }),
      );
      expect(schema.pipelines.length).toBeGreaterThan(0);
      expect(schema.properties['deal']?.length).toBeGreaterThan(0);
      expect(await story.activity(connection.id)).toEqual(['connection.connected']);
      const integrations = await story.bench.operations.listIntegrations(story.admin, {
        params: undefined,
        ...noQuery,
      });
      expect(integrationWire.parse(integrations.data[0]).connections.map(({ id }) => id)).toEqual([
        connection.id,
      ]);
    });

    test('refuses a wrong token and keeps nothing', async () => {
      await expect(story.connect('pat-na1-not-a-token')).rejects.toMatchObject({ code: 'vendor_auth' });
      const listed = await story.bench.operations.listConnections(story.admin, {
        params: undefined,
        query: page,
        body: undefined,
      });
      expect(listed).toEqual({ data: [], next: null, total: 0 });
    });

    test('names the scope that a token lacks', async () => {
      story.sandbox.control.setScopes({ remove: ['crm.objects.companies.read'] });
      await expect(story.connect()).rejects.toMatchObject({
        code: 'vendor_auth',
        detail: expect.stringContaining('crm.objects.companies.read'),
      });
    });

    test('stays connected when the schema cannot be read', async () => {
      story.sandbox.control.fault({ kind: 'status', status: 400, path: '/crm/properties/', count: -1 });
      const connection = await story.connect();
      expect(connection.status).toBe('connected');
      story.sandbox.control.clearFaults();
      const schema = await story.bench.operations.getSourceSchema(story.admin, {
        params: { id: connection.id },
        query: { refresh: 'false' },
        body: undefined,
      });
      expect(schema.readAt).not.toBeNull();
    });

    test('the same account again is the same connection, with its configuration', async () => {
      const before = await story.connect(story.portal.token, { name: 'Our portal' });
      await database.withOrganization(story.admin.organizationId, (tx) =>
        tx.execute(
          `INSERT INTO configurations (organization_id, connection_id, version, settings, created_by)
           SELECT organization_id, connection_id, 2, jsonb_set(settings, '{deals,kind}', '"contract"'), 'user:x'
           FROM configurations WHERE connection_id = $1::uuid`,
          [before.id],
        ),
      );
      await story.bench.operations.disconnectConnection(story.admin, idOnly(before.id));
      const after = await story.connect();
      expect(after).toMatchObject({
        id: before.id,
        name: 'Our portal',
        status: 'connected',
        configurationVersion: 2,
      });
      expect(await storedVersions(before.id)).toHaveLength(2);
      expect(await story.activity(before.id)).toEqual([
        'connection.reconnected',
        'connection.disconnected',
        'connection.connected',
      ]);
    });

    test('connecting one account several times at once makes one connection', async () => {
      const made = await Promise.all([story.connect(), story.connect(), story.connect()]);
      expect(new Set(made.map(({ id }) => id)).size).toBe(1);
      expect(await storedVersions(made[0]?.id ?? '')).toHaveLength(1);
    });

    test('two portals are two connections', async () => {
      const one = await story.connect();
      const other = await story.connect(story.sandbox.portals[1]?.token);
      expect(other.id).not.toBe(one.id);
      expect(other.account.currency).toBe('EUR');
    });

    test('keeps test data in test books: the first test connection gets an entity of its own', async () => {
      const live = await story.connect();
      const testing = await story.connect(story.portal.token, { mode: 'test' });
      expect(testing.id).not.toBe(live.id);
      expect(testing.entity.id).not.toBe(live.entity.id);
      await expect(
        story.connect(story.sandbox.portals[1]?.token, { mode: 'test', entityId: live.entity.id }),
      ).rejects.toMatchObject({ code: 'invalid_request', fields: [{ field: 'entityId' }] });
    });

    test('says setup incomplete and what is missing while a required account is inactive', async () => {
      const { id, entity } = await story.connect();
      await database.withOrganization(story.admin.organizationId, (tx) =>
        tx.execute(
          `UPDATE accounts SET active = false WHERE id = (
             SELECT account_id FROM account_roles WHERE entity_id = $1::uuid AND role = 'accounts_receivable')`,
          [entity.id],
        ),
      );
      const incomplete = await story.get(id);
      expect(incomplete.status).toBe('setup_incomplete');
      expect(incomplete.missingSettings).toEqual([
        expect.stringMatching(/^Accounts receivable account: .*inactive/),
      ]);
    });
  });

  describe('that are there', () => {
    test('are renamed, paused and resumed, with an audit entry each', async () => {
      const { id } = await story.connect();
      const renamed = await story.bench.operations.updateConnection(story.admin, {
        params: { id },
        query: undefined,
        body: { name: 'Kōwhai' },
      });
      expect(renamed.name).toBe('Kōwhai');
      expect((await story.bench.operations.pauseConnection(story.admin, idOnly(id))).status).toBe('paused');
      expect((await story.bench.operations.resumeConnection(story.admin, idOnly(id))).status).toBe(
        'connected',
      );
      expect(await story.activity(id)).toEqual([
        'connection.resumed',
        'connection.paused',
        'connection.renamed',
        'connection.connected',
      ]);
      await story.bench.operations.disconnectConnection(story.admin, idOnly(id));
      await expect(story.bench.operations.pauseConnection(story.admin, idOnly(id))).rejects.toMatchObject({
        code: 'not_connected',
      });
      await expect(story.bench.operations.testConnection(story.admin, idOnly(id))).rejects.toMatchObject({
        code: 'not_connected',
      });
    });

    test('are tested: each scope is looked at, a revoked token is told, a mended one clears the error', async () => {
      const { id } = await story.connect();
      const good = await story.bench.operations.testConnection(story.admin, idOnly(id));
      expect(good).toMatchObject({ ok: true, statusPageUrl: expect.stringContaining('status.') });
      expect(good.checks.map(({ name }) => name)).toContain('Scope crm.objects.deals.read');
      story.sandbox.control.setScopes({ remove: ['crm.objects.products.read', 'e-commerce'] });
      const lacking = await story.bench.operations.testConnection(story.admin, idOnly(id));
      expect(lacking.checks).toContainEqual(
        expect.objectContaining({ name: 'Scope crm.objects.products.read', ok: false }),
      );
      expect((await story.get(id)).status).toBe('error');
      story.sandbox.control.setScopes({ add: ['crm.objects.products.read', 'e-commerce'] });
      expect((await story.bench.operations.testConnection(story.admin, idOnly(id))).ok).toBe(true);
      expect(await story.get(id)).toMatchObject({ status: 'connected', lastError: null });
      story.sandbox.control.revokeTokens({});
      expect((await story.bench.operations.testConnection(story.admin, idOnly(id))).ok).toBe(false);
      expect((await story.get(id)).lastError?.message).toMatch(/reconnect/i);
    });

    test('belong to their organization alone', async () => {
      const { id } = await story.connect();
      const stranger = await createAdmin(database);
      const refused = { code: 'not_found' };
      const { operations } = story.bench;
      await expect(story.get(id, stranger)).rejects.toMatchObject(refused);
      await expect(operations.disconnectConnection(stranger, idOnly(id))).rejects.toMatchObject(refused);
      await expect(operations.testConnection(stranger, idOnly(id))).rejects.toMatchObject(refused);
      await expect(operations.pauseConnection(stranger, idOnly(id))).rejects.toMatchObject(refused);
      await expect(
        operations.listActivity(stranger, { params: { id }, query: page, body: undefined }),
      ).rejects.toMatchObject(refused);
      expect(
        (await operations.listConnections(stranger, { params: undefined, query: page, body: undefined }))
          .total,
      ).toBe(0);
      expect((await story.get(id)).status).toBe('connected');
    });

    test('never show their credentials: not in an answer, a log line, the audit trail or a readable column', async () => {
      const { token } = story.portal;
      const connection = await story.connect();
      const answers = [
        connection,
        await story.bench.operations.listIntegrations(story.admin, { params: undefined, ...noQuery }),
        await story.bench.operations.testConnection(story.admin, idOnly(connection.id)),
        await story.bench.operations.listActivity(story.admin, {
          params: { id: connection.id },
          query: page,
          body: undefined,
        }),
      ];
      story.sandbox.control.revokeTokens({});
      answers.push(await story.bench.operations.testConnection(story.admin, idOnly(connection.id)));
      await story.bench.operations.disconnectConnection(story.admin, idOnly(connection.id));
      const rows = await database.withSystem((tx) =>
        tx.query('SELECT c.*, (SELECT jsonb_agg(a) FROM audit_entries a) AS audit FROM connections c', []),
      );
      expect(JSON.stringify([answers, rows])).not.toContain(token);
      expect(story.bench.logged.join('')).not.toContain(token);
    });
  });
});
