import { assert } from '../../kernel/assert.ts';
import type { CalendarDate } from '../../kernel/dates.ts';
import { TributaryError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { formatMinor } from '../../kernel/money.ts';
import { type AuditContext, appendAuditEntries } from '../../platform/audit/audit-store.ts';
import type { Transaction } from '../../platform/database/database.ts';
import type { EntityScope } from '../entity-scope.ts';
import { insertJournalEntries, type NewJournalEntry, type NewJournalLine } from '../journal-store.ts';
import { baseShare } from './base-share.ts';
import { type OpenDocument, writeOpenAmounts } from './open-documents-store.ts';
import { type OpenReceipt, writeUnapplied } from './receipts-store.ts';
import type { RoleAccounts } from './role-accounts.ts';
import { type SettlementKind, settlementStatus } from './settlement-status.ts';
import { insertSettlements, type Settlement } from './settlements-store.ts';

/** One settlement that is wanted: an amount taken from a source and put on a target. */
export interface WantedSettlement {
  readonly kind: SettlementKind;
  /** Of a `credit_note`, or of a `refund` of one. */
  readonly creditNoteId: string | null;
  /** The invoice; null for a refund. */
  readonly documentId: string | null;
  readonly amountMinor: bigint;
  readonly date: CalendarDate;
  readonly reason: string | null;
  /** Of a refund: where the money left, and what that was in the base currency. */
  readonly paidOut?: { readonly accountId: string; readonly baseMinor: bigint };
}

/** What is locked and open before; `receipt` is the source of kind `receipt` and of a refund without a credit note. */
export interface OpenBooks {
  readonly documents: ReadonlyMap<string, OpenDocument>;
  readonly receipt: OpenReceipt | null;
  readonly accounts: RoleAccounts;
}

export interface PreparedSettlements {
  readonly settlements: readonly Settlement[];
  readonly entries: readonly NewJournalEntry[];
  /** As they are afterwards. */
  readonly documents: readonly OpenDocument[];
  readonly receipt: OpenReceipt | null;
}

/** What is left on one side of a settlement, and the side's account. */
interface Side {
  readonly accountId: string;
  readonly documentId: string | null;
  readonly name: string;
  readonly openMinor: bigint;
  readonly openBaseMinor: bigint;
}

/**
 * Works out entries and open amounts of settlements, one after another: each takes its share of the base amount that its source and
 * its invoice are still carried at, the last one all of it, and the difference is the realised exchange gain or loss. Pure.
 * Errors: `exceeds_open_amount`, `account_not_usable`.
 */
export function prepareSettlements(
  entityId: string,
  wanted: readonly WantedSettlement[],
  books: OpenBooks,
): PreparedSettlements {
  const documents = new Map(books.documents);
  let { receipt } = books;
  const settlements: Settlement[] = [];
  const entries: NewJournalEntry[] = [];
  const touched = new Set<string>();
  for (const want of wanted) {
    const target = targetOf(want, documents);
    const source = sourceOf(want, documents, receipt, target, books.accounts);
    const currency = currencyOf(want, documents, receipt);
    mustCover(source, want.amountMinor, currency);
    if (want.documentId !== null) mustCover(target, want.amountMinor, currency);
    const targetBaseMinor = want.paidOut
      ? want.paidOut.baseMinor
      : baseShare(target.openBaseMinor, target.openMinor, want.amountMinor);
    const sourceBaseMinor =
      want.kind === 'write_off'
        ? targetBaseMinor
        : baseShare(source.openBaseMinor, source.openMinor, want.amountMinor);
    const settlement: Settlement = {
      id: newId(),
      entityId,
      kind: want.kind,
      receiptId: isFromReceipt(want) ? (receipt?.id ?? null) : null,
      creditNoteId: want.creditNoteId,
      documentId: want.documentId,
      currency,
      amountMinor: want.amountMinor,
      sourceBaseMinor,
      targetBaseMinor,
      settledOn: want.date,
      reason: want.reason,
      entryId: newId(),
    };
    settlements.push(settlement);
    entries.push(entryOf(settlement, source, target, books.accounts));
    if (settlement.receiptId !== null) {
      receipt = takeFromReceipt(receipt, want.amountMinor, sourceBaseMinor);
    }
    for (const [id, baseMinor] of [
      [want.creditNoteId, sourceBaseMinor],
      [want.documentId, targetBaseMinor],
    ] as const) {
      const document = id === null ? undefined : documents.get(id);
      if (!document) continue;
      documents.set(document.id, takeFromDocument(document, want.amountMinor, baseMinor, want.kind));
      touched.add(document.id);
    }
  }
  return {
    settlements,
    entries,
    receipt,
    documents: [...touched].flatMap((id) => documents.get(id) ?? []),
  };
}

const isFromReceipt = (want: WantedSettlement): boolean =>
  want.kind === 'receipt' || (want.kind === 'refund' && want.creditNoteId === null);

function documentSide(document: OpenDocument | undefined): Side {
  assert(document, 'the documents of a settlement are locked');
  const { receivableAccountId } = document;
  assert(receivableAccountId !== null, 'a posted document has its receivable');
  return {
    accountId: receivableAccountId,
    documentId: document.id,
    name: document.number ?? '',
    openMinor: document.openMinor,
    openBaseMinor: document.openBaseMinor,
  };
}

function targetOf(want: WantedSettlement, documents: ReadonlyMap<string, OpenDocument>): Side {
  if (want.documentId !== null) return documentSide(documents.get(want.documentId));
  assert(want.paidOut, 'a refund says where the money leaves');
  const { accountId, baseMinor } = want.paidOut;
  return {
    accountId,
    documentId: null,
    name: 'bank',
    openMinor: want.amountMinor,
    openBaseMinor: baseMinor,
  };
}

function sourceOf(
  want: WantedSettlement,
  documents: ReadonlyMap<string, OpenDocument>,
  receipt: OpenReceipt | null,
  target: Side,
  accounts: RoleAccounts,
): Side {
  if (want.kind === 'write_off') return { ...target, accountId: accounts('bad_debts'), documentId: null };
  if (want.creditNoteId !== null) return documentSide(documents.get(want.creditNoteId));
  assert(receipt, 'the receipt of a settlement is locked');
  return {
    accountId: receipt.prepaymentAccountId,
    documentId: null,
    name: receipt.number ?? 'the receipt',
    openMinor: receipt.unappliedMinor,
    openBaseMinor: receipt.unappliedBaseMinor,
  };
}

function currencyOf(
  want: WantedSettlement,
  documents: ReadonlyMap<string, OpenDocument>,
  receipt: OpenReceipt | null,
): string {
  const document = documents.get(want.documentId ?? want.creditNoteId ?? '');
  const currency = document?.currency ?? receipt?.currency;
  assert(currency !== undefined, 'a settlement has a source or a target');
  return currency;
}

function mustCover(side: Side, amountMinor: bigint, currency: string): void {
  if (amountMinor <= side.openMinor) return;
  throw new TributaryError(
    'exceeds_open_amount',
    `${formatMinor(amountMinor, currency)} ${currency} is more than the ${formatMinor(side.openMinor, currency)} that ${side.name} has left.`,
  );
}

const takeFromReceipt = (
  receipt: OpenReceipt | null,
  amountMinor: bigint,
  baseMinor: bigint,
): OpenReceipt | null =>
  receipt && {
    ...receipt,
    unappliedMinor: receipt.unappliedMinor - amountMinor,
    unappliedBaseMinor: receipt.unappliedBaseMinor - baseMinor,
  };

function takeFromDocument(
  document: OpenDocument,
  amountMinor: bigint,
  baseMinor: bigint,
  kind: SettlementKind,
): OpenDocument {
  const openMinor = document.openMinor - amountMinor;
  const liveKinds = new Set([...document.liveKinds, kind]);
  return {
    ...document,
    openMinor,
    openBaseMinor: document.openBaseMinor - baseMinor,
    liveKinds,
    status: settlementStatus(document.totalMinor, openMinor, liveKinds),
  };
}

const titles: Readonly<Record<SettlementKind, string>> = {
  receipt: 'Payment of',
  credit_note: 'Credit on',
  write_off: 'Write-off of',
  refund: 'Refund of',
};

function entryOf(
  settlement: Settlement,
  source: Side,
  target: Side,
  accounts: RoleAccounts,
): NewJournalEntry {
  const { kind, currency, amountMinor, sourceBaseMinor, targetBaseMinor } = settlement;
  const gainMinor = sourceBaseMinor - targetBaseMinor;
  const lines: NewJournalLine[] = [
    {
      accountId: source.accountId,
      currency,
      amountMinor,
      baseMinor: sourceBaseMinor,
      documentId: source.documentId,
    },
    {
      accountId: target.accountId,
      currency,
      amountMinor: -amountMinor,
      baseMinor: -targetBaseMinor,
      documentId: target.documentId,
    },
  ];
  // The books gain or lose in the base currency only: the line has no amount in the document's.
  if (gainMinor !== 0n) {
    const accountId = accounts(gainMinor > 0n ? 'fx_gain' : 'fx_loss');
    lines.push({ accountId, currency, amountMinor: 0n, baseMinor: -gainMinor });
  }
  return {
    id: settlement.entryId,
    entityId: settlement.entityId,
    date: settlement.settledOn,
    kind: kind === 'refund' ? 'refund' : 'settlement',
    description: `${titles[kind]} ${kind === 'refund' ? source.name : target.name}`,
    documentId: settlement.documentId ?? settlement.creditNoteId,
    reversesEntryId: null,
    lines,
  };
}

/** Writes what `prepareSettlements` worked out: entries first. `receiptIsNew`: its row says already what is left of it. */
export async function writeSettlements(
  tx: Transaction,
  scope: EntityScope,
  prepared: PreparedSettlements,
  context: AuditContext,
): Promise<void> {
  await insertJournalEntries(tx, context, prepared.entries);
  await recordSettlements(tx, scope, prepared, context);
  if (prepared.receipt && prepared.settlements.some(({ receiptId }) => receiptId !== null)) {
    await writeUnapplied(tx, prepared.receipt);
  }
}

/** The settlements with what they leave open, once their entries stand in the journal and their receipt is there. */
export async function recordSettlements(
  tx: Transaction,
  scope: EntityScope,
  { settlements, documents }: PreparedSettlements,
  context: AuditContext,
): Promise<void> {
  if (settlements.length === 0) return;
  await insertSettlements(tx, scope, settlements, context.actor);
  await writeOpenAmounts(tx, documents, context.actor);
  await appendAuditEntries(
    tx,
    context,
    settlements.map((settlement) => ({
      action: settlement.kind === 'refund' ? 'settlement.refunded' : 'settlement.made',
      subjectType: settlement.documentId === null ? 'settlement' : 'document',
      subjectId: settlement.documentId ?? settlement.id,
      before: null,
      after: auditOf(settlement),
    })),
  );
}

/** What the audit trail keeps of a settlement. */
export function auditOf(settlement: Settlement): Readonly<Record<string, unknown>> {
  return {
    settlementId: settlement.id,
    kind: settlement.kind,
    amount: formatMinor(settlement.amountMinor, settlement.currency),
    currency: settlement.currency,
    date: settlement.settledOn,
    receiptId: settlement.receiptId,
    creditNoteId: settlement.creditNoteId,
    documentId: settlement.documentId,
    reason: settlement.reason,
    entryId: settlement.entryId,
  };
}
