/**
 * Why a record was skipped, failed or held. Codes are API and belong to exactly one decision; the order within a decision is the
 * order in which they are checked. `sentence` is for a bookkeeper; `{…}` are filled from the record. `mend` says how to go on.
 */
export interface DecisionCodeEntry {
  /** What many records have in common, in a few words: the heading of a group. */
  readonly cause: string;
  readonly decision: 'skip' | 'fail' | 'hold';
  readonly sentence: string;
  readonly mend: string;
  /** True when trying again without any change can succeed. */
  readonly transient?: true;
}

export const decisionCodes = {
  archived: {
    cause: 'Deleted or merged in the CRM',
    decision: 'skip',
    sentence: 'This deal was deleted in the CRM.',
    mend: 'To invoice it, restore it in the CRM. After a merge nothing needs doing: the deal that remains is invoiced.',
  },
  stage_not_selected: {
    cause: 'Stage makes no document',
    decision: 'skip',
    sentence: 'The deal’s stage, {stage}, makes no document.',
    mend: 'Choose the stage in Stage Configuration if it should.',
  },
  before_cutoff: {
    cause: 'Closed before the cutoff',
    decision: 'skip',
    sentence: 'The deal closed on {date}, before the cutoff {cutoff}.',
    mend: 'Move the cutoff in Sync Settings if it should be invoiced.',
  },
  filtered_out: {
    cause: 'Does not pass a filter',
    decision: 'skip',
    sentence: 'The deal does not pass the filter on {property}.',
    mend: 'Change the filter in Sync Settings if it should.',
  },
  below_minimum: {
    cause: 'Below the minimum amount',
    decision: 'skip',
    sentence: 'The deal’s amount, {amount}, is below the minimum of {minimum}.',
    mend: 'Lower the minimum in Sync Settings if it should be invoiced.',
  },
  covered_by_crm_invoice: {
    cause: 'Covered by an imported CRM invoice',
    decision: 'skip',
    sentence: 'An invoice of the CRM for this deal was imported already.',
    mend: 'Nothing needs doing.',
  },
  no_valid_line_items: {
    cause: 'All line items are zero',
    decision: 'skip',
    sentence: 'All line items of the deal have a zero amount.',
    mend: 'Correct the line items in the CRM if there is something to invoice.',
  },
  zero_total: {
    cause: 'Total is zero',
    decision: 'skip',
    sentence: 'The deal’s total is zero.',
    mend: 'Correct the amount in the CRM if there is something to invoice.',
  },

  setup_incomplete: {
    cause: 'Setup incomplete',
    decision: 'fail',
    sentence: 'The connection is not set up completely: {missing}.',
    mend: 'Complete Settings › Integrations › Settings.',
  },
  unauthorized: {
    cause: 'Access refused by the CRM',
    decision: 'fail',
    sentence: 'The CRM refused access to this record.',
    mend: 'Reconnect with the scopes that are named.',
  },
  invalid_vendor_data: {
    cause: 'Data of the CRM makes no sense',
    decision: 'fail',
    sentence: 'The CRM’s answer for this record makes no sense: {detail}.',
    mend: 'Open the record in the CRM and correct the field.',
  },
  mapping_error: {
    cause: 'Mapping does not fit',
    decision: 'fail',
    sentence: 'The mapping does not fit this record: {detail}.',
    mend: 'Correct the mapping of that field in Deal Mapping.',
  },
  missing_required_field: {
    cause: 'Required field is empty',
    decision: 'fail',
    sentence: 'The field {field} is empty in the CRM and a document needs it.',
    mend: 'Fill it in the CRM, or give the mapping a default.',
  },
  invalid_amount: {
    cause: 'Amount not usable',
    decision: 'fail',
    sentence: 'The amount is not usable: {detail}.',
    mend: 'Correct it in the CRM. A negative total belongs on a credit note.',
  },
  amount_out_of_range: {
    cause: 'Amount too large',
    decision: 'fail',
    sentence: 'The amount {amount} is larger than any document may be.',
    mend: 'Correct it in the CRM.',
  },
  missing_date: {
    cause: 'No close date',
    decision: 'fail',
    sentence: 'The deal has no usable close date.',
    mend: 'Set the close date in the CRM, or map another date.',
  },
  unknown_currency: {
    cause: 'Unknown currency',
    decision: 'fail',
    sentence: 'The currency {currency} is not an ISO 4217 code.',
    mend: 'Correct the deal’s currency in the CRM.',
  },
  company_not_found: {
    cause: 'No company',
    decision: 'fail',
    sentence: 'The deal has no company in the CRM.',
    mend: 'Add the company in the CRM, or choose another rule in Sync Settings.',
  },
  ambiguous_customer: {
    cause: 'Customer not clear',
    decision: 'fail',
    sentence: 'It is not clear who the customer is: {detail}.',
    mend: 'If the deal has several companies, make one primary in the CRM. If several customers match its company, pick one under Why; the choice is remembered.',
  },
  product_id_missing: {
    cause: 'Line without a product',
    decision: 'fail',
    sentence: 'Line {position} has no product.',
    mend: 'Choose the product in the CRM, or set a default item.',
  },
  item_not_found: {
    cause: 'No item for a product',
    decision: 'fail',
    sentence: 'There is no item for the product of line {position}.',
    mend: 'Create the item, or switch its creation on.',
  },
  locked_period: {
    cause: 'Closed period',
    decision: 'fail',
    sentence: 'The document date {date} lies in a closed period.',
    mend: 'Open the period, or let documents take the first open date.',
  },
  duplicate_deal: {
    cause: 'Document claimed twice',
    decision: 'fail',
    sentence: 'Another record already claims this deal’s document.',
    mend: 'Open both records and unsync the wrong one.',
  },
  record_unreadable: {
    cause: 'A record cannot be read',
    decision: 'fail',
    sentence: 'The CRM does not let {record} be read: {detail}',
    mend: 'Open that record in the CRM and correct it, or put another in its place. It is asked for again with every sync.',
    transient: true,
  },
  vendor_unavailable: {
    cause: 'CRM did not answer',
    decision: 'fail',
    sentence: 'The CRM does not let {record} be read: {detail}',
    mend: 'It is asked for again with every sync. Should it go on, open that record in the CRM and correct it, or put another in its place.',
    transient: true,
  },
  rate_limited: {
    cause: 'Limit of calls reached',
    decision: 'fail',
    sentence: 'The CRM’s limit of calls was reached before this record.',
    mend: 'It is tried again by itself with the next sync.',
    transient: true,
  },

  conflict: {
    cause: 'Changed on both sides',
    decision: 'hold',
    sentence: 'The document was changed in the books and the deal in the CRM: {fields}.',
    mend: 'Open the draft: keep the edit, or take the CRM’s values.',
  },
  changed_after_posting: {
    cause: 'Changed after posting',
    decision: 'hold',
    sentence: 'The deal was changed after its invoice {number} was posted: {fields}.',
    mend: 'Reverse or credit the invoice if the change is right.',
  },
  reopened_after_posting: {
    cause: 'No longer won after posting',
    decision: 'hold',
    sentence: 'The deal left its won stage after its invoice {number} was posted.',
    mend: 'Reverse the invoice if the sale is off.',
  },
  kind_changed: {
    cause: 'Another kind of document asked for',
    decision: 'hold',
    sentence: 'The settings now ask for another kind of document than the one that exists.',
    mend: 'Unsync the document to make the other kind, or leave it.',
  },
  unsynced: {
    cause: 'Undone, waits for release',
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
