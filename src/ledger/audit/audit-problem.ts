/** What can be wrong; the message of a problem says it in words. */
export const auditProblemKinds = [
  'seal_missing',
  'seal_changed',
  'entry_changed',
  'entry_missing',
  'entry_unsealed',
  'journal_entry_changed',
  'journal_entry_missing',
  'journal_entry_unrecorded',
  'document_changed',
  'document_missing',
  'document_unrecorded',
  'head_missing',
  'head_differs',
] as const;
export type AuditProblemKind = (typeof auditProblemKinds)[number];

/** One place where the books or the trail are not as they were sealed. */
export interface AuditProblem {
  readonly kind: AuditProblemKind;
  readonly subjectType: 'audit_seal' | 'audit_entry' | 'journal_entry' | 'document';
  readonly subjectId: string;
  /** The seal in which it shows; null where no seal covers it. */
  readonly seal: string | null;
  readonly message: string;
}
