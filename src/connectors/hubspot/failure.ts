import { type ErrorCode, TributaryError } from '../../kernel/errors.ts';
import type { SourceObjectType } from '../../model/source-record.ts';
import type { UnreadRecord } from '../connector.ts';
import { type ErrorBody, errorSchema } from './wire.ts';

/** Longer is a page of text that helps nobody. */
const messageLengthMax = 300;

/** The error body of an answer; an empty one when the body is not HubSpot's. */
export function readErrorBody(body: string): ErrorBody {
  try {
    return errorSchema.safeParse(JSON.parse(body)).data ?? {};
  } catch {
    return {};
  }
}

/** Which of the six kinds of failure a status is. Source: error handling guide, 2026-09. */
export function failureCode(status: number): ErrorCode {
  if (status === 401 || status === 403) return 'vendor_auth';
  if (status === 404) return 'vendor_missing';
  if (status === 409) return 'vendor_conflict';
  if (status === 429) return 'vendor_rate_limited';
  if (isUnavailable(status)) return 'vendor_unavailable';
  return 'vendor_rejected';
}

/** 423 is a locked record, 477 a portal that moves between data centres; redirects come from proxies, an API has none. */
export function isUnavailable(status: number): boolean {
  return (
    status >= 500 || status === 408 || status === 423 || status === 477 || (status >= 300 && status < 400)
  );
}

/**
 * The error that a refused call becomes. Its detail says where, how and why, in the vendor's words for people; it has neither the
 * token (the vendor may repeat it) nor what was sent.
 */
export function failureFrom(
  where: string,
  status: number,
  body: ErrorBody,
  secrets: readonly string[],
  retryAfterMs: number | null = null,
): TributaryError {
  const scopes = missingScopes(body);
  const reason =
    scopes.length > 0
      ? `missing scopes: ${scopes.join(', ')}`
      : [body.category ?? body.error, body.message].filter(Boolean).join(': ');
  const detail = `HubSpot answered ${status} to ${where}${reason ? ` (${withoutSecrets(reason, secrets)})` : ''}.`;
  return new TributaryError(failureCode(status), detail, { retryAfterMs });
}

/** The record that this error keeps from being read. */
export function unreadOf(type: SourceObjectType, id: string, error: TributaryError): UnreadRecord {
  const { code } = error;
  const refused = code === 'vendor_rejected' || code === 'vendor_missing' || code === 'vendor_conflict';
  return { type, id, code: refused ? code : 'vendor_unavailable', detail: error.detail ?? error.message };
}

export function unavailable(where: string, reason: string, cause?: unknown): TributaryError {
  return new TributaryError('vendor_unavailable', `${where}: ${reason}.`, { cause });
}

/** The scopes that a 403 names. Three spellings of the key are documented or have been seen. */
export function missingScopes(body: ErrorBody): string[] {
  const names = (body.errors ?? []).flatMap(({ context }) =>
    [context?.requiredGranularScopes, context?.requiredScopes, context?.missingScopes].flatMap((value) =>
      Array.isArray(value) ? value.filter((scope) => typeof scope === 'string') : [],
    ),
  );
  return [...new Set(names)];
}

function withoutSecrets(text: string, secrets: readonly string[]): string {
  const shown = secrets
    .filter((secret) => secret !== '')
    .reduce((rest, secret) => rest.replaceAll(secret, '…'), text);
  return shown.length > messageLengthMax ? `${shown.slice(0, messageLengthMax)}…` : shown;
}
