import type { Handlers } from '../../contract/handler.ts';
import { TributaryError } from '../../kernel/errors.ts';
import { listAccountRoleRows, setAccountRole } from '../../ledger/account-roles-store.ts';
import { changeAccount, createAccount, deleteAccount } from '../../ledger/accounts.ts';
import { type Account, listAccounts } from '../../ledger/accounts-store.ts';
import { getEntity } from '../../ledger/entities.ts';
import type { EntityScope } from '../../ledger/entity-scope.ts';
import { appendAuditEntries } from '../../platform/audit/audit-store.ts';
import type { Database, Transaction } from '../../platform/database/database.ts';
import { deleteAccountRole, findEntityOfAccount } from '../account-entity-store.ts';
import { pageOfRows } from '../page-of-rows.ts';
import { entityOrAll } from './entities.ts';

export type AccountOperationId =
  | 'listAccounts'
  | 'createAccount'
  | 'updateAccount'
  | 'deleteAccount'
  | 'setAccountRole';

/** The chart of accounts and which account plays which part. */
export function accountHandlers(database: Database): Handlers<AccountOperationId> {
  return {
    listAccounts: async ({ organizationId }, { query }) => {
      const accounts = await database.withOrganization(organizationId, async (tx) => {
        const all = [];
        for (const { id } of await entityOrAll(tx, query.entityId)) all.push(...(await accountsOf(tx, id)));
        return all;
      });
      return pageOfRows(accounts, query, (account) => account.id);
    },
    createAccount: (caller, { body }) =>
      database.withOrganization(caller.organizationId, async (tx) => {
        const { id: entityId, organizationId } = await getEntity(tx, body.entityId);
        return { ...(await createAccount(tx, { organizationId, entityId }, body, caller)), roles: [] };
      }),
    updateAccount: (caller, { params, body }) =>
      database.withOrganization(caller.organizationId, async (tx) => {
        const scope = await scopeOfAccount(tx, caller.organizationId, params.id);
        const change = {
          ...(body.name === undefined ? {} : { name: body.name }),
          ...(body.active === undefined ? {} : { active: body.active }),
        };
        const changed = await changeAccount(tx, scope, params.id, change, caller);
        return { ...changed, roles: await rolesOf(tx, changed) };
      }),
    deleteAccount: (caller, { params }) =>
      database.withOrganization(caller.organizationId, async (tx) => {
        const scope = await scopeOfAccount(tx, caller.organizationId, params.id);
        await deleteAccount(tx, scope, params.id, caller);
        return null;
      }),
    setAccountRole: (caller, { body }) =>
      database.withOrganization(caller.organizationId, async (tx) => {
        const { id: entityId, organizationId } = await getEntity(tx, body.entityId);
        const scope: EntityScope = { organizationId, entityId };
        if (body.accountId !== null) await setAccountRole(tx, scope, body.role, body.accountId, caller);
        else {
          const accountId = await deleteAccountRole(tx, scope, body.role);
          await appendAuditEntries(tx, caller, [
            {
              action: 'account_role.cleared',
              subjectType: 'entity',
              subjectId: entityId,
              before: { role: body.role, accountId },
            },
          ]);
        }
        return body;
      }),
  };
}

async function accountsOf(tx: Transaction, entityId: string) {
  const roles = await listAccountRoleRows(tx, entityId);
  return (await listAccounts(tx, entityId)).map((account) => ({
    ...account,
    roles: roles.filter((row) => row.accountId === account.id).map(({ role }) => role),
  }));
}

async function rolesOf(tx: Transaction, account: Account): Promise<readonly string[]> {
  const roles = await listAccountRoleRows(tx, account.entityId);
  return roles.filter((row) => row.accountId === account.id).map(({ role }) => role);
}

async function scopeOfAccount(
  tx: Transaction,
  organizationId: string,
  accountId: string,
): Promise<EntityScope> {
  const scope = await findEntityOfAccount(tx, organizationId, accountId);
  if (!scope) throw new TributaryError('not_found', 'There is no such account.');
  return scope;
}
