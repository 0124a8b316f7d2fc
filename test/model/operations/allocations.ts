import type { Allocation } from '../../../src/ledger/settlement/allocation.ts';
import type { ModelBooks, ModelCustomer, ModelDocument, ModelEntity } from '../model-books.ts';
import { amountText, modelCurrencies } from '../model-money.ts';
import { pick, pickGood, unknownId } from '../operation.ts';

export interface ModelAllocation {
  readonly invoice: ModelDocument | undefined;
  readonly amount: bigint;
}

/** Whose money or credit it is. */
export interface ModelPayer {
  readonly entity: ModelEntity;
  readonly customer: ModelCustomer;
  readonly currency: string;
}

/** A part of what is left: all of it, some of it, one more than that; never less than one. */
export function partOf(left: bigint, number: number): bigint {
  const size = left < 0n ? -left : left;
  const part = number % 3 === 0 ? size : number % 11 === 0 ? size + 1n : (size * BigInt(number % 100)) / 100n;
  return part > 0n ? part : 1n;
}

/** Whether there is an invoice that money of this payer can settle. */
export const owes = (books: ModelBooks, payer: ModelPayer): boolean =>
  books.documents.some((one) => isPayable(one, payer));

const isPayable = (one: ModelDocument, payer: ModelPayer): boolean =>
  one.kind === 'invoice' &&
  !one.deleted &&
  (one.status === 'posted' || one.status === 'partly_paid') &&
  one.open > 0n &&
  one.entity === payer.entity &&
  one.customer === payer.customer &&
  one.currency === payer.currency;

/** Three times out of four somebody who owes something, in the currency that it is owed in. */
export function payerOf(
  books: ModelBooks,
  params: { readonly entity: number; readonly customer: number; readonly currency: number },
): ModelPayer | undefined {
  const gone = books.entities.flatMap(({ customers }) => customers.filter((one) => one.mergedInto !== null));
  const merged = params.customer % 12 === 1 ? pick(gone, params.entity) : undefined;
  if (merged) return { entity: merged.entity, customer: merged, currency: merged.entity.base };
  const owing = params.currency % 4 === 0 ? [] : books.documents.filter((one) => isPayable(one, one));
  const invoice = pick(owing, params.customer);
  if (invoice) return invoice;
  const all = books.entities.flatMap(({ customers }) => customers);
  const customer = pickGood(all, ({ mergedInto }) => mergedInto === null, params.customer);
  return (
    customer && {
      entity: customer.entity,
      customer,
      currency: usualCurrency(customer.entity, params.currency),
    }
  );
}

/** An entity invoices in its own currency more often than in others. */
export const usualCurrency = (entity: ModelEntity, number: number): string =>
  pick([entity.base, entity.base, 'USD', 'USD', ...modelCurrencies], Math.floor(number / 4)) ?? entity.base;

/** Invoices for an amount that is left, and how much of it each gets. */
export function allocationsOf(
  books: ModelBooks,
  payer: ModelPayer | undefined,
  left: bigint,
  { invoices, parts }: { readonly invoices: readonly number[]; readonly parts: number },
): ModelAllocation[] {
  let rest = left;
  const chosen: ModelAllocation[] = [];
  for (const [index, number] of invoices.entries()) {
    const fit = books.documents.filter((one) => payer !== undefined && isPayable(one, payer));
    const fresh = fit.filter((one) => !chosen.some(({ invoice }) => invoice === one));
    const isWild = number % 12 === 0 || fit.length === 0;
    const invoice = pick(isWild ? books.documents : number % 12 === 1 ? fit : fresh, Math.floor(number / 12));
    // Nothing more fits: fewer invoices are as good.
    if (!invoice && chosen.length > 0) continue;
    const open = invoice?.open ?? 0n;
    const amount = partOf(open < rest ? open : rest, parts + index);
    rest -= amount;
    chosen.push({ invoice, amount });
  }
  return chosen;
}

/** Why these invoices cannot be settled by the payer's money, before it is asked how much there is. */
export function refusalOfAllocations(payer: ModelPayer, wanted: readonly ModelAllocation[]): string | null {
  if (new Set(wanted.map(({ invoice }) => invoice)).size < wanted.length) return 'invalid_request';
  for (const { invoice } of wanted) {
    if (!invoice || invoice.deleted) return 'not_found';
    if (invoice.kind !== 'invoice' || invoice.entity !== payer.entity) return 'invalid_request';
    if (invoice.customer !== payer.customer) return 'customer_mismatch';
    if (invoice.currency !== payer.currency) return 'currency_mismatch';
    if (!isPayable(invoice, payer)) return 'not_open';
  }
  return null;
}

export const toAllocations = (wanted: readonly ModelAllocation[], currency: string): Allocation[] =>
  wanted.map(({ invoice, amount }) => ({
    documentId: invoice?.id ?? unknownId,
    amount: amountText(amount, currency),
  }));
