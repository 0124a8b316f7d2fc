import type { CrmRecord } from './record.ts';

interface PendingVersion {
  readonly previous: CrmRecord | null;
  readonly next: CrmRecord;
  readonly visibleAt: number;
}

/**
 * What search sees of one object type: record versions ordered by modified time, each visible only after the
 * index lag. Superseded versions stay in the array as tombstones (`searchable` false) until half of it is dead,
 * so a change costs an append and not a shift of 200,000 entries.
 */
export class SearchIndex {
  #ordered: CrmRecord[] = [];
  #byId: CrmRecord[] = [];
  #dead = 0;
  #needsSort = false;
  #pending: PendingVersion[] = [];
  #pendingHead = 0;
  /** Grows with every visible change: cached query results are good for one revision. */
  revision = 0;

  /** Loads the seed at once, without lag. */
  load(records: readonly CrmRecord[]): void {
    for (const record of records) {
      if (record.archivedAt !== 0) continue;
      record.searchable = true;
      this.#ordered.push(record);
    }
    this.#needsSort = true;
    this.revision += 1;
  }

  /** Takes a new version (previous null for a new record), visible from `visibleAt` on. */
  schedule(previous: CrmRecord | null, next: CrmRecord, visibleAt: number): void {
    this.#pending.push({ previous, next, visibleAt });
  }

  /** Hides a version at once: archived records are never returned by search. */
  hide(record: CrmRecord): void {
    this.#kill(record);
    for (let at = this.#pendingHead; at < this.#pending.length; at += 1) {
      const pending = this.#pending[at];
      if (pending === undefined || pending.next.id !== record.id) continue;
      if (pending.previous !== null) this.#kill(pending.previous);
      this.#pending[at] = { ...pending, previous: null, visibleAt: Number.POSITIVE_INFINITY };
    }
    this.#pending = this.#pending.filter((entry) => entry.visibleAt !== Number.POSITIVE_INFINITY);
    this.#pendingHead = 0;
    this.revision += 1;
  }

  /** Makes visible what is due at `now`, and puts the array in order. */
  refresh(now: number): void {
    while (this.#pendingHead < this.#pending.length) {
      const pending = this.#pending[this.#pendingHead];
      if (pending === undefined || pending.visibleAt > now) break;
      this.#pendingHead += 1;
      if (pending.previous !== null) this.#kill(pending.previous);
      this.#append(pending.next);
    }
    if (this.#pendingHead > 1000 && this.#pendingHead * 2 > this.#pending.length) {
      this.#pending = this.#pending.slice(this.#pendingHead);
      this.#pendingHead = 0;
    }
    if (this.#dead * 2 > this.#ordered.length) this.#compact();
    if (this.#needsSort) {
      this.#ordered.sort((left, right) => left.updatedAt - right.updatedAt || left.id - right.id);
      this.#needsSort = false;
    }
  }

  /** All versions by modified time; skip those that are not `searchable`. Call `refresh` first. */
  byModified(): readonly CrmRecord[] {
    return this.#ordered;
  }

  /** All visible versions by id. */
  byId(): readonly CrmRecord[] {
    if (this.#byIdRevision !== this.revision) {
      this.#byId = this.#ordered
        .filter((record) => record.searchable)
        .sort((left, right) => left.id - right.id);
      this.#byIdRevision = this.revision;
    }
    return this.#byId;
  }
  #byIdRevision = -1;

  /** First position whose modified time is at least `time`. */
  firstAtOrAfter(time: number): number {
    let low = 0;
    let high = this.#ordered.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const record = this.#ordered[middle];
      if (record !== undefined && record.updatedAt < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #append(record: CrmRecord): void {
    const last = this.#ordered[this.#ordered.length - 1];
    if (last !== undefined && last.updatedAt > record.updatedAt) this.#needsSort = true;
    record.searchable = true;
    this.#ordered.push(record);
    this.revision += 1;
  }

  #kill(record: CrmRecord): void {
    if (!record.searchable) return;
    record.searchable = false;
    this.#dead += 1;
    this.revision += 1;
  }

  #compact(): void {
    this.#ordered = this.#ordered.filter((record) => record.searchable);
    this.#dead = 0;
  }
}
