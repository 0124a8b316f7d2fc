import type { HandlerInput, HandlerOutput, Handlers } from '../../contract/handler.ts';
import { dateInZone } from '../../kernel/dates.ts';
import { parseDecimal } from '../../kernel/decimal.ts';
import { TributaryError } from '../../kernel/errors.ts';
import { fromMinor, isAmountInRange, toMinor } from '../../kernel/money.ts';
import { type ActivationRequest, activateContract } from '../../ledger/contracts/activation.ts';
import { billContracts } from '../../ledger/contracts/billing.ts';
import {
  type ContractModification,
  type ContractTermination,
  modifyContract,
  terminateContract,
} from '../../ledger/contracts/changes.ts';
import { setMilestone } from '../../ledger/contracts/milestones.ts';
import { renewContract } from '../../ledger/contracts/renewal.ts';
import { listDocuments, readDocumentTotals } from '../../ledger/documents-store.ts';
import { getEntity } from '../../ledger/entities.ts';
import type { AuditContext } from '../../platform/audit/audit-store.ts';
import type { Database, Transaction } from '../../platform/database/database.ts';
import { readAccountOverrides } from '../books-reading-store.ts';
import { calendarDate, optionalCalendarDate } from '../calendar-date.ts';
import { keptUnless } from '../dry-run.ts';
import { pageOverEntities } from '../page-over-entities.ts';
import { withoutUndefined } from '../without-undefined.ts';
import { contractOrError, contractOutput, contractSummaries } from './contract-output.ts';
import { entityIdsOf, entityOrFirst } from './entities.ts';

export type ContractOperationId =
  | 'listContracts'
  | 'getContract'
  | 'activateContract'
  | 'billContract'
  | 'billContracts'
  | 'modifyContract'
  | 'terminateContract'
  | 'renewContract'
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
        return { data: await billUpTo(tx, caller, entityId, params.id, body.upTo) };
      }),
    billContracts: (caller, { body }) =>
      database.withOrganization(caller.organizationId, async (tx) => {
        const { id: entityId } = await entityOrFirst(tx, body.entityId);
        return { data: await billUpTo(tx, caller, entityId, null, body.upTo) };
      }),
    setMilestone: (caller, { params, body }) =>
      database.withOrganization(caller.organizationId, async (tx) => {
        const reachedOn = body.reachedOn === null ? null : calendarDate('reachedOn', body.reachedOn);
        await setMilestone(tx, params.id, { ...body, reachedOn }, caller);
        return contractOutput(tx, params.id);
      }),
    modifyContract: (caller, { params, body }) =>
      keptUnless(database, caller.organizationId, body.dryRun, async (tx) => {
        const { currency } = await contractOrError(tx, params.id);
        await modifyContract(tx, params.id, modificationOf(body, currency), caller);
        return contractOutput(tx, params.id);
      }),
    terminateContract: (caller, { params, body }) =>
      keptUnless(database, caller.organizationId, body.dryRun, async (tx) => {
        const { currency } = await contractOrError(tx, params.id);
        await terminateContract(tx, params.id, terminationOf(body, currency), caller);
        return contractOutput(tx, params.id);
      }),
    renewContract: (caller, { params, body }) =>
      database.withOrganization(caller.organizationId, async (tx) => {
        const start = optionalCalendarDate('start', body.start);
        const request = withoutUndefined({ start, months: body.months, upliftPercent: body.upliftPercent });
        return contractOutput(tx, await renewContract(tx, params.id, request, caller));
      }),
  };
}

/** The ids of the drafts. Without a day: up to today in the entity's time zone. */
async function billUpTo(
  tx: Transaction,
  context: AuditContext,
  entityId: string,
  contractId: string | null,
  day: string | undefined,
): Promise<string[]> {
  const today = dateInZone(new Date(), (await getEntity(tx, entityId)).timeZone);
  const upTo = optionalCalendarDate('upTo', day) ?? today;
  return billContracts(tx, { entityId, contractId, upTo }, context);
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
  return { data: await contractSummaries(tx, page.data), next: page.next, total };
}

