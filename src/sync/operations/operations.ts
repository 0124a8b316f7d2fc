import { type BooksOperations, createBooksOperations } from './books-operations.ts';
import { type ConfigurationOperations, createConfigurationOperations } from './configuration-operations.ts';
import { createDealOperations, type DealOperations } from './deal-operations.ts';
import type { OperationDependencies } from './operation-dependencies.ts';
import { createOverviewOperations, type OverviewOperations } from './overview-operations.ts';
import { createRunOperations, type RunOperations } from './run-operations.ts';

/** Everything that the API offers of the sync, by operation id. */
export type SyncOperations = ConfigurationOperations &
  RunOperations &
  DealOperations &
  BooksOperations &
  OverviewOperations;

export function createSyncOperations(deps: OperationDependencies): SyncOperations {
  return {
    ...createConfigurationOperations(deps),
    ...createRunOperations(deps),
    ...createDealOperations(deps),
    ...createBooksOperations(deps),
    ...createOverviewOperations(deps),
  };
}
