import fc from 'fast-check';
import type { CalendarDate } from '../../../src/kernel/dates.ts';
import { type PostingOutcome, postDocuments } from '../../../src/ledger/posting.ts';
import { reverseDocument } from '../../../src/ledger/reversal.ts';
import {
  book,
  isPosted,
  latest,
  line,
  type ModelBooks,
  type ModelDocument,
  rateOn,
  refusalOfDay,
  takeBack,
  takeNumber,
  totalOf,
} from '../model-books.ts';
import { amountText, inBase, sum } from '../model-money.ts';
import { choice, Difference, type Operation, operation, pickDay, pickGood, unknownId } from '../operation.ts';

export const described = (document: ModelDocument | undefined): string =>
  document
    ? `${document.name} (${document.kind} ${document.currency} ${amountText(totalOf(document), document.currency)}, ${document.deleted ? 'deleted' : document.status})`
    : 'no document';

/** What a document credits, account by account: income line by line, then the tax of each code. */
function creditsOf(document: ModelDocument): { account: string; amount: bigint }[] {
  const income = document.lines
    .filter(({ amount }) => amount !== 0n)
    .map(({ account, item, amount }) => ({ account: account ?? item?.incomeAccount ?? '4000', amount }));
  const taxes = new Map<string, { account: string; amount: bigint }>();
  for (const { taxCode, tax } of document.lines) {
    const key = taxCode?.id ?? '';
    const amount = (taxes.get(key)?.amount ?? 0n) + tax;
    taxes.set(key, { account: taxCode?.account ?? '2200', amount });
  }
  return [...income, ...[...taxes.values()].filter(({ amount }) => amount !== 0n)];
}

/** Why a document cannot be posted, or null. */
export function refusalOfPosting(document: ModelDocument | undefined): string | null {
  if (!document || document.deleted) return 'not_found';
  const { entity, status, credits, day, currency } = document;
  if (status !== 'draft') return 'document_not_draft';
  if (credits && !isPosted(credits)) return 'not_open';
  const shut = refusalOfDay(entity, day, { kind: 'document' });
  if (shut !== null) return shut;
  const lines = creditsOf(document);
  const isUsable = (number: string): boolean =>
    entity.accounts.some((one) => one.number === number && one.active);
  if (!lines.every(({ account }) => isUsable(account))) return 'account_not_usable';
  if (lines.length === 0) return 'invalid_amount';
  return rateOn(entity, currency, day) === null ? 'no_exchange_rate' : null;
}

export function post(books: ModelBooks, document: ModelDocument): void {
  const { entity, currency, day, kind } = document;
  const credits = creditsOf(document);
  const rate = rateOn(entity, currency, day) ?? '';
  const amounts = credits.map(({ amount }) => amount);
  const base = inBase(amounts, currency, entity.base, rate, books.round);
  const sign = kind === 'invoice' ? 1n : -1n;
  const total = totalOf(document);
  document.posting = book(books, entity, day, 'document', [
    line('1200', currency, sign * total, sign * sum(base), document),
    ...credits.map(({ account, amount }, index) =>
      line(account, currency, -sign * amount, -sign * (base[index] ?? 0n)),
    ),
  ]);
  document.number = takeNumber(entity, kind);
  document.status = 'posted';
  document.open = total;
  // What has no amount in its own currency is carried at nothing.
  document.openBase = total === 0n ? 0n : sum(base);
}

function checkOutcome(
  outcome: PostingOutcome | undefined,
  document: ModelDocument | undefined,
  refusal: string | null,
): void {
  const found = outcome?.outcome === 'failed' ? outcome.error.code : null;
  if (found !== refusal) {
    throw new Difference(
      'outcome',
      `posting ${described(document)}: ${found ?? 'done'}, not ${refusal ?? 'done'}`,
    );
  }
}

const isDraft = ({ deleted, status }: ModelDocument): boolean => !deleted && status === 'draft';

const postOne = operation('post', 14, fc.record({ document: choice }), (books, params) => {
  const document = pickGood(books.documents, (one) => refusalOfPosting(one) === null, params.document);
  return {
    says: `post ${described(document)}`,
    refusal: refusalOfPosting(document),
    act: async (tx) => {
      const [outcome] = await postDocuments(tx, [document?.id ?? unknownId], books.context);
      if (outcome?.outcome === 'failed') throw outcome.error;
      return outcome;
    },
    apply: (outcome) => {
      if (document) post(books, document);
      if (outcome?.number !== document?.number) {
        throw new Difference(
          'numbers have no gap',
          `${outcome?.number ?? 'none'} was given, not ${document?.number ?? 'none'}`,
        );
      }
    },
  };
});

const bulkParams = fc.record({ documents: fc.array(choice, { minLength: 2, maxLength: 5 }) });

const postBulk = operation(
  'post in bulk',
  3,
  bulkParams,
  (books, params) => {
    const documents = params.documents.map((number) => pickGood(books.documents, isDraft, number));
    const ids = documents.map((document) => document?.id ?? unknownId);
    return {
      says: `post in bulk ${documents.map(described).join(', ')}`,
      refusal: null,
      act: (tx) => postDocuments(tx, ids, books.context),
      apply: (outcomes) => {
        const distinct = new Set(documents);
        const refusals = new Map([...distinct].map((document) => [document, refusalOfPosting(document)]));
        for (const [index, document] of documents.entries()) {
          checkOutcome(outcomes[index], document, refusals.get(document) ?? null);
        }
        // Each entity and kind has numbers of its own, given in the order of the request.
        for (const document of distinct)
          if (document && refusals.get(document) === null) post(books, document);
      },
    };
  },
  { neverRefused: true },
);

const reversalParams = fc.record({ document: choice, day: choice });

const reverse = operation('reverse document', 3, reversalParams, (books, params) => {
  const document = pickGood(
    books.documents,
    (one) => refusalOfReversal(books, one) === null,
    params.document,
  );
  const day = document ? pickDay(document.entity, params.day, document.day) : '2024-01-01';
  return {
    says: `reverse ${described(document)} on ${day}`,
    refusal: refusalOfReversal(books, document, day),
    act: (tx) =>
      reverseDocument(tx, document?.id ?? unknownId, books.context, {
        date: day as CalendarDate,
        now: books.now,
      }),
    apply: () => {
      if (!document?.posting) return;
      takeBack(books, document.posting, day);
      document.status = 'reversed';
      document.open = 0n;
      document.openBase = 0n;
    },
  };
});

function refusalOfReversal(
  books: ModelBooks,
  document: ModelDocument | undefined,
  day = latest(document?.day ?? ''),
): string | null {
  if (!document || document.deleted) return 'not_found';
  if (document.status === 'draft') return 'document_not_posted';
  const isCredited = books.documents.some((one) => one.credits === document && isPosted(one));
  if (isCredited || document.status !== 'posted') return 'document_settled';
  if (day < document.day) return 'invalid_request';
  return refusalOfDay(document.entity, day, { kind: 'reversal', reverses: 'document' });
}

export const postingOperations: readonly Operation[] = [postOne, postBulk, reverse];
