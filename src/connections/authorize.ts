import type { Authorization, Connector } from '../connectors/connector.ts';
import { toInstant } from '../kernel/dates.ts';
import { isTributaryError, TributaryError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { appendAuditEntries, type AuditContext } from '../platform/audit/audit-store.ts';
import type { Transaction } from '../platform/database/database.ts';
import type { Connection, ConnectionScope, EndpointOverrides } from './connection.ts';
import { type ConnectionsDependencies, vendorStepMsMax } from './connections-dependencies.ts';
import {
  type GrantRow,
  findConnection,
  insertConnection,
  insertFirstConfiguration,
  lockConnectionOfAccount,
  updateGrant,
} from './connections-store.ts';
import { expiryOf, sealCredentials } from './credentials.ts';
import { chooseEntity, requireEntityOfMode } from './entity-choice.ts';

/** What somebody asks for who connects. */
export interface ConnectRequest {
  readonly organizationId: string;
  /** For the audit trail and "connected by". */
  readonly actor: string;
  readonly mode: 'live' | 'test';
  readonly name: string | null;
  readonly entityId: string | null;
  /** The connection that is to be renewed, and no other; null: whichever has the account, else a new one. */
  readonly connectionId: string | null;
  readonly overrides: EndpointOverrides;
}

/**
 * Puts an authorization on the connection of its account. The same account again is the same connection, with its mappings,
 * links and cursors; another account is a new connection, or account_mismatch where one connection was to be renewed.
 * Errors: account_mismatch, not_found, invalid_request.
 */
export async function saveAuthorization(
  deps: ConnectionsDependencies,
  connector: Connector,
  authorization: Authorization,
  request: ConnectRequest,
): Promise<ConnectionScope & { readonly fresh: boolean }> {
  const { organizationId } = request;
  const draftId = newId();
  return deps.database.withOrganization(organizationId, async (tx) => {
    await refuseOtherAccount(tx, authorization, request);
    const key = {
      connector: connector.manifest.id,
      accountId: authorization.account.id,
      mode: request.mode,
    };
    const existing = await lockConnectionOfAccount(tx, key);
    if (!existing) {
      const inserted = await insertFresh(tx, deps, connector, authorization, request, draftId);
      if (inserted) return { organizationId, connectionId: draftId, fresh: true };
    }
    // Somebody made it between the look and the insert; now it can be seen.
    const connection = existing ?? (await lockConnectionOfAccount(tx, key));
    if (!connection) throw new TributaryError('conflict', 'The account is being connected by somebody else.');
    await renew(tx, deps, connection, authorization, request);
    return { organizationId, connectionId: connection.id, fresh: false };
  });
}

async function refuseOtherAccount(
  tx: Transaction,
  authorization: Authorization,
  request: ConnectRequest,
): Promise<void> {
  if (request.connectionId === null) return;
  const wanted = await findConnection(tx, request.connectionId);
  if (!wanted) throw new TributaryError('not_found', 'There is no such connection.');
  if (wanted.account.id === authorization.account.id) return;
  throw new TributaryError(
    'account_mismatch',
    `The connection ${wanted.name} belongs to account ${wanted.account.name} (${wanted.account.id}); you signed in to ${authorization.account.name} (${authorization.account.id}).`,
  );
}

async function insertFresh(
  tx: Transaction,
  deps: ConnectionsDependencies,
  connector: Connector,
  authorization: Authorization,
  request: ConnectRequest,
  connectionId: string,
): Promise<boolean> {
  const context: AuditContext = { ...request, connectionId };
  const { account } = authorization;
  const entityId = await chooseEntity(tx, deps, {
    entityId: request.entityId,
    mode: request.mode,
    account,
    // An entity may outlive the connection that it was made for, and is made before it.
    context: { organizationId: request.organizationId, actor: request.actor },
  });
  const draft = {
    id: connectionId,
    organizationId: request.organizationId,
    entityId,
    connector: connector.manifest.id,
    name: request.name ?? defaultName(connector, authorization, request.mode),
    mode: request.mode,
    endpoint: request.overrides,
  };
  const inserted = await insertConnection(tx, draft, grantOf(deps, connectionId, authorization, request));
  if (!inserted) return false;
  if (connector.crm) {
    await insertFirstConfiguration(tx, {
      organizationId: request.organizationId,
      connectionId,
      settings: connector.crm.defaultConfiguration,
      createdBy: request.actor,
    });
  }
  await appendAuditEntries(tx, context, [
    {
      action: 'connection.connected',
      subjectType: 'connection',
      subjectId: connectionId,
      after: {
        connector: draft.connector,
        name: draft.name,
        mode: draft.mode,
        entityId,
        ...grantForAudit(authorization),
      },
    },
  ]);
  return true;
}

async function renew(
  tx: Transaction,
  deps: ConnectionsDependencies,
  connection: Connection,
  authorization: Authorization,
  request: ConnectRequest,
): Promise<void> {
  if (request.entityId !== null && request.entityId !== connection.entityId) {
    await requireEntityOfMode(tx, request.entityId, request.mode);
    throw new TributaryError('invalid_request', null, {
      fields: [
        {
          field: 'entityId',
          message: 'This account is connected to another entity, which its documents belong to.',
        },
      ],
    });
  }
  const name = request.name ?? connection.name;
  await updateGrant(tx, connection.id, grantOf(deps, connection.id, authorization, request), {
    name,
    endpoint: request.overrides,
  });
  await appendAuditEntries(tx, { ...request, connectionId: connection.id }, [
    {
      action: 'connection.reconnected',
      subjectType: 'connection',
      subjectId: connection.id,
      before: { status: connection.status, name: connection.name, scopes: connection.scopes },
      after: { status: 'connected', name, ...grantForAudit(authorization) },
    },
  ]);
}

function grantOf(
  deps: ConnectionsDependencies,
  connectionId: string,
  authorization: Authorization,
  request: ConnectRequest,
): GrantRow {
  return {
    account: authorization.account,
    authKind: authorization.credentials.kind,
    credentialsSealed: sealCredentials(deps.secretBox, connectionId, authorization.credentials),
    credentialsExpireAt: expiryOf(authorization.credentials),
    scopes: authorization.scopes,
    connectedBy: request.actor,
    connectedAt: toInstant(deps.clock()),
  };
}

/** What the audit trail says of an authorization: everything but the credentials. */
function grantForAudit(authorization: Authorization): Record<string, unknown> {
  return {
    authKind: authorization.credentials.kind,
    accountId: authorization.account.id,
    accountName: authorization.account.name,
    scopes: authorization.scopes,
  };
}

const nameLengthMax = 200;

function defaultName(connector: Connector, { account }: Authorization, mode: 'live' | 'test'): string {
  const name = `${connector.manifest.name} – ${account.name || account.id}${mode === 'test' ? ' (test)' : ''}`;
  return name.slice(0, nameLengthMax);
}

/** Runs one step of signing in at the vendor within its time limit. Errors: those of the step; vendor_unavailable on time out. */
export async function askVendor<Answer>(
  connector: Connector,
  step: (signal: AbortSignal) => Promise<Answer>,
): Promise<Answer> {
  const signal = AbortSignal.timeout(vendorStepMsMax);
  try {
    return await step(signal);
  } catch (error) {
    if (signal.aborted && !isTributaryError(error)) {
      const detail = `${connector.manifest.name} did not answer in time.`;
      throw new TributaryError('vendor_unavailable', detail, { cause: error });
    }
    throw error;
  }
}
