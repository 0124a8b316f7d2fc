import { AssociationStore, type AssociationLabel } from './association-store.ts';
import { type ObjectTypeName, OBJECT_TYPE_NAMES, primaryAssociationTypeId } from './object-types.ts';
import type { Owner } from './owners.ts';
import { defaultPipelines, type Pipeline, type Stage } from './pipelines.ts';
import { defaultProperties, type PropertyDefinition } from './property-catalogue.ts';
import type { CrmRecord } from './record.ts';
import { SearchIndex } from './search-index.ts';

/** A change that webhooks may tell about. */
export interface ChangeEvent {
  readonly kind:
    | 'creation'
    | 'deletion'
    | 'privacyDeletion'
    | 'restore'
    | 'propertyChange'
    | 'merge'
    | 'associationChange';
  readonly type: ObjectTypeName;
  readonly id: number;
  readonly occurredAt: number;
  readonly source: ChangeSource;
  readonly property?: { readonly name: string; readonly value: string };
  readonly merge?: { readonly primary: number; readonly merged: readonly number[]; readonly created: number };
  readonly association?: {
    readonly toType: ObjectTypeName;
    readonly toId: number;
    readonly removed: boolean;
    readonly primary: boolean;
  };
}

export interface ChangeSource {
  readonly changeSource: 'CRM_UI' | 'INTEGRATION';
  readonly sourceId: string;
}

export const USER_SOURCE: ChangeSource = { changeSource: 'CRM_UI', sourceId: 'userId:48000000' };

export interface HistoryEntry {
  readonly value: string;
  readonly timestamp: number;
  readonly sourceType: string;
}

export interface PortalSettings {
  readonly id: number;
  readonly name: string;
  readonly currency: string;
  readonly additionalCurrencies: readonly string[];
  readonly timeZone: string;
  readonly tier: 'free' | 'professional' | 'enterprise';
  readonly createdAt: number;
  /** Milliseconds since the epoch, from the sandbox's own clock. */
  readonly now: () => number;
  readonly lagMs: () => number;
  /** Whether a changed line item or association moves its deal's modified time. */
  readonly childrenTouchDeal: () => boolean;
}

/** Archived records stay in the recycle bin for 90 days; after that they are gone. */
const RECYCLE_BIN_MS = 90 * 24 * 3600 * 1000;

interface Shelf {
  readonly byId: Map<number, CrmRecord>;
  /** Ascending; ids are only ever appended. */
  readonly ids: number[];
  readonly archived: Set<number>;
  /** Merged-away id → surviving id. */
  readonly merged: Map<number, number>;
  readonly index: SearchIndex;
  readonly properties: Map<string, PropertyDefinition>;
  lastId: number;
}

/**
 * Every type starts just below one more digit, so that ids sorted as text come out wrong, and types share ids.
 * Below 2^30, where V8 keeps numbers without a heap object: 10-digit ids took twice the time to seed.
 */
const FIRST_ID = 999_999_900;

function makeShelf(type: ObjectTypeName, createdAt: number): Shelf {
  return {
    byId: new Map(),
    ids: [],
    archived: new Set(),
    merged: new Map(),
    index: new SearchIndex(),
    properties: defaultProperties(type, createdAt),
    lastId: FIRST_ID,
  };
}

/** One HubSpot account: its records, associations, pipelines, properties and owners, all in memory. */
export class Portal {
  readonly settings: PortalSettings;
  readonly associations = new AssociationStore();
  readonly exchangeRates = new Map<string, string>();
  owners: Owner[] = [];
  onChange: (event: ChangeEvent) => void = () => undefined;
  readonly #shelves: Record<ObjectTypeName, Shelf>;
  readonly #history = new Map<string, Map<string, HistoryEntry[]>>();
  #pipelines: Pipeline[];
  #stages = new Map<string, Stage>();

