import type { Allocation } from '../../../src/ledger/settlement/allocation.ts';
import type { ModelBooks, ModelCustomer, ModelDocument, ModelEntity } from '../model-books.ts';
import { amountText } from '../model-money.ts';
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

const isPayable = (one: ModelDocument, payer: ModelPayer): boolean =>
  one.kind === 'invoice' &&
  !one.deleted &&
  (one.status === 'posted' || one.status === 'partly_paid') &&
  one.open > 0n &&
  one.entity === payer.entity &&
  one.customer === payer.customer &&
  one.currency === payer.currency;

/** Invoices for an amount that is left, and how much of it each gets. */
export function allocationsOf(
  books: ModelBooks,
  payer: ModelPayer | undefined,
  left: bigint,
  { invoices, parts }: { readonly invoices: readonly number[]; readonly parts: number },
): ModelAllocation[] {
  let rest = left;
  return invoices.map((number, index) => {
    const isGood = (one: ModelDocument): boolean => payer !== undefined && isPayable(one, payer);
    const invoice =
      number % 6 === 1 ? pick(books.documents, number) : pickGood(books.documents, isGood, number);
    const open = invoice?.open ?? 0n;
    const amount = partOf(open < rest ? open : rest, parts + index);
    rest -= amount;
    return { invoice, amount };
  });
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
