import { parseCalendarDate } from '../../kernel/dates.ts';
import { type Instant, parseInstant } from '../../kernel/dates.ts';
import type { DealAssociations, GoneRecord, SourceFacts, SourceRecord } from '../../model/source-record.ts';
import { readBillingPeriodMonths, readTermMonths } from './billing-period.ts';
import type { HubspotClient } from './client.ts';
import { type CrmType, crmTypes } from './object-types.ts';
import { readPricing } from './pricing.ts';
import type { CrmRecord, Owner } from './wire.ts';

type Properties = Readonly<Record<string, string | null>>;

/** Before any record of any CRM: the version of a record that says no time at all. */
const earliest = '1970-01-01T00:00:00.001Z' as Instant;

/** A CRM object as a source record. Deals come without associations; whoever has read them adds them. */
export function fromRemote(
  client: HubspotClient,
  type: CrmType,
  remote: CrmRecord,
  associations: DealAssociations | null = null,
): SourceRecord {
  const properties = remote.properties ?? {};
  return {
    type,
    id: remote.id,
    updatedAt: versionOf(type, remote),
    archived: remote.archived ?? false,
    mergedIds: mergedIdsOf(remote),
    properties,
    facts: factsOf(type, properties),
    associations,
    url: remote.url ?? pageUrl(client, type, remote.id),
  };
}

/**
 * When the record was last changed. The property goes before the field beside it: search filters by the property, and the shortcuts
 * of a pull compare both. Archiving moves neither.
 */
export function versionOf(type: CrmType, remote: CrmRecord): Instant {
  const texts = [
    remote.properties?.[crmTypes[type].modifiedProperty],
    remote.updatedAt,
    remote.properties?.createdate,
    remote.createdAt,
  ];
  for (const text of texts) {
    const instant = text ? parseInstant(text) : null;
    if (instant) return instant;
  }
  return earliest;
}

/** Ids that were merged into the record: `hs_merged_object_ids`, with semicolons between. */
function mergedIdsOf(remote: CrmRecord): string[] {
  const ids = (remote.properties?.hs_merged_object_ids ?? '').split(';').map((id) => id.trim());
  return [...new Set(ids)].filter((id) => id !== '' && id !== remote.id);
}

/** The record that the survivor's own list says is gone. */
export function goneByMerge(survivor: SourceRecord): GoneRecord[] {
  return survivor.mergedIds.map((id) => ({
    type: survivor.type,
    id,
    reason: 'merged',
    survivorId: survivor.id,
  }));
}

function factsOf(type: CrmType, properties: Properties): SourceFacts {
  if (type === 'deal') return dealFacts(properties);
  if (type !== 'line_item') return {};
  const pricing = readPricing(properties);
  const billingPeriodMonths = readBillingPeriodMonths(properties);
  const termMonths = readTermMonths(properties);
  return {
    productId: properties.hs_product_id || null,
    ...(pricing ? { pricing } : {}),
    ...(billingPeriodMonths === undefined ? {} : { billingPeriodMonths }),
    ...(termMonths === undefined ? {} : { termMonths }),
    ...dayFact('serviceStart', properties.hs_recurring_billing_start_date),
    ...dayFact('serviceEnd', properties.hs_recurring_billing_end_date),
  };
}

/** HubSpot answers days as `YYYY-MM-DD`; what is no day says nothing. */
function dayFact(name: 'serviceStart' | 'serviceEnd', text: string | null | undefined): SourceFacts {
  const day = parseCalendarDate(text?.trim() ?? '');
  return day === null ? {} : { [name]: day };
}

/**
 * `hs_is_closed_won` is HubSpot's own word on the deal; where it is not answered the outcome is left open to the stage's, which
 * the pipelines tell.
 */
function dealFacts(properties: Properties): SourceFacts {
  const outcome = stageOutcome(properties.hs_is_closed, properties.hs_is_closed_won);
  return {
    stageId: properties.dealstage ?? null,
    pipelineId: properties.pipeline ?? null,
    ownerId: properties.hubspot_owner_id || null,
    ...(outcome ? { stageOutcome: outcome } : {}),
  };
}

function stageOutcome(
  closed: string | null | undefined,
  won: string | null | undefined,
): SourceFacts['stageOutcome'] {
  if (won === 'true') return 'won';
  if (closed === 'true') return won === 'false' ? 'lost' : undefined;
  return closed === 'false' ? 'open' : undefined;
}

/** Source: record page addresses of the objects guide. An account in another region is redirected there by HubSpot. */
function pageUrl(client: HubspotClient, type: CrmType, id: string): string {
  const { endpoint, accountId, uiUrl } = client.session;
  return `${uiUrl ?? endpoint.appUrl}/contacts/${accountId}/record/${crmTypes[type].typeId}/${id}`;
}

/** An owner: a sales rep, never its user id, which archived owners do not have. */
export function ownerFromRemote(remote: Owner): SourceRecord {
  const email = remote.email?.trim() || null;
  const name = [remote.firstName, remote.lastName]
    .map((part) => part?.trim() ?? '')
    .filter(Boolean)
    .join(' ');
  return {
    type: 'owner',
    id: remote.id,
    updatedAt: parseInstant(remote.updatedAt ?? '') ?? parseInstant(remote.createdAt ?? '') ?? earliest,
    archived: remote.archived ?? false,
    mergedIds: [],
    properties: { email, firstName: remote.firstName ?? null, lastName: remote.lastName ?? null },
    facts: { ownerName: name || email || `Owner ${remote.id}`, ownerEmail: email },
    associations: null,
    url: null,
  };
}
