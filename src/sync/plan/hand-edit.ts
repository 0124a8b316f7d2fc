import type { FieldChange } from '../../model/decision.ts';
import type { Instant } from '../../kernel/dates.ts';
import type { AppliedFields } from './applied-fields.ts';

/** What a person made of a draft that a sync had made. */
export interface HandEdit {
  readonly by: string;
  readonly at: Instant;
  /** The version of the deal against which the person kept the edit; null: nobody was asked yet. */
  readonly keptVersion: Instant | null;
  /** What the draft says now, in the words of `documentFields`. */
  readonly fields: AppliedFields;
}

/** Whether the person decided for the edit with the deal as it is now, or a later one, before the eyes. */
export function isKept(edit: HandEdit, dealUpdatedAt: string): boolean {
  return (
    edit.keptVersion !== null && new Date(dealUpdatedAt).getTime() <= new Date(edit.keptVersion).getTime()
  );
}

/** What the CRM changed, with the books' value before and the CRM's after; a field that says the same on both sides is left out. */
export function conflictsWith(edit: HandEdit, changes: readonly FieldChange[]): FieldChange[] {
  return changes
    .map(({ field, before, after }) => ({ field, before: edit.fields[field] ?? before, after }))
    .filter(({ before, after }) => before !== after);
}
