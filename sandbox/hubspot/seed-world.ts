import type { Portal } from './portal.ts';
import type { Random } from './random.ts';
import type { CrmRecord } from './record.ts';

export interface SeedPlan {
  readonly seed: number;
  readonly deals: number;
  readonly profile: 'realistic' | 'bench' | 'empty';
  readonly seedNow: number;
}

/** What the deals of a portal choose from. */
export interface SeedWorld {
  readonly portal: Portal;
  readonly plan: SeedPlan;
  readonly random: Random;
  readonly companies: readonly CrmRecord[];
  readonly contacts: readonly CrmRecord[];
  readonly products: readonly CrmRecord[];
}

/** Makes and places one record. */
export function place(
  portal: Portal,
  type: CrmRecord['type'],
  properties: Record<string, string>,
  createdAt: number,
  updatedAt: number,
  step: number,
): CrmRecord {
  const record: CrmRecord = {
    type,
    id: portal.nextId(type, step),
    properties: withoutEmpty(properties),
    createdAt,
    updatedAt,
    archivedAt: 0,
    searchable: false,
  };
  portal.seed(record);
  return record;
}

/** Leaves empty values out; a new object, because deleting keys would turn it into a slow, larger one. */
function withoutEmpty(properties: Record<string, string>): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name in properties) {
    const value = properties[name];
    if (value !== undefined && value !== '') kept[name] = value;
  }
  return kept;
}
