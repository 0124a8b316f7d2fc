import fc from 'fast-check';
import type { CalendarDate } from '../../../src/kernel/dates.ts';
import { allocateReceipt } from '../../../src/ledger/settlement/allocation.ts';
import { type ReceiptRequest, recordReceipt } from '../../../src/ledger/settlement/receipts.ts';
import { refundReceipt } from '../../../src/ledger/settlement/refunds.ts';
import { reverseReceipt } from '../../../src/ledger/settlement/undo.ts';
import {
  book,
  latest,
  line,
  type ModelBooks,
  type ModelReceipt,
  rateOn,
  refusalOfDay,
  takeBack,
  takeNumber,
} from '../model-books.ts';
import { amountText, inBase } from '../model-money.ts';
import { refusalOfCover, settle, undoSettlement } from '../model-settlement.ts';
import {
  choice,
  Difference,
  type Operation,
  operation,
  pickDay,
  pickEntity,
  pickGood,
  unknownId,
} from '../operation.ts';
import {
  allocationsOf,
  type ModelAllocation,
  owes,
  partOf,
  payerOf,
  refusalOfAllocations,
  toAllocations,
} from './allocations.ts';
import { described } from './posting.ts';

const receiptName = (receipt: ModelReceipt | undefined): string =>
  receipt
    ? `${receipt.entity.name} ${receipt.number} (${receipt.currency} ${amountText(receipt.left, receipt.currency)} left, ${receipt.status})`
    : 'no receipt';

const allocationText = (wanted: readonly ModelAllocation[]): string =>
  wanted.map(({ invoice, amount }) => `${described(invoice)}: ${amount}`).join(', ');

const receiptParams = fc.record({
  entity: choice,
  customer: choice,
  currency: choice,
  amount: fc.integer({ min: 1, max: 400_000 }),
  /** Hundredths of what the rate of the day would make of it; null: that. */
  bankShare: fc.option(fc.integer({ min: 90, max: 110 }), { freq: 3 }),
  day: choice,
  how: fc.constantFrom('unapplied', 'named', 'named', 'oldest_first'),
  invoices: fc.array(choice, { minLength: 1, maxLength: 3 }),
  parts: choice,
});

/** The oldest due date first, as far as the money goes. */
function oldestFirst(
  books: ModelBooks,
  payer: Pick<ModelReceipt, 'entity' | 'customer' | 'currency'>,
  amount: bigint,
): ModelAllocation[] {
  const open = books.documents
    .filter((one) => one.kind === 'invoice' && one.entity === payer.entity && one.customer === payer.customer)
    .filter((one) => !one.deleted && ['posted', 'partly_paid'].includes(one.status) && one.open > 0n)
    .filter(({ currency }) => currency === payer.currency)
    .toSorted((a, b) => (`${a.due} ${a.day} ${a.id}` < `${b.due} ${b.day} ${b.id}` ? -1 : 1));
  let rest = amount;
  return open.flatMap((invoice) => {
    const part = invoice.open < rest ? invoice.open : rest;
    rest -= part;
    return part > 0n ? [{ invoice, amount: part }] : [];
  });
}

