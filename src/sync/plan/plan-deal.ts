import { isCurrency } from '../../kernel/currencies.ts';
import { addDays, type CalendarDate } from '../../kernel/dates.ts';
import { parseDecimal } from '../../kernel/decimal.ts';
import { formatMinor, isAmountInRange, toMinor } from '../../kernel/money.ts';
import type { DealDecision, DecisionKind } from '../../model/decision.ts';
import type { Warning } from '../../model/warning.ts';
import { decisionCodes } from '../../model/decision-codes.ts';
import type { CustomerPlan, DocumentDraft, DocumentLineDraft } from '../../model/document-draft.ts';
import { type AppliedFields, changesBetween, documentFields, fingerprintOf } from './applied-fields.ts';
import { fieldTextLengthMax, readField } from './field-source.ts';
import { conflictsWith, type HandEdit, isKept } from './hand-edit.ts';
import { mappingProblem } from './mapping-problem.ts';
import type {
  BooksSnapshot,
  DealSnapshot,
  LinkedDocument,
  PlanContext,
  PlanOverlay,
} from './plan-context.ts';
import { dateWarnings, movedFromField, openDate, standingDate } from './plan-date.ts';
import { planContacts, planCustomer, readAll } from './plan-customer.ts';
import { plainLine, type PricedLine, planLines, priceLines } from './plan-lines.ts';
import { documentDateOf, firstSkip, isTriggered } from './qualify.ts';
import { type Refusal, refusal } from './refusal.ts';

/** A decision with what apply needs to carry it out: the draft's fields for the link, and whether a draft is to be withdrawn. */
export interface PlannedDeal extends DealDecision {
  readonly snapshot: DealSnapshot;
  readonly draft: DocumentDraft | null;
  readonly applied: AppliedFields;
  readonly fingerprint: string;
  /** The deal is no longer won: its draft is deleted. */
  readonly withdraws: boolean;
}

/** The one decision about one deal. Mutates nothing but the overlay. */
export function planDeal(
  snapshot: DealSnapshot,
  context: PlanContext,
  books: BooksSnapshot,
  overlay: PlanOverlay,
): PlannedDeal {
  const { deal, document } = snapshot;
  const linked = document && document.link.state === 'active' ? document : null;
  if (document?.link.state === 'unsynced' && !changedSince(document, deal.updatedAt)) {
    const skipped = skipOf(snapshot, context);
    return refuse(snapshot, skipped ?? refusal('unsynced'));
  }
  const leaving = linked ? leaves(snapshot, linked, context) : skipOf(snapshot, context);
  if (leaving && snapshot.readFailure && !isKnown(leaving, snapshot, context))
    return refuse(snapshot, snapshot.readFailure);
  if (leaving) return linked ? leave(snapshot, linked, leaving) : refuse(snapshot, leaving);
  const parts = partsOf(snapshot, context, books, overlay);
  if ('code' in parts) return refuse(snapshot, parts);
  if (linked) {
    const standing = standingDate(parts.documentDate, linked, books.periods);
    const compared = compareWithDocument(
      snapshot,
      linked,
      written(snapshot, context, books, parts, standing),
    );
    // What stands or is held writes nothing: no period is asked.
    if (compared.decision !== 'update') return compared;
  }
  const dated = openDate(parts.documentDate, context.configuration.lockedPeriod, books.periods);
  if (typeof dated !== 'string') return refuse(snapshot, dated);
  const draft = written(snapshot, context, books, parts, dated);
  if (linked) return compareWithDocument(snapshot, linked, draft);
  return decide(
    snapshot,
    'create',
    draft,
    context.configuration.deals.kind === 'contract' ? 'Makes a draft contract.' : 'Makes a draft invoice.',
  );
}

/** A draft with what the link keeps of it. */
interface WrittenDraft {
  readonly draft: DocumentDraft;
  readonly applied: AppliedFields;
  readonly fingerprint: string;
}

/** The document on this day; the link remembers the day that the CRM says, where that is another one. */
function written(
  snapshot: DealSnapshot,
  context: PlanContext,
  books: BooksSnapshot,
  parts: DraftParts,
  documentDate: CalendarDate,
): WrittenDraft {
  const warnings = [...parts.warnings, ...dateWarnings(parts.documentDate, documentDate, books.periods)];
  const draft = assemble(snapshot, context, books, { ...parts, documentDate, warnings });
  const applied = {
    ...documentFields(draft, snapshot.deal.facts.stageId ?? null),
    ...(documentDate === parts.documentDate ? {} : { [movedFromField]: parts.documentDate }),
  };
  return { draft, applied, fingerprint: fingerprintOf(applied) };
}

