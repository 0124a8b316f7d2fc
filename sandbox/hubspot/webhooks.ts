import { createHash, createHmac } from 'node:crypto';
import { findObjectType, OBJECT_TYPES } from './object-types.ts';
import type { OAuthApp } from './auth.ts';
import type { Behaviour } from './options.ts';
import type { ChangeEvent, Portal } from './portal.ts';

/** A target with its subscriptions, set by the control API (the real ones live in the app's settings). */
export interface WebhookTarget {
  readonly targetUrl: string;
  /** Missing takes every portal, as one app's installs share their subscriptions. */
  readonly portalId?: number;
  /** What v3 signatures are made with; missing takes the OAuth app's client secret. */
  readonly clientSecret?: string;
  /** The URL that is signed when a proxy stands between; missing takes `targetUrl`. */
  readonly signedUrl?: string;
  /** For example `deal.propertyChange`; missing `propertyName` takes every property. */
  readonly subscriptions: readonly { readonly subscriptionType: string; readonly propertyName?: string }[];
  readonly appId?: number;
}

export interface Delivery {
  readonly at: string;
  readonly targetUrl: string;
  readonly events: number;
  readonly attempt: number;
  readonly status: number | null;
  readonly error: string | null;
}

/** What deliveries need of the sandbox: its clock, its options and the app that signs. */
export interface WebhookHost {
  readonly behaviour: Behaviour;
  readonly tokens: { readonly app: OAuthApp };
  readonly now: () => number;
  readonly iso: () => string;
}

interface Batch {
  readonly target: WebhookTarget;
  readonly events: readonly object[];
  attempt: number;
}

/** Documented limits: events for a POST, and calls at once for an account. */
const EVENTS_MAX = 100;
const CONCURRENCY_MAX = 10;
const DELIVERIES_KEPT = 2000;

/** Delivers change events: batched, signed, retried; with duplicates and disorder when asked for. */
export class Webhooks {
  readonly #host: WebhookHost;
  readonly #targets: { target: WebhookTarget; waiting: object[]; firstSubscriptionId: number }[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly deliveries: Delivery[] = [];
  #queue: Batch[] = [];
  #running = 0;
  #eventId = 100;
  #closed = false;

  constructor(host: WebhookHost) {
    this.#host = host;
  }

  add(target: WebhookTarget): void {
    this.#targets.push({ target, waiting: [], firstSubscriptionId: 3_400_000 + this.#targets.length * 1000 });
  }

  targets(): readonly WebhookTarget[] {
    return this.#targets.map((entry) => entry.target);
  }

  clear(): void {
    this.#targets.length = 0;
    this.#queue = [];
    this.deliveries.length = 0;
  }

  close(): void {
    this.#closed = true;
    for (const timer of this.#timers) clearTimeout(timer);
  }

  /** Takes a change and queues it for every target that subscribed to it. */
  take(portal: Portal, event: ChangeEvent): void {
    for (const entry of this.#targets) {
      if (entry.target.portalId !== undefined && entry.target.portalId !== portal.id) continue;
      const at = entry.target.subscriptions.findIndex((subscription) => subscribes(subscription, event));
      if (at < 0) continue;
      this.#eventId += 1;
      const appId = entry.target.appId ?? this.#host.tokens.app.appId;
      const base = {
        appId,
        eventId: this.#eventId,
        subscriptionId: entry.firstSubscriptionId + at,
        portalId: portal.id,
        subscriptionType: entry.target.subscriptions[at]?.subscriptionType,
      };
      if (entry.waiting.length === 0)
        this.#later(() => this.#flush(entry), this.#host.behaviour.webhookDelayMs);
      const told = { ...base, ...toWire(event, base.subscriptionType ?? ''), attemptNumber: 0 };
      entry.waiting.push(told);
      if (this.#host.behaviour.webhookDuplicates) entry.waiting.push(told);
    }
  }

  #flush(entry: { target: WebhookTarget; waiting: object[] }): void {
    const events = entry.waiting.splice(0);
    if (this.#host.behaviour.webhookDisorder) events.reverse();
    for (let at = 0; at < events.length; at += EVENTS_MAX) {
      this.#queue.push({ target: entry.target, events: events.slice(at, at + EVENTS_MAX), attempt: 0 });
    }
    this.#pump();
  }

  #pump(): void {
    while (this.#running < CONCURRENCY_MAX) {
      const batch = this.#queue.shift();
      if (batch === undefined || this.#closed) return;
      this.#running += 1;
      void this.#deliver(batch).finally(() => {
        this.#running -= 1;
        this.#pump();
      });
    }
  }

