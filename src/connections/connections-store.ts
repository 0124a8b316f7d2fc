import { toInstant } from '../kernel/dates.ts';
import type { Configuration } from '../model/configuration.ts';
import type { RemoteAccount } from '../model/source-record.ts';
import type { Transaction } from '../platform/database/database.ts';
import type {
  Connection,
  ConnectionError,
  ConnectionView,
  DealStageSettings,
  EndpointOverrides,
  StoredStatus,
} from './connection.ts';

interface ConnectionRow {
  readonly id: string;
  readonly organization_id: string;
  readonly entity_id: string;
  readonly connector: string;
  readonly name: string;
  readonly mode: 'live' | 'test';
  readonly status: StoredStatus;
  readonly account_id: string;
  readonly account_name: string;
  readonly account_currency: string;
  readonly account_time_zone: string;
  readonly account_ui_url: string | null;
  readonly endpoint: EndpointOverrides;
  readonly auth_kind: 'oauth' | 'token';
  readonly scopes: readonly string[];
  readonly connected_by: string;
  readonly connected_at: string;
  readonly last_successful_sync_at: string | null;
  readonly last_error: ConnectionError | null;
}

interface ViewRow extends ConnectionRow {
  readonly entity_name: string;
  readonly entity_terms_days: number;
  readonly records_synced: string;
  readonly configuration_version: number | null;
  readonly account_overrides: Configuration['accounts'] | null;
  readonly deal_settings: DealStageSettings | null;
  readonly known_stages: readonly string[] | null;
  readonly current_run_id: string | null;
}

const columns = `c.id, c.organization_id, c.entity_id, c.connector, c.name, c.mode, c.status, c.account_id, c.account_name,
  c.account_currency, c.account_time_zone, c.account_ui_url, c.endpoint, c.auth_kind, c.scopes, c.connected_by,
  c.connected_at, c.last_successful_sync_at, c.last_error`;

function fromRow(row: ConnectionRow): Connection {
  return {
    id: row.id,
    organizationId: row.organization_id,
    entityId: row.entity_id,
    connector: row.connector,
    name: row.name,
    mode: row.mode,
    status: row.status,
    account: {
      id: row.account_id,
      name: row.account_name,
      currency: row.account_currency,
      timeZone: row.account_time_zone,
      uiUrl: row.account_ui_url,
    },
    endpoint: row.endpoint,
    authKind: row.auth_kind,
    scopes: row.scopes,
    connectedBy: row.connected_by,
    connectedAt: toInstant(new Date(row.connected_at)),
    lastSuccessfulSyncAt:
      row.last_successful_sync_at === null ? null : toInstant(new Date(row.last_successful_sync_at)),
    lastError: row.last_error,
  };
}

function viewFromRow(row: ViewRow): ConnectionView {
  return {
    connection: fromRow(row),
    entityName: row.entity_name,
    entityTermsDays: row.entity_terms_days,
    recordsSynced: Number(row.records_synced),
    configurationVersion: row.configuration_version ?? 0,
    accountOverrides: row.account_overrides ?? {},
    dealSettings: row.deal_settings,
    knownStages: row.known_stages ?? [],
    currentRunId: row.current_run_id,
  };
}

export interface ConnectionDraft {
  readonly id: string;
  readonly organizationId: string;
  readonly entityId: string;
  readonly connector: string;
  readonly name: string;
  readonly mode: 'live' | 'test';
  readonly endpoint: EndpointOverrides;
}

/** What an authorization leaves on its connection. */
export interface GrantRow {
  readonly account: RemoteAccount;
  readonly authKind: 'oauth' | 'token';
  readonly credentialsSealed: string;
  readonly credentialsExpireAt: string | null;
  readonly scopes: readonly string[];
  readonly connectedBy: string;
  readonly connectedAt: string;
}

