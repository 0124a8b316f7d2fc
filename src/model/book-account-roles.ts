import { accountRoles } from './configuration.ts';

/** The parts that accounts play in the books: those that a connection may choose, and those that only the books use. */
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
export const accountTypesOfRole: Readonly<
  Record<BookAccountRole, readonly ('asset' | 'liability' | 'equity' | 'income' | 'expense')[]>
> = {
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
