import { contentHash } from '../../kernel/hash.ts';
import type { Instant } from '../../kernel/dates.ts';
import type {
  DealAssociations,
  SourceFacts,
  SourceObjectType,
  SourceRecord,
} from '../../model/source-record.ts';

/** Longer texts are cut when stored, just above what a mapped field may carry, so that a 10 MB name cannot fill the memory of a plan. */
export const propertyLengthMax = 70_000;

export interface SourceRow {
  readonly object_type: SourceObjectType;
  readonly source_id: string;
  readonly version: string;
  readonly archived: boolean;
  readonly survivor_id: string | null;
  readonly properties: Record<string, string | null>;
  readonly facts: SourceFacts;
  readonly associations: DealAssociations | null;
  readonly url: string | null;
  readonly hydrated: boolean;
  readonly pending: boolean;
}

export interface StoredRecord {
  readonly record: SourceRecord;
  readonly survivorId: string | null;
  readonly hydrated: boolean;
  readonly pending: boolean;
}

/** What a deal points at. It has no associations of its own, and its address in the CRM stands on no document. */
export type RelatedRow = Pick<
  SourceRow,
  'source_id' | 'version' | 'archived' | 'survivor_id' | 'properties' | 'facts'
>;

export type RelatedRecord = Pick<StoredRecord, 'record' | 'survivorId'>;

export function fromRow(row: SourceRow): StoredRecord {
  const { associations, url, hydrated, pending } = row;
  const { record, survivorId } = relatedFromRow(row.object_type, row);
  return { record: { ...record, associations, url }, survivorId, hydrated, pending };
}

export function relatedFromRow(type: SourceObjectType, row: RelatedRow): RelatedRecord {
  const record: SourceRecord = {
    type,
    id: row.source_id,
    updatedAt: row.version as Instant,
    archived: row.archived,
    mergedIds: [],
    properties: row.properties,
    facts: row.facts,
    associations: null,
    url: null,
  };
  return { record, survivorId: row.survivor_id };
}

/** The record as PostgreSQL can hold it. */
export function storable(record: SourceRecord): SourceRecord {
  const properties: Record<string, string | null> = {};
  for (const [name, text] of Object.entries(record.properties))
    properties[name] = text === null ? null : storableText(text);
  return { ...record, properties };
}

/** The text as PostgreSQL can hold it. */
export function storableText(text: string): string {
  const cut = text.length > propertyLengthMax ? text.slice(0, propertyLengthMax) : text;
  return /[\0\ud800-\udfff]/.test(cut) ? cut.toWellFormed().replaceAll('\0', '\ufffd') : cut;
}

/** Changes when anything that a plan reads changes; the version is not part of it. */
export function hashOf(record: SourceRecord): string {
  const { properties, facts, associations, archived } = record;
  return contentHash({ properties, facts, associations, archived });
}

/** What the deal points at, each as `type:id`. */
export function relatedOf(record: SourceRecord): string[] {
  const { associations, facts } = record;
  const ids = associations
    ? [
        ...associations.companies.map((id) => `company:${id}`),
        ...associations.contacts.map((id) => `contact:${id}`),
        ...associations.lineItems.map((id) => `line_item:${id}`),
      ]
    : [];
  if (facts.ownerId) ids.push(`owner:${facts.ownerId}`);
  return ids;
}
