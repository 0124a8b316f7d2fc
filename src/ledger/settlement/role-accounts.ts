import { TributaryError } from '../../kernel/errors.ts';
import type { Transaction } from '../../platform/database/database.ts';
import { type BookAccountRole, bookAccountRoles } from '../account-roles.ts';
import { resolveAccountRoles } from '../account-roles-store.ts';

/** The id of the account that plays a part. Errors: `account_not_usable`. */
export type RoleAccounts = (role: BookAccountRole) => string;

/** Reads the parts of an entity once; a part that nobody plays is an error only where it is needed. */
export async function readRoleAccounts(tx: Transaction, entityId: string): Promise<RoleAccounts> {
  const resolutions = await resolveAccountRoles(tx, entityId, bookAccountRoles);
  return (role) => {
    const resolution = resolutions.find((found) => found.role === role);
    if (!resolution?.account || resolution.problem !== null) {
      throw new TributaryError(
        'account_not_usable',
        `${role.replaceAll('_', ' ')}: ${resolution?.problem ?? 'no account'}`,
      );
    }
    return resolution.account.id;
  };
}
