import { accountTypesOfRole, type BookAccountRole } from '../model/book-account-roles.ts';
import type { AccountRole } from '../model/configuration.ts';
import type { AccountType } from './accounts-store.ts';

export { bookAccountRoles, type BookAccountRole } from '../model/book-account-roles.ts';

/** The types that an account may have to play the part. */
export const typesOfRole: Readonly<Record<BookAccountRole, readonly AccountType[]>> = accountTypesOfRole;

/** Account numbers that a connection uses instead of the entity's own: `configuration.accounts`. */
export type AccountOverrides = Readonly<Partial<Record<AccountRole, string>>>;
