import type { ObjectTypeName } from './object-types.ts';
import type { Portal } from './portal.ts';
import type { CrmRecord } from './record.ts';

/**
 * Lookups by a unique property. A map for each property is made on first use and then checked against the live
 * record, so stale entries do no harm; a value that is not in the map is looked for once more among new records.
 */
export class UniqueValues {
  readonly #portal: Portal;
  readonly #maps = new Map<string, { ids: Map<string, number>; scanned: number }>();

  constructor(portal: Portal) {
    this.#portal = portal;
  }

  find(type: ObjectTypeName, property: string, value: string): CrmRecord | undefined {
    const wanted = value.toLowerCase();
    const key = `${type}.${property}`;
    const map = this.#maps.get(key) ?? { ids: new Map<string, number>(), scanned: 0 };
    this.#maps.set(key, map);
    const ids = this.#portal.ids(type);
    for (; map.scanned < ids.length; map.scanned += 1) {
      const record = this.#portal.find(type, ids[map.scanned] ?? 0);
      const own = record?.properties[property];
      if (record !== undefined && own !== undefined) map.ids.set(own.toLowerCase(), record.id);
    }
    const record = this.#portal.find(type, map.ids.get(wanted) ?? 0);
    const matches = record?.archivedAt === 0 && record.properties[property]?.toLowerCase() === wanted;
    return matches ? record : undefined;
  }

  /** Tells about a written value, so that an update of an old record is found too. */
  note(record: CrmRecord, property: string, value: string): void {
    this.#maps.get(`${record.type}.${property}`)?.ids.set(value.toLowerCase(), record.id);
  }
}
