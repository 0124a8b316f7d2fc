import type { HandlerOutput, Handlers } from '../../contract/handler.ts';
import { TributaryError } from '../../kernel/errors.ts';
import { formatMinor } from '../../kernel/money.ts';
import { isCurrency } from '../../kernel/currencies.ts';
import { numericToWire } from '../../ledger/documents-wire.ts';
import { getEntity } from '../../ledger/entities.ts';
import {
  allocateCreditNote,
  allocateReceipt,
  allocationsMax,
  oldestFirst,
} from '../../ledger/settlement/allocation.ts';
import { createCreditNote, creditInvoice, readCreditable } from '../../ledger/settlement/credit-notes.ts';
import { setDispute } from '../../ledger/settlement/dispute.ts';
import { listOpenInvoices } from '../../ledger/settlement/open-documents-store.ts';
import { positiveAmount } from '../../ledger/settlement/positive-amount.ts';
import { recordReceipt } from '../../ledger/settlement/receipts.ts';
import { getReceipt, listReceipts, type Receipt } from '../../ledger/settlement/receipts-store.ts';
import { refundCreditNote, refundReceipt } from '../../ledger/settlement/refunds.ts';
import { listSettlements } from '../../ledger/settlement/settlements-store.ts';
import { reverseReceipt, undoSettlement } from '../../ledger/settlement/undo.ts';
import { writeOffInvoice } from '../../ledger/settlement/write-off.ts';
import type { Database, Transaction } from '../../platform/database/database.ts';
import { readAccountOverrides } from '../books-reading-store.ts';
import { calendarDate, optionalCalendarDate } from '../calendar-date.ts';
import { withoutUndefined } from '../without-undefined.ts';
import { documentOutput } from './documents.ts';

export type CashOperationId =
  | 'listReceipts'
  | 'proposeAllocation'
  | 'getReceipt'
  | 'createReceipt'
  | 'allocateReceipt'
  | 'refundReceipt'
  | 'reverseReceipt'
  | 'listSettlements'
  | 'undoSettlement'
  | 'createCreditNote'
  | 'getCreditable'
  | 'creditInvoice'
  | 'allocateCreditNote'
  | 'refundCreditNote'
  | 'writeOffInvoice'
  | 'setDispute';

const optionsOf = (body: { readonly date?: string | undefined } | undefined) =>
  withoutUndefined({ date: optionalCalendarDate('date', body?.date) });

/** Money that comes in, and what settles invoices. */
export function cashHandlers(database: Database): Handlers<CashOperationId> {
  return { ...receiptHandlers(database), ...documentSettlementHandlers(database) };
}

type ReceiptOperationId =
  | 'listReceipts'
  | 'proposeAllocation'
  | 'getReceipt'
  | 'createReceipt'
  | 'allocateReceipt'
  | 'refundReceipt'
  | 'reverseReceipt'
  | 'listSettlements'
  | 'undoSettlement';

function receiptHandlers(database: Database): Handlers<ReceiptOperationId> {
  return {
    listReceipts: ({ organizationId }, { query }) =>
      database.withOrganization(organizationId, async (tx) => {
        const { limit, after, from, to, q, unapplied, ...rest } = query;
        const filter = withoutUndefined({
          ...rest,
          unapplied: unapplied === 'true' ? true : undefined,
          from: optionalCalendarDate('from', from),
          to: optionalCalendarDate('to', to),
          text: q,
        });
        const page = await listReceipts(tx, filter, { limit, after: after ?? null });
        return { data: page.data.map(receiptToWire), next: page.next, total: page.total };
      }),
    proposeAllocation: ({ organizationId }, { query }) =>
      database.withOrganization(organizationId, async (tx) => {
        const { currency } = query;
        await getEntity(tx, query.entityId);
        if (!isCurrency(currency)) throw new TributaryError('unknown_currency', currency);
        const amountMinor = query.amount === undefined ? 0n : positiveAmount(query.amount, currency);
        return proposal(await listOpenInvoices(tx, query, allocationsMax), amountMinor, currency);
      }),
    getReceipt: ({ organizationId }, { params }) =>
      database.withOrganization(organizationId, (tx) => receiptOutput(tx, params.id)),
    createReceipt: (caller, { body }) =>
      database.withOrganization(caller.organizationId, async (tx) => {
        const { entityId, customerId, currency, amount, receivedOn, ...rest } = body;
        const id = await recordReceipt(
          tx,
          {
            entityId,
            customerId,
            currency,
            amount,
            receivedOn: calendarDate('receivedOn', receivedOn),
            ...withoutUndefined(rest),
          },
          caller,
        );
        return receiptOutput(tx, id);
      }),
    allocateReceipt: (caller, { params, body }) =>
      database.withOrganization(caller.organizationId, async (tx) => {
        await allocateReceipt(tx, params.id, body.allocations, caller, optionsOf(body));
        return receiptOutput(tx, params.id);
      }),
    refundReceipt: (caller, { params, body }) =>
      database.withOrganization(caller.organizationId, async (tx) => {
        await refundReceipt(tx, params.id, withoutUndefined(body), caller, optionsOf(body));
        return receiptOutput(tx, params.id);
      }),
    reverseReceipt: (caller, { params, body }) =>
      database.withOrganization(caller.organizationId, async (tx) => {
        await reverseReceipt(tx, params.id, caller, optionsOf(body));
        return receiptOutput(tx, params.id);
      }),
    listSettlements: ({ organizationId }, { query }) =>
      database.withOrganization(organizationId, async (tx) => ({
        data: await listSettlements(tx, withoutUndefined(query)),
      })),
    undoSettlement: (caller, { params, body }) =>
      database.withOrganization(caller.organizationId, async (tx) => {
        await undoSettlement(tx, params.id, caller, optionsOf(body));
        const [settlement] = await listSettlements(tx, { id: params.id });
        if (!settlement) throw new TributaryError('not_found', 'There is no such settlement.');
        return settlement;
      }),
  };
}

