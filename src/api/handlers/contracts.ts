import type { HandlerInput, HandlerOutput, Handlers } from '../../contract/handler.ts';
import { dateInZone } from '../../kernel/dates.ts';
import { parseDecimal } from '../../kernel/decimal.ts';
import { TributaryError } from '../../kernel/errors.ts';
import { formatMinor, fromMinor, isAmountInRange, toMinor } from '../../kernel/money.ts';
import { type ActivationRequest, activateContract } from '../../ledger/contracts/activation.ts';
import { billContracts } from '../../ledger/contracts/billing.ts';
import { obligationsOf } from '../../ledger/contracts/contract-terms.ts';
import {
  readBillings,
  readContractLines,
  readObligations,
  readSchedule,
  setMilestone,
} from '../../ledger/contracts/contracts-store.ts';
import { readContractPositions } from '../../ledger/contracts/positions-store.ts';
import {
  type Document,
  getDocument,
  listDocuments,
  readDocumentTotals,
} from '../../ledger/documents-store.ts';
import { getEntity } from '../../ledger/entities.ts';
import { appendAuditEntries } from '../../platform/audit/audit-store.ts';
import type { Database, Transaction } from '../../platform/database/database.ts';
import { readAccountOverrides } from '../books-reading-store.ts';
import { calendarDate, optionalCalendarDate } from '../calendar-date.ts';
import { pageOverEntities } from '../page-over-entities.ts';
import { withoutUndefined } from '../without-undefined.ts';
import { documentsToWire } from './documents.ts';
import { entityIdsOf } from './entities.ts';

export type ContractOperationId =
  | 'listContracts'
  | 'getContract'
  | 'activateContract'
  | 'billContract'
  | 'setMilestone';

/** Revenue contracts: reading, activating, billing, milestones. */
export function contractHandlers(database: Database): Handlers<ContractOperationId> {
  return {
    listContracts: ({ organizationId }, { query }) =>
      database.withOrganization(organizationId, (tx) => contractPage(tx, query)),
    getContract: ({ organizationId }, { params }) =>
      database.withOrganization(organizationId, (tx) => contractOutput(tx, params.id)),
    activateContract: (caller, { params, body }) =>
      database.withOrganization(caller.organizationId, async (tx) => {
        const document = await contractOrError(tx, params.id);
        const overrides = await readAccountOverrides(tx, [params.id]);
        const request = activationOf(body, document.currency);
        await activateContract(
          tx,
          params.id,
          request,
          caller,
          overrides.get(document.connectionId ?? '') ?? {},
        );
        return contractOutput(tx, params.id);
      }),
    billContract: (caller, { params, body }) =>
      database.withOrganization(caller.organizationId, async (tx) => {
        const { entityId } = await contractOrError(tx, params.id);
        const today = dateInZone(new Date(), (await getEntity(tx, entityId)).timeZone);
        const upTo = optionalCalendarDate('upTo', body.upTo) ?? today;
        return { data: await billContracts(tx, { entityId, contractId: params.id, upTo }, caller) };
      }),
    setMilestone: (caller, { params, body }) =>
      database.withOrganization(caller.organizationId, async (tx) => {
        await contractOrError(tx, params.id);
        const reachedOn = body.reachedOn === null ? null : calendarDate('reachedOn', body.reachedOn);
        const obligation = (await readObligations(tx, params.id)).find(
          ({ position }) => position === body.obligation,
        );
        const part = (await readSchedule(tx, params.id)).find(
          ({ obligationId, position }) => obligationId === obligation?.id && position === body.milestone,
        );
        if (part?.recognised)
          throw new TributaryError(
            'conflict',
            'The milestone is recognised; undo the recognition run first.',
          );
        if (!(await setMilestone(tx, params.id, body.obligation, body.milestone, reachedOn)))
          throw new TributaryError('not_found', 'The contract has no such milestone.');
        await appendAuditEntries(tx, caller, [
          {
            action: 'contract.milestone_set',
            subjectType: 'document',
            subjectId: params.id,
            before: { milestone: part?.milestone, reachedOn: part?.reachedOn },
            after: { milestone: part?.milestone, reachedOn },
          },
        ]);
        return contractOutput(tx, params.id);
      }),
  };
}

