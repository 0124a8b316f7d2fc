import {
  book,
  line,
  type ModelBooks,
  type ModelDocument,
  type ModelEntity,
  type ModelReceipt,
  type ModelSettlement,
  takeBack,
  totalOf,
} from './model-books.ts';
import { shareOf } from './model-money.ts';

export interface WantedSettlement {
  readonly kind: ModelSettlement['kind'];
  readonly receipt?: ModelReceipt | undefined;
  readonly note?: ModelDocument | undefined;
  readonly invoice?: ModelDocument | undefined;
  readonly amount: bigint;
  readonly day: string;
  /** Of a refund: what left the bank, in the base. */
  readonly paidBase?: bigint;
}

/** Whether each of them, one after another, takes no more than its source and its invoice have left. */
export function refusalOfCover(wanted: readonly WantedSettlement[]): string | null {
  const left = new Map<ModelDocument | ModelReceipt, bigint>();
  for (const { receipt, note, invoice, amount } of wanted) {
    for (const side of [receipt, note, invoice]) {
      if (!side) continue;
      const has = left.get(side) ?? ('open' in side ? side.open : side.left);
      if (amount > has) return 'exceeds_open_amount';
      left.set(side, has - amount);
    }
  }
  return null;
}

function statusOf(books: ModelBooks, document: ModelDocument): string {
  const total = totalOf(document);
  if (document.open === total) return 'posted';
  if (document.open > 0n) return 'partly_paid';
  const kinds = books.settlements
    .filter(({ undone, note, invoice }) => !undone && (note === document || invoice === document))
    .map(({ kind }) => kind);
  if (kinds.includes('write_off')) return 'written_off';
  return kinds.includes('receipt') ? 'paid' : 'credited';
}

/** Settles what was found to be covered. The id is known once the program has made it. */
export function settle(books: ModelBooks, entity: ModelEntity, want: WantedSettlement): ModelSettlement {
  const { kind, receipt = null, note = null, invoice = null, amount, day } = want;
  const { round } = books;
  const currency = receipt?.currency ?? note?.currency ?? invoice?.currency ?? '';
  const targetBase = invoice ? shareOf(invoice.openBase, invoice.open, amount, round) : (want.paidBase ?? 0n);
  const sourceBase = receipt
    ? shareOf(receipt.leftBase, receipt.left, amount, round)
    : note
      ? shareOf(note.openBase, note.open, amount, round)
      : targetBase;
  const source = receipt ? '2150' : note ? '1200' : '6300';
  const gain = sourceBase - targetBase;
  const lines = [
    line(source, currency, amount, sourceBase, note),
    line(invoice ? '1200' : '1000', currency, -amount, -targetBase, invoice),
  ];
  if (gain !== 0n) lines.push(line(gain > 0n ? '4900' : '6900', currency, 0n, -gain));
  const entry = book(books, entity, day, kind === 'refund' ? 'refund' : 'settlement', lines);
  const settlement: ModelSettlement = {
    id: '',
    kind,
    entity,
    receipt,
    note,
    invoice,
    amount,
    sourceBase,
    targetBase,
    day,
    entry,
    undone: false,
  };
  books.settlements.push(settlement);
  move(books, settlement, -1n);
  return settlement;
}

/** Takes from source and invoice, or (1) gives back. */
function move(books: ModelBooks, settlement: ModelSettlement, sign: 1n | -1n): void {
  const { receipt, note, invoice, amount, sourceBase, targetBase } = settlement;
  if (receipt) {
    receipt.left += sign * amount;
    receipt.leftBase += sign * sourceBase;
  }
  if (note) {
    note.open += sign * amount;
    note.openBase += sign * sourceBase;
    note.status = statusOf(books, note);
  }
  if (invoice) {
    invoice.open += sign * amount;
    invoice.openBase += sign * targetBase;
    invoice.status = statusOf(books, invoice);
  }
}

export function undoSettlement(books: ModelBooks, settlement: ModelSettlement, day: string): void {
  settlement.undone = true;
  takeBack(books, settlement.entry, day);
  move(books, settlement, 1n);
}
