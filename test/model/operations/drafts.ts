import fc from 'fast-check';
import { createDraft, changeDraft, type DraftInput } from '../../../src/ledger/by-hand/drafts.ts';
import { deleteDraftDocuments } from '../../../src/ledger/document-drafts-store.ts';
import { TributaryError } from '../../../src/kernel/errors.ts';
import type { CalendarDate } from '../../../src/kernel/dates.ts';
import type { Transaction } from '../../../src/platform/database/database.ts';
import {
  addDays,
  type ModelBooks,
  type ModelCustomer,
  type ModelDocument,
  type ModelDocumentLine,
  totalOf,
} from '../model-books.ts';
import { amountText, decimalsOf, type Round } from '../model-money.ts';
import {
  choice,
  type Made,
  type Operation,
  operation,
  pick,
  pickDay,
  pickEntity,
  pickGood,
  unknownId,
} from '../operation.ts';
import { usualCurrency } from './allocations.ts';

const lineParams = fc.record({
  quantity: fc.integer({ min: 1, max: 9 }),
  /** Thousandths. */
  price: fc.integer({ min: 1, max: 999_999 }),
  /** Thousandths of a percent. */
  discount: fc.constantFrom(null, null, 10_000, 33_333, 2_500),
  isRebate: fc.nat({ max: 9 }).map((number) => number === 0),
  item: choice,
  account: choice,
  tax: choice,
});

type LineParams = Made<typeof lineParams>;

const draftParams = fc.record({
  entity: choice,
  customer: choice,
  currency: choice,
  day: choice,
  dueDays: fc.nat({ max: 60 }),
  lines: fc.array(lineParams, { minLength: 1, maxLength: 3 }),
});

interface Drafted {
  readonly input: DraftInput;
  readonly currency: string;
  readonly day: string;
  readonly due: string;
  readonly lines: readonly ModelDocumentLine[];
  readonly refusal: string | null;
}

function priced(params: LineParams, customer: ModelCustomer, currency: string, round: Round) {
  const { entity } = customer;
  const price = BigInt(params.isRebate ? -params.price : params.price);
  const rest = 100_000n - BigInt(params.discount ?? 0);
  const scale = 10n ** BigInt(decimalsOf(currency));
  const amount = round(BigInt(params.quantity) * price * rest * scale, 100_000_000n);
  const item = params.item % 4 === 0 ? null : (pick(entity.items, params.item) ?? null);
  const incomes = entity.accounts.filter(({ type }) => type === 'income');
  const account = params.account % 3 === 0 ? (pick(incomes, Math.floor(params.account / 3)) ?? null) : null;
  const chosen = params.tax % 3;
  const taxCode =
    chosen === 0
      ? null
      : chosen === 1
        ? (pick(entity.taxCodes, Math.floor(params.tax / 3)) ?? null)
        : (customer.taxCode ?? item?.taxCode ?? null);
  const tax = taxCode ? round(amount * taxCode.rate, 100_000n) : 0n;
  return {
    account,
    line: { item, account: account?.number ?? null, amount, tax, taxCode, credits: null },
    input: {
      itemId: item?.id ?? null,
      description: 'Work',
      quantity: params.quantity.toString(),
      unitPrice: thousandths(price),
      discountPercent: params.discount === null ? null : thousandths(BigInt(params.discount)),
      account: account?.number ?? null,
      ...(chosen === 2 ? {} : { taxCodeId: taxCode?.id ?? null }),
    },
  };
}

