import type { ObjectTypeName } from './object-types.ts';

/**
 * One version of a CRM record. An update makes a new version, so that the search index can go on showing the
 * older one until its lag has passed.
 */
export interface CrmRecord {
  readonly type: ObjectTypeName;
  /** HubSpot's ids are decimal strings; kept as numbers because they sort as numbers. */
  readonly id: number;
  /** Only properties with a value: what is known but empty is null on the wire. */
  readonly properties: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch, as the two below. */
  readonly createdAt: number;
  readonly updatedAt: number;
  /** 0 while the record is not archived. */
  readonly archivedAt: number;
  /** True while this very version is the one that search shows. */
  searchable: boolean;
}

export type PropertyInput = Readonly<Record<string, string | number | boolean | null>>;
