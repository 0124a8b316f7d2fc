import fc from 'fast-check';
import type { CalendarDate } from '../../../src/kernel/dates.ts';
import { allocateCreditNote } from '../../../src/ledger/settlement/allocation.ts';
import {
  type CreditRequest,
  createCreditNote,
  creditInvoice,
} from '../../../src/ledger/settlement/credit-notes.ts';
import { refundCreditNote } from '../../../src/ledger/settlement/refunds.ts';
import {
  isPosted,
  latest,
  type ModelBooks,
  type ModelDocument,
  type ModelDocumentLine,
  rateOn,
  refusalOfDay,
  totalOf,
} from '../model-books.ts';
import { amountText, inBase, type Round, sum } from '../model-money.ts';
import { refusalOfCover, settle } from '../model-settlement.ts';
import {
  choice,
  type Operation,
  operation,
  pick,
  pickDay,
  pickEntity,
  pickGood,
  unknownId,
} from '../operation.ts';
import { allocationsOf, owes, partOf, payerOf, refusalOfAllocations, toAllocations } from './allocations.ts';
import { described, post, refusalOfPosting } from './posting.ts';

/** What of each line the credit notes that stand, drafts too, have left. */
function leftOf(books: ModelBooks, invoice: ModelDocument): ModelDocumentLine[] {
  const notes = books.documents.filter(
    (one) => one.credits === invoice && !one.deleted && one.status !== 'reversed',
  );
  const taken = notes.flatMap(({ lines }) => lines);
  return invoice.lines.map((whole, index) => {
    const parts = taken.filter(({ credits }) => credits === index);
    return {
      ...whole,
      credits: index,
      amount: whole.amount - sum(parts.map(({ amount }) => amount)),
      tax: whole.tax - sum(parts.map(({ tax }) => tax)),
    };
  });
}

/** A gross amount over lines and taxes in proportion: each running total is rounded, and a part is what it adds. */
function spread(left: readonly ModelDocumentLine[], amount: bigint, round: Round): ModelDocumentLine[] {
  const whole = totalOf({ lines: left });
  let passed = 0n;
  const upTo = (part: bigint): bigint => {
    const before = round(passed * amount, whole);
    passed += part;
    return round(passed * amount, whole) - before;
  };
  return left.map((one) => ({ ...one, amount: upTo(one.amount), tax: upTo(one.tax) }));
}

interface Credit {
  readonly request: CreditRequest;
  readonly lines: readonly ModelDocumentLine[];
  readonly refusal: string | null;
}

const isSomething = ({ amount, tax }: ModelDocumentLine): boolean => amount !== 0n || tax !== 0n;

const creditParams = fc.record({
  invoice: choice,
  how: fc.constantFrom('whole', 'line', 'part of a line', 'amount', 'amount', 'too much'),
  line: choice,
  part: choice,
  day: choice,
  apply: fc.boolean(),
});

function creditOf(
  books: ModelBooks,
  invoice: ModelDocument,
  { how, line: chosen, part }: { readonly how: string; readonly line: number; readonly part: number },
): Credit {
  const { currency } = invoice;
  const left = leftOf(books, invoice);
  const whole = totalOf({ lines: left });
  if (how === 'whole') return { request: {}, lines: left.filter(isSomething), refusal: null };
  if (how === 'amount' || how === 'too much') {
    const amount = how === 'amount' ? partOf(whole, part) : (whole > 0n ? whole : 0n) + 1n;
    const refusal = amount > whole ? 'exceeds_creditable' : null;
    const lines = refusal === null ? spread(left, amount, books.round).filter(isSomething) : [];
    return { request: { amount: amountText(amount, currency) }, lines, refusal };
  }
  const one = pick(left, chosen);
  if (!one) return { request: { lines: [] }, lines: [], refusal: null };
  const position = (one.credits ?? 0) + 1;
  if (how === 'line') return { request: { lines: [{ position }] }, lines: [one], refusal: null };
  const size = one.amount < 0n ? -one.amount : one.amount;
  const amount = partOf(size, part);
  const refusal = amount > size ? 'exceeds_creditable' : null;
  const tax = amount === size ? one.tax : size === 0n ? 0n : books.round(one.tax * amount, size);
  const lines = [{ ...one, amount: one.amount < 0n ? -amount : amount, tax }];
  return { request: { lines: [{ position, amount: amountText(amount, currency) }] }, lines, refusal };
}

