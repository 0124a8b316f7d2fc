import { TributaryError } from '../../kernel/errors.ts';
import type { Transaction } from '../../platform/database/database.ts';
import type { AccountOverrides, BookAccountRole } from '../account-roles.ts';
import { listAccountRoleRows, resolveRoles } from '../account-roles-store.ts';
import { type Account, listAccounts } from '../accounts-store.ts';
import type { ContractLine } from './contract-terms.ts';

/** The accounts of a contract's entity, and who plays which part. */
export interface ContractAccounts {
  readonly role: (role: BookAccountRole) => string;
  readonly byId: ReadonlyMap<string, Account>;
}

/** Errors of `role`: `account_not_usable`. */
export async function readContractAccounts(
  tx: Transaction,
  entityId: string,
  overrides: AccountOverrides = {},
): Promise<ContractAccounts> {
  const accounts = await listAccounts(tx, entityId);
  const chosen = await listAccountRoleRows(tx, entityId);
  return {
    byId: new Map(accounts.map((account) => [account.id, account])),
    role: (role) => {
      const [found] = resolveRoles([role], accounts, chosen, overrides);
      if (found?.account && found.problem === null) return found.account.id;
      throw new TributaryError('account_not_usable', `${role.replaceAll('_', ' ')}: ${found?.problem ?? ''}`);
    },
  };
}

/** One liability account a contract: its items' where they agree, else the part's. */
export function deferredAccount(lines: readonly ContractLine[], { byId, role }: ContractAccounts): string {
  const chosen = [...new Set(lines.map(({ deferredAccountId }) => deferredAccountId))];
  const account = chosen.length === 1 ? byId.get(chosen[0] ?? '') : undefined;
  return account?.active && account.type === 'liability' ? account.id : role('deferred_revenue');
}

/** The income account of a line, else the part's. Errors: `account_not_usable`. */
export function incomeAccount(
  { incomeAccountId, position }: { readonly incomeAccountId: string | null; readonly position: number },
  { byId, role }: ContractAccounts,
): string {
  if (incomeAccountId === null) return role('income');
  const account = byId.get(incomeAccountId);
  if (account?.active && account.type === 'income') return account.id;
  throw new TributaryError(
    'account_not_usable',
    `Line ${position}: the item's account is no active income account.`,
  );
}
