import { randomUUID } from 'node:crypto';
import { type Answer, errorAnswer } from './answer.ts';
import { createRandom, type Random } from './random.ts';
import { rateLimitAnswer } from './rate-limits.ts';

export const FAULT_KINDS = [
  'status',
  'html',
  'truncate',
  'hang',
  'reset',
  'rate_limit',
  'locked',
  'migration',
  'drop_ids',
  'lose_answer',
  'delay',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** What a scenario asks for; see README for the meaning of each kind. */
export interface FaultRequest {
  readonly kind: FaultKind;
  /** Regular expression on the path with query; missing matches every API call. */
  readonly path?: string;
  readonly method?: string;
  readonly portalId?: number;
  /** So many matching calls are hit; -1 goes on until cleared. */
  readonly count?: number;
  /** So many matching calls pass before. */
  readonly skip?: number;
  /** Each matching call is hit with this chance instead of always; from the sandbox's seed. */
  readonly probability?: number;
  readonly status?: number;
  readonly body?: string;
  readonly headers?: Record<string, string>;
  readonly retryAfter?: number;
  readonly policyName?: string;
  /**
   * `drop_ids`: ids that a batch read leaves out; missing leaves out the first input. Every other kind: only calls that ask for one
   * of these ids are hit, a batch read by an input or a single read by its path.
   */
  readonly ids?: string[];
  readonly delayMs?: number;
}

export interface Fault extends FaultRequest {
  readonly id: string;
  remaining: number;
  skipped: number;
  hits: number;
}

const GATEWAY_PAGE =
  '<!DOCTYPE html>\n<html><head><title>api.hubapi.com | 502: Bad gateway</title></head>\n<body><h1>Bad gateway</h1><p>The web server reported a bad gateway error.</p></body></html>\n';

/** The faults that scenarios asked for, applied in the order in which they came. */
export class Faults {
  #faults: Fault[] = [];
  readonly #random: Random;
  readonly #dropping = new WeakMap<object, Fault>();

  constructor(seed: number) {
    this.#random = createRandom(seed ^ 0x5f0a_17);
  }

  /** Takes a request; an invalid expression throws at once and not on the first call. */
  add(request: FaultRequest): Fault {
    if (request.path !== undefined) new RegExp(request.path);
    const fault: Fault = { ...request, id: randomUUID(), remaining: request.count ?? 1, skipped: 0, hits: 0 };
    this.#faults.push(fault);
    return fault;
  }

  list(): readonly Fault[] {
    return this.#faults;
  }

  clear(): void {
    this.#faults = [];
  }

  /** The fault that hits a call, which it uses up; null when none does. */
  match(method: string, url: string, portalId: number | null, rawBody = ''): Fault | null {
    for (const fault of this.#faults) {
      if (fault.remaining === 0) continue;
      if (fault.method !== undefined && fault.method.toUpperCase() !== method) continue;
      if (fault.portalId !== undefined && fault.portalId !== portalId) continue;
      if (fault.kind === 'drop_ids' && !url.includes('/batch/read')) continue;
      if (fault.path !== undefined && !new RegExp(fault.path).test(url)) continue;
      if (fault.kind !== 'drop_ids' && fault.ids !== undefined && !asksFor(fault.ids, url, rawBody)) continue;
      if (fault.skipped < (fault.skip ?? 0)) {
        fault.skipped += 1;
        continue;
      }
      if (fault.probability !== undefined && this.#random.next() >= fault.probability) continue;
      if (fault.remaining > 0) fault.remaining -= 1;
      fault.hits += 1;
      return fault;
    }
    return null;
  }

  /** Tells the batch read of a call which ids to leave out. */
  dropFor(call: object, fault: Fault): void {
    this.#dropping.set(call, fault);
  }

  droppedIds(call: { readonly rawBody: string }): ReadonlySet<string> {
    const fault = this.#dropping.get(call);
    if (fault === undefined) return new Set();
    if (fault.ids !== undefined) return new Set(fault.ids);
    const inputs = (JSON.parse(call.rawBody) as { inputs?: { id?: unknown }[] }).inputs ?? [];
    return new Set([String(inputs[0]?.id)]);
  }
}

function asksFor(ids: readonly string[], url: string, rawBody: string): boolean {
  const path = url.split('?')[0]?.split('/') ?? [];
  return ids.some((id) => path.at(-1) === id || new RegExp(`"id":\\s*"?${id}\\b`).test(rawBody));
}

/** The answer of a fault that replaces the real one; null for kinds that work otherwise. */
export function faultAnswer(fault: Fault): Answer | null {
  const retryAfter: Record<string, string> =
    fault.retryAfter === undefined ? {} : { 'Retry-After': String(fault.retryAfter) };
  const headers = { ...retryAfter, ...fault.headers };
  switch (fault.kind) {
    case 'status': {
      const status = fault.status ?? 500;
      if (fault.body !== undefined) return { status, body: fault.body, headers };
      const category = status >= 500 ? 'INTERNAL_ERROR' : 'VALIDATION_ERROR';
      return {
        ...errorAnswer(status, category, status >= 500 ? 'internal error' : 'invalid input'),
        headers,
      };
    }
    case 'html':
      return {
        status: fault.status ?? 502,
        body: fault.body ?? GATEWAY_PAGE,
        contentType: 'text/html; charset=UTF-8',
        headers,
      };
    case 'rate_limit': {
      const policy = fault.policyName ?? 'TEN_SECONDLY_ROLLING';
      const message = `You have reached your ${policy.toLowerCase()} limit.`;
      return { ...rateLimitAnswer(policy, message, 'sandbox-fault'), headers };
    }
    case 'locked':
      return { ...errorAnswer(423, 'LOCKED', 'The resource is locked. Wait at least 2 seconds.'), headers };
    case 'migration':
      return {
        ...errorAnswer(477, 'MIGRATION_IN_PROGRESS', 'This account is being migrated between data centers.'),
        headers: { 'Retry-After': String(fault.retryAfter ?? 1), ...fault.headers },
      };
    default:
      return null;
  }
}
