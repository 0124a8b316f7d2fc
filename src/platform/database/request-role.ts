import { assert } from '../../kernel/assert.ts';
import { TributaryError } from '../../kernel/errors.ts';
import { isUuid } from '../../kernel/ids.ts';
import { sqlStateOf } from './database-errors.ts';
import type { Engine, Session } from './engine.ts';

/**
 * The role of everything that is done for one organization. Neither owner nor superuser, so that row-level security counts.
 * Roles belong to the whole PostgreSQL cluster: several Tributary databases share it, each with grants of its own.
 */
export const requestRole = 'tributary_app';

/** Enough for every database of a test run that is migrated at the same moment; each attempt takes milliseconds. */
const attemptsMax = 10;

/** What makes a transaction one of the organization: the role and the setting end with it. */
export function enterOrganization(organizationId: string): string {
  assert(isUuid(organizationId), 'the organization id is a UUID');
  return `SET LOCAL ROLE ${requestRole}; SET LOCAL tributary.organization_id = '${organizationId}'`;
}

/**
 * Two databases of one cluster may do this at once, and there is no lock over both: the second one then meets a role or a
 * membership that was made since it looked, and looks again.
 */
const raceStates = new Set(['42710', '23505', 'XX000']);

/**
 * Creates the role where it is missing and makes the database user a member, so that it may take it on.
 * @throws `migration_failed` when the role is missing and the user may not create it.
 */
export async function createRequestRole(engine: Engine): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await engine.transaction('', createRole);
      return;
    } catch (error) {
      const state = sqlStateOf(error);
      if (state === '42501') throw missingRight(error);
      if (state === null || !raceStates.has(state) || attempt === attemptsMax) throw error;
    }
  }
}

async function createRole(session: Session): Promise<void> {
  const [role] = await session.query('SELECT FROM pg_roles WHERE rolname = $1::name', [requestRole]);
  if (!role) await session.runScript(`CREATE ROLE ${requestRole} NOLOGIN NOBYPASSRLS`);
  // From PostgreSQL 16 on a member may lack the right to take the role on: whoever creates a role gets only that kind.
  const [member] = await session.query<{ granted: boolean }>(
    `SELECT pg_has_role(
       current_user, $1::name, CASE WHEN current_setting('server_version_num')::integer >= 160000 THEN 'SET' ELSE 'MEMBER' END
     ) AS granted`,
    [requestRole],
  );
  if (!member?.granted) await session.runScript(`GRANT ${requestRole} TO CURRENT_USER`);
}

function missingRight(cause: unknown): TributaryError {
  return new TributaryError(
    'migration_failed',
    `The database user may not create the role ${requestRole}, or may not take it on. Have an administrator run: CREATE ROLE ${requestRole} NOLOGIN; GRANT ${requestRole} TO <the user of DATABASE_URL>; (the first one only where the role is missing).`,
    { cause },
  );
}

/**
 * Plain DML on every table and sequence, also those to come; nothing on schema_migrations. Repeated only when something is
 * missing (a new database, a restored one), because every GRANT writes to the catalogue and locks.
 */
export async function grantToRequestRole(session: Session): Promise<void> {
  const [state] = await session.query<{ complete: boolean }>(
    `SELECT has_schema_privilege($1::name, current_schema()::text, 'USAGE')
       AND NOT has_table_privilege($1::name, 'schema_migrations', 'SELECT')
       AND NOT EXISTS (
         SELECT FROM pg_class c
         WHERE c.relnamespace = current_schema()::regnamespace
           AND CASE
             WHEN c.relname = 'schema_migrations' THEN false
             WHEN c.relkind IN ('r', 'p', 'v') THEN NOT (
               has_table_privilege($1::name, c.oid, 'SELECT') AND has_table_privilege($1::name, c.oid, 'INSERT')
               AND has_table_privilege($1::name, c.oid, 'UPDATE') AND has_table_privilege($1::name, c.oid, 'DELETE'))
             WHEN c.relkind = 'S' THEN NOT has_sequence_privilege($1::name, c.oid, 'USAGE')
             ELSE false
           END
       ) AS complete`,
    [requestRole],
  );
  if (state?.complete) return;
  const [schema] = await session.query<{ name: string }>('SELECT quote_ident(current_schema()) AS name');
  assert(schema, 'the connection has a current schema');
  await session.runScript(`
    GRANT USAGE ON SCHEMA ${schema.name} TO ${requestRole};
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema.name} TO ${requestRole};
    GRANT USAGE ON ALL SEQUENCES IN SCHEMA ${schema.name} TO ${requestRole};
    ALTER DEFAULT PRIVILEGES IN SCHEMA ${schema.name} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ${requestRole};
    ALTER DEFAULT PRIVILEGES IN SCHEMA ${schema.name} GRANT USAGE ON SEQUENCES TO ${requestRole};
    REVOKE ALL ON schema_migrations FROM ${requestRole};
  `);
}
