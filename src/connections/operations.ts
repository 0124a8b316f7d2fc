import type { Connector } from '../connectors/connector.ts';
import type { Caller, Handlers } from '../contract/handler.ts';
import type { ConnectionWire } from '../contract/sync-wire.ts';
import { TributaryError } from '../kernel/errors.ts';
import { isUuid } from '../kernel/ids.ts';
import { appendAuditEntries } from '../platform/audit/audit-store.ts';
import type { Transaction } from '../platform/database/database.ts';
import { askVendor, saveAuthorization } from './authorize.ts';
import { checkConnection } from './check-connection.ts';
import type { Connection, ConnectionScope, ConnectionView, StoredStatus } from './connection.ts';
import type { ConnectionSessions } from './connection-sessions.ts';
import { toWire } from './connection-wire.ts';
import { type ConnectionsDependencies, vendorStepMsMax } from './connections-dependencies.ts';
import {
  countConnections,
  findConnection,
  findConnectionView,
  listConnectionViews,
  moveStatus,
  renameConnection,
} from './connections-store.ts';
import { disconnect } from './disconnect.ts';
import { endpointForNew, requireConnector } from './endpoints.ts';
import { finishConsent, isOAuthConfigured, startConsent } from './oauth-flow.ts';
import { refreshSourceSchema } from './read-source-schema.ts';
import { findSourceSchema } from './source-schema-store.ts';

export type ConnectionOperations = Handlers<
  | 'listIntegrations'
  | 'getConsentUrl'
  | 'completeOAuth'
  | 'connectWithToken'
  | 'listConnections'
  | 'getConnection'
  | 'updateConnection'
  | 'pauseConnection'
  | 'resumeConnection'
  | 'disconnectConnection'
  | 'testConnection'
  | 'listActivity'
  | 'getSourceSchema'
>;

/** Connections of one organization that a page of integrations shows; more vendor accounts than that are listed by pages. */
const integrationConnectionsMax = 200;

/** The operations of connections, by operation id. Who may call them is the route table's business. */
export function createConnectionOperations(
  deps: ConnectionsDependencies,
  sessions: ConnectionSessions,
): ConnectionOperations {
  return {
    listIntegrations: async (caller) => ({ data: await listIntegrations(deps, caller) }),
    getConsentUrl: async (caller, { params, query }) => ({
      url: await startConsent(deps, caller, {
        connector: params.connector,
        mode: query.mode,
        name: query.name ?? null,
        entityId: query.entityId ?? null,
        connectionId: query.connectionId ?? null,
      }),
    }),
    completeOAuth: async (caller, { params, body }) => {
      const saved = await finishConsent(deps, caller, {
        connector: params.connector,
        state: body.state,
        code: body.code ?? null,
        error: body.error ?? null,
        errorDescription: body.error_description ?? null,
      });
      if (saved.fresh) await readSchemaQuietly(deps, sessions, saved, saved.connector);
      return readWire(deps, saved);
    },
    connectWithToken: async (caller, { params, body }) =>
      connectWithToken(deps, sessions, caller, params.connector, body),
    listConnections: async (caller, { query }) => listConnections(deps, caller, query),
    getConnection: async (caller, { params }) => readWire(deps, scopeOf(caller, params.id)),
    updateConnection: async (caller, { params, body }) => {
      await rename(deps, caller, params.id, body.name);
      return readWire(deps, scopeOf(caller, params.id));
    },
    pauseConnection: async (caller, { params }) => {
      await changeStatus(deps, caller, params.id, { from: 'connected', to: 'paused' });
      return readWire(deps, scopeOf(caller, params.id));
    },
    resumeConnection: async (caller, { params }) => {
      await changeStatus(deps, caller, params.id, { from: 'paused', to: 'connected' });
      return readWire(deps, scopeOf(caller, params.id));
    },
    disconnectConnection: async (caller, { params }) => {
      await disconnect(deps, scopeOf(caller, params.id), caller.actor);
      return readWire(deps, scopeOf(caller, params.id));
    },
    testConnection: async (caller, { params }) =>
      checkConnection(deps, sessions, scopeOf(caller, params.id), caller.actor),
    listActivity: async (caller, { params, query }) => {
      await deps.database.withOrganization(caller.organizationId, (tx) => requireConnection(tx, params.id));
      return deps.listAuditEntries(caller, {
        params: undefined,
        query: { ...query, connectionId: params.id },
        body: undefined,
      });
    },
    getSourceSchema: async (caller, { params, query }) =>
      getSourceSchema(deps, sessions, scopeOf(caller, params.id), query.refresh === 'true'),
  };
}

