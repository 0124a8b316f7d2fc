import { compare, parseDecimal } from '../../kernel/decimal.ts';
import { dateInZone, parseCalendarDate, parseInstant, type CalendarDate } from '../../kernel/dates.ts';
import type { Configuration } from '../../model/configuration.ts';
import type { SourceRecord } from '../../model/source-record.ts';
import { readField } from './field-source.ts';
import { failingFilter } from './filters.ts';
import type { PlanContext } from './plan-context.ts';
import { type Refusal, refusal } from './refusal.ts';

/** Whether the deal stands where the settings say that a document is made: the stage, the property, or both. */
export function isTriggered(deal: SourceRecord, configuration: Configuration): boolean {
  const { trigger, stages, lostStages } = configuration.deals;
  const { stageId = null, stageOutcome = 'open' } = deal.facts;
  if (stageId !== null && lostStages.includes(stageId)) return false;
  const byStage = stages.length > 0 ? stageId !== null && stages.includes(stageId) : stageOutcome === 'won';
  if (trigger.on === 'stage') return byStage;
  const wanted = (trigger.equals ?? 'true').toLowerCase();
  const ready =
    trigger.property !== undefined && deal.properties[trigger.property]?.trim().toLowerCase() === wanted;
  return trigger.on === 'property' ? ready : ready && byStage;
}

/** The day of the document: a day as it is, an instant as the day that it is in the account's time zone. */
export function documentDateOf(deal: SourceRecord, context: PlanContext): CalendarDate | null {
  const text = readField(context.configuration.deals.fields.documentDate, deal.properties);
  if (text === null) return null;
  const day = parseCalendarDate(text);
  if (day) return day;
  const instant = parseInstant(text);
  return instant ? dateInZone(instant, context.account.timeZone) : null;
}

/** The skip codes of a deal that has no document yet, in their order; null: it qualifies. */
export function firstSkip(deal: SourceRecord, context: PlanContext): Refusal | null {
  const { deals } = context.configuration;
  if (deal.archived) return refusal('archived');
  if (!isTriggered(deal, context.configuration))
    return refusal('stage_not_selected', { stage: stageLabel(deal, context) });
  const date = documentDateOf(deal, context);
  const cutoff = laterOf(
    deals.cutoff,
    context.configuration.history.mode === 'all' ? null : context.configuration.history.from,
  );
  if (date !== null && cutoff !== null && date < cutoff) return refusal('before_cutoff', { date, cutoff });
  const failing = failingFilter(deals.filters, deal.properties);
  if (failing !== null) return refusal('filtered_out', { property: failing });
  return belowMinimum(deal, context);
}

function laterOf(left: string | null, right: string | null): string | null {
  if (left === null) return right;
  return right === null || left > right ? left : right;
}

/** By the deal's own amount; a deal without one is not judged here. */
function belowMinimum(deal: SourceRecord, context: PlanContext): Refusal | null {
  const { minimumAmount, fields } = context.configuration.deals;
  const text = readField(fields.total, deal.properties);
  const minimum = minimumAmount === null ? null : parseDecimal(minimumAmount);
  const amount = text === null ? null : parseDecimal(text);
  if (!minimum || !amount || compare(amount, minimum) >= 0) return null;
  return refusal('below_minimum', { amount: text ?? '', minimum: minimumAmount ?? '' });
}

function stageLabel(deal: SourceRecord, context: PlanContext): string {
  const { stageId = null } = deal.facts;
  if (stageId === null) return 'none';
  const stage = context.stages.get(stageId);
  return stage ? `“${stage.label}”` : `${stageId} (it no longer exists in the CRM)`;
}
