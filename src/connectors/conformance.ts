import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Instant, toInstant } from '../kernel/dates.ts';
import { isTributaryError } from '../kernel/errors.ts';
import type { Json } from '../kernel/json.ts';
import { sourceObjectTypes, type SourceObjectType, type SourceRecord } from '../model/source-record.ts';
import { createRateBudgets, type RateBudgets } from '../platform/rate-budget/rate-budgets.ts';
import type {
  ChangesPage,
  ChangesRequest,
  Connector,
  ConnectorEndpoint,
  CrmSource,
  KnownRecord,
  ReadRequest,
  Session,
  UnreadRecord,
} from './connector.ts';

/** A running stand-in of the outside system, and what a scenario can do to it. It names no connector. */
export interface ConnectorStand {
  readonly endpoint: ConnectorEndpoint;
  readonly token: string;
  readonly accountId: string;
  /** Ids of all deals that are there now. */
  readonly dealIds: () => readonly string[];
  readonly changeDeal: (id: string) => void;
  readonly archiveDeal: (id: string) => void;
  readonly restoreDeal: (id: string) => void;
  /** The next call fails so, once. */
  readonly failOnce: (how: 'unavailable' | 'rate_limited' | 'broken_connection') => void;
  /** Calls that the stand refused because they broke its rules. */
  readonly violations: () => readonly string[];
  readonly close: () => Promise<void>;
}

export interface TestSession extends Session {
  /** Every call, in order, as the connector reported it. */
  readonly calls: { readonly endpoint: string; readonly status: number }[];
  /** Each wait that was said. */
  readonly waits: (Instant | null)[];
}

/** A session as the sync makes it, with a token that never changes unless told how. */
export function makeTestSession(
  stand: Pick<ConnectorStand, 'endpoint' | 'token' | 'accountId'>,
  more: Partial<Pick<Session, 'accessToken' | 'refreshToken' | 'signal' | 'timeZone'>> & {
    readonly budgets?: RateBudgets;
  } = {},
): TestSession {
  const calls: TestSession['calls'] = [];
  const waits: TestSession['waits'] = [];
  return {
    endpoint: stand.endpoint,
    accountId: stand.accountId,
    accessToken: () => Promise.resolve(stand.token),
    refreshToken: () => Promise.resolve(stand.token),
    budgets: createRateBudgets({ now: Date.now }),
    onCall: ({ endpoint, status }) => void calls.push({ endpoint, status }),
    onWait: (until) => void waits.push(until),
    signal: new AbortController().signal,
    ...more,
    calls,
    waits,
  };
}

/** What a sync keeps of a CRM, in memory: the same rules as the staging tables, without a database. */
export interface RecordStore extends Pick<ReadRequest, 'known'> {
  readonly countKnown: (type: SourceObjectType, from: Instant, to: Instant) => Promise<number>;
  readonly newestKnown: (type: SourceObjectType) => Promise<Instant | null>;
  readonly archivedIds: (type: SourceObjectType) => Promise<readonly string[]>;
  readonly wholeDeals: NonNullable<ChangesRequest['wholeDeals']>;
  readonly unread: Readonly<Record<SourceObjectType, ReadonlySet<string>>>;
  readonly store: (page: Pick<ChangesPage, 'records' | 'gone' | 'unread'>) => void;
  readonly all: (type: SourceObjectType) => SourceRecord[];
  readonly find: (type: SourceObjectType, id: string) => SourceRecord | undefined;
  readonly survivorOf: (type: SourceObjectType, id: string) => string | undefined;
}

