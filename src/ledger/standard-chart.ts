import type { BookAccountRole } from './account-roles.ts';
import type { AccountType } from './accounts-store.ts';

export interface ChartAccount {
  readonly number: string;
  readonly name: string;
  readonly type: AccountType;
  /** The part that it plays until somebody chooses another account for it. */
  readonly role?: BookAccountRole;
}

/** What a new entity starts with: enough to invoice, to take money and to close a year; a bookkeeper adds the rest. */
export const standardChart: readonly ChartAccount[] = [
  { number: '1000', name: 'Bank', type: 'asset', role: 'bank' },
  { number: '1050', name: 'Clearing', type: 'asset', role: 'clearing' },
  { number: '1200', name: 'Accounts receivable', type: 'asset', role: 'accounts_receivable' },
  { number: '1300', name: 'Contract assets', type: 'asset', role: 'contract_asset' },
  { number: '1400', name: 'Prepaid expenses', type: 'asset' },
  { number: '1500', name: 'Fixed assets', type: 'asset' },
  { number: '2000', name: 'Accounts payable', type: 'liability' },
  { number: '2100', name: 'Deferred revenue', type: 'liability', role: 'deferred_revenue' },
  { number: '2150', name: 'Customer prepayments', type: 'liability', role: 'customer_prepayments' },
  { number: '2200', name: 'Tax payable', type: 'liability', role: 'tax_payable' },
  { number: '2300', name: 'Payroll liabilities', type: 'liability' },
  { number: '3000', name: 'Share capital', type: 'equity' },
  { number: '3100', name: 'Retained earnings', type: 'equity', role: 'retained_earnings' },
  { number: '4000', name: 'Sales', type: 'income', role: 'income' },
  { number: '4100', name: 'Other income', type: 'income' },
  { number: '4900', name: 'Exchange gains', type: 'income', role: 'fx_gain' },
  { number: '4950', name: 'Unrealized exchange gains', type: 'income', role: 'unrealized_fx_gain' },
  { number: '5000', name: 'Cost of sales', type: 'expense' },
  { number: '6000', name: 'Operating expenses', type: 'expense', role: 'expense' },
  { number: '6100', name: 'Salaries', type: 'expense' },
  { number: '6200', name: 'Payment fees', type: 'expense' },
  { number: '6300', name: 'Bad debts', type: 'expense', role: 'bad_debts' },
  { number: '6900', name: 'Exchange losses', type: 'expense', role: 'fx_loss' },
  { number: '6910', name: 'Unrealized exchange losses', type: 'expense', role: 'unrealized_fx_loss' },
  { number: '6950', name: 'Rounding differences', type: 'expense', role: 'rounding' },
];