/** False when the organization has a connection to that account in that mode already; then nothing is written. */
export async function insertConnection(
  tx: Transaction,
  draft: ConnectionDraft,
  grant: GrantRow,
): Promise<boolean> {
  const inserted = await tx.execute(
    `INSERT INTO connections (id, organization_id, entity_id, connector, name, mode, endpoint, status, account_id, account_name,
       account_currency, account_time_zone, account_ui_url, auth_kind, credentials_sealed, credentials_expire_at, scopes,
       connected_by, connected_at)
     VALUES ($1::uuid, $2::uuid, $3::uuid, $4::text, $5::text, $6::text, $7::jsonb, 'connected', $8::text, $9::text,
       $10::text, $11::text, $12::text, $13::text, $14::text, $15::timestamptz, $16::text[], $17::text, $18::timestamptz)
     ON CONFLICT (organization_id, connector, account_id, mode) DO NOTHING`,
    [
      draft.id,
      draft.organizationId,
      draft.entityId,
      draft.connector,
      draft.name,
      draft.mode,
      JSON.stringify(draft.endpoint),
      grant.account.id,
      grant.account.name,
      grant.account.currency,
      grant.account.timeZone,
      grant.account.uiUrl,
      grant.authKind,
      grant.credentialsSealed,
      grant.credentialsExpireAt,
      grant.scopes,
      grant.connectedBy,
      grant.connectedAt,
    ],
  );
  return inserted === 1;
}

/** Puts a new authorization on a connection; its error is over. Everything else of it stays. */
export async function updateGrant(
  tx: Transaction,
  connectionId: string,
  grant: GrantRow,
  change: { readonly name: string; readonly endpoint: EndpointOverrides },
): Promise<void> {
  await tx.execute(
    `UPDATE connections SET status = 'connected', last_error = NULL, name = $2::text, endpoint = $3::jsonb,
       account_name = $4::text, account_currency = $5::text, account_time_zone = $6::text, account_ui_url = $7::text,
       auth_kind = $8::text, credentials_sealed = $9::text, credentials_expire_at = $10::timestamptz, scopes = $11::text[],
       connected_by = $12::text, connected_at = $13::timestamptz
     WHERE id = $1::uuid`,
    [
      connectionId,
      change.name,
      JSON.stringify(change.endpoint),
      grant.account.name,
      grant.account.currency,
      grant.account.timeZone,
      grant.account.uiUrl,
      grant.authKind,
      grant.credentialsSealed,
      grant.credentialsExpireAt,
      grant.scopes,
      grant.connectedBy,
      grant.connectedAt,
    ],
  );
}

export async function findConnection(tx: Transaction, connectionId: string): Promise<Connection | null> {
  const [row] = await tx.query<ConnectionRow>(`SELECT ${columns} FROM connections c WHERE c.id = $1::uuid`, [
    connectionId,
  ]);
  return row ? fromRow(row) : null;
}

/** The connection to an account, locked until the transaction ends: two who reconnect it at once do so one after the other. */
export async function lockConnectionOfAccount(
  tx: Transaction,
  key: { readonly connector: string; readonly accountId: string; readonly mode: 'live' | 'test' },
): Promise<Connection | null> {
  const [row] = await tx.query<ConnectionRow>(
    `SELECT ${columns} FROM connections c
     WHERE c.connector = $1::text AND c.account_id = $2::text AND c.mode = $3::text FOR NO KEY UPDATE`,
    [key.connector, key.accountId, key.mode],
  );
  return row ? fromRow(row) : null;
}

// A run that goes on is newer than nothing that waits: the one running is the one to show.
const viewQuery = `SELECT ${columns}, e.name AS entity_name, e.terms_days AS entity_terms_days,
    (SELECT count(*) FROM links l
     WHERE l.organization_id = c.organization_id AND l.connector = c.connector AND l.account_id = c.account_id
       AND l.mode = c.mode AND l.state = 'active') AS records_synced,
    newest.version AS configuration_version, newest.settings -> 'accounts' AS account_overrides,
    newest.settings -> 'deals' AS deal_settings, jsonb_path_query_array(c.remote_schema, '$.pipelines[*].stages[*].id') AS known_stages,
    (SELECT r.id FROM runs r WHERE r.connection_id = c.id AND r.status IN ('running', 'queued')
     ORDER BY r.status DESC, r.created_at LIMIT 1) AS current_run_id
  FROM connections c
  JOIN entities e ON e.id = c.entity_id
  LEFT JOIN LATERAL (
    SELECT f.version, f.settings FROM configurations f WHERE f.connection_id = c.id ORDER BY f.version DESC LIMIT 1
  ) newest ON true`;

