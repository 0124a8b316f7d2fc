/**
 * Why a record was skipped, failed or held. Codes are API and belong to exactly one decision; the order within a decision is the
 * order in which they are checked. `sentence` is for a bookkeeper; `{…}` are filled from the record. `mend` says how to go on.
 */
export interface DecisionCodeEntry {
  readonly decision: 'skip' | 'fail' | 'hold';
  readonly sentence: string;
  readonly mend: string;
  /** True when trying again without any change can succeed. */
  readonly transient?: true;
}

export const decisionCodes = {
  archived: {
    decision: 'skip',
    sentence: 'This deal was deleted in the CRM.',
    mend: 'Restore it in the CRM if it should be invoiced.',
  },
  stage_not_selected: {
    decision: 'skip',
    sentence: 'The deal’s stage, {stage}, makes no document.',
    mend: 'Choose the stage in Stage Configuration if it should.',
  },
  before_cutoff: {
    decision: 'skip',
    sentence: 'The deal closed on {date}, before the cutoff {cutoff}.',
    mend: 'Move the cutoff in Sync Settings if it should be invoiced.',
  },
  filtered_out: {
    decision: 'skip',
    sentence: 'The deal does not pass the filter on {property}.',
    mend: 'Change the filter in Sync Settings if it should.',
  },
  below_minimum: {
    decision: 'skip',
    sentence: 'The deal’s amount, {amount}, is below the minimum of {minimum}.',
    mend: 'Lower the minimum in Sync Settings if it should be invoiced.',
  },
  covered_by_crm_invoice: {
    decision: 'skip',
    sentence: 'An invoice of the CRM for this deal was imported already.',
    mend: 'Nothing needs doing.',
  },
  no_valid_line_items: {
    decision: 'skip',
    sentence: 'All line items of the deal have a zero amount.',
    mend: 'Correct the line items in the CRM if there is something to invoice.',
  },
  zero_total: {
    decision: 'skip',
    sentence: 'The deal’s total is zero.',
    mend: 'Correct the amount in the CRM if there is something to invoice.',
  },

  setup_incomplete: {
    decision: 'fail',
    sentence: 'The connection is not set up completely: {missing}.',
    mend: 'Complete Settings › Integrations › Settings.',
  },
  unauthorized: {
    decision: 'fail',
    sentence: 'The CRM refused access to this record.',
    mend: 'Reconnect with the scopes that are named.',
  },
  invalid_vendor_data: {
    decision: 'fail',
    sentence: 'The CRM’s answer for this record makes no sense: {detail}.',
    mend: 'Open the record in the CRM and correct the field.',
  },
  mapping_error: {
    decision: 'fail',
    sentence: 'The mapping does not fit this record: {detail}.',
    mend: 'Correct the mapping of that field in Deal Mapping.',
  },
  missing_required_field: {
    decision: 'fail',
    sentence: 'The field {field} is empty in the CRM and a document needs it.',
    mend: 'Fill it in the CRM, or give the mapping a default.',
  },
  invalid_amount: {
    decision: 'fail',
    sentence: 'The amount is not usable: {detail}.',
    mend: 'Correct it in the CRM. A negative total belongs on a credit note.',
  },
  amount_out_of_range: {
    decision: 'fail',
    sentence: 'The amount {amount} is larger than any document may be.',
    mend: 'Correct it in the CRM.',
  },
  missing_date: {
    decision: 'fail',
    sentence: 'The deal has no usable close date.',
    mend: 'Set the close date in the CRM, or map another date.',
  },
  unknown_currency: {
    decision: 'fail',
    sentence: 'The currency {currency} is not an ISO 4217 code.',
    mend: 'Correct the deal’s currency in the CRM.',
  },
  company_not_found: {
    decision: 'fail',
    sentence: 'The deal has no company in the CRM.',
    mend: 'Add the company there, or choose another rule in Company Mapping.',
  },
  ambiguous_customer: {
    decision: 'fail',
    sentence: 'It is not clear who the customer is: {detail}.',
    mend: 'Mark the primary company in the CRM, or pick the customer here; the choice is remembered.',
  },
  product_id_missing: {
    decision: 'fail',
    sentence: 'Line {position} has no product.',
    mend: 'Choose the product in the CRM, or set a default item.',
  },
  item_not_found: {
    decision: 'fail',
    sentence: 'There is no item for the product of line {position}.',
    mend: 'Create the item, or switch its creation on.',
  },
  locked_period: {
    decision: 'fail',
    sentence: 'The document date {date} lies in a closed period.',
    mend: 'Open the period, or let documents take the first open date.',
  },
  duplicate_deal: {
    decision: 'fail',
    sentence: 'Another record already claims this deal’s document.',
    mend: 'Open both records and unsync the wrong one.',
  },
  vendor_unavailable: {
    decision: 'fail',
    sentence: 'The CRM did not answer for this record.',
    mend: 'It is tried again by itself with the next sync.',
    transient: true,
  },
  rate_limited: {
    decision: 'fail',
    sentence: 'The CRM’s limit of calls was reached before this record.',
    mend: 'It is tried again by itself with the next sync.',
    transient: true,
  },

  conflict: {
    decision: 'hold',
    sentence: 'The document was changed in the books and the deal in the CRM: {fields}.',
    mend: 'Choose which value wins.',
  },
  changed_after_posting: {
    decision: 'hold',
    sentence: 'The deal was changed after its invoice {number} was posted: {fields}.',
    mend: 'Reverse or credit the invoice if the change is right.',
  },
  reopened_after_posting: {
    decision: 'hold',
    sentence: 'The deal left its won stage after its invoice {number} was posted.',
    mend: 'Reverse the invoice if the sale is off.',
  },
  kind_changed: {
    decision: 'hold',
    sentence: 'The settings now ask for another kind of document than the one that exists.',
    mend: 'Unsync the document to make the other kind, or leave it.',
  },
  unsynced: {
    decision: 'hold',
    sentence: 'The deal’s document was undone, and the deal waits until it is released.',
    mend: 'Release it, or change the deal in the CRM.',
  },
} as const satisfies Record<string, DecisionCodeEntry>;

export type DecisionCode = keyof typeof decisionCodes;

/** The bookkeeper's sentence with its blanks filled; a blank without a value stays readable as its name. */
export function decisionSentence(code: DecisionCode, values: Readonly<Record<string, string>> = {}): string {
  return decisionCodes[code].sentence.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? name);
}
