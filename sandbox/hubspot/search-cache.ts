import type { ObjectType } from './object-types.ts';
import type { Portal } from './portal.ts';
import type { CrmRecord } from './record.ts';
import { matchingRecords } from './search-match.ts';
import type { SearchRequest } from './search-query.ts';

/** Results of so many recent queries are kept, so that paging does not run each query again. */
const CACHED_QUERIES_MAX = 64;

interface CachedResult {
  readonly revision: number;
  readonly records: readonly CrmRecord[];
}

/** Recent query results of one portal, each good for one revision of the index. */
export class SearchCache {
  readonly #results = new Map<string, CachedResult>();

  read(portal: Portal, type: ObjectType, request: SearchRequest, misordered: boolean): readonly CrmRecord[] {
    const { revision } = portal.index(type.name);
    const key = `${type.name}:${misordered}:${request.key}`;
    const cached = this.#results.get(key);
    if (cached?.revision === revision && !readsAssociations(request)) return cached.records;
    const matching = matchingRecords(portal, type, request);
    const records = misordered ? misorder(matching) : matching;
    this.#results.delete(key);
    this.#results.set(key, { revision, records });
    const oldest = this.#results.keys().next().value;
    if (this.#results.size > CACHED_QUERIES_MAX && oldest !== undefined) this.#results.delete(oldest);
    return records;
  }
}

/** Associations and stages change without a new record version, so such results are not kept. */
function readsAssociations(request: SearchRequest): boolean {
  return request.groups.some((group) =>
    group.some((filter) => filter.association !== null || filter.property.includes('associated')),
  );
}

/** Turns each run of seven round: rows are near their place, but not in order (estuary/connectors#5180). */
function misorder(records: readonly CrmRecord[]): CrmRecord[] {
  const result: CrmRecord[] = [];
  for (let at = 0; at < records.length; at += 7) result.push(...records.slice(at, at + 7).reverse());
  return result;
}