const receive = operation('receipt', 16, receiptParams, (books, params) => {
  const payer = payerOf(books, params);
  const { customer, entity = pickEntity(books, 0), currency = 'EUR' } = payer ?? {};
  const amount = BigInt(params.amount);
  const day = pickDay(entity, params.day);
  const rate = rateOn(entity, currency, day);
  const [dayBase = 0n] = inBase([amount], currency, entity.base, rate ?? '1', books.round);
  const bankBase =
    params.bankShare === null || currency === entity.base
      ? null
      : (dayBase * BigInt(params.bankShare)) / 100n + 1n;
  const wanted =
    params.how === 'unapplied' || !payer
      ? []
      : params.how === 'named'
        ? allocationsOf(books, payer, amount, params)
        : oldestFirst(books, payer, amount);
  const dayOf = ({ invoice }: ModelAllocation): string => latest(day, invoice?.day ?? '');
  const request: ReceiptRequest = {
    entityId: entity.id,
    customerId: customer?.id ?? unknownId,
    currency,
    amount: amountText(amount, currency),
    receivedOn: day as CalendarDate,
    ...(bankBase === null ? {} : { bankAmount: amountText(bankBase, entity.base) }),
    ...(params.how === 'unapplied'
      ? {}
      : {
          allocations: params.how === 'named' ? toAllocations(wanted, currency) : ('oldest_first' as const),
        }),
  };
  return {
    says: `receipt of ${customer?.name ?? 'nobody'}: ${currency} ${request.amount} on ${day}, ${params.how} ${allocationText(wanted)}`,
    refusal: refusalOfReceipt(),
    act: (tx) => recordReceipt(tx, request, books.context),
    apply: (id) => {
      if (!customer) return;
      const base = bankBase ?? dayBase;
      const entry = book(books, entity, day, 'receipt', [
        line('1000', currency, amount, base),
        line('2150', currency, -amount, -base),
      ]);
      const receipt: ModelReceipt = {
        id,
        entity,
        customer,
        currency,
        amount,
        day,
        number: takeNumber(entity, 'receipt'),
        entry,
        status: 'posted',
        left: amount,
        leftBase: base,
      };
      books.receipts.push(receipt);
      for (const one of wanted) {
        const { invoice } = one;
        settle(books, entity, { kind: 'receipt', receipt, invoice, amount: one.amount, day: dayOf(one) });
      }
    },
  };

  function refusalOfReceipt(): string | null {
    if (!payer) return 'not_found';
    if (payer.customer.mergedInto !== null) return 'invalid_request';
    const unfit = params.how === 'named' ? refusalOfAllocations(payer, wanted) : null;
    if (unfit !== null) return unfit;
    if (rate === null && bankBase === null) return 'no_exchange_rate';
    const source = { left: amount } as ModelReceipt;
    return (
      refusalOfCover(
        wanted.map((one) => ({
          kind: 'receipt',
          receipt: source,
          invoice: one.invoice,
          amount: one.amount,
          day,
        })),
      ) ??
      refusalOfDay(entity, day, { kind: 'receipt' }) ??
      wanted
        .map((one) => refusalOfDay(entity, dayOf(one), { kind: 'settlement' }))
        .find((code) => code !== null) ??
      null
    );
  }
});

const hasLeft = (one: ModelReceipt): boolean => one.status === 'posted' && one.left > 0n;

const allocationParams = fc.record({
  receipt: choice,
  invoices: fc.array(choice, { minLength: 1, maxLength: 3 }),
  parts: choice,
  day: choice,
});

const allocate = operation('allocate receipt', 11, allocationParams, (books, params) => {
  const receipt = pickGood(books.receipts, (one) => hasLeft(one) && owes(books, one), params.receipt);
  const wanted = allocationsOf(books, receipt, receipt?.left ?? 0n, params);
  const follows = latest(receipt?.day ?? '', ...wanted.map(({ invoice }) => invoice?.day ?? ''));
  const day = pickDay(receipt?.entity ?? pickEntity(books, 0), params.day, follows);
  return {
    says: `allocate ${receiptName(receipt)} on ${day} to ${allocationText(wanted)}`,
    refusal: refusalOfAllocation(receipt, wanted, day, follows),
    act: (tx) =>
      allocateReceipt(
        tx,
        receipt?.id ?? unknownId,
        toAllocations(wanted, receipt?.currency ?? 'EUR'),
        books.context,
        {
          date: day as CalendarDate,
          now: books.now,
        },
      ),
    apply: () => {
      for (const { invoice, amount } of wanted) {
        if (receipt) settle(books, receipt.entity, { kind: 'receipt', receipt, invoice, amount, day });
      }
    },
  };
});

function refusalOfAllocation(
  receipt: ModelReceipt | undefined,
  wanted: readonly ModelAllocation[],
  day: string,
  follows: string,
): string | null {
  if (!receipt) return 'not_found';
  if (receipt.status === 'reversed') return 'receipt_reversed';
  return (
    refusalOfAllocations(receipt, wanted) ??
    (day < follows ? 'invalid_request' : null) ??
    refusalOfCover(
      wanted.map(({ invoice, amount }) => ({ kind: 'receipt', receipt, invoice, amount, day })),
    ) ??
    refusalOfDay(receipt.entity, day, { kind: 'settlement' })
  );
}

const overParams = fc.record({
  receipt: choice,
  invoice: choice,
  more: fc.integer({ min: 1, max: 1000 }),
  day: choice,
});

