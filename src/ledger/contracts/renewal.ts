import { addDays, type CalendarDate } from '../../kernel/dates.ts';
import { type Decimal, decimalFromInteger, formatDecimal, parseDecimal } from '../../kernel/decimal.ts';
import { TributaryError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { divideRounded, fromMinor, isAmountInRange } from '../../kernel/money.ts';
import { addMonths, monthNumber } from '../../kernel/months.ts';
import { type AuditContext, appendAuditEntries } from '../../platform/audit/audit-store.ts';
import type { Transaction } from '../../platform/database/database.ts';
import type { DraftLine } from '../by-hand/draft-lines.ts';
import { insertDraft, replaceDraftLines } from '../by-hand/drafts-store.ts';
import { getDocument } from '../documents-store.ts';
import { getEntity } from '../entities.ts';
import { lockContract } from './activation.ts';
import { type ContractObligation, type ContractState, sumOf } from './contract-state.ts';
import { readContractState } from './contracts-store.ts';
import { taxChange } from './modification.ts';
import { findRenewal, linkRenewal } from './renewals-store.ts';

export interface RenewalRequest {
  /** Absent: the day after the contract's last day of service. */
  readonly start?: CalendarDate;
  /** Absent: as many as the contract had. At least 1. */
  readonly months?: number;
  /** By how many per cent the price goes up (down, below zero); decimal string. Absent: 0. */
  readonly upliftPercent?: string;
}

/** Twice the price is 100; a typing error such as 1,000 is not an uplift. */
const upliftPercentMax = decimalFromInteger(500);

/** A line of the renewed contract. */
export interface RenewedLine {
  readonly obligation: ContractObligation;
  readonly amountMinor: bigint;
  readonly service: NonNullable<DraftLine['service']>;
}

/** Whole months of a service, at least one; what is left of a month counts as one. */
function monthsOf(start: CalendarDate, end: CalendarDate): number {
  const after = addDays(end, 1);
  const months = monthNumber(after) - monthNumber(start);
  return Math.max(addMonths(start, months) < after ? months + 1 : months, 1);
}

/** The obligations that recur and run to the contract's end; what is delivered once, or was ended before, is not renewed. */
export function renewedLines(
  { obligations }: Pick<ContractState, 'obligations'>,
  { start, months, upliftPercent }: RenewalRequest,
): RenewedLine[] {
  const recurring = obligations.filter(
    ({ recognition }) => recognition === 'daily' || recognition === 'monthly',
  );
  const end = recurring.reduce(
    (last, { serviceEnd }) => (serviceEnd > last ? serviceEnd : last),
    '' as CalendarDate,
  );
  const factor = factorOf(upliftPercent);
  return recurring
    .filter(({ serviceEnd }) => serviceEnd === end)
    .map((obligation) => {
      const had = monthsOf(obligation.serviceStart, obligation.serviceEnd);
      const next = months ?? had;
      const from = start ?? addDays(end, 1);
      const amountMinor = divideRounded(
        obligation.allocatedMinor * BigInt(next) * factor.digits,
        BigInt(had) * 10n ** BigInt(factor.scale),
        'half_away_from_zero',
      );
      const recognition = obligation.recognition === 'monthly' ? 'monthly' : 'daily';
      return {
        obligation,
        amountMinor,
        service: { start: from, end: addDays(addMonths(from, next), -1), recognition },
      };
    });
}

/** 1 and the uplift. Errors: `invalid_request`. */
function factorOf(upliftPercent: string | undefined): Decimal {
  const percent = parseDecimal(upliftPercent ?? '0');
  const scaled = percent && {
    digits: percent.digits + 100n * 10n ** BigInt(percent.scale),
    scale: percent.scale + 2,
  };
  const most = percent && upliftPercentMax.digits * 10n ** BigInt(percent.scale);
  if (!percent || !scaled || scaled.digits < 0n || percent.digits > (most ?? 0n)) {
    const message = 'Give a percentage from -100 to 500.';
    throw new TributaryError('invalid_request', message, { fields: [{ field: 'upliftPercent', message }] });
  }
  return scaled;
}

/**
 * Drafts the contract that goes on from this one: the same customer, what recurs of it, at its price for as many months and the uplift.
 * The old one stays as it is. Returns the draft's id. Errors: `not_found`, `conflict` (draft, terminated, or renewed already),
 * `invalid_request` (nothing recurs), `amount_out_of_range`.
 */
export async function renewContract(
  tx: Transaction,
  id: string,
  request: RenewalRequest,
  context: AuditContext,
): Promise<string> {
  const contract = await lockContract(tx, id);
  const state = await readContractState(tx, id);
  if (!state || (contract.status !== 'active' && contract.status !== 'completed')) {
    throw new TributaryError('conflict', `${contract.number ?? 'The contract'} is ${contract.status}.`);
  }
  const renewal = await findRenewal(tx, id);
  if (renewal !== null) {
    throw new TributaryError(
      'conflict',
      'It is renewed already: delete that draft to renew it in another way.',
    );
  }
  const lines = renewedLines(state, request);
  const [first] = lines;
  if (!first)
    throw new TributaryError('invalid_request', 'Nothing of the contract recurs: make a new deal of it.');
  const priceMinor = sumOf(lines.map(({ amountMinor }) => amountMinor));
  const taxMinor = taxChange(state, priceMinor);
  if (!isAmountInRange(priceMinor + taxMinor))
    throw new TributaryError('amount_out_of_range', 'The renewed price.');
  const old = await getDocument(tx, id);
  const { termsDays } = await getEntity(tx, contract.entityId);
  const draftId = newId();
  const scope = { organizationId: context.organizationId, entityId: contract.entityId };
  const heading = {
    kind: 'contract' as const,
    customerId: old?.customer.id ?? '',
    currency: contract.currency,
    documentDate: first.service.start,
    dueDate: addDays(first.service.start, termsDays),
    description: `Renewal of ${contract.number ?? ''}: ${contract.description}`,
    memo: old?.memo ?? null,
  };
  await insertDraft(
    tx,
    scope,
    draftId,
    { ...heading, totalMinor: priceMinor + taxMinor, taxMinor },
    context.actor,
  );
  await replaceDraftLines(
    tx,
    scope,
    draftId,
    lines.map((line, index) => draftLineOf(line, index, contract.currency, index === 0 ? taxMinor : 0n)),
  );
  await linkRenewal(tx, draftId, id);
  await appendAuditEntries(tx, context, [
    {
      action: 'contract.renewed',
      subjectType: 'document',
      subjectId: id,
      after: {
        renewalId: draftId,
        start: first.service.start,
        end: first.service.end,
        uplift: request.upliftPercent ?? '0',
      },
    },
  ]);
  return draftId;
}

function draftLineOf(
  { obligation, amountMinor, service }: RenewedLine,
  index: number,
  currency: string,
  taxMinor: bigint,
): DraftLine {
  return {
    position: index + 1,
    sourceId: null,
    itemId: obligation.itemId,
    description: obligation.description,
    sku: null,
    quantity: '1',
    unitPrice: formatDecimal(fromMinor(amountMinor, currency)),
    discountPercent: null,
    discountMinor: 0n,
    taxCodeId: null,
    taxMinor,
    amountMinor,
    accountId: obligation.incomeAccountId,
    service,
  };
}
