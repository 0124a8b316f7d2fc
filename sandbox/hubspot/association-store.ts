import {
  defaultAssociationTypeId,
  extraAssociationTypes,
  type ObjectTypeName,
  primaryAssociationTypeId,
} from './object-types.ts';

export interface AssociationLabel {
  readonly category: 'HUBSPOT_DEFINED' | 'USER_DEFINED';
  readonly typeId: number;
  readonly label: string | null;
}

const NONE: readonly number[] = [];

/**
 * Who is associated with whom. Held as one array of ids for each record and direction, with primary companies
 * and further labels aside: a deal with three lines costs four small arrays and no object for each edge.
 */
export class AssociationStore {
  readonly #edges = new Map<string, Map<number, number[]>>();
  readonly #primaries = new Map<string, Map<number, number>>();
  readonly #labels = new Map<string, AssociationLabel[]>();

  /** The ids that `from` is associated with, in the order in which they were added. */
  of(from: ObjectTypeName, fromId: number, to: ObjectTypeName): readonly number[] {
    return this.#edges.get(`${from}>${to}`)?.get(fromId) ?? NONE;
  }

  has(from: ObjectTypeName, fromId: number, to: ObjectTypeName, toId: number): boolean {
    return this.of(from, fromId, to).includes(toId);
  }

  /** Adds both directions; does nothing when they are there. */
  add(from: ObjectTypeName, fromId: number, to: ObjectTypeName, toId: number): void {
    if (this.has(from, fromId, to, toId)) return;
    this.#push(from, fromId, to, toId);
    if (from !== to || fromId !== toId) this.#push(to, toId, from, fromId);
  }

  /** Adds without looking for doubles: for seeding only. */
  addNew(from: ObjectTypeName, fromId: number, to: ObjectTypeName, toId: number): void {
    this.#push(from, fromId, to, toId);
    this.#push(to, toId, from, fromId);
  }

  remove(from: ObjectTypeName, fromId: number, to: ObjectTypeName, toId: number): boolean {
    const removed = this.#drop(from, fromId, to, toId);
    this.#drop(to, toId, from, fromId);
    if (this.primary(from, fromId, to) === toId) this.setPrimary(from, fromId, to, null);
    if (this.primary(to, toId, from) === fromId) this.setPrimary(to, toId, from, null);
    this.#labels.delete(labelKey(from, fromId, to, toId));
    this.#labels.delete(labelKey(to, toId, from, fromId));
    return removed;
  }

  /** Takes every association of a record away: archiving and merging do. */
  removeAll(from: ObjectTypeName, fromId: number, types: readonly ObjectTypeName[]): void {
    for (const to of types)
      for (const toId of [...this.of(from, fromId, to)]) this.remove(from, fromId, to, toId);
  }

  /** The primary company of a deal or contact. Only stored on the side that has at most one. */
  primary(from: ObjectTypeName, fromId: number, to: ObjectTypeName): number | undefined {
    return this.#primaries.get(`${from}>${to}`)?.get(fromId);
  }

  setPrimary(from: ObjectTypeName, fromId: number, to: ObjectTypeName, toId: number | null): void {
    const key = `${from}>${to}`;
    const primaries = this.#primaries.get(key) ?? new Map<number, number>();
    this.#primaries.set(key, primaries);
    if (toId === null) primaries.delete(fromId);
    else primaries.set(fromId, toId);
  }

  addLabel(
    from: ObjectTypeName,
    fromId: number,
    to: ObjectTypeName,
    toId: number,
    label: AssociationLabel,
  ): void {
    const key = labelKey(from, fromId, to, toId);
    const labels = this.#labels.get(key) ?? [];
    if (!labels.some((entry) => entry.typeId === label.typeId)) labels.push(label);
    this.#labels.set(key, labels);
  }

  /** The types of one association, the primary one first. */
  labels(from: ObjectTypeName, fromId: number, to: ObjectTypeName, toId: number): AssociationLabel[] {
    const labels: AssociationLabel[] = [];
    const primaryTypeId = primaryAssociationTypeId(from, to);
    if (primaryTypeId !== undefined && this.isPrimary(from, fromId, to, toId)) {
      labels.push({ category: 'HUBSPOT_DEFINED', typeId: primaryTypeId, label: 'Primary' });
    }
    if (this.#labels.size > 0) labels.push(...(this.#labels.get(labelKey(from, fromId, to, toId)) ?? []));
    const plain = defaultAssociationTypeId(from, to);
    if (plain !== undefined) labels.push({ category: 'HUBSPOT_DEFINED', typeId: plain, label: null });
    return labels;
  }

  /** Whether every association of a pair can only have its unlabelled type. */
  isPlain(from: ObjectTypeName, to: ObjectTypeName): boolean {
    return this.#labels.size === 0 && primaryAssociationTypeId(from, to) === undefined;
  }

  isPrimary(from: ObjectTypeName, fromId: number, to: ObjectTypeName, toId: number): boolean {
    return this.primary(from, fromId, to) === toId || this.primary(to, toId, from) === fromId;
  }

  #push(from: ObjectTypeName, fromId: number, to: ObjectTypeName, toId: number): void {
    const key = `${from}>${to}`;
    let edges = this.#edges.get(key);
    if (edges === undefined) {
      edges = new Map();
      this.#edges.set(key, edges);
    }
    const list = edges.get(fromId);
    if (list === undefined) edges.set(fromId, [toId]);
    else list.push(toId);
  }

  #drop(from: ObjectTypeName, fromId: number, to: ObjectTypeName, toId: number): boolean {
    const list = this.#edges.get(`${from}>${to}`)?.get(fromId);
    const at = list?.indexOf(toId) ?? -1;
    if (list === undefined || at < 0) return false;
    list.splice(at, 1);
    return true;
  }
}

function labelKey(from: ObjectTypeName, fromId: number, to: ObjectTypeName, toId: number): string {
  return `${from}:${fromId}>${to}:${toId}`;
}

/** Whether a type id may be used between two types, and what it means. */
export function associationKind(
  from: ObjectTypeName,
  to: ObjectTypeName,
  typeId: number,
): 'plain' | 'primary' | 'label' | undefined {
  if (typeId === defaultAssociationTypeId(from, to)) return 'plain';
  if (typeId === primaryAssociationTypeId(from, to)) return 'primary';
  return extraAssociationTypes(from, to).some((entry) => entry.typeId === typeId) ? 'label' : undefined;
}
