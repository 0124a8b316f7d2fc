import type { AccessToken } from './auth.ts';
import { refuse } from './answer.ts';
import { findObjectType, type ObjectType } from './object-types.ts';
import type { ChangeSource, Portal } from './portal.ts';
import type { Sandbox } from './sandbox.ts';

/** One authenticated API call, as the routes see it. */
export interface Call {
  readonly sandbox: Sandbox;
  readonly portal: Portal;
  readonly token: AccessToken;
  readonly method: string;
  /** Path without query, with legacy versions moved to the dated place. */
  readonly path: string;
  /** `2026-09`, `2026-03`, or `v3`, `v4` on legacy paths. */
  readonly version: string;
  readonly query: URLSearchParams;
  readonly rawBody: string;
  /** Records a broken rule that the real API lets pass. */
  readonly note: (rule: string, detail: string) => void;
}

/** Where this call's writes come from, as webhooks tell it. */
export function callSource(call: Call): ChangeSource {
  return { changeSource: 'INTEGRATION', sourceId: String(call.token.appId) };
}

/** The call's JSON body as an object. */
export function bodyObject(call: Call): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(call.rawBody === '' ? '{}' : call.rawBody);
  } catch {
    throw refuse('malformed_body', 'Invalid input JSON: the request body could not be parsed');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw refuse('malformed_body', 'Invalid input JSON: an object was expected');
  }
  return parsed as Record<string, unknown>;
}

/** A list of objects in the body, at most `maximum` long. */
export function bodyInputs(
  body: Readonly<Record<string, unknown>>,
  maximum: number,
): Record<string, unknown>[] {
  const inputs = body.inputs;
  if (!Array.isArray(inputs)) throw refuse('malformed_body', 'Invalid input JSON: inputs is required');
  if (inputs.length > maximum) {
    throw refuse(
      'too_many_inputs',
      `The maximum number of inputs supported in a batch request for this endpoint is ${maximum}. You sent ${inputs.length}.`,
    );
  }
  return inputs.map((input: unknown) => {
    if (typeof input !== 'object' || input === null) {
      throw refuse('malformed_body', 'Invalid input JSON: every input must be an object');
    }
    return input as Record<string, unknown>;
  });
}

/** A list of strings, from a body field. */
export function stringList(value: unknown): string[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value))
    throw refuse('malformed_body', 'Invalid input JSON: a list of strings was expected');
  return value.map((entry: unknown) => textOf(entry));
}

/** Text of a JSON scalar, as HubSpot's lenient readers take it. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return '';
}

/** A comma-separated, possibly repeated query parameter. */
export function queryList(call: Call, name: string): string[] {
  return call.query
    .getAll(name)
    .flatMap((value) => value.split(','))
    .map((value) => value.trim())
    .filter((value) => value !== '');
}

export function objectTypeOf(alias: string): ObjectType {
  const type = findObjectType(decodeURIComponent(alias));
  if (type === undefined) {
    throw refuse('unknown_object_type', `Unable to infer object type from: ${alias}`);
  }
  return type;
}

/** A record id as a number; NaN when the text is no id, which then is simply not found. */
export function idOf(value: unknown): number {
  const text = textOf(value);
  return /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
}

export function limitOf(call: Call, fallback: number, maximum: number): number {
  const text = call.query.get('limit');
  if (text === null) return fallback;
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > maximum) {
    throw refuse('page_too_large', `Page size must be between 1 and ${maximum}: ${text}`);
  }
  return limit;
}
