/**
 * The one catalogue of errors. A code is API: it is never renamed. `status` is its HTTP answer, `mend` the sentence that says
 * how to go on, `retry` what a machine may do: `never` (the same call fails again), `later` (it may pass by itself) or
 * `reconnect` (a person has to renew a connection first).
 */
export interface ErrorEntry {
  readonly status: number;
  readonly message: string;
  readonly mend: string;
  readonly retry: 'never' | 'later' | 'reconnect';
}

const never = 'never';
const later = 'later';

export const errorCatalogue = {
  // The request itself
  invalid_request: {
    status: 400,
    message: 'The request is not valid.',
    mend: 'Correct the fields that are named.',
    retry: never,
  },
  invalid_json: {
    status: 400,
    message: 'The body is not valid JSON.',
    mend: 'Send a JSON body with content-type application/json.',
    retry: never,
  },
  payload_too_large: {
    status: 413,
    message: 'The body is larger than the limit.',
    mend: 'Send less in one request.',
    retry: never,
  },
  unauthenticated: {
    status: 401,
    message: 'Nobody is signed in.',
    mend: 'Sign in, or send an API key as Authorization: Bearer KEY.',
    retry: never,
  },
  invalid_credentials: {
    status: 401,
    message: 'The e-mail address or the password is wrong.',
    mend: 'Try again, or ask an admin to reset the password.',
    retry: never,
  },
  too_many_attempts: {
    status: 429,
    message: 'Too many failed attempts to sign in.',
    mend: 'Wait a few minutes and try again.',
    retry: later,
  },
  too_many_requests: {
    status: 429,
    message: 'Too many requests in a short time.',
    mend: 'Wait as long as Retry-After says and repeat it; send fewer at once.',
    retry: later,
  },
  forbidden: {
    status: 403,
    message: 'This account or key may not do that.',
    mend: 'Ask an admin of the organization, or use a key with the scope that is named.',
    retry: never,
  },
  csrf_rejected: {
    status: 403,
    message: 'The request did not come from this page.',
    mend: 'Reload the page and try again.',
    retry: never,
  },
  not_found: {
    status: 404,
    message: 'There is no such record.',
    mend: 'Check the id; it may belong to another organization or have been deleted.',
    retry: never,
  },
  route_not_found: {
    status: 404,
    message: 'There is no such address.',
    mend: 'See /api/docs for what there is.',
    retry: never,
  },
  method_not_allowed: {
    status: 405,
    message: 'This address does not take that method.',
    mend: 'See /api/docs for what it takes.',
    retry: never,
  },
  conflict: {
    status: 409,
    message: 'The record was changed meanwhile.',
    mend: 'Read it again and repeat the change.',
    retry: never,
  },
  idempotency_mismatch: {
    status: 409,
    message: 'This Idempotency-Key was used with another body.',
    mend: 'Use a new key for a new request.',
    retry: never,
  },
  idempotency_in_progress: {
    status: 409,
    message: 'The first request with this Idempotency-Key has not ended yet.',
    mend: 'Wait a moment and repeat it.',
    retry: later,
  },
  internal: {
    status: 500,
    message: 'Tributary made an error.',
    mend: 'Nothing was changed. Repeat it; if it stays, send the request id to whoever runs Tributary.',
    retry: later,
  },
  unavailable: {
    status: 503,
    message: 'Tributary is starting or stopping.',
    mend: 'Try again in a moment.',
    retry: later,
  },

  // Starting and the store
  invalid_environment: {
    status: 500,
    message: 'An environment variable is not valid.',
    mend: 'Correct the variable that is named.',
    retry: never,
  },
  data_folder_in_use: {
    status: 500,
    message: 'Another process uses this data folder.',
    mend: 'Stop that process, or set TRIBUTARY_DATA_DIR to another folder.',
    retry: never,
  },
  data_folder_unusable: {
    status: 500,
    message: 'The data folder cannot be written.',
    mend: 'Free disk space or correct the rights of the folder.',
    retry: never,
  },
  store_unavailable: {
    status: 503,
    message: 'The database cannot be reached.',
    mend: 'Check DATABASE_URL and that PostgreSQL is running.',
    retry: later,
  },
  schema_mismatch: {
    status: 503,
    message: 'The schema of the database does not match this version of Tributary.',
    mend: 'Run `tributary migrate` with this version. Where a newer version has used the database, start that one, or restore a backup.',
    retry: later,
  },
  migration_failed: {
    status: 500,
    message: 'The database could not be brought up to date.',
    mend: 'See the log; the database stands as before.',
    retry: never,
  },
  secret_key_wrong: {
    status: 500,
    message: 'Stored credentials cannot be decrypted with this TRIBUTARY_SECRET_KEY.',
    mend: 'Set the key that they were stored with (or TRIBUTARY_SECRET_KEY_PREVIOUS while rotating), or reconnect.',
    retry: never,
  },

  // Connections
  unknown_connector: {
    status: 404,
    message: 'There is no such integration.',
    mend: 'See Settings › Integrations for what there is.',
    retry: never,
  },
  connector_not_configured: {
    status: 409,
    message: 'No OAuth app is configured for this integration.',
    mend: 'Set the client id and secret of your app, or connect with a token.',
    retry: never,
  },
  not_connected: {
    status: 409,
    message: 'The connection is not connected.',
    mend: 'Reconnect it; mappings, links and history stay.',
    retry: 'reconnect',
  },
  connection_paused: {
    status: 409,
    message: 'The connection is paused.',
    mend: 'Resume it first.',
    retry: never,
  },
  setup_incomplete: {
    status: 409,
    message: 'The connection is not set up completely.',
    mend: 'Complete the settings that are named.',
    retry: never,
  },
  invalid_configuration: {
    status: 422,
    message: 'The configuration is not valid.',
    mend: 'Correct the keys that are named.',
    retry: never,
  },
  invalid_state: {
    status: 400,
    message: 'This sign-in does not belong to a request that Tributary made, or it is too old.',
    mend: 'Press Connect again and finish within ten minutes.',
    retry: never,
  },
  consent_denied: {
    status: 400,
    message: 'The consent was denied at the vendor.',
    mend: 'Press Connect again and allow what is asked for.',
    retry: never,
  },
  account_mismatch: {
    status: 409,
    message: 'That is another account than the connection was made with.',
    mend: 'Sign in to the account that is named, or make a new connection.',
    retry: never,
  },
  test_mode_only: {
    status: 409,
    message: 'This works only on a test connection.',
    mend: 'Use a test connection.',
    retry: never,
  },

  // The vendor's answers: six kinds, and retry reads the kind only
  vendor_auth: {
    status: 502,
    message: 'The vendor refused the credentials.',
    mend: 'Reconnect, and check that the token has the scopes that are named.',
    retry: 'reconnect',
  },
  vendor_rejected: {
    status: 502,
    message: 'The vendor refused the request.',
    mend: 'See the detail; the record or the settings must change first.',
    retry: never,
  },
  vendor_missing: {
    status: 502,
    message: 'The vendor does not have that record.',
    mend: 'It may have been deleted there.',
    retry: never,
  },
  vendor_conflict: {
    status: 502,
    message: 'The vendor reports a conflicting change.',
    mend: 'Read the record again and repeat the change.',
    retry: later,
  },
  vendor_rate_limited: {
    status: 503,
    message: 'The vendor asks to wait.',
    mend: 'It goes on by itself when the limit allows.',
    retry: later,
  },
  vendor_unavailable: {
    status: 503,
    message: 'The vendor cannot be reached or answers with garbage.',
    mend: 'Sync again in some minutes, or leave it to the schedule; see the vendor’s status page.',
    retry: later,
  },

  // The books
  invalid_amount: {
    status: 422,
    message: 'The amount is not valid.',
    mend: 'Give a decimal with at most the currency’s decimals.',
    retry: never,
  },
  amount_out_of_range: {
    status: 422,
    message: 'The amount is too large.',
    mend: 'An amount is at most 10^15 minor units; check it for a typing error.',
    retry: never,
  },
  unknown_currency: {
    status: 422,
    message: 'The currency is not an ISO 4217 code.',
    mend: 'Use the three-letter code, such as EUR.',
    retry: never,
  },
  no_exchange_rate: {
    status: 422,
    message: 'There is no exchange rate for that currency and date.',
    mend: 'Add a rate for the currency on or before that day: one older than a year is not used, and for a revaluation none older than a week.',
    retry: never,
  },
  invalid_rate_file: {
    status: 422,
    message: 'The file of exchange rates cannot be imported; nothing was changed.',
    mend: 'Correct the lines that are named and import it again, or take a file of the ECB as it is published.',
    retry: never,
  },
  unbalanced_entry: {
    status: 422,
    message: 'Debits and credits of the entry differ.',
    mend: 'Correct the lines until both sides are equal.',
    retry: never,
  },
  account_not_usable: {
    status: 422,
    message: 'The account is missing, inactive or of the wrong type.',
    mend: 'Choose an active account of the type that is named.',
    retry: never,
  },
  account_in_use: {
    status: 409,
    message: 'The account is in use.',
    mend: 'Deactivate it instead.',
    retry: never,
  },
  tax_code_in_use: {
    status: 409,
    message: 'The tax code is in use.',
    mend: 'Deactivate it, and make another code where the rate is another.',
    retry: never,
  },
  no_conflict: {
    status: 409,
    message: 'Nobody has edited this draft since the sync made it.',
    mend: 'There is nothing to decide: the next sync takes the CRM’s values.',
    retry: never,
  },
  item_in_use: {
    status: 409,
    message: 'The item is in use.',
    mend: 'Deactivate it instead.',
    retry: never,
  },
  duplicate_number: {
    status: 409,
    message: 'That number is taken.',
    mend: 'Choose another number.',
    retry: never,
  },
  document_not_draft: {
    status: 409,
    message: 'Only a draft can be changed, deleted or posted.',
    mend: 'Reverse the posted document instead.',
    retry: never,
  },
  document_not_posted: {
    status: 409,
    message: 'Only a posted document can be reversed.',
    mend: 'Delete the draft instead.',
    retry: never,
  },
  document_settled: {
    status: 409,
    message: 'The document is paid, partly paid or already reversed.',
    mend: 'Undo the payments first.',
    retry: never,
  },
  mail_not_configured: {
    status: 422,
    message: 'No mail server is set.',
    mend: 'Set SMTP_URL (and SMTP_FROM) and start again, or save the PDF and send it yourself.',
    retry: never,
  },
  mail_rejected: {
    status: 422,
    message: 'The mail server refuses the message.',
    mend: 'Correct the addresses, or ask who runs the mail server.',
    retry: never,
  },
  mail_unavailable: {
    status: 503,
    message: 'The mail server cannot be reached, or asks to wait.',
    mend: 'Send it again in some minutes; check SMTP_URL if it goes on.',
    retry: later,
  },
  not_open: {
    status: 409,
    message: 'Nothing is open on it.',
    mend: 'Post a draft first; what is settled, used up or reversed takes nothing more.',
    retry: never,
  },
  exceeds_open_amount: {
    status: 422,
    message: 'The amount is more than what is left.',
    mend: 'Take at most what is left; the rest of a payment stays with the customer as unapplied credit.',
    retry: never,
  },
  exceeds_creditable: {
    status: 422,
    message: 'The credit is more than what is left to credit.',
    mend: 'Credit at most what is left; delete or reverse another credit note of the invoice to credit it anew.',
    retry: never,
  },
  currency_mismatch: {
    status: 422,
    message: 'The two are in different currencies.',
    mend: 'Settle an invoice by a payment or credit in its own currency; record what came in as that.',
    retry: never,
  },
  customer_mismatch: {
    status: 422,
    message: 'The invoice is another customer’s.',
    mend: 'Record the payment for the customer of the invoice, or merge the two if they are one.',
    retry: never,
  },
  already_undone: {
    status: 409,
    message: 'That is undone already.',
    mend: 'There is nothing more to do; settle it again if that was wrong.',
    retry: never,
  },
  receipt_reversed: {
    status: 409,
    message: 'The receipt is reversed.',
    mend: 'Record another receipt.',
    retry: never,
  },
  receipt_refunded: {
    status: 409,
    message: 'A part of the receipt was refunded.',
    mend: 'Undo the refund first.',
    retry: never,
  },
  locked_period: {
    status: 422,
    message: 'The accounting period is closed or locked.',
    mend: 'Choose a date in an open period, or open the period.',
    retry: never,
  },
  unknown_period: {
    status: 422,
    message: 'The day lies in no fiscal year of the entity.',
    mend: 'Correct the date, or add the fiscal year in Settings › Periods.',
    retry: never,
  },
  confirmation_required: {
    status: 409,
    message: 'Something should be known first.',
    mend: 'Deal with what is named, or repeat the request and confirm it.',
    retry: never,
  },
  entity_in_use: {
    status: 409,
    message: 'The entity has entries or documents already.',
    mend: 'Leave its base currency and fiscal year as they are, or make another entity.',
    retry: never,
  },
  customer_in_use: {
    status: 409,
    message: 'The customer has documents.',
    mend: 'Deactivate or merge it instead.',
    retry: never,
  },

  // Runs
  run_in_progress: {
    status: 409,
    message: 'A run of this connection is going on.',
    mend: 'Wait for its end, or cancel it.',
    retry: later,
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof errorCatalogue;

/** A field of the request or a key of the configuration, and what is wrong with it. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}

/** Every error that a user, an operator or another stage is meant to see. */
export class TributaryError extends Error {
  override readonly name = 'TributaryError';
  readonly code: ErrorCode;
  readonly detail: string | null;
  readonly fields: readonly FieldError[];
  /** For `vendor_rate_limited`, `too_many_attempts` and `too_many_requests`: when to come back. */
  readonly retryAfterMs: number | null;

  constructor(
    code: ErrorCode,
    detail: string | null = null,
    more: { fields?: readonly FieldError[]; retryAfterMs?: number | null; cause?: unknown } = {},
  ) {
    super(detail ? `${errorCatalogue[code].message} ${detail}` : errorCatalogue[code].message, {
      cause: more.cause,
    });
    this.code = code;
    this.detail = detail;
    this.fields = more.fields ?? [];
    this.retryAfterMs = more.retryAfterMs ?? null;
  }

  get entry(): ErrorEntry {
    return errorCatalogue[this.code];
  }
}

export function isTributaryError(error: unknown, code?: ErrorCode): error is TributaryError {
  return error instanceof TributaryError && (code === undefined || error.code === code);
}
