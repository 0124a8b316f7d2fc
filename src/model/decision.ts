import type { DecisionCode } from './decision-codes.ts';
import type { DocumentDraft } from './document-draft.ts';
import type { SourceObjectType } from './source-record.ts';
import type { Warning } from './warning.ts';

export const decisionKinds = ['create', 'update', 'unchanged', 'skip', 'hold', 'fail'] as const;
export type DecisionKind = (typeof decisionKinds)[number];

export const outcomes = ['created', 'updated', 'unchanged', 'skipped', 'held', 'failed'] as const;
export type Outcome = (typeof outcomes)[number];

export const outcomeOf: Readonly<Record<DecisionKind, Outcome>> = {
  create: 'created',
  update: 'updated',
  unchanged: 'unchanged',
  skip: 'skipped',
  hold: 'held',
  fail: 'failed',
};

/** One field that an update changes, as wire text. */
export interface FieldChange {
  readonly field: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** What a plan says of one deal. `reason` is the bookkeeper's sentence; `document` is there for create and update. */
export interface DealDecision {
  readonly sourceType: SourceObjectType;
  readonly sourceId: string;
  readonly decision: DecisionKind;
  readonly code: DecisionCode | null;
  readonly reason: string;
  readonly warnings: readonly Warning[];
  readonly document: DocumentDraft | null;
  readonly changes: readonly FieldChange[];
}
