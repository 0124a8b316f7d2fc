import type { CalendarDate } from '../../kernel/dates.ts';
import type { Transaction } from '../../platform/database/database.ts';

/** A contract and the documents that bill it, as `d`. */
const contractDocuments = `CROSS JOIN LATERAL (
       SELECT c.document_id AS id UNION ALL SELECT b.id FROM documents b WHERE b.contract_id = c.document_id
     ) AS d`;

/** What moved in a month on the contracts of a currency. Positive: a liability. */
export interface WaterfallMonth {
  readonly currency: string;
  /** First day; null: everything before the first month that is asked for. */
  readonly month: CalendarDate | null;
  readonly billedMinor: bigint;
  readonly recognisedMinor: bigint;
}

/**
 * Billed and recognised by month, from the journal: the lines of contracts' entries (recognised) and of their invoices (billed) on
 * their liability and asset accounts, reversals in the month of the reversal.
 */
export async function readWaterfall(
  tx: Transaction,
  entityId: string,
  from: CalendarDate,
  to: CalendarDate,
): Promise<WaterfallMonth[]> {
  const rows = await tx.query<{
    currency: string;
    month: CalendarDate | null;
    billed_minor: string;
    recognised_minor: string;
  }>(
    `SELECT l.currency, CASE WHEN j.entry_date >= $2::date THEN date_trunc('month', j.entry_date)::date END AS month,
       coalesce(sum(l.credit_minor - l.debit_minor) FILTER (WHERE d.id <> c.document_id), 0) AS billed_minor,
       coalesce(sum(l.debit_minor - l.credit_minor) FILTER (WHERE d.id = c.document_id), 0) AS recognised_minor
     FROM contracts c
     ${contractDocuments}
     JOIN journal_entries j ON j.document_id = d.id AND j.entry_date <= $3::date
     JOIN journal_lines l ON l.entry_id = j.id AND l.account_id IN (c.deferred_account_id, c.asset_account_id)
     WHERE c.entity_id = $1::uuid
     GROUP BY 1, 2
     ORDER BY 1, 2 NULLS FIRST`,
    [entityId, from, to],
  );
  return rows.map((row) => ({
    currency: row.currency,
    month: row.month,
    billedMinor: BigInt(row.billed_minor),
    recognisedMinor: BigInt(row.recognised_minor),
  }));
}

/** Liabilities and assets of contracts on a day, by currency; each contract counts on the side that its net is on. */
export async function readContractBalances(
  tx: Transaction,
  entityId: string,
  at: CalendarDate,
): Promise<{ currency: string; liabilityMinor: bigint; assetMinor: bigint }[]> {
  const rows = await tx.query<{ currency: string; liability_minor: string; asset_minor: string }>(
    `SELECT n.currency, sum(greatest(n.net, 0)) AS liability_minor, sum(greatest(-n.net, 0)) AS asset_minor
     FROM (
       SELECT c.document_id, l.currency, sum(l.credit_minor - l.debit_minor) AS net
       FROM contracts c
       ${contractDocuments}
       JOIN journal_entries j ON j.document_id = d.id AND j.entry_date <= $2::date
       JOIN journal_lines l ON l.entry_id = j.id AND l.account_id IN (c.deferred_account_id, c.asset_account_id)
       WHERE c.entity_id = $1::uuid
       GROUP BY c.document_id, l.currency
     ) AS n
     GROUP BY n.currency ORDER BY n.currency`,
    [entityId, at],
  );
  return rows.map((row) => ({
    currency: row.currency,
    liabilityMinor: BigInt(row.liability_minor),
    assetMinor: BigInt(row.asset_minor),
  }));
}

