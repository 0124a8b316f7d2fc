import { accountRoles, type AccountRole } from '../model/configuration.ts';
import type { AccountType } from './accounts-store.ts';

/** The parts that accounts play: those that a connection may choose, and those that only the books use. */
export const bookAccountRoles = [
  ...accountRoles,
  'bank',
  'retained_earnings',
  'fx_gain',
  'fx_loss',
  'rounding',
  'customer_prepayments',
  'bad_debts',
  'contract_asset',
  'unrealized_fx_gain',
  'unrealized_fx_loss',
] as const;
export type BookAccountRole = (typeof bookAccountRoles)[number];

/** The types that an account may have to play the part. */
export const typesOfRole: Readonly<Record<BookAccountRole, readonly AccountType[]>> = {
  accounts_receivable: ['asset'],
  deferred_revenue: ['liability'],
  income: ['income'],
  expense: ['expense'],
  clearing: ['asset', 'liability'],
  tax_payable: ['liability'],
  bank: ['asset'],
  retained_earnings: ['equity'],
  fx_gain: ['income', 'expense'],
  fx_loss: ['income', 'expense'],
  rounding: ['income', 'expense'],
  customer_prepayments: ['liability'],
  bad_debts: ['expense'],
  contract_asset: ['asset'],
  unrealized_fx_gain: ['income', 'expense'],
  unrealized_fx_loss: ['income', 'expense'],
};

/** Account numbers that a connection uses instead of the entity's own: `configuration.accounts`. */
export type AccountOverrides = Readonly<Partial<Record<AccountRole, string>>>;
