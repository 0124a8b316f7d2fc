import type { CalendarDate } from '../../kernel/dates.ts';
import { TributaryError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { formatMinor } from '../../kernel/money.ts';
import { type AuditContext, appendAuditEntries } from '../../platform/audit/audit-store.ts';
import type { Transaction } from '../../platform/database/database.ts';
import type { AccountOverrides } from '../account-roles.ts';
import { getEntity } from '../entities.ts';
import { findExchangeRates, wantedRateKey } from '../exchange-rates-store.ts';
import { takeNumbers } from '../number-series-store.ts';
import { type LockedDocument, lockDocuments } from '../posting-store.ts';
import { type BillingPlan, planBilling, type PlannedBilling } from './billing-plan.ts';
import { deferredAccount, incomeAccount, readContractAccounts } from './contract-accounts.ts';
import { type LineTerms, obligationsOf } from './contract-terms.ts';
import { insertContract, markActive, readContractLines } from './contracts-store.ts';

export interface ActivationRequest {
  readonly billing: BillingPlan;
  /** For `custom`: days and amounts without tax; they sum to the price. */
  readonly billings?: readonly { readonly date: CalendarDate; readonly amountMinor: bigint }[];
  readonly lines?: readonly LineTerms[];
}

/** The contract, locked. Errors: `not_found`, `invalid_request` (another kind of document). */
export async function lockContract(tx: Transaction, id: string): Promise<LockedDocument> {
  const [document] = await lockDocuments(tx, [id]);
  if (!document) throw new TributaryError('not_found', 'There is no such contract.');
  if (document.kind !== 'contract')
    throw new TributaryError('invalid_request', 'The document is no contract.');
  return document;
}

/**
 * Activates a draft contract: allocates the transaction price, stores schedules and billing plan, gives the number and takes the rate of
 * the contract's date. Posts nothing. Errors: `not_found`, `document_not_draft`, `invalid_request`, `invalid_amount`,
 * `account_not_usable`, `no_exchange_rate`.
 */
export async function activateContract(
  tx: Transaction,
  id: string,
  request: ActivationRequest,
  context: AuditContext,
  overrides: AccountOverrides = {},
): Promise<void> {
  const document = await lockContract(tx, id);
  if (document.status !== 'draft') {
    throw new TributaryError('document_not_draft', `${document.number ?? 'It'} is ${document.status}.`);
  }
  const lines = await readContractLines(tx, id);
  const obligations = obligationsOf(lines, document.date, request.lines);
  const priceMinor = document.totalMinor - document.taxMinor;
  const start = obligations.map(({ serviceStart }) => serviceStart).sort(byText)[0] ?? document.date;
  const end =
    obligations
      .map(({ serviceEnd }) => serviceEnd)
      .sort(byText)
      .at(-1) ?? start;
  const billings =
    request.billing === 'custom'
      ? customBillings(request, priceMinor, document)
      : planBilling(priceMinor, document.taxMinor, request.billing, start, end);
  const rate = await rateOf(tx, document);
  const accounts = await readContractAccounts(tx, document.entityId, overrides);
  await insertContract(tx, {
    documentId: id,
    organizationId: context.organizationId,
    entityId: document.entityId,
    currency: document.currency,
    priceMinor,
    rate,
    deferredAccountId: deferredAccount(lines, accounts),
    assetAccountId: accounts.role('contract_asset'),
    obligations: obligations.map((obligation) => ({
      ...obligation,
      id: newId(),
      incomeAccountId: incomeAccount(obligation, accounts),
    })),
    billings: billings.map((billing, index) => ({ ...billing, position: index + 1, billed: false })),
  });
  const [number = ''] = await takeNumbers(tx, document.entityId, 'contract', 1);
  await markActive(tx, id, number, rate, context.actor);
  await appendAuditEntries(tx, context, [
    {
      action: 'contract.activated',
      subjectType: 'document',
      subjectId: id,
      before: { status: 'draft' },
      after: {
        status: 'active',
        number,
        price: formatMinor(priceMinor, document.currency),
        billing: request.billing,
        obligations: obligations.map(({ description, allocatedMinor, recognition }) => ({
          description,
          allocated: formatMinor(allocatedMinor, document.currency),
          recognition,
        })),
      },
    },
  ]);
}

const byText = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

function customBillings(
  { billings = [] }: ActivationRequest,
  priceMinor: bigint,
  { currency, taxMinor }: LockedDocument,
): PlannedBilling[] {
  const sum = billings.reduce((total, { amountMinor }) => total + amountMinor, 0n);
  if (sum !== priceMinor || billings.some(({ amountMinor }) => amountMinor < 0n)) {
    const message = `The bills come to ${formatMinor(sum, currency)}; the price is ${formatMinor(priceMinor, currency)} ${currency}.`;
    throw new TributaryError('invalid_request', message, { fields: [{ field: 'billings', message }] });
  }
  let passed = 0n;
  let before = 0n;
  return billings.map(({ date, amountMinor }) => {
    passed += amountMinor;
    const upTo = priceMinor === 0n ? taxMinor : (taxMinor * passed) / priceMinor;
    const part = { date, amountMinor, taxMinor: upTo - before };
    before = upTo;
    return part;
  });
}

async function rateOf(tx: Transaction, document: LockedDocument): Promise<string> {
  const { baseCurrency } = await getEntity(tx, document.entityId);
  if (document.currency === baseCurrency) return '1';
  const rate = (await findExchangeRates(tx, [document])).get(wantedRateKey(document));
  if (rate !== undefined) return rate;
  throw new TributaryError(
    'no_exchange_rate',
    `${document.currency} to ${baseCurrency} on or before ${document.date}.`,
  );
}