export function makeRecordStore(): RecordStore {
  const records = new Map<string, SourceRecord>();
  const survivors = new Map<string, string>();
  const unread = Object.fromEntries(sourceObjectTypes.map((type) => [type, new Set<string>()])) as Record<
    SourceObjectType,
    Set<string>
  >;
  const isUnread = ({ type, id, facts }: SourceRecord): boolean =>
    unread[type].has(id) || (facts.productId ? unread.product.has(facts.productId) : false);
  const all = (type: SourceObjectType): SourceRecord[] =>
    [...records.values()].filter((record) => record.type === type);
  return {
    all,
    find: (type, id) => records.get(`${type}:${id}`),
    survivorOf: (type, id) => survivors.get(`${type}:${id}`),
    known: (type, ids) =>
      Promise.resolve(
        new Map(
          ids.flatMap((id): [string, KnownRecord][] => {
            const record = records.get(`${type}:${id}`);
            return record && !isUnread(record)
              ? [[id, { version: record.updatedAt, archived: record.archived }]]
              : [];
          }),
        ),
      ),
    countKnown: (type, from, to) =>
      Promise.resolve(
        all(type).filter(({ archived, updatedAt }) => !archived && updatedAt >= from && updatedAt < to)
          .length,
      ),
    newestKnown: (type) =>
      Promise.resolve(
        all(type)
          .filter(({ archived }) => !archived)
          .map(({ updatedAt }) => updatedAt)
          .toSorted()
          .at(-1) ?? null,
      ),
    archivedIds: (type) =>
      Promise.resolve(
        all(type).flatMap(({ archived, id }) => (archived && !survivors.has(`${type}:${id}`) ? [id] : [])),
      ),
    wholeDeals: (after, limit) =>
      Promise.resolve(
        all('deal')
          .flatMap(({ id, archived, associations }) =>
            associations && !archived ? [{ id, associations }] : [],
          )
          .filter(({ id }) => after === null || id > after)
          .toSorted((left, right) => (left.id < right.id ? -1 : 1))
          .slice(0, limit),
      ),
    unread,
    store: (page) => {
      for (const { type, id } of page.gone) unread[type].delete(id);
      for (const record of page.records) {
        if (record.type !== 'deal' || record.associations) unread[record.type].delete(record.id);
        const key = `${record.type}:${record.id}`;
        if ((records.get(key)?.updatedAt ?? '') > record.updatedAt) continue;
        records.set(key, record);
        survivors.delete(key);
      }
      for (const { type, id, survivorId } of page.gone) {
        const key = `${type}:${id}`;
        const record = records.get(key);
        if (record) records.set(key, { ...record, archived: true });
        if (survivorId !== null) survivors.set(key, survivorId);
      }
      for (const { type, id } of page.unread) unread[type].add(id);
    },
  };
}

export interface TestPull {
  readonly crm: CrmSource;
  readonly session: Session;
  readonly store: RecordStore;
  readonly cursor: Json | null;
  readonly properties?: ReadRequest['properties'];
  readonly wholeTypes?: readonly SourceObjectType[];
  readonly wants?: (deal: SourceRecord) => boolean;
  readonly now?: () => Date;
}

export interface TestPullResult {
  readonly cursor: Json;
  readonly pages: readonly ChangesPage[];
  readonly unread: readonly UnreadRecord[];
  /** Ids of the deals that are not whole. */
  readonly lacking: readonly string[];
}

export const noProperties: ReadRequest['properties'] = {
  deal: [],
  company: [],
  contact: [],
  line_item: [],
  product: [],
  owner: [],
};

/** One pull as the sync does it: each page is stored, its cursor kept (as JSON text), its deals hydrated. */
export async function pullOnce(pull: TestPull): Promise<TestPullResult> {
  const { crm, session, store, wants = () => true } = pull;
  const properties = pull.properties ?? noProperties;
  const pages: ChangesPage[] = [];
  const unread: UnreadRecord[] = [];
  const lacking: string[] = [];
  let cursor = pull.cursor;
  const changes = crm.changes(session, {
    cursor,
    properties,
    known: store.known,
    unread: store.unread,
    countKnown: store.countKnown,
    newestKnown: store.newestKnown,
    archivedIds: store.archivedIds,
    wholeDeals: store.wholeDeals,
    wholeTypes: pull.wholeTypes ?? [],
    now: pull.now ?? (() => new Date()),
  });
  for await (const page of changes) {
    pages.push(page);
    unread.push(...page.unread);
    store.store(page);
    cursor = JSON.parse(JSON.stringify(page.cursor)) as Json;
    const deals = page.records
      .filter((record) => record.type === 'deal' && !record.archived && wants(record))
      .map(({ id, associations }) => ({ id, summary: associations === null, associations }));
    if (deals.length === 0) continue;
    const { known, unread: failedBefore } = store;
    const batch = await crm.hydrate(session, { deals, properties, known, unread: failedBefore });
    store.store(batch);
    unread.push(...batch.unread);
    lacking.push(...batch.lacking.keys());
  }
  if (cursor === null) throw new Error('A pull ends with a page that has a cursor');
  return { cursor, pages, unread, lacking };
}

