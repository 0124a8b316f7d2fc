import { TributaryError } from '../kernel/errors.ts';
import { requiredAccountRoles } from '../model/configuration.ts';
import { type AuditContext, appendAuditEntries } from '../platform/audit/audit-store.ts';
import type { Transaction } from '../platform/database/database.ts';
import { type AccountOverrides, type BookAccountRole, typesOfRole } from './account-roles.ts';
import type { Account } from './accounts-store.ts';
import { listAccounts } from './accounts-store.ts';
import type { EntityScope } from './entity-scope.ts';

/** A part and the account that plays it, or why none does. */
export interface RoleResolution {
  readonly role: BookAccountRole;
  readonly account: Account | null;
  /** A sentence for a bookkeeper; null when the account can be used. */
  readonly problem: string | null;
}

/** Sets which accounts play which parts; a part that has one already gets the new one. */
export async function setAccountRoleRows(
  tx: Transaction,
  scope: EntityScope,
  roles: readonly { readonly role: BookAccountRole; readonly accountId: string }[],
): Promise<void> {
  await tx.execute(
    `INSERT INTO account_roles (organization_id, entity_id, role, account_id)
     SELECT $1::uuid, $2::uuid, r.role, r.account_id FROM unnest($3::text[], $4::uuid[]) AS r (role, account_id)
     ON CONFLICT (entity_id, role) DO UPDATE SET account_id = excluded.account_id`,
    [
      scope.organizationId,
      scope.entityId,
      roles.map(({ role }) => role),
      roles.map(({ accountId }) => accountId),
    ],
  );
}

export async function listAccountRoleRows(
  tx: Transaction,
  entityId: string,
): Promise<{ role: BookAccountRole; accountId: string }[]> {
  const rows = await tx.query<{ role: BookAccountRole; account_id: string }>(
    'SELECT r.role, r.account_id FROM account_roles r WHERE r.entity_id = $1::uuid ORDER BY r.role',
    [entityId],
  );
  return rows.map((row) => ({ role: row.role, accountId: row.account_id }));
}

function problemOf(
  role: BookAccountRole,
  account: Account | null,
  override: string | undefined,
): string | null {
  if (!account) return override === undefined ? 'No account is chosen.' : `There is no account ${override}.`;
  if (!account.active) return `Account ${account.number} ${account.name} is inactive.`;
  const types = typesOfRole[role];
  if (types.includes(account.type)) return null;
  return `Account ${account.number} ${account.name} is of type ${account.type}; it has to be ${types.join(' or ')}.`;
}

/**
 * Each part with the account that plays it: the override's (an account number of the entity) where there is one, else the
 * entity's own. `roles` says which parts are asked for.
 */
export async function resolveAccountRoles(
  tx: Transaction,
  entityId: string,
  roles: readonly BookAccountRole[],
  overrides: AccountOverrides = {},
): Promise<RoleResolution[]> {
  const accounts = await listAccounts(tx, entityId);
  const chosen = await listAccountRoleRows(tx, entityId);
  return resolveRoles(roles, accounts, chosen, overrides);
}

/** `resolveAccountRoles` on what was read already: pure. */
export function resolveRoles(
  roles: readonly BookAccountRole[],
  accounts: readonly Account[],
  chosen: readonly { readonly role: BookAccountRole; readonly accountId: string }[],
  overrides: AccountOverrides,
): RoleResolution[] {
  const byId = new Map(accounts.map((account) => [account.id, account]));
  const byNumber = new Map(accounts.map((account) => [account.number, account]));
  const idByRole = new Map(chosen.map(({ role, accountId }) => [role, accountId]));
  const overrideByRole = new Map<string, string>(Object.entries(overrides));
  return roles.map((role) => {
    const override = overrideByRole.get(role);
    const account =
      (override === undefined ? byId.get(idByRole.get(role) ?? '') : byNumber.get(override)) ?? null;
    return { role, account, problem: problemOf(role, account, override) };
  });
}

/** The required parts (B18) that no usable account plays: while there is one, the connection is `setup_incomplete`. */
export async function missingAccountRoles(
  tx: Transaction,
  entityId: string,
  overrides: AccountOverrides = {},
): Promise<RoleResolution[]> {
  const resolutions = await resolveAccountRoles(tx, entityId, requiredAccountRoles, overrides);
  return resolutions.filter(({ problem }) => problem !== null);
}

/** Chooses the account of a part. Errors: `account_not_usable` (not of this entity, inactive, wrong type). */
export async function setAccountRole(
  tx: Transaction,
  scope: EntityScope,
  role: BookAccountRole,
  accountId: string,
  context: AuditContext,
): Promise<void> {
  const accounts = await listAccounts(tx, scope.entityId);
  const [wanted] = resolveRoles([role], accounts, [{ role, accountId }], {});
  if (!wanted?.account || wanted.problem !== null) {
    throw new TributaryError('account_not_usable', wanted?.problem ?? null);
  }
  const before = (await listAccountRoleRows(tx, scope.entityId)).find((row) => row.role === role);
  await setAccountRoleRows(tx, scope, [{ role, accountId }]);
  await appendAuditEntries(tx, context, [
    {
      action: 'account_role.set',
      subjectType: 'entity',
      subjectId: scope.entityId,
      before: before ?? null,
      after: { role, accountId, number: wanted.account.number },
    },
  ]);
}
