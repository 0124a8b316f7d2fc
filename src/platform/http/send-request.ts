import { setMaxListeners } from 'node:events';

/** One call to an outside system. The answer is text: what it means is the caller's business. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** For the whole call, its body too: a server that hangs in the middle of an answer ends here. */
  readonly timeoutMs: number;
  /** More is not read: it would fill the memory. */
  readonly responseBytesMax: number;
  readonly signal?: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
  readonly durationMs: number;
}

/** Why there was no answer. `aborted` is the caller's own wish and never a reason to try again. */
export type HttpFailureKind = 'timeout' | 'network' | 'too_large' | 'aborted';

export class HttpFailure extends Error {
  override readonly name = 'HttpFailure';
  readonly kind: HttpFailureKind;
  readonly durationMs: number;

  constructor(kind: HttpFailureKind, message: string, durationMs: number, cause?: unknown) {
    super(message, { cause });
    this.kind = kind;
    this.durationMs = durationMs;
  }
}

/**
 * Sends the request by the global `fetch` and reads the answer whole. Redirects are not followed: an API does not redirect, and
 * following would carry the credentials to wherever the answer points.
 * Errors: HttpFailure.
 */
export async function sendRequest(request: HttpRequest): Promise<HttpAnswer> {
  const startedAt = performance.now();
  const elapsed = (): number => Math.round(performance.now() - startedAt);
  const controller = new AbortController();
  let ended: HttpFailureKind | null = null;
  const end = (kind: HttpFailureKind) => (): void => {
    ended ??= kind;
    controller.abort();
  };
  const abort = end('aborted');
  const timer = setTimeout(end('timeout'), request.timeoutMs);
  // One signal ends many calls at once: more than ten listeners are no leak here, each is taken off below.
  if (request.signal) setMaxListeners(0, request.signal);
  request.signal?.addEventListener('abort', abort, { once: true });
  if (request.signal?.aborted) abort();
  try {
    const response = await fetch(request.url, {
      method: request.method,
      redirect: 'manual',
      signal: controller.signal,
      ...(request.headers ? { headers: request.headers } : {}),
      ...(request.body === undefined ? {} : { body: request.body }),
    });
    const body = await readText(response, request.responseBytesMax, end('too_large'));
    return { status: response.status, headers: response.headers, body, durationMs: elapsed() };
  } catch (error) {
    const kind: HttpFailureKind = ended ?? 'network';
    throw new HttpFailure(kind, failureMessage(kind, request, error), elapsed(), error);
  } finally {
    clearTimeout(timer);
    request.signal?.removeEventListener('abort', abort);
  }
}

async function readText(response: Response, bytesMax: number, endTooLarge: () => void): Promise<string> {
  if (!response.body) return '';
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.byteLength;
    if (bytes > bytesMax) {
      endTooLarge();
      throw new Error('The answer is too large');
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Says what happened and where, never what was sent. */
function failureMessage(kind: HttpFailureKind, request: HttpRequest, error: unknown): string {
  const where = `${request.method} ${new URL(request.url).pathname}`;
  if (kind === 'timeout') return `${where}: no answer within ${request.timeoutMs} ms`;
  if (kind === 'too_large') return `${where}: the answer is larger than ${request.responseBytesMax} bytes`;
  if (kind === 'aborted') return `${where}: canceled`;
  return `${where}: ${networkReason(error)}`;
}

/** `fetch failed` says nothing; the cause has the code, such as ECONNRESET. */
function networkReason(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code;
  return 'the connection broke';
}
