import fc from 'fast-check';
import type { CalendarDate } from '../../../src/kernel/dates.ts';
import { setDispute } from '../../../src/ledger/settlement/dispute.ts';
import { undoSettlement as undoInBooks } from '../../../src/ledger/settlement/undo.ts';
import { writeOffInvoice } from '../../../src/ledger/settlement/write-off.ts';
import { isPosted, type ModelDocument, type ModelSettlement, refusalOfDay } from '../model-books.ts';
import { amountText } from '../model-money.ts';
import { refusalOfCover, settle, undoSettlement } from '../model-settlement.ts';
import { choice, type Operation, operation, pickDay, pickEntity, pickGood, unknownId } from '../operation.ts';
import { partOf } from './allocations.ts';
import { described } from './posting.ts';

const isOpenInvoice = (one: ModelDocument): boolean =>
  one.kind === 'invoice' && isPosted(one) && one.open > 0n;

const writeOffParams = fc.record({ invoice: choice, part: choice, day: choice });

const writeOff = operation('write off', 3, writeOffParams, (books, params) => {
  const invoice = pickGood(books.documents, isOpenInvoice, params.invoice);
  const entity = invoice?.entity ?? pickEntity(books, 0);
  const currency = invoice?.currency ?? 'EUR';
  const amount = partOf(invoice?.open ?? 0n, params.part);
  const day = pickDay(entity, params.day, invoice?.day);
  return {
    says: `write off ${currency} ${amountText(amount, currency)} of ${described(invoice)} on ${day}`,
    refusal: refusalOfWriteOff(),
    act: (tx) =>
      writeOffInvoice(
        tx,
        invoice?.id ?? unknownId,
        { amount: amountText(amount, currency), reason: 'Insolvent' },
        books.context,
        { date: day as CalendarDate, now: books.now },
      ),
    apply: () => {
      if (invoice) settle(books, entity, { kind: 'write_off', invoice, amount, day });
    },
  };

  function refusalOfWriteOff(): string | null {
    if (!invoice || invoice.deleted) return 'not_found';
    if (invoice.kind !== 'invoice') return 'invalid_request';
    if (!isOpenInvoice(invoice)) return 'not_open';
    if (day < invoice.day) return 'invalid_request';
    return (
      refusalOfCover([{ kind: 'write_off', invoice, amount, day }]) ??
      refusalOfDay(entity, day, { kind: 'settlement' })
    );
  }
});

const undoParams = fc.record({ settlement: choice, day: choice });

const undo = operation('undo settlement', 5, undoParams, (books, params) => {
  const settlement = pickGood(books.settlements, (one) => !one.undone, params.settlement);
  const day = settlement ? pickDay(settlement.entity, params.day, settlement.day) : '2024-01-01';
  return {
    says: `undo ${textOf(settlement)} on ${day}`,
    refusal: refusalOfUndo(settlement, day),
    act: async (tx) => {
      // Its id was not asked for when it was made: source, invoice, amount and day name it, and of several that are alike any will do.
      const [row] = await tx.query<{ id: string }>(
        `SELECT s.id FROM settlements s
         WHERE s.receipt_id IS NOT DISTINCT FROM $1::uuid AND s.credit_note_id IS NOT DISTINCT FROM $2::uuid
           AND s.document_id IS NOT DISTINCT FROM $3::uuid AND s.kind = $4::text AND s.amount_minor = $5::bigint
           AND s.settled_on = $6::date AND s.source_base_minor = $7::bigint AND s.target_base_minor = $8::bigint
           AND (s.undone_at IS NOT NULL) = $9::boolean
         ORDER BY s.id LIMIT 1`,
        [
          settlement?.receipt?.id ?? null,
          settlement?.note?.id ?? null,
          settlement?.invoice?.id ?? null,
          settlement?.kind ?? '',
          settlement?.amount.toString() ?? '0',
          settlement?.day ?? '2024-01-01',
          settlement?.sourceBase.toString() ?? '0',
          settlement?.targetBase.toString() ?? '0',
          settlement?.undone ?? false,
        ],
      );
      await undoInBooks(tx, row?.id ?? unknownId, books.context, {
        date: day as CalendarDate,
        now: books.now,
      });
    },
    apply: () => {
      if (settlement) undoSettlement(books, settlement, day);
    },
  };
});

function refusalOfUndo(settlement: ModelSettlement | undefined, day: string): string | null {
  if (!settlement) return 'not_found';
  if (settlement.undone) return 'already_undone';
  if (day < settlement.day) return 'invalid_request';
  return refusalOfDay(settlement.entity, day, { kind: 'reversal' });
}

const textOf = (settlement: ModelSettlement | undefined): string =>
  settlement
    ? `${settlement.kind} of ${settlement.amount} from ${settlement.receipt?.number ?? settlement.note?.name ?? 'the result'} to ${settlement.invoice?.name ?? 'the bank'}`
    : 'no settlement';

const disputeParams = fc.record({ invoice: choice, disputed: fc.boolean() });

const dispute = operation('dispute', 2, disputeParams, (books, params) => {
  const isGood = (one: ModelDocument): boolean =>
    one.kind === 'invoice' && isPosted(one) && one.disputed !== params.disputed;
  const invoice = pickGood(books.documents, isGood, params.invoice);
  return {
    says: `${params.disputed ? 'dispute' : 'clear the dispute of'} ${described(invoice)}`,
    refusal: refusalOfDispute(invoice, params.disputed),
    act: (tx) =>
      setDispute(
        tx,
        invoice?.id ?? unknownId,
        { disputed: params.disputed, reason: 'Goods late' },
        books.context,
      ),
    apply: () => {
      if (invoice) invoice.disputed = params.disputed;
    },
  };
});

function refusalOfDispute(invoice: ModelDocument | undefined, disputed: boolean): string | null {
  if (!invoice || invoice.deleted) return 'not_found';
  if (invoice.kind !== 'invoice') return 'invalid_request';
  if (!isPosted(invoice)) return 'not_open';
  return invoice.disputed === disputed ? 'conflict' : null;
}

export const settlementOperations: readonly Operation[] = [writeOff, undo, dispute];