const overAllocate = operation(
  'allocate too much',
  1,
  overParams,
  (books, params) => {
    const receipt = pickGood(books.receipts, hasLeft, params.receipt);
    const [first] = allocationsOf(books, receipt, receipt?.left ?? 0n, {
      invoices: [params.invoice * 12 + 2],
      parts: 0,
    });
    const more =
      (first?.invoice?.open ?? 0n) < (receipt?.left ?? 0n)
        ? (receipt?.left ?? 0n)
        : (first?.invoice?.open ?? 0n);
    const wanted = [{ invoice: first?.invoice, amount: more + BigInt(params.more) }];
    const follows = latest(receipt?.day ?? '', first?.invoice?.day ?? '');
    const day = pickDay(receipt?.entity ?? pickEntity(books, 0), params.day, follows);
    return {
      says: `allocate too much of ${receiptName(receipt)} to ${allocationText(wanted)}`,
      refusal: refusalOfAllocation(receipt, wanted, day, follows),
      act: (tx) =>
        allocateReceipt(
          tx,
          receipt?.id ?? unknownId,
          toAllocations(wanted, receipt?.currency ?? 'EUR'),
          books.context,
          {
            date: day as CalendarDate,
            now: books.now,
          },
        ),
      apply: () => {
        throw new Difference('outcome', 'more was allocated than there is');
      },
    };
  },
  { neverDone: true },
);

const refundParams = fc.record({ receipt: choice, part: choice, day: choice });

const refund = operation('refund receipt', 2, refundParams, (books, params) => {
  const receipt = pickGood(books.receipts, hasLeft, params.receipt);
  const entity = receipt?.entity ?? pickEntity(books, 0);
  const currency = receipt?.currency ?? 'EUR';
  const amount = partOf(receipt?.left ?? 0n, params.part);
  const day = pickDay(entity, params.day, receipt?.day);
  const rate = rateOn(entity, currency, day);
  return {
    says: `refund ${currency} ${amountText(amount, currency)} of ${receiptName(receipt)} on ${day}`,
    refusal:
      refusalOfLive(receipt) ??
      (receipt?.left === 0n ? 'not_open' : null) ??
      (day < (receipt?.day ?? '') ? 'invalid_request' : null) ??
      (rate === null ? 'no_exchange_rate' : null) ??
      refusalOfCover([{ kind: 'refund', receipt, amount, day }]) ??
      refusalOfDay(entity, day, { kind: 'refund' }),
    act: (tx) =>
      refundReceipt(tx, receipt?.id ?? unknownId, { amount: amountText(amount, currency) }, books.context, {
        date: day as CalendarDate,
        now: books.now,
      }),
    apply: () => {
      const [paidBase = 0n] = inBase([amount], currency, entity.base, rate ?? '', books.round);
      if (receipt) settle(books, entity, { kind: 'refund', receipt, amount, day, paidBase });
    },
  };
});

function refusalOfLive(receipt: ModelReceipt | undefined): string | null {
  if (!receipt) return 'not_found';
  return receipt.status === 'reversed' ? 'receipt_reversed' : null;
}

const reversalParams = fc.record({ receipt: choice, day: choice });

const reverse = operation('reverse receipt', 2, reversalParams, (books, params) => {
  const live = (receipt: ModelReceipt | undefined) =>
    books.settlements.filter((one) => !one.undone && receipt !== undefined && one.receipt === receipt);
  const isFree = (one: ModelReceipt): boolean =>
    one.status === 'posted' && live(one).every(({ kind }) => kind !== 'refund');
  const receipt = pickGood(books.receipts, isFree, params.receipt);
  const undone = live(receipt);
  const follows = latest(receipt?.day ?? '', ...undone.map((one) => one.day));
  const day = receipt ? pickDay(receipt.entity, params.day, follows) : '2024-01-01';
  return {
    says: `reverse ${receiptName(receipt)} with ${undone.length} settlements on ${day}`,
    refusal:
      refusalOfLive(receipt) ??
      (undone.some(({ kind }) => kind === 'refund') ? 'receipt_refunded' : null) ??
      (day < follows ? 'invalid_request' : null) ??
      (receipt ? refusalOfDay(receipt.entity, day, { kind: 'reversal' }) : null),
    act: (tx) =>
      reverseReceipt(tx, receipt?.id ?? unknownId, books.context, {
        date: day as CalendarDate,
        now: books.now,
      }),
    apply: () => {
      if (!receipt) return;
      for (const one of undone) undoSettlement(books, one, day);
      takeBack(books, receipt.entry, day);
      receipt.status = 'reversed';
      receipt.left = 0n;
      receipt.leftBase = 0n;
    },
  };
});

export const receiptOperations: readonly Operation[] = [receive, allocate, overAllocate, refund, reverse];
