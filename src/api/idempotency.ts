import { createHash } from 'node:crypto';
import type { Caller } from '../contract/handler.ts';
import { TributaryError } from '../kernel/errors.ts';
import { canonicalJson } from '../kernel/json.ts';
import type { Database } from '../platform/database/database.ts';
import type { SecretBox } from '../platform/secrets/secret-box.ts';
import { claimKey, findAnswer, type IdempotencyKey, releaseKey, storeAnswer } from './idempotency-store.ts';
import { toProblem, toTributaryError } from './problem.ts';

export const idempotencyKeyLengthMax = 200;

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export interface IdempotencyContext {
  readonly database: Database;
  readonly secretBox: SecretBox;
}

export interface IdempotentRequest {
  readonly caller: Caller;
  readonly key: string;
  /** What must be the same for the same answer: method, path and body. */
  readonly content: unknown;
  readonly requestId: string;
  /** The answer holds a secret that must not stand readable in the database. */
  readonly secretAnswer: boolean;
}

/**
 * Answers a request once for its key. The first one works; the same again, at the same time, is told to wait; the same later gets
 * the stored answer, a refusal included. An error that may pass by itself is not kept, so that a repeat can succeed.
 * Errors: invalid_request, idempotency_mismatch, idempotency_in_progress, and what `work` throws.
 */
export async function answerOnce(
  { database, secretBox }: IdempotencyContext,
  request: IdempotentRequest,
  work: () => Promise<Answer>,
): Promise<Answer & { readonly replayed: boolean }> {
  checkKey(request.key);
  const { organizationId, actor } = request.caller;
  const id: IdempotencyKey = { organizationId, actor, key: request.key };
  const place = `idempotency ${organizationId} ${actor} ${request.key}`;
  const requestHash = createHash('sha256').update(canonicalJson(request.content)).digest('base64url');
  const earlier = await database.withOrganization(organizationId, async (tx) =>
    // Sealed, because a body can hold a password, and a plain hash of it could be tried out.
    (await claimKey(tx, id, secretBox.seal(requestHash, place))) ? null : findAnswer(tx, id),
  );
  if (earlier) {
    if (secretBox.open(earlier.requestHash, place) !== requestHash) {
      throw new TributaryError('idempotency_mismatch');
    }
    if (earlier.status === null) throw new TributaryError('idempotency_in_progress');
    const body = isSealed(earlier.response)
      ? (JSON.parse(secretBox.open(earlier.response.sealed, place)) as unknown)
      : earlier.response;
    return { status: earlier.status, body, replayed: true };
  }
  const answer = await workOrRelease(database, id, request, work);
  const response = request.secretAnswer
    ? { sealed: secretBox.seal(JSON.stringify(answer.body), place) }
    : answer.body;
  await database.withOrganization(organizationId, (tx) =>
    storeAnswer(tx, id, { status: answer.status, response }),
  );
  return { ...answer, replayed: false };
}

/** Does the work; a refusal that will stay one is kept as the answer, after any other error the key is free again. */
async function workOrRelease(
  database: Database,
  id: IdempotencyKey,
  request: IdempotentRequest,
  work: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await work();
  } catch (thrown) {
    const error = toTributaryError(thrown);
    const final = error.entry.retry === 'never' && error.entry.status < 500;
    await database.withOrganization(id.organizationId, (tx) =>
      final
        ? storeAnswer(tx, id, { status: error.entry.status, response: toProblem(error, request.requestId) })
        : releaseKey(tx, id),
    );
    throw thrown;
  }
}

function isSealed(response: unknown): response is { readonly sealed: string } {
  return (
    typeof response === 'object' &&
    response !== null &&
    'sealed' in response &&
    typeof response.sealed === 'string'
  );
}

function checkKey(key: string): void {
  if (key.length >= 1 && key.length <= idempotencyKeyLengthMax && /^[\x21-\x7e]+$/.test(key)) return;
  throw new TributaryError('invalid_request', null, {
    fields: [
      {
        field: 'Idempotency-Key',
        message: `1 to ${idempotencyKeyLengthMax} printable characters without spaces`,
      },
    ],
  });
}
