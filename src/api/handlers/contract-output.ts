import type { HandlerOutput } from '../../contract/handler.ts';
import { TributaryError } from '../../kernel/errors.ts';
import { formatMinor } from '../../kernel/money.ts';
import { readContractChanges } from '../../ledger/contracts/changes-store.ts';
import { sumOf } from '../../ledger/contracts/contract-state.ts';
import { obligationsOf } from '../../ledger/contracts/contract-terms.ts';
import {
  readBillings,
  readContractLines,
  readContractSummaries,
  readObligations,
  readTermination,
} from '../../ledger/contracts/contracts-store.ts';
import { readContractPositions } from '../../ledger/contracts/positions-store.ts';
import { findRenewal, findRenewed } from '../../ledger/contracts/renewals-store.ts';
import { type Document, getDocument } from '../../ledger/documents-store.ts';
import type { Transaction } from '../../platform/database/database.ts';
import { documentsToWire } from './documents.ts';

/** The document of a contract. Errors: `not_found`. */
export async function contractOrError(tx: Transaction, id: string): Promise<Document> {
  const document = await getDocument(tx, id, new Date());
  if (document?.kind === 'contract') return document;
  throw new TributaryError('not_found', 'There is no such contract.');
}

/** A contract as the API answers it. A draft shows what activating it with the terms of its deal would make. */
export async function contractOutput(tx: Transaction, id: string): Promise<HandlerOutput<'getContract'>> {
  const document = await contractOrError(tx, id);
  const [wire] = await documentsToWire(tx, [document]);
  if (!wire) throw new TributaryError('not_found', 'There is no such contract.');
  const { currency } = document;
  const say = (amountMinor: bigint): string => formatMinor(amountMinor, currency);
  const obligations =
    document.status === 'draft' ? await draftObligations(tx, document) : await readObligations(tx, id);
  const billings = await readBillings(tx, id);
  const [position] = await readContractPositions(tx, [id]);
  return {
    document: wire,
    price: say(sumOf(obligations.map(({ allocatedMinor }) => allocatedMinor))),
    recognised: say(sumOf(obligations.map(({ recognisedMinor }) => recognisedMinor))),
    billed: say(sumOf(billings.filter(({ billed }) => billed).map(({ amountMinor }) => amountMinor))),
    contractLiability: say(-(position?.deferredMinor ?? 0n)),
    contractAsset: say(position?.assetMinor ?? 0n),
    obligations: obligations.map((obligation) => obligationToWire(obligation, currency)),
    billings: billings.map((billing) => ({
      position: billing.position,
      date: billing.date,
      amount: say(billing.amountMinor),
      tax: say(billing.taxMinor),
      documentId: billing.documentId,
      documentNumber: billing.documentNumber,
      documentStatus: billing.documentStatus,
    })),
    terminatedOn: await readTermination(tx, id),
    changes: (await readContractChanges(tx, id)).map(({ priceBeforeMinor, priceAfterMinor, ...change }) => ({
      ...change,
      priceBefore: say(priceBeforeMinor),
      priceAfter: say(priceAfterMinor),
    })),
    renewsId: await findRenewed(tx, id),
    renewalId: await findRenewal(tx, id),
  };
}

/** Contracts as a list shows them, in the order given. */
export async function contractSummaries(
  tx: Transaction,
  documents: readonly Document[],
): Promise<HandlerOutput<'listContracts'>['data']> {
  const ids = documents.map(({ id }) => id);
  const wires = await documentsToWire(tx, documents);
  const summaries = await readContractSummaries(tx, ids);
  const positions = new Map(
    (await readContractPositions(tx, ids)).map((position) => [position.contractId, position]),
  );
  return documents.flatMap(({ id, currency, totalMinor, taxMinor }, index) => {
    const document = wires[index];
    const summary = summaries.get(id);
    const position = positions.get(id);
    const say = (amountMinor: bigint): string => formatMinor(amountMinor, currency);
    return document === undefined
      ? []
      : [
          {
            document,
            price: say(summary?.priceMinor ?? totalMinor - taxMinor),
            serviceStart: summary?.serviceStart ?? null,
            serviceEnd: summary?.serviceEnd ?? null,
            recognised: say(summary?.recognisedMinor ?? 0n),
            contractLiability: say(-(position?.deferredMinor ?? 0n)),
            contractAsset: say(position?.assetMinor ?? 0n),
            terminatedOn: summary?.terminatedOn ?? null,
          },
        ];
  });
}

type ShownObligation = Awaited<ReturnType<typeof draftObligations>>[number];

function obligationToWire(obligation: ShownObligation, currency: string) {
  const { position, description, quantity, recognition, serviceStart, serviceEnd, schedule } = obligation;
  const say = (amountMinor: bigint): string => formatMinor(amountMinor, currency);
  return {
    position,
    description,
    quantity,
    recognition,
    serviceStart,
    serviceEnd,
    standalone: say(obligation.standaloneMinor),
    allocated: say(obligation.allocatedMinor),
    recognised: say(obligation.recognisedMinor),
    schedule: schedule.map(({ amountMinor, weight, ...part }) => ({
      ...part,
      weight: weight?.toString() ?? null,
      amount: say(amountMinor),
    })),
  };
}

async function draftObligations(tx: Transaction, document: Document) {
  const lines = await readContractLines(tx, document.id);
  return obligationsOf(lines, document.documentDate).map((obligation) => ({
    ...obligation,
    recognisedMinor: 0n,
  }));
}