const credit = operation('credit invoice', 7, creditParams, (books, params) => {
  const isGood = (one: ModelDocument): boolean => one.kind === 'invoice' && isPosted(one);
  const invoice = pickGood(books.documents, isGood, params.invoice);
  const made = invoice && !invoice.deleted ? creditOf(books, invoice, params) : null;
  const day = invoice ? pickDay(invoice.entity, params.day, invoice.day) : '2024-01-01';
  const name = `D${books.documents.length + 1}`;
  const note = invoice && made ? noteOf(name, invoice, made.lines, day) : null;
  const applied = note && invoice ? (note.open < invoice.open ? note.open : invoice.open) : 0n;
  return {
    says: `credit ${described(invoice)} as ${name}: ${params.how} ${JSON.stringify(made?.request ?? {})} on ${day}${params.apply ? ', post and apply it' : ''}`,
    refusal:
      refusalOfCredit(books, invoice, made, note, day) ??
      (params.apply && note ? refusalOfPosting(note) : null),
    act: (tx) =>
      creditInvoice(tx, invoice?.id ?? unknownId, { ...made?.request, apply: params.apply }, books.context, {
        date: day as CalendarDate,
        now: books.now,
      }),
    apply: (id) => {
      if (!note || !invoice) return;
      const added = { ...note, id };
      books.documents.push(added);
      if (!params.apply) return;
      post(books, added);
      if (applied === 0n) return;
      settle(books, invoice.entity, { kind: 'credit_note', note: added, invoice, amount: applied, day });
    },
  };
});

function noteOf(
  name: string,
  invoice: ModelDocument,
  lines: readonly ModelDocumentLine[],
  day: string,
): ModelDocument {
  return {
    ...invoice,
    id: '',
    name,
    kind: 'credit_note',
    day,
    due: day,
    lines,
    credits: invoice,
    number: null,
    status: 'draft',
    open: totalOf({ lines }),
    openBase: 0n,
    disputed: false,
    posting: null,
  };
}

function refusalOfCredit(
  books: ModelBooks,
  invoice: ModelDocument | undefined,
  made: Credit | null,
  note: ModelDocument | null,
  day: string,
): string | null {
  if (!invoice || invoice.deleted || !made || !note) return 'not_found';
  if (invoice.kind !== 'invoice') return 'invalid_request';
  if (!isPosted(invoice)) return 'not_open';
  if (made.refusal !== null) return made.refusal;
  if (note.open <= 0n || note.open > totalOf({ lines: leftOf(books, invoice) })) return 'exceeds_creditable';
  return day < invoice.day ? 'invalid_request' : null;
}

const freeParams = fc.record({
  entity: choice,
  customer: choice,
  currency: choice,
  amount: fc.integer({ min: 1, max: 50_000 }),
  tax: fc.nat({ max: 5000 }),
  day: choice,
});

const creditFreely = operation('credit customer', 4, freeParams, (books, params) => {
  const { customer, entity = pickEntity(books, 0), currency = 'EUR' } = payerOf(books, params) ?? {};
  const day = pickDay(entity, params.day);
  const name = `D${books.documents.length + 1}`;
  const amount = BigInt(params.amount);
  const tax = BigInt(params.tax);
  const lines = [
    { description: 'Goodwill', amount: amountText(amount, currency), tax: amountText(tax, currency) },
  ];
  return {
    says: `draft credit note ${name} of ${customer?.name ?? 'nobody'}, ${currency} ${amountText(amount + tax, currency)} on ${day}`,
    refusal: customer ? (customer.mergedInto === null ? null : 'invalid_request') : 'not_found',
    act: (tx) =>
      createCreditNote(
        tx,
        {
          entityId: entity.id,
          customerId: customer?.id ?? unknownId,
          currency,
          date: day as CalendarDate,
          description: 'Goodwill',
          lines,
        },
        books.context,
        { now: books.now },
      ),
    apply: (id) => {
      if (!customer) return;
      const item = entity.items.find(({ isDefault }) => isDefault) ?? null;
      const only = { item, account: null, amount, tax, taxCode: null, credits: null };
      books.documents.push({
        id,
        name,
        entity,
        kind: 'credit_note',
        customer,
        currency,
        day,
        due: day,
        lines: [only],
        credits: null,
        number: null,
        status: 'draft',
        open: amount + tax,
        openBase: 0n,
        disputed: false,
        deleted: false,
        posting: null,
      });
    },
  };
});

