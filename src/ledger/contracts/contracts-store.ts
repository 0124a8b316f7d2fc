import type { CalendarDate } from '../../kernel/dates.ts';
import type { Transaction } from '../../platform/database/database.ts';
import type { PlannedBilling } from './billing-plan.ts';
import type { ContractLine, ObligationTerms } from './contract-terms.ts';
import type { RecognitionMethod } from './schedule.ts';

export async function readContractLines(tx: Transaction, documentId: string): Promise<ContractLine[]> {
  const rows = await tx.query<{
    position: number;
    item_id: string | null;
    item_kind: 'service' | 'goods' | null;
    income_account_id: string | null;
    deferred_account_id: string | null;
    description: string;
    quantity: string;
    amount_minor: string;
    discount_minor: string;
    standalone_minor: string | null;
    service_start: CalendarDate | null;
    service_end: CalendarDate | null;
  }>(
    `SELECT l.position, l.item_id, i.kind AS item_kind, coalesce(l.account_id, i.income_account_id) AS income_account_id,
       i.deferred_account_id, l.description, l.quantity, l.amount_minor, l.discount_minor, l.standalone_minor, l.service_start,
       l.service_end
     FROM document_lines l LEFT JOIN items i ON i.id = l.item_id
     WHERE l.document_id = $1::uuid
     ORDER BY l.position`,
    [documentId],
  );
  return rows.map((row) => ({
    position: row.position,
    itemId: row.item_id,
    itemKind: row.item_kind ?? 'service',
    incomeAccountId: row.income_account_id,
    deferredAccountId: row.deferred_account_id,
    description: row.description,
    quantity: row.quantity,
    amountMinor: BigInt(row.amount_minor),
    discountMinor: BigInt(row.discount_minor),
    standaloneMinor: row.standalone_minor === null ? null : BigInt(row.standalone_minor),
    serviceStart: row.service_start,
    serviceEnd: row.service_end,
  }));
}

export interface NewContract {
  readonly documentId: string;
  readonly organizationId: string;
  readonly entityId: string;
  readonly currency: string;
  readonly priceMinor: bigint;
  readonly rate: string;
  readonly deferredAccountId: string;
  readonly assetAccountId: string;
  readonly obligations: readonly (ObligationTerms & {
    readonly id: string;
    readonly incomeAccountId: string;
  })[];
  readonly billings: readonly PlannedBilling[];
}

/** Inserts an activated contract with its obligations, schedules and billing plan: four statements. */
export async function insertContract(tx: Transaction, contract: NewContract): Promise<void> {
  const { organizationId, documentId, obligations, billings } = contract;
  await tx.execute(
    `INSERT INTO contracts (document_id, organization_id, entity_id, price_minor, currency, exchange_rate, deferred_account_id,
       asset_account_id)
     VALUES ($1::uuid, $2::uuid, $3::uuid, $4::bigint, $5::text, $6::numeric, $7::uuid, $8::uuid)`,
    [
      documentId,
      organizationId,
      contract.entityId,
      contract.priceMinor.toString(),
      contract.currency,
      contract.rate,
      contract.deferredAccountId,
      contract.assetAccountId,
    ],
  );
  await tx.execute(
    `INSERT INTO contract_obligations (organization_id, contract_id, id, position, item_id, description, quantity, standalone_minor,
       allocated_minor, recognition, service_start, service_end, income_account_id)
     SELECT $1::uuid, $2::uuid, r.* FROM unnest($3::uuid[], $4::integer[], $5::uuid[], $6::text[], $7::numeric[], $8::bigint[],
       $9::bigint[], $10::text[], $11::date[], $12::date[], $13::uuid[]) AS r`,
    [
      organizationId,
      documentId,
      obligations.map(({ id }) => id),
      obligations.map(({ position }) => position),
      obligations.map(({ itemId }) => itemId),
      obligations.map(({ description }) => description),
      obligations.map(({ quantity }) => quantity),
      obligations.map(({ standaloneMinor }) => standaloneMinor.toString()),
      obligations.map(({ allocatedMinor }) => allocatedMinor.toString()),
      obligations.map(({ recognition }) => recognition),
      obligations.map(({ serviceStart }) => serviceStart),
      obligations.map(({ serviceEnd }) => serviceEnd),
      obligations.map(({ incomeAccountId }) => incomeAccountId),
    ],
  );
  const parts = obligations.flatMap(({ id, schedule }) => schedule.map((part) => ({ ...part, id })));
  await tx.execute(
    `INSERT INTO contract_schedule (organization_id, obligation_id, position, period, amount_minor, milestone, weight)
     SELECT $1::uuid, r.* FROM unnest($2::uuid[], $3::integer[], $4::date[], $5::bigint[], $6::text[], $7::bigint[]) AS r`,
    [
      organizationId,
      parts.map(({ id }) => id),
      parts.map(({ position }) => position),
      parts.map(({ period }) => period),
      parts.map(({ amountMinor }) => amountMinor.toString()),
      parts.map(({ milestone }) => milestone),
      parts.map(({ weight }) => weight?.toString() ?? null),
    ],
  );
  await tx.execute(
    `INSERT INTO contract_billings (organization_id, contract_id, position, bill_date, amount_minor, tax_minor)
     SELECT $1::uuid, $2::uuid, r.place, r.bill_date, r.amount_minor, r.tax_minor
     FROM unnest($3::date[], $4::bigint[], $5::bigint[]) WITH ORDINALITY AS r (bill_date, amount_minor, tax_minor, place)`,
    [
      organizationId,
      documentId,
      billings.map(({ date }) => date),
      billings.map(({ amountMinor }) => amountMinor.toString()),
      billings.map(({ taxMinor }) => taxMinor.toString()),
    ],
  );
}

