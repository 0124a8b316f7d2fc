import { assert } from '../kernel/assert.ts';
import { type Decimal, decimalFromInteger, parseDecimal } from '../kernel/decimal.ts';
import { TributaryError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { formatMinor, isAmountInRange } from '../kernel/money.ts';
import { type AuditContext, appendAuditEntries } from '../platform/audit/audit-store.ts';
import type { Transaction } from '../platform/database/database.ts';
import { type AccountOverrides, typesOfRole } from './account-roles.ts';
import { listAccountRoleRows, type RoleResolution, resolveRoles } from './account-roles-store.ts';
import { type Account, listAccounts } from './accounts-store.ts';
import { readDocumentDigests } from './audit/document-digests.ts';
import { toBaseAmounts } from './base-amounts.ts';
import { getEntity } from './entities.ts';
import type { Entity } from './entities-store.ts';
import { findExchangeRates, wantedRateKey } from './exchange-rates-store.ts';
import { groupBy } from './group-by.ts';
import { netBilledContracts } from './contracts/net-contracts.ts';
import { insertJournalEntries, type NewJournalEntry, type NewJournalLine } from './journal-store.ts';
import { taxesToPost } from './tax-to-post.ts';
import { takeNumbers } from './number-series-store.ts';
import { assertPeriodTakes, holdPeriods } from './periods/period-gate.ts';
import {
  type LockedDocument,
  lockDocuments,
  markPosted,
  type PostingLine,
  readPostingLines,
} from './posting-store.ts';
import { findCreditedIds } from './settlement/credit-notes-store.ts';

/** More would hold the number series for seconds; split a longer list over transactions. */
export const postingBatchMax = 1000;

export interface PostingOptions {
  /** `configuration.accounts` of the connections that documents came from, by connection id. */
  readonly overridesByConnection?: ReadonlyMap<string, AccountOverrides>;
}

export type PostingOutcome =
  | { readonly id: string; readonly outcome: 'posted'; readonly number: string; readonly entryId: string }
  | { readonly id: string; readonly outcome: 'failed'; readonly error: TributaryError };

/** What the accounts of one entity are, read once a batch. */
interface EntityBooks {
  readonly entity: Entity;
  readonly accounts: readonly Account[];
  readonly roles: Awaited<ReturnType<typeof listAccountRoleRows>>;
  /** Which account plays which part, by the overrides, worked out once for all documents of a connection. */
  readonly resolutions: Map<AccountOverrides, readonly RoleResolution[]>;
}

const postingRoles = ['accounts_receivable', 'income', 'tax_payable'] as const;
type PostingRole = (typeof postingRoles)[number];

interface PreparedPosting {
  readonly document: LockedDocument;
  readonly entry: NewJournalEntry;
  readonly rate: string;
}

/**
 * Posts draft invoices and credit notes: takes the exchange rate of the document date, books receivable against income (by line) and tax, and gives the
 * next number, all in this transaction; a credit note the other way round. One outcome an id, in the order given, numbers in that order too; one that cannot be
 * posted stops no other. Outcome errors: `not_found`, `document_not_draft`, `invalid_request` (another kind), `not_open` (the invoice of a credit note is reversed), `invalid_amount`,
 * `amount_out_of_range`, `no_exchange_rate`, `account_not_usable`,
 * `unknown_period`, `locked_period`. Throws `invalid_request` for more than `postingBatchMax` ids.
 */
export async function postDocuments(
  tx: Transaction,
  ids: readonly string[],
  context: AuditContext,
  options: PostingOptions = {},
): Promise<PostingOutcome[]> {
  if (ids.length > postingBatchMax) {
    throw new TributaryError(
      'invalid_request',
      `At most ${postingBatchMax} documents can be posted at once.`,
    );
  }
  const distinct = [...new Set(ids)];
  // The invoice of a credit note is locked with it, in one order, since both count what is credited.
  const creditedIds = await findCreditedIds(tx, distinct);
  const lockedIds = [...new Set([...distinct, ...creditedIds.values()])];
  const found = new Map((await lockDocuments(tx, lockedIds)).map((document) => [document.id, document]));
  const drafts = distinct.flatMap((id) => found.get(id) ?? []).filter(({ status }) => status === 'draft');
  const linesOf = groupBy(
    await readPostingLines(
      tx,
      drafts.map(({ id }) => id),
    ),
    (line) => line.documentId,
  );
  const books = await readBooks(tx, drafts);
  const rates = await readRates(tx, drafts, books);
  const held = await holdPeriods(tx, drafts, context);

  const prepared: PreparedPosting[] = [];
  const failed = new Map<string, TributaryError>();
  for (const id of distinct) {
    try {
      const document = mustBePostable(found.get(id), found.get(creditedIds.get(id) ?? ''));
      assertPeriodTakes(held, { ...document, kind: 'document' });
      prepared.push(preparePosting(document, linesOf.get(id) ?? [], books, rates, options));
    } catch (error) {
      if (!(error instanceof TributaryError)) throw error;
      failed.set(id, error);
    }
  }
  const numbers = await writePostings(tx, prepared, context);
  const entryIds = new Map(prepared.map(({ document, entry }) => [document.id, entry.id]));
  return ids.map((id): PostingOutcome => {
    const error = failed.get(id);
    if (error) return { id, outcome: 'failed', error };
    const number = numbers.get(id);
    const entryId = entryIds.get(id);
    assert(number !== undefined && entryId !== undefined, 'a document is posted or failed');
    return { id, outcome: 'posted', number, entryId };
  });
}

function mustBePostable(
  document: LockedDocument | undefined,
  credited: LockedDocument | undefined,
): LockedDocument {
  if (!document) throw new TributaryError('not_found', 'There is no such document.');
  if (document.status !== 'draft') {
    throw new TributaryError('document_not_draft', `${document.number ?? 'It'} is ${document.status}.`);
  }
  if (document.kind !== 'invoice' && document.kind !== 'credit_note') {
    throw new TributaryError('invalid_request', `A ${document.kind} cannot be posted yet.`);
  }
  if (credited && (credited.status === 'draft' || credited.status === 'reversed')) {
    throw new TributaryError('not_open', `${credited.number ?? 'Its invoice'} is ${credited.status}.`);
  }
  return document;
}

async function readBooks(
  tx: Transaction,
  documents: readonly LockedDocument[],
): Promise<Map<string, EntityBooks>> {
  const books = new Map<string, EntityBooks>();
  for (const entityId of new Set(documents.map((document) => document.entityId))) {
    books.set(entityId, {
      entity: await getEntity(tx, entityId),
      accounts: await listAccounts(tx, entityId),
      roles: await listAccountRoleRows(tx, entityId),
      resolutions: new Map(),
    });
  }
  return books;
}

function readRates(
  tx: Transaction,
  documents: readonly LockedDocument[],
  books: ReadonlyMap<string, EntityBooks>,
): Promise<Map<string, string>> {
  const foreign = documents.filter(
    ({ entityId, currency }) => books.get(entityId)?.entity.baseCurrency !== currency,
  );
  return findExchangeRates(
    tx,
    foreign.map(({ entityId, currency, date }) => ({ entityId, currency, date })),
  );
}

function rateOf(document: LockedDocument, entity: Entity, rates: ReadonlyMap<string, string>): string {
  if (document.currency === entity.baseCurrency) return '1';
  const rate = rates.get(wantedRateKey(document));
  if (rate === undefined) {
    throw new TributaryError(
      'no_exchange_rate',
      `${document.currency} to ${entity.baseCurrency} on or before ${document.date}.`,
    );
  }
  return rate;
}

/** The entry that posts a document, or the error why not: pure. */
function preparePosting(
  document: LockedDocument,
  lines: readonly PostingLine[],
  booksById: ReadonlyMap<string, EntityBooks>,
  rates: ReadonlyMap<string, string>,
  options: PostingOptions,
): PreparedPosting {
  const books = booksById.get(document.entityId);
  assert(books, 'the books of every draft are read');
  const taxMinor = lines.reduce((sum, line) => sum + line.taxMinor, 0n);
  const netMinor = lines.reduce((sum, line) => sum + line.amountMinor, 0n);
  if (taxMinor !== document.taxMinor || netMinor + taxMinor !== document.totalMinor) {
    const total = formatMinor(document.totalMinor, document.currency);
    throw new TributaryError(
      'invalid_amount',
      `The total is ${total}, but lines and tax come to ${formatMinor(netMinor + taxMinor, document.currency)}.`,
    );
  }
  const credits = creditsOf(document, lines, books, overridesFor(document, options));
  if (credits.length === 0) throw new TributaryError('invalid_amount', 'There is nothing to post.');
  const rate = rateOf(document, books.entity, rates);
  const entry: NewJournalEntry = {
    id: newId(),
    entityId: document.entityId,
    date: document.date,
    kind: 'document',
    description: document.description === '' ? titles[document.kind] : document.description,
    documentId: document.id,
    reversesEntryId: null,
    lines: signed(document, journalLines(document, credits, books, rate, overridesFor(document, options))),
  };
  return { document, entry, rate };
}

const titles = {
  invoice: 'Invoice',
  credit_note: 'Credit note',
  contract: 'Contract',
  sales_order: 'Sales order',
};

/** A credit note is the invoice the other way round: income and tax against what is owed to the customer. */
const signed = (document: LockedDocument, lines: readonly NewJournalLine[]): readonly NewJournalLine[] =>
  document.kind === 'credit_note'
    ? lines.map((line) => ({ ...line, amountMinor: -line.amountMinor, baseMinor: -line.baseMinor }))
    : lines;

const noOverrides: AccountOverrides = {};

const overridesFor = (document: LockedDocument, options: PostingOptions): AccountOverrides =>
  (document.connectionId === null ? undefined : options.overridesByConnection?.get(document.connectionId)) ??
  noOverrides;

interface Credit {
  readonly accountId: string;
  /** Positive: a credit. */
  readonly amountMinor: bigint;
}

function creditsOf(
  document: LockedDocument,
  lines: readonly PostingLine[],
  books: EntityBooks,
  overrides: AccountOverrides,
): Credit[] {
  const income = lines
    .filter((line) => line.amountMinor !== 0n)
    .map((line) => ({
      accountId:
        line.incomeAccountId === null
          ? roleAccount(books, 'income', overrides)
          : creditedAccount(books, line.incomeAccountId, line.position, document.contractId !== null),
      amountMinor: line.amountMinor,
    }));
  const taxes = taxesToPost(lines, document.currency).map(({ accountId, amountMinor }) => ({
    accountId:
      accountId === null ? roleAccount(books, 'tax_payable', overrides) : taxAccount(books, accountId),
    amountMinor,
  }));
  return [...income, ...taxes];
}

function taxAccount(books: EntityBooks, accountId: string): string {
  const account = books.accounts.find(({ id }) => id === accountId);
  if (!account?.active) {
    throw new TributaryError('account_not_usable', `The tax account ${account?.number ?? ''} is inactive.`);
  }
  return account.id;
}

function roleAccount(books: EntityBooks, role: PostingRole, overrides: AccountOverrides): string {
  const resolutions =
    books.resolutions.get(overrides) ?? resolveRoles(postingRoles, books.accounts, books.roles, overrides);
  books.resolutions.set(overrides, resolutions);
  const resolution = resolutions.find((found) => found.role === role);
  if (!resolution?.account || resolution.problem !== null) {
    throw new TributaryError(
      'account_not_usable',
      `${role.replaceAll('_', ' ')}: ${resolution?.problem ?? ''}`,
    );
  }
  return resolution.account.id;
}

/** An invoice of a contract credits the contract liability; the contract's recognition runs credit income. */
function creditedAccount(
  books: EntityBooks,
  accountId: string,
  position: number,
  ofContract: boolean,
): string {
  const account = books.accounts.find(({ id }) => id === accountId);
  const types = typesOfRole[ofContract ? 'deferred_revenue' : 'income'];
  if (!account?.active || !types.includes(account.type)) {
    const name = account ? `${account.number} ${account.name}` : 'of another entity';
    throw new TributaryError(
      'account_not_usable',
      `Line ${position}: the account ${name} is no active ${types.join(' or ')} account.`,
    );
  }
  return account.id;
}

function journalLines(
  document: LockedDocument,
  credits: readonly Credit[],
  books: EntityBooks,
  rate: string,
  overrides: AccountOverrides,
): NewJournalLine[] {
  const factor: Decimal = parseDecimal(rate) ?? decimalFromInteger(1);
  const base = toBaseAmounts(
    credits.map(({ amountMinor }) => amountMinor),
    document.currency,
    books.entity.baseCurrency,
    factor,
  );
  const { currency, totalMinor } = document;
  const receivable: NewJournalLine = {
    accountId: roleAccount(books, 'accounts_receivable', overrides),
    currency,
    amountMinor: totalMinor,
    baseMinor: base.reduce((sum, baseMinor) => sum + baseMinor, 0n),
    documentId: document.id,
  };
  const lines = [
    receivable,
    ...credits.map(({ accountId, amountMinor }, index) => ({
      accountId,
      currency,
      amountMinor: -amountMinor,
      baseMinor: -(base[index] ?? 0n),
    })),
  ].filter((line) => line.amountMinor !== 0n || line.baseMinor !== 0n);
  const tooLarge = lines.find(({ baseMinor }) => !isAmountInRange(baseMinor));
  if (tooLarge) {
    throw new TributaryError('amount_out_of_range', `In ${books.entity.baseCurrency} at a rate of ${rate}.`);
  }
  return lines;
}

/** Entries first, numbers last: whoever waits for the next number waits as short as can be. */
async function writePostings(
  tx: Transaction,
  prepared: readonly PreparedPosting[],
  context: AuditContext,
): Promise<Map<string, string>> {
  const numbers = new Map<string, string>();
  if (prepared.length === 0) return numbers;
  await insertJournalEntries(
    tx,
    context,
    prepared.map(({ entry }) => entry),
  );
  const byEntity = groupBy(prepared, ({ document }) => document.entityId);
  // Always the same order of locks, so that two batches never wait for each other in a circle.
  for (const entityId of [...byEntity.keys()].sort()) {
    const byKind = groupBy(byEntity.get(entityId) ?? [], ({ document }) => document.kind);
    for (const kind of [...byKind.keys()].sort()) {
      const postings = byKind.get(kind) ?? [];
      const taken = await takeNumbers(tx, entityId, kind, postings.length);
      postings.forEach(({ document }, index) => {
        numbers.set(document.id, taken[index] ?? '');
      });
    }
  }
  await markPosted(
    tx,
    prepared.map(({ document, rate }) => ({ id: document.id, number: numbers.get(document.id) ?? '', rate })),
    context.actor,
  );
  const digests = await readDocumentDigests(
    tx,
    prepared.map(({ document }) => document.id),
  );
  await appendAuditEntries(
    tx,
    context,
    prepared.map(({ document, entry, rate }) => ({
      action: 'document.posted',
      subjectType: 'document',
      subjectId: document.id,
      before: { status: 'draft' },
      after: {
        status: 'posted',
        entryId: entry.id,
        exchangeRate: rate,
        // Number, customer and digest, as they stand in the books.
        ...digests.get(document.id),
      },
    })),
  );
  const billed = prepared.filter(({ document }) => document.contractId !== null);
  await netBilledContracts(tx, new Map(billed.map(({ document }) => [document.id, document.date])), context);
  return numbers;
}
