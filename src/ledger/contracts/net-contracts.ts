import type { CalendarDate } from '../../kernel/dates.ts';
import { TributaryError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import type { AuditContext } from '../../platform/audit/audit-store.ts';
import type { Transaction } from '../../platform/database/database.ts';
import { resolveAccountRoles } from '../account-roles-store.ts';
import { insertJournalEntries, type NewJournalEntry } from '../journal-store.ts';
import { nettingLines } from './position.ts';
import {
  findBilledContracts,
  lockContracts,
  readContractPositions,
  refreshCompletion,
} from './positions-store.ts';

/**
 * Brings contracts back to a liability or an asset, never both, after their entries changed: one entry a contract that needs it, on
 * the day of what changed it. Also says whether they are completed. Errors: `account_not_usable` (exchange gain or loss).
 */
export async function netContracts(
  tx: Transaction,
  days: ReadonlyMap<string, CalendarDate>,
  context: AuditContext,
): Promise<void> {
  const contractIds = [...days.keys()];
  if (contractIds.length === 0) return;
  await lockContracts(tx, contractIds);
  const entries: NewJournalEntry[] = [];
  const fxAccounts = new Map<string, { gain: string | undefined; loss: string | undefined }>();
  for (const position of await readContractPositions(tx, contractIds)) {
    const { entityId, contractId } = position;
    let accounts = fxAccounts.get(entityId);
    if (!accounts) {
      const [gain, loss] = await resolveAccountRoles(tx, entityId, ['fx_gain', 'fx_loss']);
      accounts = { gain: gain?.account?.id, loss: loss?.account?.id };
      fxAccounts.set(entityId, accounts);
    }
    const { gain, loss } = accounts;
    const lines = nettingLines(position, (differenceMinor) => {
      const account = differenceMinor > 0n ? loss : gain;
      if (account !== undefined) return account;
      throw new TributaryError('account_not_usable', 'No account is chosen for exchange gains and losses.');
    });
    if (lines.length === 0) continue;
    entries.push({
      id: newId(),
      entityId,
      date: days.get(contractId) as CalendarDate,
      kind: 'recognition',
      description: 'Contract asset against contract liability',
      documentId: contractId,
      reversesEntryId: null,
      lines,
    });
  }
  await insertJournalEntries(tx, context, entries);
  await refreshCompletion(tx, contractIds, context.actor);
}

/** The same for the contracts that these invoices bill, on each invoice's day of posting or reversal. */
export async function netBilledContracts(
  tx: Transaction,
  dayByDocument: ReadonlyMap<string, CalendarDate>,
  context: AuditContext,
): Promise<void> {
  const days = new Map<string, CalendarDate>();
  for (const { documentId, contractId } of await findBilledContracts(tx, [...dayByDocument.keys()])) {
    const day = dayByDocument.get(documentId);
    const known = days.get(contractId);
    if (day !== undefined && (known === undefined || day > known)) days.set(contractId, day);
  }
  await netContracts(tx, days, context);
}
