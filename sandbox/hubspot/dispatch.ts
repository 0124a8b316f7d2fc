import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Answer, errorAnswer, json, Refusal } from './answer.ts';
import { type AccessToken, authenticate, requireScopes } from './auth.ts';
import type { Call } from './call.ts';
import { consentPage, decideConsent } from './consent-page.ts';
import type { Control } from './control.ts';
import { controlRoute } from './control-routes.ts';
import { type Fault, faultAnswer } from './faults.ts';
import { oauthRoute } from './oauth-routes.ts';
import { findRoute, normalizePath } from './routes.ts';
import type { Sandbox } from './sandbox.ts';

/** Bodies beyond this are cut off: nothing that the API takes is as large. */
const BODY_BYTES_MAX = 64 * 1024 * 1024;
/** URLs beyond this are answered 414. */
const URL_CHARACTERS_MAX = 16_000;

/** What is known of a request while it is answered; filled in step by step, for the logs. */
interface Exchange {
  readonly sandbox: Sandbox;
  readonly request: IncomingMessage;
  readonly method: string;
  readonly url: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly rawBody: string;
  portalId: number | null;
  bucket: string;
  endpoint: string;
  fault: Fault | null;
  limitHeaders: Record<string, string>;
  notes: { rule: string; detail: string }[];
}

/** Answers one HTTP request: reads it whole, then routes it. */
export function handleRequest(
  sandbox: Sandbox,
  control: Control,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const chunks: Buffer[] = [];
  let size = 0;
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= BODY_BYTES_MAX) chunks.push(chunk);
  });
  request.on('error', () => response.destroy());
  request.on('end', () => {
    const rawBody = chunks.length === 0 ? '' : Buffer.concat(chunks).toString('utf8');
    answerRequest(sandbox, control, request, rawBody, response);
  });
}

function answerRequest(
  sandbox: Sandbox,
  control: Control,
  request: IncomingMessage,
  rawBody: string,
  response: ServerResponse,
): void {
  const url = request.url ?? '/';
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const query = new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1));
  const method = request.method ?? 'GET';
  if (path.startsWith('/__sandbox')) {
    send(response, controlRoute(control, method, path, query, rawBody));
    return;
  }
  const exchange: Exchange = {
    sandbox,
    request,
    method,
    url,
    path,
    query,
    rawBody,
    portalId: null,
    bucket: 'none',
    endpoint: `${method} ${path}`,
    fault: null,
    limitHeaders: {},
    notes: [],
  };
  const answer = answerOf(exchange);
  record(exchange, answer.status);
  deliver(exchange, answer, response);
}

function answerOf(exchange: Exchange): Answer {
  try {
    return route(exchange);
  } catch (error) {
    if (error instanceof Refusal) {
      if (error.rule !== null) exchange.notes.push({ rule: error.rule, detail: refusalDetail(error) });
      return error.answer;
    }
    // A fault of the sandbox itself: shown as such, so that nobody takes it for HubSpot's.
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return json({ status: 'error', message: `sandbox bug: ${message}`, category: 'SANDBOX_BUG' }, 500);
  }
}

function refusalDetail(refusal: Refusal): string {
  const body = refusal.answer.body;
  return typeof body === 'object' && body !== null && 'message' in body ? String(body.message) : '';
}

function route(exchange: Exchange): Answer {
  const { sandbox, method, path } = exchange;
  if (exchange.url.length > URL_CHARACTERS_MAX) {
    exchange.notes.push({ rule: 'uri_too_long', detail: `${exchange.url.length} characters` });
    return errorAnswer(414, 'VALIDATION_ERROR', 'The request URI is too long.');
  }
  const consent = /^\/oauth\/(?:(\d+)\/)?authorize$/.exec(path);
  if (consent !== null) {
    exchange.endpoint = `${method} /oauth/authorize`;
    if (method === 'POST') return decideConsent(sandbox, exchange.rawBody);
    return consentPage(sandbox, exchange.query, consent[1] ?? null);
  }
  const place = normalizePath(path);
  if (place.legacy) {
    exchange.notes.push({ rule: 'undated_path', detail: path });
    if (!sandbox.behaviour.legacyPaths) return unknownEndpoint(exchange, false);
  }
  const oauth = /^\/oauth\/[^/]+\/token(?:\/(introspect|revoke))?$/.exec(place.path);
  if (oauth !== null && method === 'POST') return oauthCall(exchange, oauth[1] ?? 'token');
  return apiCall(exchange, place.path, place.version);
}

function oauthCall(exchange: Exchange, operation: string): Answer {
  exchange.endpoint = `POST /oauth/token${operation === 'token' ? '' : `/${operation}`}`;
  exchange.bucket = 'oauth';
  exchange.fault = exchange.sandbox.faults.match('POST', exchange.url, null);
  const contentType = exchange.request.headers['content-type'] ?? '';
  if (!contentType.startsWith('application/x-www-form-urlencoded')) {
    exchange.notes.push({ rule: 'wrong_content_type', detail: contentType });
    return errorAnswer(
      415,
      'VALIDATION_ERROR',
      'The token endpoint takes application/x-www-form-urlencoded.',
    );
  }
  const fault = faultFor(exchange);
  return fault ?? oauthRoute(exchange.sandbox, operation, exchange.rawBody);
}