async function contractPage(
  tx: Transaction,
  query: HandlerInput<'listContracts'>['query'],
): Promise<HandlerOutput<'listContracts'>> {
  const filter = withoutUndefined({
    kinds: ['contract'] as const,
    statuses: query.status === undefined ? undefined : [query.status],
    text: query.q,
  });
  const entityIds = await entityIdsOf(tx, query);
  const sort = { by: 'createdAt', descending: true } as const;
  const ids = entityIds ?? [undefined];
  const page =
    entityIds === null
      ? await listDocuments(tx, filter, { limit: query.limit, after: query.after ?? null, sort })
      : await pageOverEntities(entityIds, query, (entityId, request) =>
          listDocuments(tx, { ...filter, entityId }, { ...request, sort }),
        );
  let total = 0;
  for (const entityId of ids) {
    const totals = await readDocumentTotals(tx, { ...filter, ...withoutUndefined({ entityId }) });
    total += totals.reduce((sum, { count }) => sum + count, 0);
  }
  return { data: await documentsToWire(tx, page.data), next: page.next, total };
}

async function contractOrError(tx: Transaction, id: string): Promise<Document> {
  const document = await getDocument(tx, id, new Date());
  if (document?.kind === 'contract') return document;
  throw new TributaryError('not_found', 'There is no such contract.');
}

/** A draft shows what activating it with the terms of its deal would make. */
async function contractOutput(tx: Transaction, id: string): Promise<HandlerOutput<'getContract'>> {
  const document = await contractOrError(tx, id);
  const [wire] = await documentsToWire(tx, [document]);
  if (!wire) throw new TributaryError('not_found', 'There is no such contract.');
  const say = (amountMinor: bigint): string => formatMinor(amountMinor, document.currency);
  const obligations =
    document.status === 'draft' ? await draftObligations(tx, document) : await storedObligations(tx, id);
  const [position] = await readContractPositions(tx, [id]);
  const sum = (of: 'allocatedMinor' | 'recognisedMinor'): string =>
    say(obligations.reduce((total, obligation) => total + obligation[of], 0n));
  return {
    document: wire,
    price: sum('allocatedMinor'),
    recognised: sum('recognisedMinor'),
    contractLiability: say(-(position?.deferredMinor ?? 0n)),
    contractAsset: say(position?.assetMinor ?? 0n),
    obligations: obligations.map(
      ({ standaloneMinor, allocatedMinor, recognisedMinor, schedule, ...rest }) => ({
        ...rest,
        standalone: say(standaloneMinor),
        allocated: say(allocatedMinor),
        recognised: say(recognisedMinor),
        schedule: schedule.map(({ amountMinor, ...part }) => ({ ...part, amount: say(amountMinor) })),
      }),
    ),
    billings: (await readBillings(tx, id)).map(({ amountMinor, taxMinor, ...billing }) => ({
      ...billing,
      amount: say(amountMinor),
      tax: say(taxMinor),
    })),
  };
}

async function draftObligations(tx: Transaction, document: Document) {
  const lines = await readContractLines(tx, document.id);
  return obligationsOf(lines, document.documentDate).map((obligation) => ({
    ...obligation,
    recognisedMinor: 0n,
    schedule: obligation.schedule.map((part) => ({ ...part, reachedOn: null, recognised: false })),
  }));
}

async function storedObligations(tx: Transaction, id: string) {
  const schedule = await readSchedule(tx, id);
  return (await readObligations(tx, id)).map((obligation) => ({
    ...obligation,
    schedule: schedule.filter(({ obligationId }) => obligationId === obligation.id),
  }));
}

function amountOf(text: string, currency: string, field: string): bigint {
  const value = parseDecimal(text);
  const amountMinor = value === null ? 0n : toMinor(value, currency, 'toward_zero');
  const exact = fromMinor(amountMinor, currency);
  const fits =
    value !== null && value.digits * 10n ** BigInt(exact.scale) === exact.digits * 10n ** BigInt(value.scale);
  if (fits && amountMinor >= 0n && isAmountInRange(amountMinor)) return amountMinor;
  const message = `${text} is no amount in ${currency} of zero or more.`;
  throw new TributaryError('invalid_request', message, { fields: [{ field, message }] });
}

function activationOf(body: HandlerInput<'activateContract'>['body'], currency: string): ActivationRequest {
  const billings = body.billings?.map(({ date, amount }, index) => ({
    date: calendarDate(`billings.${index}.date`, date),
    amountMinor: amountOf(amount, currency, `billings.${index}.amount`),
  }));
  const lines = body.lines?.map((line, index) => ({
    position: line.position,
    ...withoutUndefined({
      recognition: line.recognition,
      serviceStart: optionalCalendarDate(`lines.${index}.serviceStart`, line.serviceStart),
      serviceEnd: optionalCalendarDate(`lines.${index}.serviceEnd`, line.serviceEnd),
      standaloneMinor:
        line.standalone === undefined
          ? undefined
          : amountOf(line.standalone, currency, `lines.${index}.standalone`),
      milestones: line.milestones?.map(({ name, weight }) => ({ name, weight: BigInt(weight) })),
    }),
  }));
  return { billing: body.billing, ...withoutUndefined({ billings, lines }) };
}