/** Minor units of a decimal that the currency can have. Errors: `invalid_request`. */
function signedAmountOf(text: string, currency: string, field: string): bigint {
  const value = parseDecimal(text);
  const amountMinor = value === null ? 0n : toMinor(value, currency, 'toward_zero');
  const exact = fromMinor(amountMinor, currency);
  const fits =
    value !== null && value.digits * 10n ** BigInt(exact.scale) === exact.digits * 10n ** BigInt(value.scale);
  if (fits && isAmountInRange(amountMinor)) return amountMinor;
  const message = `${text} is no amount in ${currency}.`;
  throw new TributaryError('invalid_request', message, { fields: [{ field, message }] });
}

function amountOf(text: string, currency: string, field: string): bigint {
  const amountMinor = signedAmountOf(text, currency, field);
  if (amountMinor >= 0n) return amountMinor;
  const message = `${text} is below zero.`;
  throw new TributaryError('invalid_request', message, { fields: [{ field, message }] });
}

type Milestones = readonly { readonly name: string; readonly weight: number }[];

const milestonesOf = (milestones: Milestones | undefined) =>
  milestones?.map(({ name, weight }) => ({ name, weight: BigInt(weight) }));

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
      standaloneMinor: optionalAmount(line.standalone, currency, `lines.${index}.standalone`),
      milestones: milestonesOf(line.milestones),
    }),
  }));
  return { billing: body.billing, ...withoutUndefined({ billings, lines }) };
}

const optionalAmount = (text: string | undefined, currency: string, field: string): bigint | undefined =>
  text === undefined ? undefined : amountOf(text, currency, field);

function modificationOf(
  body: HandlerInput<'modifyContract'>['body'],
  currency: string,
): ContractModification {
  const { method, reason, billing } = body;
  const taxChangeMinor =
    body.taxChange === undefined ? undefined : signedAmountOf(body.taxChange, currency, 'taxChange');
  return {
    date: calendarDate('date', body.date),
    method,
    reason,
    billing,
    priceChangeMinor: signedAmountOf(body.priceChange, currency, 'priceChange'),
    ...withoutUndefined({ taxChangeMinor }),
    obligations: body.obligations.map(
      ({ position, cancelled, serviceEnd, standalone, milestones }, index) => ({
        position,
        ...withoutUndefined({
          cancelled,
          serviceEnd: optionalCalendarDate(`obligations.${index}.serviceEnd`, serviceEnd),
          standaloneMinor: optionalAmount(standalone, currency, `obligations.${index}.standalone`),
          milestones: milestonesOf(milestones),
        }),
      }),
    ),
    added: body.added.map(({ standalone, serviceStart, serviceEnd, milestones, ...added }, index) => ({
      ...withoutUndefined({ ...added, milestones: milestonesOf(milestones) }),
      description: added.description,
      recognition: added.recognition,
      standaloneMinor: amountOf(standalone, currency, `added.${index}.standalone`),
      serviceStart: calendarDate(`added.${index}.serviceStart`, serviceStart),
      serviceEnd: calendarDate(`added.${index}.serviceEnd`, serviceEnd),
    })),
  };
}

function terminationOf(
  body: HandlerInput<'terminateContract'>['body'],
  currency: string,
): ContractTermination {
  const { reason, settlement, price } = body;
  if ((settlement === 'agreed') !== (price !== undefined)) {
    const message = 'Give the price with the settlement `agreed`, and only then.';
    throw new TributaryError('invalid_request', message, { fields: [{ field: 'price', message }] });
  }
  return {
    lastDay: calendarDate('lastDay', body.lastDay),
    reason,
    terms:
      settlement === 'agreed'
        ? { settlement, priceMinor: amountOf(price ?? '', currency, 'price') }
        : { settlement },
  };
}
