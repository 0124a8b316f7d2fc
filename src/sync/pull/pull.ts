import {
  type ChangesPage,
  type ChangesRequest,
  type CrmSource,
  type HydratedBatch,
  hydrateDealsMax,
  type KnownRecord,
  type Session,
  type UnreadRecord,
} from '../../connectors/connector.ts';
import type { Instant } from '../../kernel/dates.ts';
import type { Configuration } from '../../model/configuration.ts';
import type { SourceObjectType, SourceRecord } from '../../model/source-record.ts';
import type { Database, Transaction } from '../../platform/database/database.ts';
import type { StoredRecord } from './source-row.ts';
import type { ReadScope } from './staging-store.ts';
import * as staging from './staging-store.ts';
import { followMerges } from './merged-links-store.ts';
import { findUnread, forgetUnread, keepUnread } from './unread-store.ts';

export interface PullInput {
  readonly database: Database;
  readonly crm: CrmSource;
  readonly session: Session;
  readonly scope: staging.StagingScope & {
    readonly connector: string;
    readonly accountId: string;
    readonly mode: 'live' | 'test';
  };
  readonly configuration: Configuration;
  readonly configurationVersion: number;
  /** Property names to read, by type. */
  readonly properties: Readonly<Record<SourceObjectType, readonly string[]>>;
  /** Whether a deal has to be read whole: it would make a document, as far as its summary tells. */
  readonly wants: (deal: SourceRecord) => boolean;
  readonly now: () => Date;
  /** Called after each page: records read so far by type. Throws to stop. */
  readonly onProgress: (read: Readonly<Record<string, number>>) => Promise<void>;
}

export interface PullResult {
  readonly read: Readonly<Record<string, number>>;
  /** Mapped property names that whole records came without: deleted in the CRM, or never there. */
  readonly unanswered: Readonly<Partial<Record<SourceObjectType, ReadonlySet<string>>>>;
  /** What this pull could not read, and no earlier one either had noticed. */
  readonly newlyUnread: readonly UnreadRecord[];
}

/** Brings the staged records up to the CRM. What was stored stays when it stops half-way, and the next pull goes on from there. */
export async function pull(input: PullInput): Promise<PullResult> {
  const run = new PullRun(input);
  await run.prepare();
  for await (const page of input.crm.changes(input.session, run.changesRequest())) {
    await run.storePage(page);
  }
  await run.hydratePending();
  return run.result();
}

