import type { SourceObjectType } from '../../model/source-record.ts';

/** The record types that HubSpot serves as CRM objects. Owners have an API of their own. */
export type CrmType = Exclude<SourceObjectType, 'owner'>;

export interface CrmTypeEntry {
  /** As it stands in addresses. */
  readonly path: string;
  /** Object type id, as it stands in the record's page address. */
  readonly typeId: string;
  /** The property that says when the record was last changed; contacts have their own name for it. */
  readonly modifiedProperty: string;
  /** Properties that our facts are made from, wanted in every read. */
  readonly factProperties: readonly string[];
}

/** Source: object type ids and property names of the CRM objects guide, API version 2026-09. */
export const crmTypes: Readonly<Record<CrmType, CrmTypeEntry>> = {
  deal: {
    path: 'deals',
    typeId: '0-3',
    modifiedProperty: 'hs_lastmodifieddate',
    factProperties: [
      'dealstage',
      'pipeline',
      'hubspot_owner_id',
      'hs_is_closed',
      'hs_is_closed_won',
      'hs_lastmodifieddate',
      'hs_merged_object_ids',
    ],
  },
  company: {
    path: 'companies',
    typeId: '0-2',
    modifiedProperty: 'hs_lastmodifieddate',
    factProperties: ['hs_lastmodifieddate', 'hs_merged_object_ids'],
  },
  contact: {
    path: 'contacts',
    typeId: '0-1',
    modifiedProperty: 'lastmodifieddate',
    factProperties: ['lastmodifieddate', 'hs_merged_object_ids'],
  },
  line_item: {
    path: 'line_items',
    typeId: '0-8',
    modifiedProperty: 'hs_lastmodifieddate',
    factProperties: [
      'hs_product_id',
      'hs_pricing_model',
      'hs_tier_ranges',
      'hs_tier_prices',
      'hs_line_item_currency_code',
      'hs_recurring_billing_period',
      'hs_recurring_billing_start_date',
      'hs_recurring_billing_end_date',
      'recurringbillingfrequency',
      'hs_term_in_months',
      'hs_lastmodifieddate',
    ],
  },
  product: {
    path: 'products',
    typeId: '0-7',
    modifiedProperty: 'hs_lastmodifieddate',
    factProperties: ['hs_lastmodifieddate', 'hs_merged_object_ids'],
  },
};

/** What is asked for of a type: the caller's properties and those of the facts, each once. */
export function propertiesWanted(type: CrmType, wanted: readonly string[]): string[] {
  return [...new Set([...crmTypes[type].factProperties, ...wanted])];
}

export function isCrmType(type: SourceObjectType): type is CrmType {
  return type !== 'owner';
}
