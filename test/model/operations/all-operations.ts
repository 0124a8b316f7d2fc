import type { Operation } from '../operation.ts';
import { creditNoteOperations } from './credit-notes.ts';
import { draftOperations } from './drafts.ts';
import { manualEntryOperations } from './manual-entries.ts';
import { masterOperations } from './masters.ts';
import { periodOperations } from './periods.ts';
import { postingOperations } from './posting.ts';
import { rateOperations } from './rates-and-revaluation.ts';
import { receiptOperations } from './receipts.ts';
import { settlementOperations } from './settlements.ts';

/** Everything that is done to books; another family is one more file and one more line. */
export const allOperations: readonly Operation[] = [
  ...draftOperations,
  ...postingOperations,
  ...creditNoteOperations,
  ...receiptOperations,
  ...settlementOperations,
  ...manualEntryOperations,
  ...rateOperations,
  ...periodOperations,
  ...masterOperations,
];
