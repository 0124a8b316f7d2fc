import type { CalendarDate } from '../kernel/dates.ts';
import { formatMinor } from '../kernel/money.ts';
import type { Transaction } from '../platform/database/database.ts';
import type { AccountType } from './accounts-store.ts';

/** What an account comes to in the base currency (minor units); positive: more debits than credits. */
export interface TrialBalanceLine {
  readonly accountId: string;
  readonly number: string;
  readonly name: string;
  readonly type: AccountType;
  readonly netMinor: bigint;
}

/** Every account with entries up to and including `date` (null: all there are), by number. The net amounts sum to zero. */
export async function readTrialBalance(
  tx: Transaction,
  entityId: string,
  date: CalendarDate | null,
): Promise<TrialBalanceLine[]> {
  const rows = await tx.query<{
    id: string;
    number: string;
    name: string;
    type: AccountType;
    net_minor: string;
  }>(
    `SELECT a.id, a.number, a.name, a.type, s.net_minor
     FROM accounts a JOIN (
       SELECT l.account_id, sum(l.base_debit_minor) - sum(l.base_credit_minor) AS net_minor
       FROM journal_lines l JOIN accounts o ON o.id = l.account_id
       WHERE o.entity_id = $1::uuid AND ($2::date IS NULL OR l.entry_date <= $2::date)
       GROUP BY l.account_id
     ) AS s ON s.account_id = a.id
     ORDER BY a.number`,
    [entityId, date],
  );
  return rows.map((row) => ({
    accountId: row.id,
    number: row.number,
    name: row.name,
    type: row.type,
    netMinor: BigInt(row.net_minor),
  }));
}

export interface TrialBalanceLineWire {
  readonly account: string;
  readonly name: string;
  readonly type: AccountType;
  readonly debit: string;
  readonly credit: string;
}

/** Decimal strings in the base currency; one of debit and credit is zero. */
export function trialBalanceLineToWire(line: TrialBalanceLine, baseCurrency: string): TrialBalanceLineWire {
  const debitMinor = line.netMinor > 0n ? line.netMinor : 0n;
  const creditMinor = line.netMinor < 0n ? -line.netMinor : 0n;
  return {
    account: line.number,
    name: line.name,
    type: line.type,
    debit: formatMinor(debitMinor, baseCurrency),
    credit: formatMinor(creditMinor, baseCurrency),
  };
}