/** The properties that a configuration of nothing but defaults reads, by the names that stand in it. */
export function mappedProperties(crm: CrmSource): ReadRequest['properties'] {
  const { deals, products, companies, contacts } = crm.defaultConfiguration;
  return {
    deal: namesIn(deals.fields),
    line_item: namesIn({ ...deals.lines, noProduct: null, itemMissing: null }),
    product: namesIn({ ...products.fields, kinds: null, defaultKind: null }),
    company: namesIn(companies.fields),
    contact: namesIn(contacts.fields),
    owner: [],
  };
}

function namesIn(source: unknown, key = ''): string[] {
  if (typeof source === 'string') return ['separator', 'constant'].includes(key) ? [] : [source];
  if (Array.isArray(source)) return [...new Set(source.flatMap((entry) => namesIn(entry)))];
  if (typeof source !== 'object' || source === null) return [];
  if ('property' in source && typeof source.property === 'string') return [source.property];
  return [...new Set(Object.entries(source).flatMap(([name, value]) => namesIn(value, name)))];
}

/** The suite that every connector with a CRM side passes, against a stand-in of its system with at least three deals. */
export function describeConnector(connector: Connector, start: () => Promise<ConnectorStand>): void {
  const { crm, auth, manifest } = connector;

  describe(`${manifest.name} as a connector`, () => {
    test('declares what it can and nothing more', () => {
      expect(manifest.id).toMatch(/^[a-z0-9-]+$/);
      expect(manifest.authKinds.includes('oauth')).toBe(auth.consentUrl !== undefined);
      expect(auth.exchangeCode !== undefined && auth.refresh !== undefined).toBe(
        auth.consentUrl !== undefined,
      );
      expect(manifest.authKinds.includes('token')).toBe(auth.authorizeToken !== undefined);
      expect(manifest.permissions.filter(({ reason }) => reason.length < 10)).toEqual([]);
      expect(Object.keys(manifest.words).toSorted()).toEqual([...sourceObjectTypes].toSorted());
      expect(auth.endpointFrom({}).apiUrl).toMatch(/^https:\/\//);
    });
  });
  if (crm) describeCrm(connector, crm, start);
}

function describeCrm(connector: Connector, crm: CrmSource, start: () => Promise<ConnectorStand>): void {
  describe(`${connector.manifest.name} as a CRM`, () => {
    let stand: ConnectorStand;
    beforeAll(async () => {
      stand = await start();
    });
    afterAll(async () => {
      await stand.close();
    });

    test('refuses a wrong token without repeating it', async () => {
      const { authorizeToken } = connector.auth;
      if (!authorizeToken) return;
      const wrong = `${stand.token.slice(0, -4)}0000`;
      const error = await authorizeToken(stand.endpoint, wrong, new AbortController().signal).catch(
        (reason: unknown) => reason,
      );
      expect(isTributaryError(error, 'vendor_auth')).toBe(true);
      expect(String(error)).not.toContain(wrong);
    });

    test('authorizes a token and names the account', async () => {
      const { authorizeToken } = connector.auth;
      if (!authorizeToken) return;
      const { account } = await authorizeToken(stand.endpoint, stand.token, new AbortController().signal);
      expect(account.id).toBe(stand.accountId);
      expect(account.currency).toMatch(/^[A-Z]{3}$/);
      expect(await crm.account(makeTestSession(stand))).toEqual(account);
    });

    test('maps only properties that the CRM has', async () => {
      const session = makeTestSession(stand);
      const mapped = mappedProperties(crm);
      for (const type of ['deal', 'line_item', 'product', 'company', 'contact'] as const) {
        const names = new Set((await crm.properties(session, type)).map(({ name }) => name));
        expect(
          mapped[type].filter((name) => !names.has(name)),
          type,
        ).toEqual([]);
      }
    });

    test('tells won, lost and open stages apart', async () => {
      const pipelines = await crm.pipelines(makeTestSession(stand));
      const outcomes = new Set(pipelines.flatMap(({ stages }) => stages.map(({ outcome }) => outcome)));
      expect([...outcomes].toSorted()).toEqual(['lost', 'open', 'won']);
    });

    test('imports every deal once, with all that it points at', async () => {
      const store = makeRecordStore();
      await pullOnce({ crm, session: makeTestSession(stand), store, cursor: null });
      expect(idsOf(store.all('deal'))).toEqual([...stand.dealIds()].toSorted());
      for (const deal of store.all('deal')) {
        const { associations } = deal;
        expect(associations, deal.id).not.toBeNull();
        for (const id of associations?.companies ?? []) expect(store.find('company', id)).toBeDefined();
        for (const id of associations?.contacts ?? []) expect(store.find('contact', id)).toBeDefined();
        for (const id of associations?.lineItems ?? []) expect(store.find('line_item', id)).toBeDefined();
        expect(deal.url).toContain(deal.id);
        expect(crm.dealIdFrom(deal.url ?? '')).toBe(deal.id);
      }
    });

    test('finds nothing where nothing changed, and what changed, was archived and restored', async () => {
      const store = makeRecordStore();
      const session = makeTestSession(stand);
      const dealsOf = ({ pages }: TestPullResult): string[] =>
        idsOf(pages.flatMap(({ records }) => records.filter(({ type }) => type === 'deal')));
      let pull = await pullOnce({ crm, session, store, cursor: null });
      pull = await pullOnce({ crm, session, store, cursor: pull.cursor });
      expect(pull.pages.flatMap(({ records, gone }) => [...records, ...gone])).toEqual([]);

      const [changed = '', archived = ''] = stand.dealIds();
      stand.changeDeal(changed);
      pull = await pullOnce({ crm, session, store, cursor: pull.cursor });
      expect(dealsOf(pull)).toEqual([changed]);

      stand.archiveDeal(archived);
      pull = await pullOnce({ crm, session, store, cursor: pull.cursor });
      expect(store.find('deal', archived)?.archived).toBe(true);

      stand.restoreDeal(archived);
      pull = await pullOnce({ crm, session, store, cursor: pull.cursor });
      expect(store.find('deal', archived)?.archived).toBe(false);
    });

    test('goes on where a pull ended half-way', async () => {
      const store = makeRecordStore();
      const session = makeTestSession(stand);
      const request = {
        properties: noProperties,
        known: store.known,
        countKnown: store.countKnown,
        wholeTypes: ['company'] as const,
        now: () => new Date(),
      };
      for await (const page of crm.changes(session, { ...request, cursor: null })) {
        store.store(page);
        const rest = await pullOnce({ crm, session, store, cursor: page.cursor, wholeTypes: ['company'] });
        expect(rest.pages.length).toBeGreaterThan(0);
        break;
      }
      expect(idsOf(store.all('deal'))).toEqual([...stand.dealIds()].toSorted());
    });

    test.each(['unavailable', 'rate_limited', 'broken_connection'] as const)(
      'takes a short trouble for what it is: %s',
      async (how) => {
        stand.failOnce(how);
        const session = makeTestSession(stand);
        expect((await crm.account(session)).id).toBe(stand.accountId);
        expect(session.calls.length).toBeGreaterThan(1);
      },
    );

    test('stops at once when the work is canceled', async () => {
      const controller = new AbortController();
      controller.abort(new Error('canceled by the test'));
      const session = makeTestSession(stand, { signal: controller.signal });
      await expect(crm.account(session)).rejects.toThrow('canceled by the test');
    });

    test('refuses a cursor that it did not make', async () => {
      const store = makeRecordStore();
      const pull = pullOnce({ crm, session: makeTestSession(stand), store, cursor: { phase: 'other' } });
      await expect(pull).rejects.toThrow();
    });

    test('broke none of the rules of the system', () => {
      // The wrong token above was refused, as it should be.
      expect(stand.violations().filter((rule) => rule !== 'unauthenticated')).toEqual([]);
    });
  });
}

function idsOf(records: readonly SourceRecord[]): string[] {
  return [...new Set(records.map(({ id }) => id))].toSorted();
}

/** A cursor as a pull of that start would have left it, for tests that begin in the middle of a connection's life. */
export function instantBefore(ms: number, now = new Date()): Instant {
  return toInstant(new Date(now.getTime() - ms));
}
