/** The words of the page for values of the wire. A value without a word is shown readable, never hidden. */
export function wordOf(words: Readonly<Record<string, string>>, value: string): string {
  return words[value] ?? readable(value);
}

/** `line_item` → `Line item`, `documentDate` → `Document date`. */
export function readable(name: string): string {
  const spaced = name
    .replace(/[_.-]+/g, ' ')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

export const categoryWords = {
  crm: 'CRM & sales',
  hrm: 'HRM & payroll',
  payments: 'Payments',
  tax: 'Tax & compliance',
  messaging: 'Messaging',
  banking: 'Banking',
  accounting: 'Accounting',
} as const satisfies Record<string, string>;

export const triggerWords = {
  manual: 'By hand',
  schedule: 'Schedule',
  webhook: 'Change in the CRM',
  import: 'Import',
  first_sync: 'First sync',
} as const satisfies Record<string, string>;

export const runStageWords = {
  pull: 'Read the CRM',
  plan: 'Decide about each deal',
  apply: 'Write to the books',
} as const satisfies Record<string, string>;

export const runKindWords = {
  sync: 'Sync',
  preview: 'Preview',
  retry: 'Retry',
} as const satisfies Record<string, string>;

/** Kinds of CRM record, in one and in several. */
const recordTypeWords: Readonly<Record<string, readonly [one: string, many: string]>> = {
  deal: ['deal', 'deals'],
  company: ['company', 'companies'],
  contact: ['contact', 'contacts'],
  line_item: ['line item', 'line items'],
  product: ['product', 'products'],
  owner: ['owner', 'owners'],
};

export function recordTypeWord(type: string, count: number): string {
  const [one, many] = recordTypeWords[type] ?? [
    readable(type).toLowerCase(),
    `${readable(type).toLowerCase()}s`,
  ];
  return count === 1 ? one : many;
}

export const accountRoleWords = {
  accounts_receivable: 'Accounts receivable',
  deferred_revenue: 'Deferred revenue',
  income: 'Income',
  expense: 'Expense',
  clearing: 'Clearing',
  tax_payable: 'Tax payable',
  bank: 'Bank',
  retained_earnings: 'Retained earnings',
  fx_gain: 'Exchange gains',
  fx_loss: 'Exchange losses',
  rounding: 'Rounding differences',
  customer_prepayments: 'Customer prepayments',
  bad_debts: 'Bad debts',
  contract_asset: 'Contract assets',
  unrealized_fx_gain: 'Unrealized exchange gains',
  unrealized_fx_loss: 'Unrealized exchange losses',
} as const satisfies Record<string, string>;

export const accountTypeWords = {
  asset: 'Asset',
  liability: 'Liability',
  equity: 'Equity',
  income: 'Income',
  expense: 'Expense',
} as const satisfies Record<string, string>;

/** How the revenue of a performance obligation is recognised. */
export const recognitionWords = {
  daily: 'Evenly by day',
  monthly: 'Evenly by month',
  immediate: 'At once, when the service starts',
  milestone: 'By milestones',
} as const satisfies Record<string, string>;

/** When a contract is billed. */
export const billingPlanWords = {
  up_front: 'All up front',
  monthly_advance: 'Monthly in advance',
  quarterly_advance: 'Quarterly in advance',
  annual_advance: 'Annually in advance',
  monthly_arrears: 'Monthly in arrears',
  quarterly_arrears: 'Quarterly in arrears',
  annual_arrears: 'Annually in arrears',
  custom: 'Other days and amounts',
} as const satisfies Record<string, string>;

/** `user:ann@example.com` → `ann@example.com`; `key:Billing` → `API key Billing`. */
export function actorWords(actor: string): string {
  if (actor.startsWith('user:')) return actor.slice('user:'.length);
  if (actor.startsWith('system:')) return `Tributary (${actor.slice('system:'.length)})`;
  if (actor.startsWith('key:')) return `API key ${actor.slice('key:'.length)}`;
  return actor;
}
