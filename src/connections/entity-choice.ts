import { TributaryError } from '../kernel/errors.ts';
import type { RemoteAccount } from '../model/source-record.ts';
import type { AuditContext } from '../platform/audit/audit-store.ts';
import type { Transaction } from '../platform/database/database.ts';
import type { ConnectionsDependencies } from './connections-dependencies.ts';
import { findEntityMode, findFirstEntity } from './entity-choice-store.ts';

const testBooksName = 'Test books';
const testBooksTermsDays = 30;

/**
 * The entity whose books a connection fills: the one asked for, else the organization's first of that mode. Test data never
 * reaches live books (A8), so the modes have to agree; the first test connection gets books of its own.
 * Errors: not_found, invalid_request.
 */
export async function chooseEntity(
  tx: Transaction,
  deps: Pick<ConnectionsDependencies, 'createEntity'>,
  request: {
    readonly entityId: string | null;
    readonly mode: 'live' | 'test';
    readonly account: RemoteAccount;
    readonly context: AuditContext;
  },
): Promise<string> {
  const { mode, entityId } = request;
  if (entityId !== null) {
    await requireEntityOfMode(tx, entityId, mode);
    return entityId;
  }
  const first = await findFirstEntity(tx, mode);
  if (first !== null) return first;
  if (mode === 'live') throw new TributaryError('not_found', 'There is no live entity; make one first.');
  const { id } = await deps.createEntity(
    tx,
    {
      name: testBooksName,
      mode,
      baseCurrency: request.account.currency,
      timeZone: request.account.timeZone,
      termsDays: testBooksTermsDays,
    },
    request.context,
  );
  return id;
}

/** Errors: not_found, invalid_request. */
export async function requireEntityOfMode(
  tx: Transaction,
  entityId: string,
  mode: 'live' | 'test',
): Promise<void> {
  const found = await findEntityMode(tx, entityId);
  if (found === null) throw new TributaryError('not_found', 'There is no such entity.');
  if (found === mode) return;
  const message =
    mode === 'test'
      ? 'These are live books; test data never reaches them. Choose a test entity or connect in live mode.'
      : 'These are test books. Choose a live entity or connect in test mode.';
  throw new TributaryError('invalid_request', null, { fields: [{ field: 'entityId', message }] });
}