const scopeOf = (caller: Caller, connectionId: string): ConnectionScope => ({
  organizationId: caller.organizationId,
  connectionId,
});

/** Errors: not_found. */
export async function requireConnection(tx: Transaction, connectionId: string): Promise<Connection> {
  const connection = await findConnection(tx, connectionId);
  if (!connection) throw new TributaryError('not_found', 'There is no such connection.');
  return connection;
}

async function viewToWire(
  deps: ConnectionsDependencies,
  tx: Transaction,
  view: ConnectionView,
): Promise<ConnectionWire> {
  const { entityId } = view.connection;
  return toWire(view, await deps.missingAccountRoles(tx, entityId, view.accountOverrides));
}

/** A connection as the API shows it. Errors: not_found. */
export async function readWire(
  deps: ConnectionsDependencies,
  { organizationId, connectionId }: ConnectionScope,
): Promise<ConnectionWire> {
  return deps.database.withOrganization(organizationId, async (tx) => {
    const view = await findConnectionView(tx, connectionId);
    if (!view) throw new TributaryError('not_found', 'There is no such connection.');
    return viewToWire(deps, tx, view);
  });
}

/** The connections of an organization as the API shows them, the first `limit` after an id. */
export async function readWires(
  deps: ConnectionsDependencies,
  organizationId: string,
  page: { readonly limit: number; readonly afterId: string | null },
): Promise<{ readonly data: ConnectionWire[]; readonly total: number }> {
  return deps.database.withOrganization(organizationId, async (tx) => {
    const data: ConnectionWire[] = [];
    for (const view of await listConnectionViews(tx, page)) data.push(await viewToWire(deps, tx, view));
    return { data, total: await countConnections(tx) };
  });
}

async function listConnections(
  deps: ConnectionsDependencies,
  caller: Caller,
  query: { readonly limit: number; readonly after?: string | undefined },
): Promise<{ data: ConnectionWire[]; next: string | null; total: number }> {
  const afterId = query.after ?? null;
  if (afterId !== null && !isUuid(afterId)) {
    throw new TributaryError('invalid_request', null, {
      fields: [{ field: 'after', message: 'not a cursor of this list' }],
    });
  }
  const { data, total } = await readWires(deps, caller.organizationId, { limit: query.limit + 1, afterId });
  const shown = data.slice(0, query.limit);
  return { data: shown, next: data.length > query.limit ? (shown.at(-1)?.id ?? null) : null, total };
}

async function listIntegrations(deps: ConnectionsDependencies, caller: Caller) {
  const page = { limit: integrationConnectionsMax, afterId: null };
  const { data } = await readWires(deps, caller.organizationId, page);
  return deps.connectors.map((connector) => {
    const { manifest } = connector;
    const endpoints = (['live', 'test'] as const).map(
      (mode) => endpointForNew(deps, connector, mode).endpoint,
    );
    return {
      connector: manifest.id,
      name: manifest.name,
      category: manifest.category,
      summary: manifest.summary,
      authKinds: manifest.authKinds,
      oauthConfigured: endpoints.some((endpoint) => isOAuthConfigured(connector, endpoint)),
      permissions: manifest.permissions,
      tokenHelp: manifest.tokenHelp,
      connections: data.filter((connection) => connection.connector === manifest.id),
    };
  });
}

