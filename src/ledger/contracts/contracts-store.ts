import type { CalendarDate } from '../../kernel/dates.ts';
import type { Transaction } from '../../platform/database/database.ts';
import { groupBy } from '../group-by.ts';
import {
  type ContractBilling,
  type ContractObligation,
  type ContractState,
  type ScheduledPart,
  sumOf,
} from './contract-state.ts';
import type { ContractLine } from './contract-terms.ts';
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
    recognition: RecognitionMethod | null;
  }>(
    `SELECT l.position, l.item_id, i.kind AS item_kind, coalesce(l.account_id, i.income_account_id) AS income_account_id,
       i.deferred_account_id, l.description, l.quantity, l.amount_minor, l.discount_minor, l.standalone_minor, l.service_start,
       l.service_end, l.recognition
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
    recognition: row.recognition,
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
  readonly obligations: readonly ContractObligation[];
  readonly billings: readonly ContractBilling[];
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
  const scope = { organizationId, contractId: documentId };
  await insertObligations(tx, scope, obligations);
  await insertSchedules(tx, scope, obligations);
  await insertBillings(tx, scope, billings);
}

interface ContractScope {
  readonly organizationId: string;
  readonly contractId: string;
}

async function insertObligations(
  tx: Transaction,
  { organizationId, contractId }: ContractScope,
  obligations: readonly ContractObligation[],
): Promise<void> {
  if (obligations.length === 0) return;
  await tx.execute(
    `INSERT INTO contract_obligations (organization_id, contract_id, id, position, item_id, description, quantity, standalone_minor,
       allocated_minor, recognition, service_start, service_end, income_account_id)
     SELECT $1::uuid, $2::uuid, r.* FROM unnest($3::uuid[], $4::integer[], $5::uuid[], $6::text[], $7::numeric[], $8::bigint[],
       $9::bigint[], $10::text[], $11::date[], $12::date[], $13::uuid[]) AS r`,
    [
      organizationId,
      contractId,
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
}

/** Inserts every part that is not recognised. */
async function insertSchedules(
  tx: Transaction,
  { organizationId }: ContractScope,
  obligations: readonly ContractObligation[],
): Promise<void> {
  const parts = obligations.flatMap(({ id, schedule }) =>
    schedule.filter(({ recognised }) => !recognised).map((part) => ({ ...part, id })),
  );
  if (parts.length === 0) return;
  await tx.execute(
    `INSERT INTO contract_schedule (organization_id, obligation_id, position, period, amount_minor, milestone, weight, reached_on)
     SELECT $1::uuid, r.*
     FROM unnest($2::uuid[], $3::integer[], $4::date[], $5::bigint[], $6::text[], $7::bigint[], $8::date[]) AS r`,
    [
      organizationId,
      parts.map(({ id }) => id),
      parts.map(({ position }) => position),
      parts.map(({ period }) => period),
      parts.map(({ amountMinor }) => amountMinor.toString()),
      parts.map(({ milestone }) => milestone),
      parts.map(({ weight }) => weight?.toString() ?? null),
      parts.map(({ reachedOn }) => reachedOn),
    ],
  );
}

/** Inserts every part that is not billed. */
async function insertBillings(
  tx: Transaction,
  { organizationId, contractId }: ContractScope,
  billings: readonly ContractBilling[],
): Promise<void> {
  const open = billings.filter(({ billed }) => !billed);
  if (open.length === 0) return;
  await tx.execute(
    `INSERT INTO contract_billings (organization_id, contract_id, position, bill_date, amount_minor, tax_minor)
     SELECT $1::uuid, $2::uuid, r.* FROM unnest($3::integer[], $4::date[], $5::bigint[], $6::bigint[]) AS r`,
    [
      organizationId,
      contractId,
      open.map(({ position }) => position),
      open.map(({ date }) => date),
      open.map(({ amountMinor }) => amountMinor.toString()),
      open.map(({ taxMinor }) => taxMinor.toString()),
    ],
  );
}

/** Writes a changed contract: what is recognised or billed stays, everything else is written anew. */
export async function rewriteContract(
  tx: Transaction,
  scope: ContractScope,
  before: ContractState,
  after: ContractState,
): Promise<void> {
  const { contractId } = scope;
  const known = new Set(before.obligations.map(({ id }) => id));
  const kept = after.obligations.filter(({ id }) => known.has(id));
  await tx.execute('UPDATE contracts c SET price_minor = $2::bigint WHERE c.document_id = $1::uuid', [
    contractId,
    after.priceMinor.toString(),
  ]);
  await tx.execute(
    `UPDATE contract_obligations o
     SET standalone_minor = r.standalone_minor, allocated_minor = r.allocated_minor, service_end = r.service_end
     FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::date[]) AS r (id, standalone_minor, allocated_minor, service_end)
     WHERE o.id = r.id`,
    [
      kept.map(({ id }) => id),
      kept.map(({ standaloneMinor }) => standaloneMinor.toString()),
      kept.map(({ allocatedMinor }) => allocatedMinor.toString()),
      kept.map(({ serviceEnd }) => serviceEnd),
    ],
  );
  await insertObligations(
    tx,
    scope,
    after.obligations.filter(({ id }) => !known.has(id)),
  );
  await tx.execute(
    `DELETE FROM contract_schedule s WHERE s.obligation_id = ANY ($1::uuid[]) AND NOT EXISTS (
       SELECT FROM recognition_lines r
       WHERE r.obligation_id = s.obligation_id AND r.schedule_position = s.position AND NOT r.undone)`,
    [[...known]],
  );
  await insertSchedules(tx, scope, after.obligations);
  await tx.execute(
    'DELETE FROM contract_billings b WHERE b.contract_id = $1::uuid AND b.position = ANY ($2::integer[])',
    [contractId, before.billings.filter(({ billed }) => !billed).map(({ position }) => position)],
  );
  await insertBillings(tx, scope, after.billings);
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

export interface Obligation extends ContractObligation {
  readonly recognisedMinor: bigint;
}

export interface Billing extends ContractBilling {
  readonly documentId: string | null;
  readonly documentNumber: string | null;
  readonly documentStatus: string | null;
}

/** What a list says of a contract that was activated. */
export interface ContractSummary {
  readonly contractId: string;
  readonly priceMinor: bigint;
  readonly serviceStart: CalendarDate;
  readonly serviceEnd: CalendarDate;
  readonly recognisedMinor: bigint;
  readonly terminatedOn: CalendarDate | null;
}

/** By contract; drafts are left out. */
export async function readContractSummaries(
  tx: Transaction,
  contractIds: readonly string[],
): Promise<Map<string, ContractSummary>> {
  const rows = await tx.query<{
    document_id: string;
    price_minor: string;
    service_start: CalendarDate;
    service_end: CalendarDate;
    recognised_minor: string;
    terminated_on: CalendarDate | null;
  }>(
    `SELECT c.document_id, c.price_minor, c.terminated_on, min(o.service_start) AS service_start, max(o.service_end) AS service_end,
       coalesce(sum(r.recognised_minor), 0) AS recognised_minor
     FROM contracts c
     JOIN contract_obligations o ON o.contract_id = c.document_id
     LEFT JOIN LATERAL (
       SELECT sum(l.amount_minor) AS recognised_minor FROM recognition_lines l WHERE l.obligation_id = o.id AND NOT l.undone
     ) AS r ON true
     WHERE c.document_id = ANY ($1::uuid[])
     GROUP BY c.document_id`,
    [contractIds],
  );
  return new Map(
    rows.map((row) => [
      row.document_id,
      {
        contractId: row.document_id,
        priceMinor: BigInt(row.price_minor),
        serviceStart: row.service_start,
        serviceEnd: row.service_end,
        recognisedMinor: BigInt(row.recognised_minor),
        terminatedOn: row.terminated_on,
      },
    ]),
  );
}

/** The contract as its changes start from it; null: it is a draft, or there is none. */
export async function readContractState(tx: Transaction, contractId: string): Promise<ContractState | null> {
  const [row] = await tx.query<{ currency: string; price_minor: string }>(
    'SELECT c.currency, c.price_minor FROM contracts c WHERE c.document_id = $1::uuid',
    [contractId],
  );
  if (!row) return null;
  return {
    currency: row.currency,
    priceMinor: BigInt(row.price_minor),
    obligations: await readObligations(tx, contractId),
    billings: await readBillings(tx, contractId),
  };
}

/** The obligations of an active contract with their schedules, in the order of its lines. */
export async function readObligations(tx: Transaction, contractId: string): Promise<Obligation[]> {
  const rows = await tx.query<{
    id: string;
    position: number;
    description: string;
    quantity: string;
    standalone_minor: string;
    allocated_minor: string;
    recognition: RecognitionMethod;
    service_start: CalendarDate;
    service_end: CalendarDate;
    item_id: string | null;
    income_account_id: string;
  }>(
    `SELECT o.id, o.position, o.description, o.quantity, o.standalone_minor, o.allocated_minor, o.recognition, o.service_start,
       o.service_end, o.item_id, o.income_account_id
     FROM contract_obligations o WHERE o.contract_id = $1::uuid ORDER BY o.position`,
    [contractId],
  );
  const schedules = await readSchedules(tx, contractId);
  return rows.map((row) => {
    const schedule = schedules.get(row.id) ?? [];
    return {
      id: row.id,
      position: row.position,
      description: row.description,
      quantity: row.quantity,
      standaloneMinor: BigInt(row.standalone_minor),
      allocatedMinor: BigInt(row.allocated_minor),
      recognisedMinor: sumOf(
        schedule.filter((part) => part.recognised).map(({ amountMinor }) => amountMinor),
      ),
      recognition: row.recognition,
      serviceStart: row.service_start,
      serviceEnd: row.service_end,
      itemId: row.item_id,
      incomeAccountId: row.income_account_id,
      schedule,
    };
  });
}

/** By obligation. */
async function readSchedules(tx: Transaction, contractId: string): Promise<Map<string, ScheduledPart[]>> {
  const rows = await tx.query<{
    obligation_id: string;
    position: number;
    period: CalendarDate | null;
    amount_minor: string;
    milestone: string | null;
    weight: string | null;
    reached_on: CalendarDate | null;
    recognised: boolean;
  }>(
    `SELECT s.obligation_id, s.position, s.period, s.amount_minor, s.milestone, s.weight, s.reached_on,
       EXISTS (SELECT FROM recognition_lines r
         WHERE r.obligation_id = s.obligation_id AND r.schedule_position = s.position AND NOT r.undone) AS recognised
     FROM contract_schedule s JOIN contract_obligations o ON o.id = s.obligation_id
     WHERE o.contract_id = $1::uuid
     ORDER BY o.position, s.period NULLS LAST, s.position`,
    [contractId],
  );
  const schedules = new Map<string, ScheduledPart[]>();
  for (const [obligationId, own] of groupBy(rows, (row) => row.obligation_id)) {
    schedules.set(
      obligationId,
      own.map((row) => ({
        position: row.position,
        period: row.period,
        amountMinor: BigInt(row.amount_minor),
        milestone: row.milestone,
        weight: row.weight === null ? null : BigInt(row.weight),
        reachedOn: row.reached_on,
        recognised: row.recognised,
      })),
    );
  }
  return schedules;
}

/** The last day of service of a terminated contract; null: it goes on, or is a draft. */
export async function readTermination(tx: Transaction, contractId: string): Promise<CalendarDate | null> {
  const [row] = await tx.query<{ terminated_on: CalendarDate | null }>(
    'SELECT c.terminated_on FROM contracts c WHERE c.document_id = $1::uuid',
    [contractId],
  );
  return row?.terminated_on ?? null;
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
    billed: row.status !== null && row.status !== 'reversed',
    documentId: row.document_id,
    documentNumber: row.number,
    documentStatus: row.status,
  }));
}

/** Marks a milestone as reached on a day, or (null) as not reached. */
export async function writeMilestone(
  tx: Transaction,
  obligationId: string,
  position: number,
  reachedOn: CalendarDate | null,
): Promise<void> {
  await tx.execute(
    `UPDATE contract_schedule s SET reached_on = $3::date, period = date_trunc('month', $3::date)::date
     WHERE s.obligation_id = $1::uuid AND s.position = $2::integer AND s.milestone IS NOT NULL`,
    [obligationId, position, reachedOn],
  );
}