const hasOpen = (one: ModelDocument): boolean => one.kind === 'credit_note' && isPosted(one) && one.open > 0n;

function refusalOfNote(note: ModelDocument | undefined): string | null {
  if (!note || note.deleted) return 'not_found';
  if (note.kind !== 'credit_note') return 'invalid_request';
  return isPosted(note) && note.open > 0n ? null : 'not_open';
}

const useParams = fc.record({
  note: choice,
  invoices: fc.array(choice, { minLength: 1, maxLength: 3 }),
  parts: choice,
  day: choice,
});

const use = operation('apply credit note', 9, useParams, (books, params) => {
  const note = pickGood(books.documents, (one) => hasOpen(one) && owes(books, one), params.note);
  const wanted = allocationsOf(books, note, note?.open ?? 0n, params);
  const follows = latest(note?.day ?? '', ...wanted.map(({ invoice }) => invoice?.day ?? ''));
  const day = pickDay(note?.entity ?? pickEntity(books, 0), params.day, follows);
  const refusal =
    refusalOfNote(note) ??
    (note ? refusalOfAllocations(note, wanted) : null) ??
    (day < follows ? 'invalid_request' : null) ??
    refusalOfCover(
      wanted.map(({ invoice, amount }) => ({ kind: 'credit_note', note, invoice, amount, day })),
    ) ??
    (note ? refusalOfDay(note.entity, day, { kind: 'settlement' }) : null);
  return {
    says: `apply ${described(note)} on ${day} to ${wanted.map(({ invoice, amount }) => `${described(invoice)}: ${amount}`).join(', ')}`,
    refusal,
    act: (tx) =>
      allocateCreditNote(
        tx,
        note?.id ?? unknownId,
        toAllocations(wanted, note?.currency ?? 'EUR'),
        books.context,
        {
          date: day as CalendarDate,
          now: books.now,
        },
      ),
    apply: () => {
      for (const { invoice, amount } of wanted) {
        if (note) settle(books, note.entity, { kind: 'credit_note', note, invoice, amount, day });
      }
    },
  };
});

const refundParams = fc.record({ note: choice, part: choice, day: choice });

const refund = operation('refund credit note', 3, refundParams, (books, params) => {
  const note = pickGood(books.documents, hasOpen, params.note);
  const amount = partOf(note?.open ?? 0n, params.part);
  const entity = note?.entity ?? pickEntity(books, 0);
  const currency = note?.currency ?? 'EUR';
  const day = pickDay(entity, params.day, note?.day);
  const rate = rateOn(entity, currency, day);
  return {
    says: `refund ${currency} ${amountText(amount, currency)} of ${described(note)} on ${day}`,
    refusal:
      refusalOfNote(note) ??
      (day < (note?.day ?? '') ? 'invalid_request' : null) ??
      (rate === null ? 'no_exchange_rate' : null) ??
      refusalOfCover([{ kind: 'refund', note, amount, day }]) ??
      refusalOfDay(entity, day, { kind: 'refund' }),
    act: (tx) =>
      refundCreditNote(tx, note?.id ?? unknownId, { amount: amountText(amount, currency) }, books.context, {
        date: day as CalendarDate,
        now: books.now,
      }),
    apply: () => {
      const [paidBase = 0n] = inBase([amount], currency, entity.base, rate ?? '', books.round);
      if (note) settle(books, entity, { kind: 'refund', note, amount, day, paidBase });
    },
  };
});

export const creditNoteOperations: readonly Operation[] = [credit, creditFreely, use, refund];
