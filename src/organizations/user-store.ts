import type { Instant } from '../kernel/dates.ts';
import type { Transaction } from '../platform/database/database.ts';
import type { Role } from './access.ts';
import {
  checkLimit,
  type CountedPage,
  decodeCursor,
  type PageRequest,
  toPage,
} from '../platform/database/page-cursor.ts';
import { optionalInstantFromRow } from './row-instant.ts';

/** A member of an organization. The password hash never leaves `findSignIn`. */
export interface User {
  readonly id: string;
  readonly organizationId: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly active: boolean;
  readonly lastSignedInAt: Instant | null;
}

interface UserRow {
  readonly id: string;
  readonly organization_id: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly active: boolean;
  readonly last_signed_in_at: string | null;
}

const columns = 'id, organization_id, email, name, role, active, last_signed_in_at';

function fromRow(row: UserRow): User {
  return {
    id: row.id,
    organizationId: row.organization_id,
    email: row.email,
    name: row.name,
    role: row.role,
    active: row.active,
    lastSignedInAt: optionalInstantFromRow(row.last_signed_in_at),
  };
}

export interface NewUser {
  readonly id: string;
  readonly organizationId: string;
  /** Lower case. */
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly passwordHash: string;
}

/** Adds a member; null when the address is taken, be it in another organization. */
export async function insertUser(tx: Transaction, user: NewUser): Promise<User | null> {
  const [row] = await tx.query<UserRow>(
    `INSERT INTO users (id, organization_id, email, name, role, password_hash)
     VALUES ($1::uuid, $2::uuid, $3, $4, $5, $6)
     ON CONFLICT (email) DO NOTHING
     RETURNING ${columns}`,
    [user.id, user.organizationId, user.email, user.name, user.role, user.passwordHash],
  );
  return row ? fromRow(row) : null;
}

/** Members by e-mail address. */
export async function listUsers(
  tx: Transaction,
  organizationId: string,
  request: PageRequest,
): Promise<CountedPage<User>> {
  const limit = checkLimit(request.limit);
  const [afterEmail] = decodeCursor(request.after, 'email', ['text']) ?? [null];
  const rows = await tx.query<UserRow>(
    `SELECT ${columns} FROM users
     WHERE organization_id = $1::uuid AND ($2::text IS NULL OR email > $2)
     ORDER BY email LIMIT $3::integer`,
    [organizationId, afterEmail, limit + 1],
  );
  const [counted] = await tx.query<{ total: number }>(
    'SELECT count(*)::integer AS total FROM users WHERE organization_id = $1::uuid',
    [organizationId],
  );
  return { ...toPage(rows.map(fromRow), limit, 'email', (user) => [user.email]), total: counted?.total ?? 0 };
}

export async function getUser(tx: Transaction, organizationId: string, id: string): Promise<User | null> {
  const [row] = await tx.query<UserRow>(
    `SELECT ${columns} FROM users WHERE organization_id = $1::uuid AND id = $2::uuid`,
    [organizationId, id],
  );
  return row ? fromRow(row) : null;
}

/** Locks the active admins until the transaction ends, so that two of them cannot remove each other at once. */
export async function lockActiveAdmins(tx: Transaction, organizationId: string): Promise<readonly string[]> {
  const rows = await tx.query<{ id: string }>(
    `SELECT id FROM users
     WHERE organization_id = $1::uuid AND role = 'admin' AND active
     ORDER BY id FOR UPDATE`,
    [organizationId],
  );
  return rows.map((row) => row.id);
}

export interface UserChange {
  readonly name?: string | undefined;
  readonly role?: Role | undefined;
  readonly active?: boolean | undefined;
  readonly passwordHash?: string | undefined;
}

/** Sets what is given and keeps the rest. */
export async function changeUser(
  tx: Transaction,
  organizationId: string,
  id: string,
  change: UserChange,
): Promise<User | null> {
  const [row] = await tx.query<UserRow>(
    `UPDATE users SET
       name = coalesce($3::text, name),
       role = coalesce($4::text, role),
       active = coalesce($5::boolean, active),
       password_hash = coalesce($6::text, password_hash)
     WHERE organization_id = $1::uuid AND id = $2::uuid
     RETURNING ${columns}`,
    [
      organizationId,
      id,
      change.name ?? null,
      change.role ?? null,
      change.active ?? null,
      change.passwordHash ?? null,
    ],
  );
  return row ? fromRow(row) : null;
}

/** The member with this address (lower case) in whichever organization, and the hash to compare with. */
export async function findSignIn(
  tx: Transaction,
  email: string,
): Promise<{ user: User; passwordHash: string } | null> {
  const [row] = await tx.query<UserRow & { readonly password_hash: string }>(
    `SELECT ${columns}, password_hash FROM users WHERE email = $1`,
    [email],
  );
  return row ? { user: fromRow(row), passwordHash: row.password_hash } : null;
}

export async function recordSignIn(
  tx: Transaction,
  organizationId: string,
  id: string,
): Promise<User | null> {
  const [row] = await tx.query<UserRow>(
    `UPDATE users SET last_signed_in_at = now()
     WHERE organization_id = $1::uuid AND id = $2::uuid AND active
     RETURNING ${columns}`,
    [organizationId, id],
  );
  return row ? fromRow(row) : null;
}