/** A draft becomes active. What is open on a contract is on its invoices, so that it has nothing open itself. */
export async function markActive(
  tx: Transaction,
  id: string,
  number: string,
  rate: string,
  actor: string,
): Promise<void> {
  await tx.execute(
    `UPDATE documents d SET status = 'active', number = $2::text, exchange_rate = $3::numeric, open_minor = 0, posted_at = now(),
       posted_by = $4::text, version = d.version + 1, updated_at = now(), updated_by = $4::text
     WHERE d.id = $1::uuid`,
    [id, number, rate, actor],
  );
}

export interface Obligation {
  readonly id: string;
  readonly position: number;
  readonly description: string;
  readonly quantity: string;
  readonly standaloneMinor: bigint;
  readonly allocatedMinor: bigint;
  readonly recognisedMinor: bigint;
  readonly recognition: RecognitionMethod;
  readonly serviceStart: CalendarDate;
  readonly serviceEnd: CalendarDate;
  readonly itemId: string | null;
}

export interface ScheduleRow {
  readonly obligationId: string;
  readonly position: number;
  readonly period: CalendarDate | null;
  readonly amountMinor: bigint;
  readonly milestone: string | null;
  readonly reachedOn: CalendarDate | null;
  readonly recognised: boolean;
}

export interface Billing {
  readonly position: number;
  readonly date: CalendarDate;
  readonly amountMinor: bigint;
  readonly taxMinor: bigint;
  readonly documentId: string | null;
  readonly documentNumber: string | null;
  readonly documentStatus: string | null;
}

export async function readObligations(tx: Transaction, contractId: string): Promise<Obligation[]> {
  const rows = await tx.query<{
    id: string;
    position: number;
    description: string;
    quantity: string;
    standalone_minor: string;
    allocated_minor: string;
    recognised_minor: string;
    recognition: RecognitionMethod;
    service_start: CalendarDate;
    service_end: CalendarDate;
    item_id: string | null;
  }>(
    `SELECT o.id, o.position, o.description, o.quantity, o.standalone_minor, o.allocated_minor, o.recognition, o.service_start,
       o.service_end, o.item_id,
       (SELECT coalesce(sum(r.amount_minor), 0) FROM recognition_lines r WHERE r.obligation_id = o.id AND NOT r.undone)
         AS recognised_minor
     FROM contract_obligations o WHERE o.contract_id = $1::uuid ORDER BY o.position`,
    [contractId],
  );
  return rows.map((row) => ({
    id: row.id,
    position: row.position,
    description: row.description,
    quantity: row.quantity,
    standaloneMinor: BigInt(row.standalone_minor),
    allocatedMinor: BigInt(row.allocated_minor),
    recognisedMinor: BigInt(row.recognised_minor),
    recognition: row.recognition,
    serviceStart: row.service_start,
    serviceEnd: row.service_end,
    itemId: row.item_id,
  }));
}

export async function readSchedule(tx: Transaction, contractId: string): Promise<ScheduleRow[]> {
  const rows = await tx.query<{
    obligation_id: string;
    position: number;
    period: CalendarDate | null;
    amount_minor: string;
    milestone: string | null;
    reached_on: CalendarDate | null;
    recognised: boolean;
  }>(
    `SELECT s.obligation_id, s.position, s.period, s.amount_minor, s.milestone, s.reached_on,
       EXISTS (SELECT FROM recognition_lines r
         WHERE r.obligation_id = s.obligation_id AND r.schedule_position = s.position AND NOT r.undone) AS recognised
     FROM contract_schedule s JOIN contract_obligations o ON o.id = s.obligation_id
     WHERE o.contract_id = $1::uuid
     ORDER BY o.position, s.period NULLS LAST, s.position`,
    [contractId],
  );
  return rows.map((row) => ({
    obligationId: row.obligation_id,
    position: row.position,
    period: row.period,
    amountMinor: BigInt(row.amount_minor),
    milestone: row.milestone,
    reachedOn: row.reached_on,
    recognised: row.recognised,
  }));
}

export async function readBillings(tx: Transaction, contractId: string): Promise<Billing[]> {
  const rows = await tx.query<{
    position: number;
    bill_date: CalendarDate;
    amount_minor: string;
    tax_minor: string;
    document_id: string | null;
    number: string | null;
    status: string | null;
  }>(
    `SELECT b.position, b.bill_date, b.amount_minor, b.tax_minor, b.document_id, d.number, d.status
     FROM contract_billings b LEFT JOIN documents d ON d.id = b.document_id
     WHERE b.contract_id = $1::uuid ORDER BY b.bill_date, b.position`,
    [contractId],
  );
  return rows.map((row) => ({
    position: row.position,
    date: row.bill_date,
    amountMinor: BigInt(row.amount_minor),
    taxMinor: BigInt(row.tax_minor),
    documentId: row.document_id,
    documentNumber: row.number,
    documentStatus: row.status,
  }));
}

/** Marks a milestone as reached on a day, or (null) as not reached. False: there is no such milestone. */
export async function setMilestone(
  tx: Transaction,
  contractId: string,
  obligationPosition: number,
  schedulePosition: number,
  reachedOn: CalendarDate | null,
): Promise<boolean> {
  const rows = await tx.query<{ position: number }>(
    `UPDATE contract_schedule s SET reached_on = $4::date, period = date_trunc('month', $4::date)::date
     FROM contract_obligations o
     WHERE o.id = s.obligation_id AND o.contract_id = $1::uuid AND o.position = $2::integer AND s.position = $3::integer
       AND s.milestone IS NOT NULL
     RETURNING s.position`,
    [contractId, obligationPosition, schedulePosition, reachedOn],
  );
  return rows.length > 0;
}
