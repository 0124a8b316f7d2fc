import type { DecisionCode } from '../../model/decision-codes.ts';
import { wordOf } from './words.ts';

/** The cause of a decision in a few words, for many records at once: `14 deals: no company`. A record has its own sentence. */
const codeWords = {
  archived: 'deleted in the CRM',
  stage_not_selected: 'the stage makes no document',
  before_cutoff: 'closed before the cutoff',
  filtered_out: 'does not pass the filter',
  below_minimum: 'below the minimum amount',
  covered_by_crm_invoice: 'an invoice of the CRM was imported already',
  no_valid_line_items: 'every line item is zero',
  zero_total: 'the total is zero',
  setup_incomplete: 'the setup is incomplete',
  unauthorized: 'the CRM refused access',
  invalid_vendor_data: 'the CRM’s answer makes no sense',
  mapping_error: 'the mapping does not fit',
  missing_required_field: 'a needed field is empty in the CRM',
  invalid_amount: 'the amount is not usable',
  amount_out_of_range: 'the amount is too large',
  missing_date: 'no usable close date',
  unknown_currency: 'unknown currency',
  company_not_found: 'company not found',
  ambiguous_customer: 'not clear who the customer is',
  product_id_missing: 'a line without a product',
  item_not_found: 'no item for a product',
  locked_period: 'the date lies in a closed period',
  duplicate_deal: 'another record claims the document',
  vendor_unavailable: 'the CRM did not answer',
  rate_limited: 'the CRM’s limit of calls was reached',
  conflict: 'changed on both sides',
  changed_after_posting: 'changed after posting',
  reopened_after_posting: 'reopened after posting',
  kind_changed: 'another kind of document is asked for now',
  unsynced: 'undone, and not released yet',
} as const satisfies Record<DecisionCode, string>;

export function causeOf(code: string): string {
  return wordOf(codeWords, code);
}