async function connectWithToken(
  deps: ConnectionsDependencies,
  sessions: ConnectionSessions,
  caller: Caller,
  connectorId: string,
  body: {
    readonly token: string;
    readonly name?: string | undefined;
    readonly entityId?: string | undefined;
    readonly mode: 'live' | 'test';
  },
): Promise<ConnectionWire> {
  const connector = requireConnector(deps, connectorId);
  const { authorizeToken } = connector.auth;
  const token = body.token.trim();
  if (!authorizeToken || !/^[\x21-\x7e]+$/.test(token)) {
    const message = authorizeToken ? 'This is not a token.' : `${connector.manifest.name} takes no token.`;
    throw new TributaryError('invalid_request', null, { fields: [{ field: 'token', message }] });
  }
  const { overrides, endpoint } = endpointForNew(deps, connector, body.mode);
  const authorization = await askVendor(connector, (signal) => authorizeToken(endpoint, token, signal));
  const saved = await saveAuthorization(deps, connector, authorization, {
    organizationId: caller.organizationId,
    actor: caller.actor,
    mode: body.mode,
    name: body.name ?? null,
    entityId: body.entityId ?? null,
    connectionId: null,
    overrides,
  });
  if (saved.fresh) await readSchemaQuietly(deps, sessions, saved, connector);
  return readWire(deps, saved);
}

/** A fresh connection is there whether or not its schema could be read: it is read again when somebody looks at it. */
async function readSchemaQuietly(
  deps: ConnectionsDependencies,
  sessions: ConnectionSessions,
  { organizationId, connectionId }: ConnectionScope,
  connector: Connector,
): Promise<void> {
  if (!connector.crm) return;
  const scope: ConnectionScope = { organizationId, connectionId };
  try {
    const signal = AbortSignal.timeout(vendorStepMsMax);
    await refreshSourceSchema(deps, sessions, scope, connector.crm, signal);
  } catch (error) {
    const code = error instanceof TributaryError ? error.code : 'internal';
    deps.logger.warn({ ...scope, code }, 'the schema of a new connection could not be read');
  }
}

async function rename(
  deps: ConnectionsDependencies,
  caller: Caller,
  id: string,
  name: string,
): Promise<void> {
  await deps.database.withOrganization(caller.organizationId, async (tx) => {
    const before = await requireConnection(tx, id);
    if (before.name === name) return;
    await renameConnection(tx, id, name);
    await appendAuditEntries(tx, { ...caller, connectionId: id }, [
      {
        action: 'connection.renamed',
        subjectType: 'connection',
        subjectId: id,
        before: { name: before.name },
        after: { name },
      },
    ]);
  });
}

/** Pauses or resumes; what is so already stays so. Errors: not_found, not_connected. */
async function changeStatus(
  deps: ConnectionsDependencies,
  caller: Caller,
  id: string,
  move: { readonly from: StoredStatus; readonly to: 'paused' | 'connected' },
): Promise<void> {
  await deps.database.withOrganization(caller.organizationId, async (tx) => {
    const { status } = await requireConnection(tx, id);
    if (status === move.to) return;
    const moved = await moveStatus(tx, id, { from: [move.from], to: move.to });
    if (!moved) throw new TributaryError('not_connected', `Its status is ${status}.`);
    if (move.to === 'paused') await deps.stopRuns?.(tx, id);
    await appendAuditEntries(tx, { ...caller, connectionId: id }, [
      {
        action: move.to === 'paused' ? 'connection.paused' : 'connection.resumed',
        subjectType: 'connection',
        subjectId: id,
        before: { status },
        after: { status: move.to },
      },
    ]);
  });
}

async function getSourceSchema(
  deps: ConnectionsDependencies,
  sessions: ConnectionSessions,
  scope: ConnectionScope,
  refresh: boolean,
) {
  const { connection, stored } = await deps.database.withOrganization(scope.organizationId, async (tx) => ({
    connection: await requireConnection(tx, scope.connectionId),
    stored: await findSourceSchema(tx, scope.connectionId),
  }));
  const { crm } = requireConnector(deps, connection.connector);
  if (!crm) return { readAt: null, pipelines: [], properties: {} };
  if (stored && !refresh) return { readAt: stored.readAt, ...stored.schema };
  const signal = AbortSignal.timeout(vendorStepMsMax);
  const read = await refreshSourceSchema(deps, sessions, scope, crm, signal);
  return { readAt: read.readAt, ...read.schema };
}
