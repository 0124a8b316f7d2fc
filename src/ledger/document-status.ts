/** What is stored. `overdue` is not: it is derived from the due date and the day in the entity's time zone when a document is read. */
export const storedDocumentStatuses = [
  'draft',
  'posted',
  'partly_paid',
  'paid',
  'credited',
  'reversed',
  'written_off',
  'active',
  'completed',
  'terminated',
] as const;
export type StoredDocumentStatus = (typeof storedDocumentStatuses)[number];

/** What a reader sees. `active`, `completed` and `terminated` are of contracts only. */
export const documentStatuses = [...storedDocumentStatuses, 'overdue'] as const;
export type DocumentStatus = (typeof documentStatuses)[number];

/** Where a status may go. The database holds the same list (`is_document_transition`); a test compares them. */
export const documentTransitions: Readonly<Record<StoredDocumentStatus, readonly StoredDocumentStatus[]>> = {
  draft: ['posted', 'active'],
  posted: ['partly_paid', 'paid', 'credited', 'reversed', 'written_off'],
  partly_paid: ['posted', 'paid', 'credited', 'written_off'],
  paid: ['posted', 'partly_paid'],
  credited: ['posted', 'partly_paid'],
  reversed: [],
  written_off: ['posted', 'partly_paid'],
  active: ['completed', 'terminated'],
  completed: ['active'],
  terminated: [],
};

export function isDocumentTransition(from: StoredDocumentStatus, to: StoredDocumentStatus): boolean {
  return documentTransitions[from].includes(to);
}
