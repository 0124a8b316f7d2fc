import { type ObjectTypeName, OBJECT_TYPES } from './object-types.ts';

export type PropertyType =
  | 'bool'
  | 'date'
  | 'datetime'
  | 'enumeration'
  | 'number'
  | 'phone_number'
  | 'string';

export interface PropertyOption {
  readonly label: string;
  readonly value: string;
  readonly displayOrder: number;
  readonly hidden: boolean;
}

/** A property definition as the properties API answers it. Its name never changes. */
export interface PropertyDefinition {
  readonly name: string;
  readonly label: string;
  readonly type: PropertyType;
  readonly fieldType: string;
  readonly groupName: string;
  readonly description: string;
  readonly options: readonly PropertyOption[];
  readonly readOnly: boolean;
  readonly calculated: boolean;
  readonly hubspotDefined: boolean;
  readonly hasUniqueValue: boolean;
  readonly archived: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** `name:type` with `!` for read-only and `=` for calculated values; enumerations list their options after `|`. */
const CATALOGUE: Readonly<Record<ObjectTypeName, readonly string[]>> = {
  deals: [
    'dealname:string',
    'amount:number',
    'closedate:datetime',
    'dealstage:enumeration',
    'pipeline:enumeration',
    'hubspot_owner_id:enumeration',
    'deal_currency_code:enumeration|USD|EUR|GBP|JPY|KWD|NZD|AUD|CHF',
    'description:string',
    'dealtype:enumeration|newbusiness|existingbusiness',
    'hs_priority:enumeration|low|medium|high',
    'hs_analytics_source:enumeration!|ORGANIC_SEARCH|PAID_SEARCH|EMAIL_MARKETING|REFERRALS|DIRECT_TRAFFIC|OFFLINE',
    'hs_is_closed:bool=',
    'hs_is_closed_won:bool=',
    'hs_is_closed_lost:bool=',
    'hs_closed_won_date:datetime=',
    'hs_deal_stage_probability:number=',
    'hs_num_of_associated_line_items:number=',
    'num_associated_contacts:number=',
    'hs_exchange_rate:number=',
    'amount_in_home_currency:number=',
    'hs_mrr:number!',
    'hs_arr:number!',
    'hs_tcv:number!',
    'hs_acv:number!',
    'hs_deal_amount_calculation_preference:enumeration|TCV|ACV|ARR|MRR|MANUAL',
    'hs_merged_object_ids:enumeration!',
    'closed_lost_reason:string',
    'closed_won_reason:string',
    'hs_next_step:string',
    'project_code:string',
    'customer_segment:enumeration|enterprise|mid_market|small_business|public_sector',
    'ready_for_invoicing:bool',
    'region:enumeration|apac|emea|americas',
    'notes_last_updated:datetime!',
  ],
  companies: [
    'name:string',
    'domain:string',
    'website:string',
    'industry:enumeration|COMPUTER_SOFTWARE|CONSTRUCTION|FINANCIAL_SERVICES|HOSPITAL_HEALTH_CARE|MACHINERY|RETAIL|UTILITIES',
    'phone:phone_number',
    'address:string',
    'address2:string',
    'city:string',
    'state:string',
    'zip:string',
    'country:string',
    'description:string',
    'hubspot_owner_id:enumeration',
    'lifecyclestage:enumeration|lead|opportunity|customer',
    'tax_id:string',
    'external_customer_id:string',
    'numberofemployees:number',
    'annualrevenue:number',
    'hs_merged_object_ids:enumeration!',
  ],
  contacts: [
    'email:string',
    'firstname:string',
    'lastname:string',
    'phone:phone_number',
    'company:string',
    'jobtitle:string',
    'address:string',
    'city:string',
    'state:string',
    'zip:string',
    'country:string',
    'associatedcompanyid:number=',
    'hubspot_owner_id:enumeration',
    'lifecyclestage:enumeration|lead|opportunity|customer',
    'hs_merged_object_ids:enumeration!',
  ],
  line_items: [
    'name:string',
    'description:string',
    'hs_product_id:number',
    'hs_sku:string',
    'quantity:number',
    'price:number',
    'amount:number=',
    'discount:number',
    'hs_discount_percentage:number',
    'hs_total_discount:number=',
    'hs_pre_discount_amount:number=',
    'hs_tax_amount:number!',
    'hs_auto_tax_amount:number!',
    'hs_post_tax_amount:number!',
    'hs_tax_rate:number!',
    'hs_tax_rate_group_id:string',
    'hs_tax_category:string',
    'hs_tax_label:string!',
    'hs_recurring_billing_period:string',
    'recurringbillingfrequency:enumeration|weekly|biweekly|monthly|quarterly|per_six_months|annually|per_two_years|per_three_years',
    'hs_recurring_billing_start_date:date',
    'hs_recurring_billing_end_date:date!',
    'hs_recurring_billing_number_of_payments:number!',
    'hs_billing_start_delay_days:number',
    'hs_billing_start_delay_months:number',
    'hs_billing_start_delay_type:enumeration|hs_billing_start_delay_days|hs_billing_start_delay_months',
    'hs_term_in_months:number!',
    'hs_line_item_currency_code:enumeration|USD|EUR|GBP|JPY|KWD|NZD|AUD|CHF',
    'hs_product_type:enumeration|inventory|non_inventory|service',
    'hs_mrr:number!',
    'hs_arr:number!',
    'hs_tcv:number!',
    'hs_acv:number!',
    'hs_margin:number!',
    'hs_cost_of_goods_sold:number',
    'hs_position_on_quote:number',
    'hs_variant_id:number',
    'hs_pricing_model:enumeration|flat|volume|graduated|stairstep',
    'hs_tier_ranges:string',
    'hs_tier_prices:string',
  ],
  products: [
    'name:string',
    'description:string',
    'price:number',
    'hs_sku:string',
    'hs_product_type:enumeration|inventory|non_inventory|service',
    'hs_cost_of_goods_sold:number',
    'hs_recurring_billing_period:string',
    'recurringbillingfrequency:enumeration|monthly|quarterly|annually',
    'hs_pricing_model:enumeration|flat|volume|graduated|stairstep',
    'hs_tier_ranges:string',
    'hs_tier_prices:string',
    'stock_on_hand:number',
    'hs_merged_object_ids:enumeration!',
  ],
  invoices: [
    'hs_number:string!',
    'hs_currency:enumeration|USD|EUR|GBP|JPY|KWD|NZD|AUD|CHF',
    'hs_invoice_date:datetime',
    'hs_due_date:datetime',
    'hs_invoice_status:enumeration|draft|open|paid|voided',
    'hs_purchase_order_number:string',
    'hs_comments:string',
    'hs_tax_id:string',
    'hs_invoice_link:string!',
    'hs_pdf_download_link:string!',
    'hs_invoice_billable:bool',
    'hs_amount_billed:number!',
    'hs_amount_paid:number!',
    'hs_balance_due:number!',
    'hs_payment_date:datetime!',
    'hs_external_invoice_id:string',
  ],
};

/** Properties that every object has. */
function commonProperties(type: ObjectTypeName): string[] {
  return ['hs_object_id:number=', 'createdate:datetime=', `${OBJECT_TYPES[type].modifiedProperty}:datetime=`];
}

const FIELD_TYPES: Readonly<Record<PropertyType, string>> = {
  bool: 'booleancheckbox',
  date: 'date',
  datetime: 'date',
  enumeration: 'select',
  number: 'number',
  phone_number: 'phonenumber',
  string: 'text',
};

function groupName(type: ObjectTypeName): string {
  const singular = OBJECT_TYPES[type].singular;
  return singular === 'line_item' ? 'lineiteminformation' : `${singular}information`;
}

function labelOf(name: string): string {
  const words = name.replace(/^hs_/, '').replace(/_/g, ' ');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

const CUSTOM = new Set(['project_code', 'customer_segment', 'ready_for_invoicing', 'region', 'tax_id']);
const CUSTOM_OTHER = new Set(['external_customer_id', 'stock_on_hand']);

function parseEntry(type: ObjectTypeName, entry: string, createdAt: number): PropertyDefinition {
  const [head = '', ...values] = entry.split('|');
  const [name = '', typeWithFlags = 'string'] = head.split(':');
  const valueType = typeWithFlags.replace(/[!=]/g, '') as PropertyType;
  const calculated = typeWithFlags.includes('=');
  const bool = valueType === 'bool' ? ['true', 'false'] : values;
  return {
    name,
    label: labelOf(name),
    type: valueType,
    fieldType: FIELD_TYPES[valueType],
    groupName: groupName(type),
    description: '',
    options: bool.map((value, displayOrder) => ({
      label: labelOf(value),
      value,
      displayOrder,
      hidden: false,
    })),
    readOnly: calculated || typeWithFlags.includes('!'),
    calculated,
    hubspotDefined: !CUSTOM.has(name) && !CUSTOM_OTHER.has(name),
    hasUniqueValue: (type === 'contacts' && name === 'email') || name === 'external_customer_id',
    archived: false,
    createdAt,
    updatedAt: createdAt,
  };
}

/** The definitions that a new portal starts with, by name. */
export function defaultProperties(type: ObjectTypeName, createdAt: number): Map<string, PropertyDefinition> {
  const definitions = [...commonProperties(type), ...CATALOGUE[type]].map((entry) =>
    parseEntry(type, entry, createdAt),
  );
  return new Map(definitions.map((definition) => [definition.name, definition]));
}