function thousandths(value: bigint): string {
  const digits = (value < 0n ? -value : value).toString().padStart(4, '0');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -3)}.${digits.slice(-3)}`;
}

function drafted(books: ModelBooks, params: Made<typeof draftParams>, customer: ModelCustomer): Drafted {
  const currency = usualCurrency(customer.entity, params.currency);
  const day = pickDay(customer.entity, params.day);
  const made = params.lines.map((one) => priced(one, customer, currency, books.round));
  const lines = made.map(({ line }) => line);
  const refusal =
    customer.mergedInto !== null
      ? 'invalid_request'
      : made.some(({ account }) => account?.active === false)
        ? 'account_not_usable'
        : totalOf({ lines }) < 0n
          ? 'invalid_amount'
          : null;
  const due = addDays(day, params.dueDays);
  return {
    refusal,
    currency,
    day,
    due,
    lines,
    input: {
      customerId: customer.id,
      currency,
      documentDate: day as CalendarDate,
      dueDate: due as CalendarDate,
      lines: made.map(({ input }) => input),
    },
  };
}

const moneyOf = ({ currency, lines }: Drafted): string =>
  `${currency} ${amountText(totalOf({ lines }), currency)}`;

const make = operation('draft invoice', 15, draftParams, (books, params) => {
  const entity = pickEntity(books, params.entity);
  const customer = pickGood(entity.customers, ({ mergedInto }) => mergedInto === null, params.customer);
  if (!customer) return nobody(books);
  const made = drafted(books, params, customer);
  const name = `D${books.documents.length + 1}`;
  return {
    says: `draft invoice ${name} of ${customer.name}, ${moneyOf(made)} on ${made.day}`,
    refusal: made.refusal,
    act: (tx) => createDraft(tx, made.input, books.context, books.now),
    apply: (document) => {
      books.documents.push({
        id: document.id,
        name,
        entity,
        kind: 'invoice',
        customer,
        currency: made.currency,
        day: made.day,
        due: made.due,
        lines: made.lines,
        credits: null,
        number: null,
        status: 'draft',
        open: totalOf(made),
        openBase: 0n,
        disputed: false,
        deleted: false,
        posting: null,
      });
    },
  };
});

function nobody(books: ModelBooks) {
  const input: DraftInput = { customerId: unknownId, lines: [{ description: 'Work', unitPrice: '1' }] };
  return {
    says: 'draft an invoice of nobody',
    refusal: 'not_found',
    act: (tx: Transaction) => createDraft(tx, input, books.context, books.now),
    apply: () => {},
  };
}

const editParams = fc.record({
  document: choice,
  isStale: fc.nat({ max: 7 }).map((number) => number === 0),
  draft: draftParams,
});

const edit = operation('edit draft', 3, editParams, (books, params) => {
  const document = pickGood(
    books.documents,
    (one) => !one.deleted && one.status === 'draft' && one.kind === 'invoice',
    params.document,
  );
  const customers = document?.entity.customers ?? books.entities.flatMap((one) => one.customers);
  const customer = pickGood(customers, ({ mergedInto }) => mergedInto === null, params.draft.customer);
  if (!customer) return nobody(books);
  const made = drafted(books, params.draft, customer);
  return {
    says: `edit ${document?.name ?? 'no draft'}: ${moneyOf(made)} of ${customer.name}${params.isStale ? ', from a version of yesterday' : ''}`,
    refusal: refusalOfEdit(document, params.isStale) ?? made.refusal,
    act: async (tx) => {
      const id = document?.id ?? unknownId;
      const version = (await versionOf(tx, id)) - (params.isStale ? 1 : 0);
      return changeDraft(tx, id, version, made.input, books.context);
    },
    apply: () => {
      if (!document) return;
      document.customer = customer;
      document.currency = made.currency;
      document.day = made.day;
      document.due = made.due;
      document.lines = made.lines;
      document.open = totalOf(made);
    },
  };
});

function refusalOfEdit(document: ModelDocument | undefined, isStale: boolean): string | null {
  if (!document || document.deleted) return 'not_found';
  if (document.status !== 'draft') return 'document_not_draft';
  if (document.kind !== 'invoice') return 'invalid_request';
  return isStale ? 'conflict' : null;
}

async function versionOf(tx: Transaction, id: string): Promise<number> {
  const [row] = await tx.query<{ version: number }>(
    'SELECT d.version FROM documents d WHERE d.id = $1::uuid',
    [id],
  );
  return row?.version ?? 1;
}

const remove = operation('delete draft', 1, fc.record({ document: choice }), (books, params) => {
  const document = pickGood(
    books.documents,
    (one) => !one.deleted && one.status === 'draft',
    params.document,
  );
  const entity = document?.entity ?? pickEntity(books, 0);
  const refusal =
    !document || document.deleted ? 'not_found' : document.status === 'draft' ? null : 'document_not_draft';
  return {
    says: `delete ${document?.name ?? 'no draft'} (${document?.status ?? 'none'})`,
    refusal,
    act: async (tx) => {
      const scope = { organizationId: books.organizationId, entityId: entity.id };
      const [outcome] = await deleteDraftDocuments(tx, scope, [document?.id ?? unknownId]);
      // The deletion is a batch: it answers an outcome instead of an error.
      if (outcome?.outcome === 'missing') throw new TributaryError('not_found');
      if (outcome?.outcome === 'not_draft') throw new TributaryError('document_not_draft');
    },
    apply: () => {
      if (document) document.deleted = true;
    },
  };
});

export const draftOperations: readonly Operation[] = [make, edit, remove];