/** Whether the reason holds although the deal itself cannot be read: of such a deal the stage is known and not all properties. */
function isKnown({ code }: Refusal, { deal }: DealSnapshot, context: PlanContext): boolean {
  if (deal.associations !== null || deal.archived) return true;
  return code === 'stage_not_selected' && context.configuration.deals.trigger.on === 'stage';
}

/** Why a deal makes no document, before it is read whole; a merged deal is not said to be deleted. */
function skipOf({ deal, survivorId }: DealSnapshot, context: PlanContext): Refusal | null {
  if (!deal.archived || survivorId === null) return firstSkip(deal, context);
  const word = context.dealWord.toLowerCase();
  return { code: 'archived', reason: `This ${word} was merged into ${word} ${survivorId} in the CRM.` };
}

function changedSince(document: LinkedDocument, updatedAt: string): boolean {
  const version = document.link.sourceVersion;
  return version !== null && new Date(updatedAt).getTime() > new Date(version).getTime();
}

/** Why a deal that has a document no longer should: the CRM deleted it or moved it. A changed setting alone takes nothing back. */
function leaves(snapshot: DealSnapshot, linked: LinkedDocument, context: PlanContext): Refusal | null {
  const { deal } = snapshot;
  if (deal.archived) return skipOf(snapshot, context);
  const moved = linked.link.applied.$stage !== (deal.facts.stageId ?? null);
  const byProperty = context.configuration.deals.trigger.on !== 'stage';
  if ((moved || byProperty) && !isTriggered(deal, context.configuration)) return firstSkip(deal, context);
  return null;
}

function leave(snapshot: DealSnapshot, linked: LinkedDocument, why: Refusal): PlannedDeal {
  if (linked.status === 'draft' && linked.edit) return leaveEdited(snapshot, linked.edit, why);
  if (linked.status === 'draft') {
    return {
      ...refuse(snapshot, { code: why.code, reason: `${why.reason} Its draft is taken back.` }),
      withdraws: true,
    };
  }
  if (linked.status === 'reversed') return refuse(snapshot, why);
  const held = refusal('reopened_after_posting', { number: linked.number ?? '' });
  return refuse(
    snapshot,
    snapshot.deal.archived
      ? { code: held.code, reason: `${why.reason} Its invoice ${linked.number ?? ''} stays posted.` }
      : held,
  );
}

/** A draft that a person worked on is not taken back unasked. */
function leaveEdited(snapshot: DealSnapshot, edit: HandEdit, why: Refusal): PlannedDeal {
  const edited = `Its draft was edited by ${edit.by}`;
  if (isKept(edit, snapshot.deal.updatedAt)) {
    return refuse(snapshot, { code: why.code, reason: `${why.reason} ${edited} and stays.` });
  }
  return {
    ...refuse(snapshot, {
      code: 'conflict',
      reason: `${why.reason} ${edited}, so that it is not taken back by itself.`,
    }),
    changes: [{ field: 'document', before: edited, after: why.reason }],
  };
}

function compareWithDocument(snapshot: DealSnapshot, linked: LinkedDocument, now: WrittenDraft): PlannedDeal {
  const { draft, applied, fingerprint } = now;
  if (linked.kind !== draft.kind) return refuse(snapshot, refusal('kind_changed'));
  if (linked.link.fingerprint === fingerprint || agreesWithRebuilt(linked, draft)) {
    return decide(snapshot, 'unchanged', now, 'Nothing that is mapped has changed.');
  }
  const changes = changesBetween(linked.link.applied, applied);
  const fields = changes.map(({ field }) => field).join(', ');
  if (linked.status !== 'draft') {
    return {
      ...refuse(snapshot, refusal('changed_after_posting', { number: linked.number ?? '', fields })),
      changes,
    };
  }
  if (linked.edit) {
    const conflicts = isKept(linked.edit, snapshot.deal.updatedAt) ? [] : conflictsWith(linked.edit, changes);
    if (conflicts.length === 0) {
      const reason = `The edit by ${linked.edit.by} was kept.`;
      return decide(snapshot, 'unchanged', now, reason);
    }
    const named = conflicts.map(({ field }) => field).join(', ');
    return { ...refuse(snapshot, refusal('conflict', { fields: named })), changes: conflicts };
  }
  return { ...decide(snapshot, 'update', now, `Changes ${fields}.`), changes };
}

/** A link that was rebuilt from its document knows no more than the document's total, currency and date: as long as they stand, it stands. */
function agreesWithRebuilt({ link: { applied }, kind }: LinkedDocument, draft: DocumentDraft): boolean {
  if (applied['$rebuilt'] === undefined || kind !== draft.kind) return false;
  const { currency, documentDate, totalMinor } = applied;
  return (
    currency === draft.currency &&
    documentDate === draft.documentDate &&
    totalMinor === draft.totalMinor.toString()
  );
}