function unknownEndpoint(exchange: Exchange, note: boolean): Answer {
  if (note) exchange.notes.push({ rule: 'unknown_endpoint', detail: `${exchange.method} ${exchange.path}` });
  exchange.endpoint = 'unknown';
  return errorAnswer(404, 'OBJECT_NOT_FOUND', `No endpoint found for ${exchange.method} ${exchange.path}`);
}

function apiCall(exchange: Exchange, path: string, version: string): Answer {
  const { sandbox, method } = exchange;
  const token = authenticate(sandbox.tokens, exchange.request.headers.authorization, sandbox.now());
  exchange.portalId = token.portalId;
  const found = findRoute(method, path);
  if (found === null) return unknownEndpoint(exchange, true);
  exchange.bucket = found.route.bucket;
  exchange.endpoint = `${method} ${found.route.template.replace(':version', version)}`.replace(
    ':type',
    found.parameters.type ?? ':type',
  );
  const call = makeCall(exchange, token, path, version);
  exchange.fault = sandbox.faults.match(method, exchange.url, token.portalId, exchange.rawBody);
  const fault = faultFor(exchange);
  if (fault !== null) return fault;
  exchange.limitHeaders = sandbox.limits.take(
    found.route.bucket,
    call.portal,
    token,
    sandbox.behaviour,
    sandbox.now(),
  );
  requireJson(exchange);
  requireScopes(token, found.route.scopes(found.parameters));
  if (exchange.fault?.kind === 'drop_ids') sandbox.faults.dropFor(call, exchange.fault);
  return found.route.run(call, found.parameters);
}

/** Bodies have to say that they are JSON. */
function requireJson(exchange: Exchange): void {
  const contentType = exchange.request.headers['content-type'] ?? '';
  if (exchange.rawBody === '' || contentType.includes('json')) return;
  throw new Refusal(
    errorAnswer(415, 'VALIDATION_ERROR', `Unsupported media type: ${contentType}`),
    'wrong_content_type',
  );
}

/** The answer of a fault that stands in for the real one; hung and reset calls do no work either. */
function faultFor(exchange: Exchange): Answer | null {
  if (exchange.fault === null) return null;
  if (exchange.fault.kind === 'hang' || exchange.fault.kind === 'reset') return { status: 0, body: null };
  return faultAnswer(exchange.fault);
}

function makeCall(exchange: Exchange, token: AccessToken, path: string, version: string): Call {
  const portal = exchange.sandbox.portal(token.portalId);
  if (portal === undefined) throw new Error(`token of an unknown portal ${token.portalId}`);
  return {
    sandbox: exchange.sandbox,
    portal,
    token,
    method: exchange.method,
    path,
    version,
    query: exchange.query,
    rawBody: exchange.rawBody,
    note: (rule, detail) => exchange.notes.push({ rule, detail }),
  };
}

function record(exchange: Exchange, status: number): void {
  const { sandbox, method, path, portalId, bucket, endpoint } = exchange;
  const at = sandbox.iso();
  const fault = exchange.fault?.kind ?? null;
  sandbox.log.count({ at, portalId, bucket, endpoint, method, path, status, fault });
  for (const { rule, detail } of exchange.notes) {
    sandbox.log.violate({ at, rule, detail, portalId, method, path, status });
  }
}

/** Sends the answer, or what the call's fault makes of it. The work has been done by then: answers can be lost. */
function deliver(exchange: Exchange, answer: Answer, response: ServerResponse): void {
  const { fault, sandbox } = exchange;
  const full: Answer = { ...answer, headers: { ...exchange.limitHeaders, ...answer.headers } };
  if (fault?.kind === 'hang') return;
  if (fault?.kind === 'reset' || fault?.kind === 'lose_answer') {
    exchange.request.socket.resetAndDestroy();
    return;
  }
  if (fault?.kind === 'truncate') {
    sendTruncated(response, full);
    return;
  }
  const delayMs = (fault?.kind === 'delay' ? (fault.delayMs ?? 1000) : 0) + sandbox.behaviour.latencyMs;
  if (delayMs === 0) send(response, full);
  else setTimeout(() => send(response, full), delayMs);
}

function bodyBytes(answer: Answer): Buffer {
  if (answer.body === null) return Buffer.alloc(0);
  if (Buffer.isBuffer(answer.body)) return answer.body;
  return Buffer.from(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body));
}

function send(response: ServerResponse, answer: Answer): void {
  if (response.destroyed) return;
  const bytes = bodyBytes(answer);
  const headers: Record<string, string | number> = { ...answer.headers };
  if (answer.body !== null) {
    headers['Content-Type'] = answer.contentType ?? 'application/json;charset=utf-8';
    headers['Content-Length'] = bytes.length;
  }
  response.writeHead(answer.status, headers);
  response.end(bytes);
}

/** A JSON text that ends in the middle, with a length that says it is whole. */
function sendTruncated(response: ServerResponse, answer: Answer): void {
  const bytes = bodyBytes(answer);
  send(response, { ...answer, body: bytes.subarray(0, Math.max(1, Math.floor(bytes.length / 2))) });
}