/** What the journal has on the accounts of contracts on a day, by currency, whatever stands on them. */
export async function readContractAccounts(
  tx: Transaction,
  entityId: string,
  at: CalendarDate,
): Promise<Map<string, { readonly liabilityMinor: bigint; readonly assetMinor: bigint }>> {
  const rows = await tx.query<{ currency: string; liability_minor: string; asset_minor: string }>(
    `SELECT l.currency,
       coalesce(sum(l.credit_minor - l.debit_minor) FILTER (WHERE a.is_liability), 0) AS liability_minor,
       coalesce(sum(l.debit_minor - l.credit_minor) FILTER (WHERE NOT a.is_liability), 0) AS asset_minor
     FROM (
       SELECT c.deferred_account_id AS id, true AS is_liability FROM contracts c WHERE c.entity_id = $1::uuid
       UNION SELECT c.asset_account_id, false FROM contracts c WHERE c.entity_id = $1::uuid
     ) AS a
     JOIN journal_lines l ON l.account_id = a.id
     JOIN journal_entries j ON j.id = l.entry_id AND j.entry_date <= $2::date
     GROUP BY l.currency`,
    [entityId, at],
  );
  return new Map(
    rows.map((row) => [
      row.currency,
      { liabilityMinor: BigInt(row.liability_minor), assetMinor: BigInt(row.asset_minor) },
    ]),
  );
}

export interface ContractBalance {
  readonly contractId: string;
  readonly number: string;
  readonly customer: string;
  readonly currency: string;
  /** Above zero: a liability; below: an asset. */
  readonly netMinor: bigint;
}

/** Contracts with something on their accounts on a day, by number. */
export async function listContractBalances(
  tx: Transaction,
  entityId: string,
  at: CalendarDate,
): Promise<ContractBalance[]> {
  const rows = await tx.query<{
    document_id: string;
    number: string;
    name: string;
    currency: string;
    net_minor: string;
  }>(
    `SELECT c.document_id, o.number, u.name, l.currency, sum(l.credit_minor - l.debit_minor) AS net_minor
     FROM contracts c
     JOIN documents o ON o.id = c.document_id
     JOIN customers u ON u.id = o.customer_id
     ${contractDocuments}
     JOIN journal_entries j ON j.document_id = d.id AND j.entry_date <= $2::date
     JOIN journal_lines l ON l.entry_id = j.id AND l.account_id IN (c.deferred_account_id, c.asset_account_id)
     WHERE c.entity_id = $1::uuid
     GROUP BY c.document_id, o.number, u.name, l.currency
     HAVING sum(l.credit_minor - l.debit_minor) <> 0
     ORDER BY o.number, l.currency`,
    [entityId, at],
  );
  return rows.map((row) => ({
    contractId: row.document_id,
    number: row.number,
    customer: row.name,
    currency: row.currency,
    netMinor: BigInt(row.net_minor),
  }));
}

/** What is promised and not recognised, by the month of the schedule; null: milestones that are not reached. */
export async function readRemaining(
  tx: Transaction,
  entityId: string,
): Promise<{ currency: string; month: CalendarDate | null; amountMinor: bigint; obligations: number }[]> {
  const rows = await tx.query<{
    currency: string;
    month: CalendarDate | null;
    amount_minor: string;
    obligations: number;
  }>(
    `SELECT c.currency, s.period AS month, sum(s.amount_minor) AS amount_minor,
       count(DISTINCT s.obligation_id)::integer AS obligations
     FROM contract_schedule s
     JOIN contract_obligations o ON o.id = s.obligation_id
     JOIN contracts c ON c.document_id = o.contract_id
     JOIN documents d ON d.id = c.document_id
     LEFT JOIN recognition_lines r
       ON r.obligation_id = s.obligation_id AND r.schedule_position = s.position AND NOT r.undone
     WHERE c.entity_id = $1::uuid AND d.status IN ('active', 'terminated') AND r.run_id IS NULL AND s.amount_minor <> 0
     GROUP BY 1, 2
     ORDER BY 1, 2 NULLS LAST`,
    [entityId],
  );
  return rows.map((row) => ({
    currency: row.currency,
    month: row.month,
    amountMinor: BigInt(row.amount_minor),
    obligations: row.obligations,
  }));
}