/** Of a deal that no sync has read whole. */
const notReadYet = refusal('vendor_unavailable', {
  record: 'this deal',
  detail: 'it has not been read whole yet.',
});

/** Everything that a document is made of, on the day that the CRM says, or the first reason of the catalogue's order why it cannot. */
function partsOf(
  snapshot: DealSnapshot,
  context: PlanContext,
  books: BooksSnapshot,
  overlay: PlanOverlay,
): DraftParts | Refusal {
  const { deal } = snapshot;
  if (!snapshot.hydrated) return snapshot.readFailure ?? notReadYet;
  const { fields } = context.configuration.deals;
  const currency = (readField(fields.currency, deal.properties) ?? context.account.currency).toUpperCase();
  const known = isCurrency(currency);
  // Amounts are worked out in two decimals for a currency that is refused below: only whether they are zero counts then.
  const amounts = amountsOf(snapshot, context, known ? currency : 'USD');
  if ('code' in amounts && decisionCodes[amounts.code].decision === 'skip') return amounts;
  if (context.missingSettings.length > 0)
    return refusal('setup_incomplete', { missing: context.missingSettings.join('; ') });
  const problem = mappingProblem(snapshot, context);
  if (problem) return problem;
  if ('code' in amounts) return amounts;
  const documentDate = documentDateOf(deal, context);
  if (!documentDate) return refusal('missing_date');
  if (!known) return refusal('unknown_currency', { currency });
  const customer = planCustomer(snapshot, context, books, overlay);
  if ('code' in customer) return customer;
  const lines = linesOf(amounts, snapshot, context, books, overlay, currency, documentDate);
  if ('code' in lines) return lines;
  return { currency, documentDate, customer, ...lines };
}

interface DraftParts {
  readonly currency: string;
  readonly documentDate: CalendarDate;
  readonly customer: CustomerPlan;
  readonly lines: readonly DocumentLineDraft[];
  readonly warnings: readonly Warning[];
}

interface Amounts {
  readonly priced: readonly PricedLine[];
  readonly dealMinor: bigint | null;
  readonly totalMinor: bigint;
}

/** What is to be invoiced, before anybody is asked who pays: skip codes of amounts first, then what is wrong with them. */
function amountsOf(snapshot: DealSnapshot, context: PlanContext, currency: string): Amounts | Refusal {
  const text = readField(context.configuration.deals.fields.total, snapshot.deal.properties);
  const parsed = text === null ? null : parseDecimal(text);
  const priced = priceLines(snapshot, context, currency);
  if ('code' in priced) return priced;
  const hasLines = priced.length > 0;
  if (hasLines && priced.every((line) => line.amountMinor === 0n && line.taxMinor === 0n))
    return refusal('no_valid_line_items');
  const amountWins = context.configuration.deals.amountPolicy === 'amount';
  const dealMinor = parsed ? toMinor(parsed, currency, 'half_away_from_zero') : null;
  if (text === null && !hasLines) return refusal('missing_required_field', { field: 'amount' });
  if (text !== null && !parsed && (!hasLines || amountWins)) {
    return refusal('invalid_amount', { detail: `the deal’s amount is “${text.slice(0, 60)}”, not a number` });
  }
  const linesMinor = priced.reduce((sum, line) => sum + line.amountMinor + line.taxMinor, 0n);
  const totalMinor = hasLines && !(amountWins && dealMinor !== null) ? linesMinor : (dealMinor ?? 0n);
  if (totalMinor === 0n) return refusal('zero_total');
  if (totalMinor < 0n)
    return refusal('invalid_amount', {
      detail: `the total is negative (${formatMinor(totalMinor, currency)} ${currency})`,
    });
  if (!isAmountInRange(totalMinor))
    return refusal('amount_out_of_range', { amount: `${formatMinor(totalMinor, currency)} ${currency}` });
  return { priced, dealMinor, totalMinor };
}