/** One pull's counters and what it has found; it lives as long as the pull. */
class PullRun {
  readonly #input: PullInput;
  readonly #read: Record<string, number> = {};
  readonly #unanswered: Partial<Record<SourceObjectType, Set<string>>> = {};
  /** Deals that this pull could not read whole. */
  readonly #notWhole = new Set<string>();
  readonly #newlyUnread: UnreadRecord[] = [];
  /** What cannot be read as far as is known now, by type: the connector sees it change. */
  readonly #unread: Record<SourceObjectType, Set<string>> = {
    deal: new Set(),
    company: new Set(),
    contact: new Set(),
    line_item: new Set(),
    product: new Set(),
    owner: new Set(),
  };
  #state: staging.PullState = { cursor: null, configurationVersion: null, readScope: null };

  constructor(input: PullInput) {
    this.#input = input;
  }

  #inTransaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.#input.database.withOrganization(this.#input.scope.organizationId, work);
  }

  /**
   * A changed configuration makes every deal pending; one that reads more properties makes every record unread. One that wants all
   * records of a type has everything listed once more: what is stored already costs only the comparison.
   */
  async prepare(): Promise<void> {
    const { scope, configurationVersion, properties } = this.#input;
    const wanted: ReadScope = { properties, wholeTypes: this.#wholeTypes() };
    await this.#inTransaction(async (tx) => {
      for (const { type, id } of await findUnread(tx, scope)) this.#unread[type].add(id);
      const state = await staging.readPullState(tx, scope);
      const readMore = state.readScope !== null && !covers(state.readScope.properties, properties);
      const listMore =
        state.readScope !== null &&
        !wanted.wholeTypes.every((type) => state.readScope?.wholeTypes.includes(type));
      const changed = state.configurationVersion !== configurationVersion;
      if (readMore) await staging.forgetVersions(tx, scope);
      else if (state.configurationVersion !== null && changed) await staging.markAllPending(tx, scope);
      this.#state = {
        cursor: readMore || listMore ? null : state.cursor,
        configurationVersion,
        readScope: wanted,
      };
      if (changed) await staging.writePullState(tx, scope, this.#state);
    });
  }

  #wholeTypes(): SourceObjectType[] {
    const { enabled, scope } = this.#input.configuration.companies;
    return enabled && scope !== 'won_deals' ? ['company'] : [];
  }

  changesRequest(): ChangesRequest {
    const { scope, properties, now } = this.#input;
    return {
      cursor: this.#state.cursor,
      properties,
      known: this.#known,
      unread: this.#unread,
      countKnown: (type, from, to) =>
        this.#inTransaction((tx) => staging.countKnown(tx, scope, type, from, to)),
      newestKnown: (type) => this.#inTransaction((tx) => staging.findNewestVersion(tx, scope, type)),
      archivedIds: (type) => this.#inTransaction((tx) => staging.findArchivedIds(tx, scope, type)),
      wholeDeals: (after, limit) =>
        this.#inTransaction((tx) => staging.findWholeDeals(tx, scope, after, limit)),
      wholeTypes: this.#wholeTypes(),
      now,
    };
  }

  readonly #known = async (
    type: SourceObjectType,
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, KnownRecord>> => {
    const rows = await this.#inTransaction((tx) => staging.findKnown(tx, this.#input.scope, type, ids));
    return new Map(
      rows.map((row) => [row.source_id, { version: row.version as Instant, archived: row.archived }]),
    );
  };

  /**
   * One page with what its deals point at, and its cursor, in one transaction. Reading first and storing once halves what is
   * written: a deal that is stored before its hydration is stored twice.
   */
  async storePage(page: ChangesPage): Promise<void> {
    this.#noteUnread(page.unread);
    for (const { type, id } of page.unread) if (type === 'deal') this.#notWhole.add(id);
    const deals = page.records.filter((record) => record.type === 'deal');
    const wanted = deals.filter((deal) => this.#hasToBeRead(deal));
    const batches = await this.#hydrate(wanted);
    const records = batches.flatMap((batch) => batch.records);
    const gone = [...page.gone, ...batches.flatMap((batch) => batch.gone)];
    const unread = [...page.unread, ...batches.flatMap((batch) => batch.unread)];
    const hydrated = new Set(wanted.map(({ id }) => id).filter((id) => !this.#notWhole.has(id)));
    const readWhole = new Set(records.flatMap(({ type, id }) => (type === 'deal' ? [id] : [])));
    const rest = page.records.filter(({ type, id }) => type !== 'deal' || !readWhole.has(id));
    await this.#store({ records: [...rest, ...records], gone, unread }, hydrated, page.cursor);
  }

  /** Of an unread deal it is not known whether it is wanted. */
  #hasToBeRead(deal: SourceRecord): boolean {
    if (deal.archived || this.#notWhole.has(deal.id)) return false;
    return this.#input.wants(deal) || this.#unread.deal.has(deal.id);
  }

  #noteUnread(unread: readonly UnreadRecord[]): void {
    for (const record of unread) {
      const ids = this.#unread[record.type];
      if (!ids.has(record.id)) this.#newlyUnread.push(record);
      ids.add(record.id);
    }
  }

  async #store(
    { records, gone, unread }: Pick<ChangesPage, 'records' | 'gone' | 'unread'>,
    hydrated: ReadonlySet<string>,
    cursor: staging.PullState['cursor'] | undefined,
  ): Promise<void> {
    const { scope } = this.#input;
    const summaries = records.filter((record) => record.type === 'deal' && record.associations === null);
    const whole = records.filter((record) => record.type !== 'deal' || record.associations !== null);
    this.#note(whole, records);
    const settled = [...whole, ...gone];
    await this.#inTransaction(async (tx) => {
      const changed = await staging.stageRecords(tx, scope, whole, hydrated);
      await staging.stageSummaries(tx, scope, summaries);
      const vanished = await staging.stageGone(tx, scope, gone);
      await followMerges(tx, scope, records, gone);
      await staging.markDealsOf(tx, scope, [...changed, ...vanished]);
      await forgetUnread(tx, scope, settled);
      await keepUnread(tx, scope, unread);
      if (cursor === undefined) return;
      this.#state = { ...this.#state, cursor };
      await staging.writePullState(tx, scope, this.#state);
    });
    for (const { type, id } of settled) this.#unread[type].delete(id);
    this.#noteUnread(unread);
    await this.#input.onProgress(this.#read);
  }

  #note(whole: readonly SourceRecord[], all: readonly SourceRecord[]): void {
    for (const record of all) this.#read[record.type] = (this.#read[record.type] ?? 0) + 1;
    for (const record of whole) {
      for (const name of this.#input.properties[record.type]) {
        if (name in record.properties) continue;
        const names = this.#unanswered[record.type] ?? new Set<string>();
        this.#unanswered[record.type] = names.add(name);
      }
    }
  }

  /** What a changed configuration, or a pull that was killed, left unread. */
  async hydratePending(): Promise<void> {
    let after = '';
    for (;;) {
      const stored = await this.#inTransaction((tx) =>
        staging.pendingDeals(tx, this.#input.scope, after, hydrateDealsMax),
      );
      const last = stored.at(-1);
      if (!last) return;
      await this.#hydrateStored(stored);
      after = last.record.id;
    }
  }

  async #hydrateStored(stored: readonly StoredRecord[]): Promise<void> {
    const { scope } = this.#input;
    const wanted = stored.filter(({ record, hydrated }) => !hydrated && this.#hasToBeRead(record));
    for (const batch of await this.#hydrate(wanted.map(({ record }) => record))) {
      const read = wanted.map(({ record }) => record.id).filter((id) => !this.#notWhole.has(id));
      await this.#store(batch, new Set(read), undefined);
      await this.#inTransaction((tx) => staging.markHydrated(tx, scope, read));
    }
  }

  /** Reads these deals whole, with everything that they point at and that is not stored yet. */
  async #hydrate(wanted: readonly SourceRecord[]): Promise<HydratedBatch[]> {
    const { crm, session, properties } = this.#input;
    const batches: HydratedBatch[] = [];
    for (let start = 0; start < wanted.length; start += hydrateDealsMax) {
      const deals = wanted
        .slice(start, start + hydrateDealsMax)
        .map(({ id, associations }) => ({ id, summary: associations === null, associations }));
      const batch = await crm.hydrate(session, {
        deals,
        properties,
        known: this.#known,
        unread: this.#unread,
      });
      for (const id of batch.lacking.keys()) this.#notWhole.add(id);
      batches.push(batch);
    }
    return batches;
  }

  result(): PullResult {
    return { read: this.#read, unanswered: this.#unanswered, newlyUnread: this.#newlyUnread };
  }
}

function covers(
  read: Readonly<Record<string, readonly string[]>>,
  wanted: Readonly<Record<string, readonly string[]>>,
): boolean {
  return Object.entries(wanted).every(([type, names]) => names.every((name) => read[type]?.includes(name)));
}
