import type { CalendarDate } from '../../kernel/dates.ts';
import { TributaryError } from '../../kernel/errors.ts';
import type { Transaction } from '../../platform/database/database.ts';
import { insertDraftDocuments } from '../document-drafts-store.ts';
import { type Document, getDocument } from '../documents-store.ts';
import { setExchangeRate } from '../exchange-rates.ts';
import { postDocuments } from '../posting.ts';
import { type SampleBooks, sampleDraft, sampleDraftRow } from '../sample-books.ts';
import { readTrialBalance } from '../trial-balance-store.ts';
import { type ReceiptRequest, recordReceipt } from './receipts.ts';

type Lines = Parameters<typeof sampleDraft>[1];
type Fields = Parameters<typeof sampleDraft>[2];

export const day = (text: string): CalendarDate => text as CalendarDate;

/** For tests: a draft invoice of these lines, in the books' base currency unless said otherwise. */
export async function draftInvoice(
  tx: Transaction,
  books: SampleBooks,
  lines: Lines,
  fields: Fields = {},
): Promise<string> {
  const row = sampleDraftRow(books, sampleDraft(books, lines, fields));
  await insertDraftDocuments(tx, books.scope, [row]);
  return row.id;
}

/** For tests: the same, posted. */
export async function postInvoice(
  tx: Transaction,
  books: SampleBooks,
  lines: Lines,
  fields: Fields = {},
): Promise<string> {
  const id = await draftInvoice(tx, books, lines, fields);
  const [outcome] = await postDocuments(tx, [id], books.context);
  if (outcome?.outcome === 'failed') throw outcome.error;
  return id;
}

/** For tests: money from the sample customer in the base currency on 20 March 2026, unless said otherwise. */
export function receive(
  tx: Transaction,
  books: SampleBooks,
  amount: string,
  fields: Partial<ReceiptRequest> = {},
): Promise<string> {
  return recordReceipt(
    tx,
    {
      entityId: books.entity.id,
      customerId: books.customerId,
      currency: books.entity.baseCurrency,
      amount,
      receivedOn: day('2026-03-20'),
      ...fields,
    },
    books.context,
  );
}

export async function setRate(
  tx: Transaction,
  books: SampleBooks,
  currency: string,
  date: string,
  rate: string,
): Promise<void> {
  await setExchangeRate(tx, books.entity.id, { currency, date, rate }, books.context);
}

/** For tests: status and open amount of a document, as of a day before anything is overdue. */
export async function stateOf(
  tx: Transaction,
  id: string,
): Promise<Pick<Document, 'status' | 'openMinor'> | null> {
  const document = await getDocument(tx, id, new Date('2026-03-11T00:00:00Z'));
  return document && { status: document.status, openMinor: document.openMinor };
}

/** For tests: net base amounts by account number, debits positive, without the accounts that come to nothing. */
export async function balances(tx: Transaction, books: SampleBooks): Promise<Record<string, bigint>> {
  const lines = await readTrialBalance(tx, books.entity.id, day('2099-12-31'));
  return Object.fromEntries(
    lines.filter(({ netMinor }) => netMinor !== 0n).map(({ number, netMinor }) => [number, netMinor]),
  );
}

/** For tests: the code of the error that the work is refused with, `none` when it is not. */
export async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'none';
  } catch (error) {
    if (error instanceof TributaryError) return error.code;
    throw error;
  }
}
