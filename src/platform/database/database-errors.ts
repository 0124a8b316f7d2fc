import { isTributaryError, TributaryError } from '../../kernel/errors.ts';

function textField(error: unknown, field: 'code' | 'constraint'): string | null {
  if (typeof error !== 'object' || error === null) return null;
  const value = (error as Record<string, unknown>)[field];
  return typeof value === 'string' ? value : null;
}

/** The SQLSTATE of an error of either store, such as `23505`; null when it is no error of the database. */
export function sqlStateOf(error: unknown): string | null {
  const code = textField(error, 'code');
  return code !== null && /^[0-9A-Z]{5}$/.test(code) && !/^E[A-Z]{4}$/.test(code) ? code : null;
}

/** The constraint or unique index that was violated, where the error names one. */
export function constraintOf(error: unknown): string | null {
  return textField(error, 'constraint');
}

/** Whether a unique key (the one that is named, or any) stood in the way. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  return sqlStateOf(error) === '23505' && (constraint === undefined || constraintOf(error) === constraint);
}

/** Whether the transaction was ended for the sake of others and may pass when it is repeated. */
export function isTransactionConflict(error: unknown): boolean {
  const state = sqlStateOf(error);
  return state === '40001' || state === '40P01';
}

/** What Node's sockets report when the server cannot be reached or goes away. */
const networkCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPIPE',
  'ENOENT',
]);

/** Why PostgreSQL does not serve, by SQLSTATE; class 08 (connection) stands for itself. */
const refusals: Readonly<Record<string, string>> = {
  '28000': 'PostgreSQL refuses this user; see its pg_hba.conf.',
  '28P01': 'The user or the password in DATABASE_URL is wrong.',
  '3D000': 'The database that DATABASE_URL names does not exist; create it first.',
  '53300': 'PostgreSQL has no connection left (max_connections).',
  '57P01': 'The connection was ended by an administrator or a restart.',
  '57P02': 'PostgreSQL has crashed and is starting again.',
  '57P03': 'PostgreSQL is starting or stopping.',
};

const lostConnection =
  /connection terminated|connection ended|timeout exceeded when trying to connect|connection timeout|not queryable|server does not support SSL/i;

/**
 * An error about the way to the database, or the room that it has, as an entry of the catalogue; every other error as it is.
 * The detail never holds the URL: it contains the password.
 */
export function toStoreError(error: unknown): unknown {
  if (isTributaryError(error) || !(error instanceof Error)) return error;
  const state = sqlStateOf(error);
  if (state === '53100')
    return new TributaryError('data_folder_unusable', 'The disk of the database is full.', { cause: error });
  const refusal = state === null ? undefined : refusals[state];
  if (refusal !== undefined) return new TributaryError('store_unavailable', refusal, { cause: error });
  const code = textField(error, 'code');
  if (
    state?.startsWith('08') ||
    (code !== null && networkCodes.has(code)) ||
    (state === null && lostConnection.test(error.message))
  )
    return new TributaryError('store_unavailable', describeNetworkError(error, code), { cause: error });
  return error;
}

function describeNetworkError(error: Error, code: string | null): string {
  // Node tries every address of a host name and puts the reasons into an AggregateError without a message.
  const first: unknown = error instanceof AggregateError ? error.errors[0] : undefined;
  const message = error.message || (first instanceof Error ? first.message : '') || (code ?? '');
  return `${message.replace(/\.$/, '')}.`;
}
