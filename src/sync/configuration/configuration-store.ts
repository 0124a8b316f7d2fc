import { TributaryError } from '../../kernel/errors.ts';
import type { Configuration } from '../../model/configuration.ts';
import type { Transaction } from '../../platform/database/database.ts';

export interface StoredConfiguration {
  readonly connectionId: string;
  readonly version: number;
  readonly settings: Configuration;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly comment: string | null;
}

interface ConfigurationRow {
  readonly connection_id: string;
  readonly version: number;
  readonly settings: Configuration;
  readonly created_at: string;
  readonly created_by: string;
  readonly comment: string | null;
}

const columns = 'connection_id, version, settings, created_at, created_by, comment';

function fromRow(row: ConfigurationRow): StoredConfiguration {
  return {
    connectionId: row.connection_id,
    version: row.version,
    settings: row.settings,
    createdAt: row.created_at,
    createdBy: row.created_by,
    comment: row.comment,
  };
}

/** The newest version, or the given one. Errors: not_found. */
export async function readConfiguration(
  tx: Transaction,
  connectionId: string,
  version: number | null = null,
): Promise<StoredConfiguration> {
  const [row] = await tx.query<ConfigurationRow>(
    `SELECT ${columns} FROM configurations WHERE connection_id = $1 AND ($2::integer IS NULL OR version = $2) ORDER BY version DESC LIMIT 1`,
    [connectionId, version],
  );
  if (!row)
    throw new TributaryError(
      'not_found',
      version === null ? 'The connection has no configuration.' : `There is no version ${version}.`,
    );
  return fromRow(row);
}

export async function listConfigurations(
  tx: Transaction,
  connectionId: string,
  before: number | null,
  limit: number,
): Promise<StoredConfiguration[]> {
  const rows = await tx.query<ConfigurationRow>(
    `SELECT ${columns} FROM configurations WHERE connection_id = $1 AND ($2::integer IS NULL OR version < $2) ORDER BY version DESC LIMIT $3`,
    [connectionId, before, limit],
  );
  return rows.map(fromRow);
}

/** Saves the version after the one it was made from. Errors: conflict when another version came meanwhile. */
export async function insertConfiguration(
  tx: Transaction,
  organizationId: string,
  configuration: {
    readonly connectionId: string;
    readonly version: number;
    readonly settings: Configuration;
    readonly createdBy: string;
    readonly comment: string | null;
  },
): Promise<StoredConfiguration> {
  const [row] = await tx.query<ConfigurationRow>(
    `INSERT INTO configurations (organization_id, connection_id, version, settings, created_by, comment)
     VALUES ($1, $2, $3, $4::jsonb, $5, $6) ON CONFLICT DO NOTHING RETURNING ${columns}`,
    [
      organizationId,
      configuration.connectionId,
      configuration.version,
      JSON.stringify(configuration.settings),
      configuration.createdBy,
      configuration.comment,
    ],
  );
  if (!row)
    throw new TributaryError(
      'conflict',
      `Version ${configuration.version} was saved by somebody else meanwhile.`,
    );
  return fromRow(row);
}