function linesOf(
  amounts: Amounts,
  snapshot: DealSnapshot,
  context: PlanContext,
  books: BooksSnapshot,
  overlay: PlanOverlay,
  currency: string,
  documentDate: CalendarDate,
): { lines: readonly DocumentLineDraft[]; warnings: readonly Warning[] } | Refusal {
  const { priced, dealMinor, totalMinor } = amounts;
  if (priced.length === 0) {
    const line = plainLine(1, titleOf(snapshot, context), totalMinor, currency, books);
    return 'code' in line ? line : { lines: [line], warnings: [] };
  }
  const planned = planLines(priced, context, books, overlay, snapshot, documentDate);
  if ('code' in planned) return planned;
  const linesMinor = planned.lines.reduce((sum, line) => sum + line.amountMinor, 0n);
  if (dealMinor === null || dealMinor === linesMinor) return planned;
  const difference = dealMinor - linesMinor;
  const say = (amountMinor: bigint) => `${formatMinor(amountMinor, currency)} ${currency}`;
  const amountWins = context.configuration.deals.amountPolicy === 'amount';
  const warning: Warning = {
    code: 'amount_differs',
    message: `The deal’s amount is ${say(dealMinor)} and its lines sum to ${say(linesMinor)}, a difference of ${say(difference)}; the ${amountWins ? 'deal’s amount' : 'lines'} won.`,
  };
  const warnings = [...planned.warnings, warning];
  if (!amountWins || totalMinor === linesMinor + taxOf(planned.lines))
    return { lines: planned.lines, warnings };
  const adjustment = plainLine(
    planned.lines.length + 1,
    'Adjustment to the deal’s amount',
    totalMinor - linesMinor - taxOf(planned.lines),
    currency,
    books,
  );
  return 'code' in adjustment ? adjustment : { lines: [...planned.lines, adjustment], warnings };
}

function taxOf(lines: readonly DocumentLineDraft[]): bigint {
  return lines.reduce((sum, line) => sum + line.taxMinor, 0n);
}

function titleOf({ deal }: DealSnapshot, context: PlanContext): string {
  return (
    readField(context.configuration.deals.fields.description, deal.properties) ??
    `${context.dealWord} ${deal.id}`
  );
}

function assemble(
  snapshot: DealSnapshot,
  context: PlanContext,
  books: BooksSnapshot,
  parts: DraftParts,
): DocumentDraft {
  const { deal } = snapshot;
  const { fields, kind } = context.configuration.deals;
  const taxMinor = taxOf(parts.lines);
  const memo = [readField(fields.memo, deal.properties), deal.url].filter((part) => part !== null).join('\n');
  return {
    kind,
    currency: parts.currency,
    documentDate: parts.documentDate,
    dueDate: addDays(parts.documentDate, termsOf(parts.customer, context, books)),
    description: titleOf(snapshot, context),
    memo: memo === '' ? null : memo,
    customer: parts.customer,
    contacts: planContacts(snapshot, context),
    salesRep: salesRepOf(snapshot, context),
    lines: parts.lines,
    totalMinor: parts.lines.reduce((sum, line) => sum + line.amountMinor, 0n) + taxMinor,
    taxMinor,
    dimensions: readAll(fields.dimensions, deal),
    customProperties: readAll(fields.customProperties, deal),
    sourceUrl: deal.url,
    warnings: parts.warnings,
  };
}

function termsOf(customer: CustomerPlan, context: PlanContext, books: BooksSnapshot): number {
  if (customer.action === 'create') return context.entity.termsDays;
  const key = `${customer.source.type}:${customer.source.id}`;
  return (
    books.customerLinks.get(key)?.termsDays ??
    books.customerTerms.get(customer.customerId) ??
    context.entity.termsDays
  );
}

function salesRepOf({ owner }: DealSnapshot, context: PlanContext): DocumentDraft['salesRep'] {
  if (!owner || context.configuration.deals.fields.salesRep === null) return null;
  const email = owner.facts.ownerEmail ?? null;
  return { sourceId: owner.id, draft: { name: owner.facts.ownerName || email || owner.id, email } };
}

function decide(
  snapshot: DealSnapshot,
  decision: DecisionKind,
  { draft, applied, fingerprint }: WrittenDraft,
  reason: string,
): PlannedDeal {
  const base = {
    sourceType: 'deal' as const,
    sourceId: snapshot.deal.id,
    code: null,
    changes: [],
    withdraws: false,
  };
  return {
    ...base,
    snapshot,
    decision,
    reason,
    warnings: draft.warnings,
    document: draft,
    draft,
    applied,
    fingerprint,
  };
}

/** The decision that a refusal's code belongs to. */
export function refuse(snapshot: DealSnapshot, { code, reason }: Refusal): PlannedDeal {
  const text = reason.length > fieldTextLengthMax ? `${reason.slice(0, 500)}…` : reason;
  const base = {
    sourceType: 'deal' as const,
    sourceId: snapshot.deal.id,
    warnings: [],
    document: null,
    changes: [],
    draft: null,
  };
  return {
    ...base,
    snapshot,
    decision: decisionCodes[code].decision,
    code,
    reason: text,
    applied: {},
    fingerprint: '',
    withdraws: false,
  };
}
