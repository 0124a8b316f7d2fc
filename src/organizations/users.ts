import { TributaryError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { appendAuditEntries } from '../platform/audit/audit-store.ts';
import type { Database } from '../platform/database/database.ts';
import { hashPassword } from '../platform/secrets/password-hash.ts';
import type { Actor, Role } from './access.ts';
import { deleteSessionsOfUser } from './session-store.ts';
import { changeUser, getUser, insertUser, lockActiveAdmins, type User } from './user-store.ts';

export interface UserDraft {
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly password: string;
}

const shown = (user: User) => ({
  email: user.email,
  name: user.name,
  role: user.role,
  active: user.active,
});

/** Adds a member. Errors: conflict when the address is taken. */
export async function addUser(database: Database, actor: Actor, draft: UserDraft): Promise<User> {
  // Hashing takes a tenth of a second; outside of the transaction nobody waits for it.
  const passwordHash = await hashPassword(draft.password);
  return database.withOrganization(actor.organizationId, async (tx) => {
    const user = await insertUser(tx, {
      id: newId(),
      organizationId: actor.organizationId,
      email: draft.email.trim().toLowerCase(),
      name: draft.name,
      role: draft.role,
      passwordHash,
    });
    if (!user) throw new TributaryError('conflict', 'A member with this e-mail address exists already.');
    await appendAuditEntries(tx, actor, [
      { action: 'user.added', subjectType: 'user', subjectId: user.id, after: shown(user) },
    ]);
    return user;
  });
}

export interface UserUpdate {
  readonly name?: string | undefined;
  readonly role?: Role | undefined;
  readonly active?: boolean | undefined;
  readonly password?: string | undefined;
}

/**
 * Changes a member. A new password and a deactivation end the member's sessions. Errors: not_found; conflict when nobody could
 * administer the organization afterwards.
 */
export async function updateUser(
  database: Database,
  actor: Actor,
  id: string,
  update: UserUpdate,
): Promise<User> {
  const passwordHash = update.password === undefined ? undefined : await hashPassword(update.password);
  return database.withOrganization(actor.organizationId, async (tx) => {
    const admins = await lockActiveAdmins(tx, actor.organizationId);
    const before = await getUser(tx, actor.organizationId, id);
    if (!before) throw new TributaryError('not_found');
    const stepsDown = update.role === 'viewer' || update.active === false;
    if (stepsDown && admins.length === 1 && admins[0] === id) {
      throw new TributaryError('conflict', 'This is the last active admin; make somebody else admin first.');
    }
    const after = await changeUser(tx, actor.organizationId, id, {
      name: update.name,
      role: update.role,
      active: update.active,
      passwordHash,
    });
    if (!after) throw new TributaryError('not_found');
    if (passwordHash !== undefined || !after.active) {
      await deleteSessionsOfUser(tx, actor.organizationId, id);
    }
    await appendAuditEntries(tx, actor, [
      {
        action: 'user.changed',
        subjectType: 'user',
        subjectId: id,
        before: shown(before),
        after: { ...shown(after), passwordChanged: passwordHash !== undefined },
      },
    ]);
    return after;
  });
}
