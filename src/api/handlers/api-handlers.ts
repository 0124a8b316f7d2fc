import type { Handlers } from '../../contract/handler.ts';
import type { Database } from '../../platform/database/database.ts';
import type { Mailer } from '../../platform/mail/mailer.ts';
import { type AccountOperationId, accountHandlers } from './accounts.ts';
import { type CashOperationId, cashHandlers } from './cash.ts';
import { type ByHandOperationId, byHandHandlers } from './by-hand.ts';
import { type AuditOperationId, auditHandlers } from './audit.ts';
import { type ContractOperationId, contractHandlers } from './contracts.ts';
import { type CustomerOperationId, customerHandlers } from './customers.ts';
import { type DocumentEmailOperationId, documentEmailHandlers } from './document-emails.ts';
import { type DocumentOperationId, documentHandlers } from './documents.ts';
import { type EntityOperationId, entityHandlers } from './entities.ts';
import { type ExchangeRateOperationId, exchangeRateHandlers } from './exchange-rates.ts';
import { type FiscalOperationId, fiscalHandlers } from './fiscal.ts';
import { type JournalOperationId, journalHandlers } from './journal.ts';
import { type PeopleOperationId, peopleHandlers } from './people.ts';
import { type StatementOperationId, statementHandlers } from './statements.ts';
import { type RateImportOperationId, rateImportHandlers } from './rate-imports.ts';
import { type RevaluationOperationId, revaluationHandlers } from './revaluations.ts';
import { type RecognitionOperationId, recognitionHandlers } from './recognition.ts';

export type ApiHandlerId =
  | PeopleOperationId
  | AuditOperationId
  | EntityOperationId
  | AccountOperationId
  | DocumentOperationId
  | DocumentEmailOperationId
  | ByHandOperationId
  | CustomerOperationId
  | JournalOperationId
  | StatementOperationId
  | ExchangeRateOperationId
  | FiscalOperationId
  | CashOperationId
  | RateImportOperationId
  | RevaluationOperationId
  | ContractOperationId
  | RecognitionOperationId;

/**
 * The operations on people and books. main adds those on connections and syncs, which need what only it has. `mailer` null: nothing is
 * mailed.
 */
export function apiHandlers(database: Database, mailer: Mailer | null = null): Handlers<ApiHandlerId> {
  return {
    ...peopleHandlers(database),
    ...auditHandlers(database),
    ...entityHandlers(database),
    ...accountHandlers(database),
    ...documentHandlers(database),
    ...documentEmailHandlers(database, mailer),
    ...byHandHandlers(database),
    ...customerHandlers(database),
    ...journalHandlers(database),
    ...statementHandlers(database),
    ...exchangeRateHandlers(database),
    ...fiscalHandlers(database),
    ...cashHandlers(database),
    ...rateImportHandlers(database),
    ...revaluationHandlers(database),
    ...contractHandlers(database),
    ...recognitionHandlers(database),
  };
}