  constructor(settings: PortalSettings) {
    this.settings = settings;
    this.#shelves = Object.fromEntries(
      OBJECT_TYPE_NAMES.map((type) => [type, makeShelf(type, settings.createdAt)]),
    ) as Record<ObjectTypeName, Shelf>;
    this.#pipelines = [];
    this.setPipelines(defaultPipelines(settings.createdAt));
  }

  get id(): number {
    return this.settings.id;
  }

  get currency(): string {
    return this.settings.currency;
  }

  get pipelines(): readonly Pipeline[] {
    return this.#pipelines;
  }

  setPipelines(pipelines: Pipeline[]): void {
    this.#pipelines = pipelines;
    for (const pipeline of pipelines) for (const stage of pipeline.stages) this.#stages.set(stage.id, stage);
    // Won and closed are read from the stages: results that were kept are no longer good.
    this.#shelves.deals.index.revision += 1;
  }

  /** A stage by id; one that was removed is still known for the deals that stand in it. */
  stage(id: string | undefined): Stage | undefined {
    return id === undefined ? undefined : this.#stages.get(id);
  }

  properties(type: ObjectTypeName): Map<string, PropertyDefinition> {
    return this.#shelves[type].properties;
  }

  index(type: ObjectTypeName): SearchIndex {
    const index = this.#shelves[type].index;
    index.refresh(this.settings.now());
    return index;
  }

  /** A live or archived record of exactly this id; undefined when there is none or its recycle bin time is over. */
  find(type: ObjectTypeName, id: number): CrmRecord | undefined {
    const record = this.#shelves[type].byId.get(id);
    if (record === undefined || record.archivedAt === 0) return record;
    return this.settings.now() - record.archivedAt > RECYCLE_BIN_MS ? undefined : record;
  }

  /** As `find`, but a merged-away id gives the surviving record. */
  findSurviving(type: ObjectTypeName, id: number): CrmRecord | undefined {
    let current = id;
    for (let survivor = this.#shelves[type].merged.get(current); survivor !== undefined; ) {
      current = survivor;
      survivor = this.#shelves[type].merged.get(current);
    }
    return this.find(type, current);
  }

  ids(type: ObjectTypeName): readonly number[] {
    return this.#shelves[type].ids;
  }

  archivedIds(type: ObjectTypeName): number[] {
    return [...this.#shelves[type].archived].sort((left, right) => left - right);
  }

  /** The associated ids whose records are live; none when the record itself is not. */
  liveAssociations(from: ObjectTypeName, fromId: number, to: ObjectTypeName): readonly number[] {
    const ids = this.associations.of(from, fromId, to);
    if (ids.length === 0) return ids;
    const target = this.#shelves[to].byId;
    if (this.#shelves[from].byId.get(fromId)?.archivedAt !== 0) return [];
    return ids.every((id) => target.get(id)?.archivedAt === 0)
      ? ids
      : ids.filter((id) => target.get(id)?.archivedAt === 0);
  }

  history(type: ObjectTypeName, id: number, property: string): readonly HistoryEntry[] {
    return this.#history.get(`${type}:${id}`)?.get(property) ?? [];
  }

  nextId(type: ObjectTypeName, step = 1): number {
    const shelf = this.#shelves[type];
    shelf.lastId += step;
    return shelf.lastId;
  }

  /** Puts a seeded record in place: no event, no history, no index lag. Call `finishSeed` at the end. */
  seed(record: CrmRecord): void {
    const shelf = this.#shelves[record.type];
    shelf.byId.set(record.id, record);
    shelf.ids.push(record.id);
    if (record.archivedAt !== 0) shelf.archived.add(record.id);
  }

  finishSeed(): void {
    for (const type of OBJECT_TYPE_NAMES) {
      this.#shelves[type].index.load([...this.#shelves[type].byId.values()]);
    }
  }

  create(
    type: ObjectTypeName,
    properties: Readonly<Record<string, string>>,
    source: ChangeSource,
    at = this.settings.now(),
  ): CrmRecord {
    const shelf = this.#shelves[type];
    const id = this.nextId(type, 1 + (shelf.ids.length % 3));
    const record: CrmRecord = {
      type,
      id,
      properties: { ...properties },
      createdAt: at,
      updatedAt: at,
      archivedAt: 0,
      searchable: false,
    };
    shelf.byId.set(id, record);
    shelf.ids.push(id);
    shelf.index.schedule(null, record, this.settings.now() + this.settings.lagMs());
    this.onChange({ kind: 'creation', type, id, occurredAt: at, source });
    for (const [name, value] of Object.entries(record.properties)) {
      this.#remember(record, name, value, at, source);
    }
    return record;
  }

  /** Writes property values (empty text clears one) and moves the modified time. */
  update(
    record: CrmRecord,
    changes: Readonly<Record<string, string>>,
    source: ChangeSource,
    at = this.settings.now(),
  ): CrmRecord {
    const properties: Record<string, string> = { ...record.properties };
    for (const [name, value] of Object.entries(changes)) {
      if (value === '') delete properties[name];
      else properties[name] = value;
    }
    const next = this.#replace(record, { ...record, properties, updatedAt: at, searchable: false });
    for (const [name, value] of Object.entries(changes)) {
      if ((record.properties[name] ?? '') !== value) this.#remember(next, name, value, at, source);
    }
    if (record.type === 'line_items') {
      for (const deal of this.associations.of('line_items', record.id, 'deals'))
        this.#touchDeal(deal, source);
    }
    return next;
  }

  archive(record: CrmRecord, source: ChangeSource): CrmRecord {
    const shelf = this.#shelves[record.type];
    const at = this.settings.now();
    const next: CrmRecord = { ...record, archivedAt: at, searchable: false };
    shelf.byId.set(record.id, next);
    shelf.archived.add(record.id);
    shelf.index.hide(record);
    this.onChange({ kind: 'deletion', type: record.type, id: record.id, occurredAt: at, source });
    return next;
  }

  restore(record: CrmRecord, source: ChangeSource): CrmRecord {
    this.#shelves[record.type].archived.delete(record.id);
    const at = this.settings.now();
    const next: CrmRecord = { ...record, archivedAt: 0, updatedAt: at, searchable: false };
    this.#shelves[record.type].byId.set(record.id, next);
    this.#shelves[record.type].index.schedule(null, next, at + this.settings.lagMs());
    this.onChange({ kind: 'restore', type: record.type, id: record.id, occurredAt: at, source });
    return next;
  }

  /** Removes a record for good: GDPR deletion. */
  purge(record: CrmRecord, source: ChangeSource): void {
    this.#remove(record);
    this.onChange({
      kind: 'privacyDeletion',
      type: record.type,
      id: record.id,
      occurredAt: this.settings.now(),
      source,
    });
  }

  /**
   * Merges two records: both ids go away, a new record takes over (or the primary survives with `keepPrimaryId`).
   * No property change is told for merged values, and the merged-away ids lose their associations.
   */
  merge(primary: CrmRecord, other: CrmRecord, keepPrimaryId: boolean, source: ChangeSource): CrmRecord {
    const shelf = this.#shelves[primary.type];
    const at = this.settings.now();
    const mergedIds = [primary, other].flatMap((record) => [
      ...(record.properties.hs_merged_object_ids?.split(';') ?? []),
      String(record.id),
    ]);
    const id = keepPrimaryId ? primary.id : this.nextId(primary.type);
    const merged: CrmRecord = {
      ...primary,
      id,
      properties: { ...other.properties, ...primary.properties, hs_merged_object_ids: mergedIds.join(';') },
      updatedAt: at,
      searchable: false,
    };
    const edges = [primary, other].flatMap((record) => this.#edgesOf(record));
    for (const record of [primary, other]) this.#remove(record);
    shelf.byId.set(id, merged);
    if (!keepPrimaryId) shelf.ids.push(id);
    for (const record of [primary, other]) if (record.id !== id) shelf.merged.set(record.id, id);
    for (const edge of edges) {
      this.associations.add(merged.type, id, edge.to, edge.toId);
      if (edge.primary && this.associations.primary(merged.type, id, edge.to) === undefined) {
        this.associations.setPrimary(merged.type, id, edge.to, edge.toId);
      }
    }
    shelf.index.schedule(null, merged, at + this.settings.lagMs());
    const away = [primary.id, other.id].filter((gone) => gone !== id);
    this.onChange({
      kind: 'merge',
      type: merged.type,
      id,
      occurredAt: at,
      source,
      merge: { primary: primary.id, merged: [other.id], created: id },
    });
    for (const gone of away) {
      this.onChange({ kind: 'deletion', type: merged.type, id: gone, occurredAt: at, source });
    }
    return merged;
  }

  associate(
    from: ObjectTypeName,
    fromId: number,
    to: ObjectTypeName,
    toId: number,
    kind: 'plain' | 'primary' | AssociationLabel,
    source: ChangeSource,
  ): void {
    const added = !this.associations.has(from, fromId, to, toId);
    this.associations.add(from, fromId, to, toId);
    if (kind === 'primary') this.#makePrimary(from, fromId, to, toId);
    else if (kind !== 'plain') this.associations.addLabel(from, fromId, to, toId, kind);
    if (added || kind === 'primary') this.#tellAssociation(from, fromId, to, toId, false, source);
  }

  dissociate(
    from: ObjectTypeName,
    fromId: number,
    to: ObjectTypeName,
    toId: number,
    source: ChangeSource,
  ): void {
    const primary = this.associations.isPrimary(from, fromId, to, toId);
    if (!this.associations.remove(from, fromId, to, toId)) return;
    this.#tellAssociation(from, fromId, to, toId, true, source, primary);
  }

  #touchDeal(id: number, source: ChangeSource): void {
    const deal = this.find('deals', id);
    if (this.settings.childrenTouchDeal() && deal?.archivedAt === 0) this.update(deal, {}, source);
  }

  /** The primary company is kept on the side of the deal or contact, whichever side the caller named. */
  #makePrimary(from: ObjectTypeName, fromId: number, to: ObjectTypeName, toId: number): void {
    if (primaryAssociationTypeId(from, to) === undefined) return;
    if (from === 'companies') this.associations.setPrimary(to, toId, from, fromId);
    else this.associations.setPrimary(from, fromId, to, toId);
  }

  #tellAssociation(
    from: ObjectTypeName,
    fromId: number,
    to: ObjectTypeName,
    toId: number,
    removed: boolean,
    source: ChangeSource,
    primary = this.associations.isPrimary(from, fromId, to, toId),
  ): void {
    const occurredAt = this.settings.now();
    if (from === 'deals') this.#touchDeal(fromId, source);
    if (to === 'deals') this.#touchDeal(toId, source);
    for (const flag of primary ? [false, true] : [false]) {
      this.onChange({
        kind: 'associationChange',
        type: from,
        id: fromId,
        occurredAt,
        source,
        association: { toType: to, toId, removed, primary: flag },
      });
      this.onChange({
        kind: 'associationChange',
        type: to,
        id: toId,
        occurredAt,
        source,
        association: { toType: from, toId: fromId, removed, primary: flag },
      });
    }
  }

  #replace(previous: CrmRecord, next: CrmRecord): CrmRecord {
    const shelf = this.#shelves[next.type];
    shelf.byId.set(next.id, next);
    if (next.archivedAt === 0) {
      shelf.index.schedule(previous, next, this.settings.now() + this.settings.lagMs());
    }
    return next;
  }

  #remove(record: CrmRecord): void {
    const shelf = this.#shelves[record.type];
    shelf.byId.delete(record.id);
    shelf.archived.delete(record.id);
    shelf.index.hide(record);
    this.associations.removeAll(record.type, record.id, OBJECT_TYPE_NAMES);
  }

  #edgesOf(record: CrmRecord): { to: ObjectTypeName; toId: number; primary: boolean }[] {
    return OBJECT_TYPE_NAMES.flatMap((to) =>
      this.associations.of(record.type, record.id, to).map((toId) => ({
        to,
        toId,
        primary: this.associations.primary(record.type, record.id, to) === toId,
      })),
    );
  }

  #remember(record: CrmRecord, name: string, value: string, at: number, source: ChangeSource): void {
    const key = `${record.type}:${record.id}`;
    const properties = this.#history.get(key) ?? new Map<string, HistoryEntry[]>();
    this.#history.set(key, properties);
    const entries = properties.get(name) ?? [];
    entries.unshift({ value, timestamp: at, sourceType: source.changeSource });
    properties.set(name, entries);
    this.onChange({
      kind: 'propertyChange',
      type: record.type,
      id: record.id,
      occurredAt: at,
      source,
      property: { name, value },
    });
  }
}
