import { randomBytes } from 'node:crypto';
import { newId } from '../kernel/ids.ts';
import { appendAuditEntries } from '../platform/audit/audit-store.ts';
import type { Database, Transaction } from '../platform/database/database.ts';
import { hashPassword } from '../platform/secrets/password-hash.ts';
import { type Actor, scopes } from './access.ts';
import { storeApiKey } from './api-keys.ts';
import { findFirstOrganization, insertOrganization, lockBootstrap } from './organization-store.ts';
import { insertUser } from './user-store.ts';

export interface EntityDraft {
  readonly name: string;
  readonly mode: 'live' | 'test';
  readonly baseCurrency: string;
  readonly timeZone: string;
  readonly termsDays: number;
}

/** Makes an entity with a standard chart of accounts; the ledger's, handed in by main. */
export type CreateEntity = (
  tx: Transaction,
  draft: EntityDraft,
  context: Actor,
) => Promise<{ readonly id: string }>;

export interface BootstrapOptions {
  readonly organizationName?: string;
  readonly adminEmail?: string | null;
  /** Null: one is made, and returned this once. */
  readonly adminPassword?: string | null;
  /** Becomes an API key with every scope. */
  readonly bootstrapApiKey?: string | null;
  /** Also makes an entity for test data. */
  readonly demo: boolean;
  readonly createEntity: CreateEntity;
}

export interface BootstrapResult {
  readonly organizationId: string;
  /** False: there was an organization already, and nothing was changed. */
  readonly created: boolean;
  readonly adminEmail: string | null;
  /** What was made for the admin, to be printed once; null when one was given, or when nothing was created. */
  readonly generatedPassword: string | null;
}

const defaultAdminEmail = 'admin@tributary.local';
const actorName = 'system:bootstrap';

/**
 * Fills an empty store: one organization, one live entity in USD (in a demo a test entity, too), an admin and, where given, an
 * API key. On a store with an organization it changes nothing. All of it is one transaction, and of several processes that
 * start at once one does it.
 */
export async function bootstrapOrganization(
  database: Database,
  options: BootstrapOptions,
): Promise<BootstrapResult> {
  const existing = await database.withSystem(findFirstOrganization);
  if (existing) return { ...unchanged, organizationId: existing.id };
  const password = options.adminPassword ?? randomBytes(15).toString('base64url');
  const passwordHash = await hashPassword(password);
  return database.withSystem(async (tx) => {
    await lockBootstrap(tx);
    const meanwhile = await findFirstOrganization(tx);
    if (meanwhile) return { ...unchanged, organizationId: meanwhile.id };
    const { organizationId, adminEmail } = await fillStore(tx, options, passwordHash);
    const generatedPassword = options.adminPassword == null ? password : null;
    return { organizationId, created: true, adminEmail, generatedPassword };
  });
}

const unchanged = { created: false, adminEmail: null, generatedPassword: null } as const;

async function fillStore(
  tx: Transaction,
  options: BootstrapOptions,
  passwordHash: string,
): Promise<{ readonly organizationId: string; readonly adminEmail: string }> {
  const organizationId = newId();
  const actor = { organizationId, actor: actorName };
  const name = options.organizationName ?? 'My organization';
  await insertOrganization(tx, { id: organizationId, name });
  await appendAuditEntries(tx, actor, [
    {
      action: 'organization.made',
      subjectType: 'organization',
      subjectId: organizationId,
      after: { name },
    },
  ]);
  const entity = { baseCurrency: 'USD', timeZone: 'UTC', termsDays: 30 } as const;
  await options.createEntity(tx, { ...entity, name, mode: 'live' }, actor);
  if (options.demo)
    await options.createEntity(tx, { ...entity, name: `${name} (test)`, mode: 'test' }, actor);
  const adminEmail = (options.adminEmail ?? defaultAdminEmail).trim().toLowerCase();
  const admin = await insertUser(tx, {
    id: newId(),
    organizationId,
    email: adminEmail,
    name: 'Admin',
    role: 'admin',
    passwordHash,
  });
  if (admin) {
    await appendAuditEntries(tx, actor, [
      {
        action: 'user.added',
        subjectType: 'user',
        subjectId: admin.id,
        after: { email: adminEmail, role: 'admin' },
      },
    ]);
  }
  if (options.bootstrapApiKey) {
    await storeApiKey(tx, actor, { name: 'bootstrap', scopes, key: options.bootstrapApiKey });
  }
  return { organizationId, adminEmail };
}