export async function findConnectionView(
  tx: Transaction,
  connectionId: string,
): Promise<ConnectionView | null> {
  const [row] = await tx.query<ViewRow>(`${viewQuery} WHERE c.id = $1::uuid`, [connectionId]);
  return row ? viewFromRow(row) : null;
}

/** Connections in the order in which they were made (ids grow with time), those after an id. */
export async function listConnectionViews(
  tx: Transaction,
  page: { readonly limit: number; readonly afterId: string | null },
): Promise<ConnectionView[]> {
  const rows = await tx.query<ViewRow>(
    `${viewQuery} WHERE $1::uuid IS NULL OR c.id > $1::uuid ORDER BY c.id LIMIT $2::integer`,
    [page.afterId, page.limit],
  );
  return rows.map(viewFromRow);
}

export async function countConnections(tx: Transaction): Promise<number> {
  const [row] = await tx.query<{ total: number }>('SELECT count(*)::integer AS total FROM connections', []);
  return row?.total ?? 0;
}

export async function renameConnection(tx: Transaction, connectionId: string, name: string): Promise<void> {
  await tx.execute('UPDATE connections SET name = $2::text WHERE id = $1::uuid', [connectionId, name]);
}

/** Moves the status; false when the connection is not in one of the states that it may move from. */
export async function moveStatus(
  tx: Transaction,
  connectionId: string,
  move: { readonly from: readonly StoredStatus[]; readonly to: StoredStatus },
): Promise<boolean> {
  const moved = await tx.execute(
    'UPDATE connections SET status = $3::text WHERE id = $1::uuid AND status = ANY ($2::text[])',
    [connectionId, move.from, move.to],
  );
  return moved === 1;
}

export async function setLastError(
  tx: Transaction,
  connectionId: string,
  error: ConnectionError | null,
): Promise<void> {
  await tx.execute('UPDATE connections SET last_error = $2::jsonb WHERE id = $1::uuid', [
    connectionId,
    error === null ? null : JSON.stringify(error),
  ]);
}

/** Notes a sync that went through: what was wrong before is over. */
export async function setLastSuccessfulSync(
  tx: Transaction,
  connectionId: string,
  at: string,
): Promise<void> {
  await tx.execute(
    'UPDATE connections SET last_successful_sync_at = $2::timestamptz, last_error = NULL WHERE id = $1::uuid',
    [connectionId, at],
  );
}

/** Deletes the tokens; everything else of the connection stays. */
export async function clearCredentials(tx: Transaction, connectionId: string): Promise<void> {
  await tx.execute(
    `UPDATE connections SET status = 'not_connected', credentials_sealed = NULL, credentials_expire_at = NULL, last_error = NULL
     WHERE id = $1::uuid`,
    [connectionId],
  );
}

/** What the vendor says of the account now; its id never changes. */
export async function setAccount(
  tx: Transaction,
  connectionId: string,
  account: RemoteAccount,
): Promise<void> {
  await tx.execute(
    `UPDATE connections SET account_name = $3::text, account_currency = $4::text, account_time_zone = $5::text,
       account_ui_url = $6::text
     WHERE id = $1::uuid AND account_id = $2::text`,
    [connectionId, account.id, account.name, account.currency, account.timeZone, account.uiUrl],
  );
}

/** Gives connections other addresses, where an outside system of the operator's own has moved: a sandbox on another port. */
export async function moveEndpoints(
  tx: Transaction,
  fromApiUrl: string,
  to: EndpointOverrides,
): Promise<void> {
  await tx.execute("UPDATE connections SET endpoint = $2::jsonb WHERE endpoint ->> 'apiUrl' = $1::text", [
    fromApiUrl,
    JSON.stringify(to),
  ]);
}

/** Fills version 1 of a fresh connection's configuration; a version that is there stays. */
export async function insertFirstConfiguration(
  tx: Transaction,
  first: {
    readonly organizationId: string;
    readonly connectionId: string;
    readonly settings: Configuration;
    readonly createdBy: string;
  },
): Promise<void> {
  await tx.execute(
    `INSERT INTO configurations (organization_id, connection_id, version, settings, created_by, comment)
     VALUES ($1::uuid, $2::uuid, 1, $3::jsonb, $4::text, 'The defaults')
     ON CONFLICT (connection_id, version) DO NOTHING`,
    [first.organizationId, first.connectionId, JSON.stringify(first.settings), first.createdBy],
  );
}