function documentSettlementHandlers(
  database: Database,
): Handlers<Exclude<CashOperationId, ReceiptOperationId>> {
  return {
    createCreditNote: (caller, { body }) =>
      database.withOrganization(caller.organizationId, async (tx) => {
        const { date, lines, ...rest } = body;
        const request = {
          ...rest,
          lines: lines.map(({ description, amount, tax }) => ({
            description,
            amount,
            ...withoutUndefined({ tax }),
          })),
          ...withoutUndefined({ date: optionalCalendarDate('date', date) }),
        };
        return documentOutput(tx, await createCreditNote(tx, request, caller));
      }),
    getCreditable: ({ organizationId }, { params }) =>
      database.withOrganization(organizationId, async (tx) => {
        const { invoice, lines, leftMinor } = await readCreditable(tx, params.id);
        const { currency } = invoice;
        return {
          currency,
          left: formatMinor(leftMinor, currency),
          lines: lines.map((line) => ({
            position: line.position,
            description: line.description,
            left: formatMinor(line.leftMinor, currency),
            leftTax: formatMinor(line.leftTaxMinor, currency),
          })),
        };
      }),
    creditInvoice: (caller, { params, body }) =>
      database.withOrganization(caller.organizationId, async (tx) => {
        const { reason, amount, lines, apply } = body;
        const request = withoutUndefined({
          reason,
          amount,
          apply,
          lines: lines?.map((line) => ({
            position: line.position,
            ...withoutUndefined({ amount: line.amount }),
          })),
        });
        const overridesByConnection = await readAccountOverrides(tx, [params.id]);
        const options = { ...optionsOf(body), overridesByConnection };
        return documentOutput(tx, await creditInvoice(tx, params.id, request, caller, options));
      }),
    allocateCreditNote: (caller, { params, body }) =>
      database.withOrganization(caller.organizationId, async (tx) => {
        await allocateCreditNote(tx, params.id, body.allocations, caller, optionsOf(body));
        return documentOutput(tx, params.id);
      }),
    refundCreditNote: (caller, { params, body }) =>
      database.withOrganization(caller.organizationId, async (tx) => {
        await refundCreditNote(tx, params.id, withoutUndefined(body), caller, optionsOf(body));
        return documentOutput(tx, params.id);
      }),
    writeOffInvoice: (caller, { params, body }) =>
      database.withOrganization(caller.organizationId, async (tx) => {
        const { reason, amount } = body;
        const request = { reason, ...withoutUndefined({ amount }) };
        await writeOffInvoice(tx, params.id, request, caller, optionsOf(body));
        return documentOutput(tx, params.id);
      }),
    setDispute: (caller, { params, body }) =>
      database.withOrganization(caller.organizationId, async (tx) => {
        await setDispute(tx, params.id, body, caller);
        return documentOutput(tx, params.id);
      }),
  };
}

function proposal(
  invoices: Awaited<ReturnType<typeof listOpenInvoices>>,
  amountMinor: bigint,
  currency: string,
): HandlerOutput<'proposeAllocation'> {
  const parts = new Map(
    oldestFirst(amountMinor, invoices).map((part) => [part.documentId, part.amountMinor]),
  );
  const usedMinor = [...parts.values()].reduce((sum, part) => sum + part, 0n);
  return {
    data: invoices.map((invoice) => ({
      documentId: invoice.id,
      number: invoice.number,
      documentDate: invoice.date,
      dueDate: invoice.dueDate,
      total: formatMinor(invoice.totalMinor, currency),
      openAmount: formatMinor(invoice.openMinor, currency),
      proposed: formatMinor(parts.get(invoice.id) ?? 0n, currency),
    })),
    unapplied: formatMinor(amountMinor - usedMinor, currency),
  };
}

async function receiptOutput(tx: Transaction, id: string): Promise<HandlerOutput<'getReceipt'>> {
  const receipt = await getReceipt(tx, id);
  if (!receipt) throw new TributaryError('not_found', 'There is no such receipt.');
  return { ...receiptToWire(receipt), settlements: await listSettlements(tx, { receiptId: id }) };
}

function receiptToWire(receipt: Receipt): HandlerOutput<'listReceipts'>['data'][number] {
  const { currency, baseCurrency } = receipt;
  return {
    id: receipt.id,
    entityId: receipt.entityId,
    entity: receipt.entityName,
    mode: receipt.mode,
    customer: receipt.customer,
    number: receipt.number,
    status: receipt.status,
    currency,
    amount: formatMinor(receipt.amountMinor, currency),
    unapplied: formatMinor(receipt.unappliedMinor, currency),
    baseCurrency,
    baseAmount: formatMinor(receipt.baseMinor, baseCurrency),
    exchangeRate: numericToWire(receipt.exchangeRate),
    receivedOn: receipt.receivedOn,
    bankAccount: receipt.bankAccount,
    method: receipt.method,
    reference: receipt.reference,
    journalEntryIds: [
      receipt.entryId,
      ...(receipt.reversalEntryId === null ? [] : [receipt.reversalEntryId]),
    ],
    createdAt: receipt.createdAt,
    createdBy: receipt.createdBy,
    reversedAt: receipt.reversedAt,
  };
}