  async #deliver(batch: Batch): Promise<void> {
    const { target, attempt } = batch;
    const body = JSON.stringify(batch.events.map((event) => ({ ...event, attemptNumber: attempt })));
    const outcome = await this.#post(target, body);
    this.deliveries.push({
      at: this.#host.iso(),
      targetUrl: target.targetUrl,
      events: batch.events.length,
      attempt,
      ...outcome,
    });
    if (this.deliveries.length > DELIVERIES_KEPT * 2) this.deliveries.splice(0, DELIVERIES_KEPT);
    const delivered = outcome.status !== null && outcome.status < 400;
    batch.attempt += 1;
    if (delivered || batch.attempt >= this.#host.behaviour.webhookMaximumAttempts) return;
    this.#later(() => {
      this.#queue.push(batch);
      this.#pump();
    }, this.#host.behaviour.webhookRetryMs);
  }

  async #post(target: WebhookTarget, body: string): Promise<{ status: number | null; error: string | null }> {
    const secret = target.clientSecret ?? this.#host.tokens.app.clientSecret;
    const timestamp = String(this.#host.now());
    const uri = target.signedUrl ?? target.targetUrl;
    try {
      const response = await fetch(target.targetUrl, {
        method: 'POST',
        body,
        headers: {
          'Content-Type': 'application/json',
          'User-Agent': 'HubSpot Webhooks (sandbox)',
          'X-HubSpot-Request-Timestamp': timestamp,
          'X-HubSpot-Signature-v3': signatureV3(secret, 'POST', uri, body, timestamp),
          'X-HubSpot-Signature': createHash('sha256').update(`${secret}${body}`).digest('hex'),
          'X-HubSpot-Signature-Version': 'v1',
        },
        signal: AbortSignal.timeout(this.#host.behaviour.webhookTimeoutMs),
      });
      await response.arrayBuffer();
      return { status: response.status, error: null };
    } catch (error) {
      return { status: null, error: error instanceof Error ? error.message : String(error) };
    }
  }

  #later(run: () => void, delayMs: number): void {
    if (this.#closed) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      run();
    }, delayMs);
    this.#timers.add(timer);
  }
}

const DECODED = new Map([
  ['%3A', ':'],
  ['%2F', '/'],
  ['%3F', '?'],
  ['%40', '@'],
  ['%21', '!'],
  ['%24', '$'],
  ['%27', "'"],
  ['%28', '('],
  ['%29', ')'],
  ['%2A', '*'],
  ['%2C', ','],
  ['%3B', ';'],
]);

/** Base64 HMAC-SHA256 over method, URI, body and timestamp; only twelve escapes of the URI are decoded. */
export function signatureV3(
  secret: string,
  method: string,
  uri: string,
  body: string,
  timestamp: string,
): string {
  const decoded = uri.replace(/%[0-9A-Fa-f]{2}/g, (escape) => DECODED.get(escape.toUpperCase()) ?? escape);
  return createHmac('sha256', secret).update(`${method}${decoded}${body}${timestamp}`).digest('base64');
}

function subscribes(
  subscription: { readonly subscriptionType: string; readonly propertyName?: string },
  event: ChangeEvent,
): boolean {
  const [alias = '', kind] = subscription.subscriptionType.split('.');
  if (kind !== event.kind) return false;
  if (alias !== 'object' && findObjectType(alias)?.name !== event.type) return false;
  return (
    event.property === undefined ||
    subscription.propertyName === undefined ||
    subscription.propertyName === event.property.name
  );
}

/** A change as HubSpot tells it; only `object.*` subscriptions are told the type. Nothing promises an order. */
function toWire(event: ChangeEvent, subscriptionType: string): object {
  const type = OBJECT_TYPES[event.type];
  const common = {
    occurredAt: event.occurredAt,
    changeSource: event.source.changeSource,
    sourceId: event.source.sourceId,
    ...(subscriptionType.startsWith('object.') ? { objectTypeId: type.typeId } : {}),
  };
  if (event.association !== undefined) {
    const other = OBJECT_TYPES[event.association.toType];
    return {
      ...common,
      associationType: `${type.singular}_TO_${other.singular}`.toUpperCase(),
      fromObjectId: event.id,
      toObjectId: event.association.toId,
      associationRemoved: event.association.removed,
      isPrimaryAssociation: event.association.primary,
    };
  }
  if (event.merge !== undefined) {
    return {
      ...common,
      objectId: event.merge.primary,
      primaryObjectId: event.merge.primary,
      mergedObjectIds: event.merge.merged,
      newObjectId: event.merge.created,
    };
  }
  if (event.property === undefined) return { ...common, objectId: event.id, changeFlag: flagOf(event) };
  return {
    ...common,
    objectId: event.id,
    propertyName: event.property.name,
    propertyValue: event.property.value,
  };
}

function flagOf(event: ChangeEvent): string {
  return event.kind === 'creation' ? 'NEW' : event.kind === 'restore' ? 'RESTORED' : 'DELETED';
}
