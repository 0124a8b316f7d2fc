import type { CalendarDate, Instant } from '../../kernel/dates.ts';
import type { Transaction } from '../../platform/database/database.ts';
import {
  checkLimit,
  decodeCursor,
  type Page,
  type PageRequest,
  toPage,
} from '../../platform/database/page-cursor.ts';
import type { EntityScope } from '../entity-scope.ts';
import type { RevaluationFigure } from './revaluation-figures.ts';

/** A revaluation as it was posted, without its figures. */
export interface Revaluation {
  readonly id: string;
  readonly entityId: string;
  readonly date: CalendarDate;
  readonly entryId: string;
  readonly reversalEntryId: string;
  readonly createdAt: Instant;
  readonly createdBy: string;
  /** Null: in force. */
  readonly undoneAt: Instant | null;
  readonly undoneBy: string | null;
}

interface RevaluationRow {
  readonly id: string;
  readonly entity_id: string;
  readonly revaluation_date: CalendarDate;
  readonly entry_id: string;
  readonly reversal_entry_id: string;
  readonly created_at: Instant;
  readonly created_by: string;
  readonly undone_at: Instant | null;
  readonly undone_by: string | null;
}

const columns =
  'r.id, r.entity_id, r.revaluation_date, r.entry_id, r.reversal_entry_id, r.created_at, r.created_by, r.undone_at, r.undone_by';

const fromRow = (row: RevaluationRow): Revaluation => ({
  id: row.id,
  entityId: row.entity_id,
  date: row.revaluation_date,
  entryId: row.entry_id,
  reversalEntryId: row.reversal_entry_id,
  createdAt: row.created_at,
  createdBy: row.created_by,
  undoneAt: row.undone_at,
  undoneBy: row.undone_by,
});

/** The one of a day that is in force, or null. */
export async function findRevaluationOfDay(
  tx: Transaction,
  entityId: string,
  date: CalendarDate,
): Promise<Revaluation | null> {
  const [row] = await tx.query<RevaluationRow>(
    `SELECT ${columns} FROM revaluations r
     WHERE r.entity_id = $1::uuid AND r.revaluation_date = $2::date AND r.undone_at IS NULL`,
    [entityId, date],
  );
  return row ? fromRow(row) : null;
}

export async function findRevaluation(tx: Transaction, id: string): Promise<Revaluation | null> {
  const [row] = await tx.query<RevaluationRow>(
    `SELECT ${columns} FROM revaluations r WHERE r.id = $1::uuid`,
    [id],
  );
  return row ? fromRow(row) : null;
}

/** A page of the revaluations of an entity, the latest day first, of a day the latest first. Errors: `invalid_request`. */
export async function listRevaluations(
  tx: Transaction,
  entityId: string,
  page: PageRequest = {},
): Promise<Page<Revaluation>> {
  const limit = checkLimit(page.limit);
  const after = decodeCursor(page.after, 'revaluations', ['date', 'uuid']);
  const rows = await tx.query<RevaluationRow>(
    `SELECT ${columns} FROM revaluations r
     WHERE r.entity_id = $1::uuid AND ($2::date IS NULL OR (r.revaluation_date, r.id) < ($2::date, $3::uuid))
     ORDER BY r.revaluation_date DESC, r.id DESC LIMIT $4::integer`,
    [entityId, after?.[0] ?? null, after?.[1] ?? null, limit + 1],
  );
  const { data, next } = toPage(rows, limit, 'revaluations', (row) => [row.revaluation_date, row.id]);
  return { data: data.map(fromRow), next };
}

export async function countRevaluations(tx: Transaction, entityId: string): Promise<number> {
  const [row] = await tx.query<{ count: string }>(
    'SELECT count(*) AS count FROM revaluations r WHERE r.entity_id = $1::uuid',
    [entityId],
  );
  return Number(row?.count ?? 0);
}

/** The figures of these revaluations, by revaluation, in their order. */
export async function readRevaluationFigures(
  tx: Transaction,
  ids: readonly string[],
): Promise<Map<string, RevaluationFigure[]>> {
  const rows = await tx.query<{
    revaluation_id: string;
    account_id: string;
    number: string;
    name: string;
    currency: string;
    balance_minor: string;
    book_base_minor: string;
    rate: string | null;
    rate_date: CalendarDate | null;
    new_base_minor: string;
  }>(
    `SELECT l.revaluation_id, l.account_id, a.number, a.name, l.currency, l.balance_minor, l.book_base_minor, l.rate, l.rate_date,
       l.new_base_minor
     FROM revaluation_lines l JOIN accounts a ON a.id = l.account_id
     WHERE l.revaluation_id = ANY ($1::uuid[]) ORDER BY l.revaluation_id, l.position`,
    [ids],
  );
  const figures = new Map<string, RevaluationFigure[]>(ids.map((id) => [id, []]));
  for (const row of rows) {
    figures.get(row.revaluation_id)?.push({
      accountId: row.account_id,
      account: row.number,
      accountName: row.name,
      currency: row.currency,
      balanceMinor: BigInt(row.balance_minor),
      bookBaseMinor: BigInt(row.book_base_minor),
      rate: row.rate,
      rateDate: row.rate_date,
      newBaseMinor: BigInt(row.new_base_minor),
    });
  }
  return figures;
}

export async function insertRevaluation(
  tx: Transaction,
  scope: EntityScope,
  revaluation: Pick<Revaluation, 'id' | 'date' | 'entryId' | 'reversalEntryId' | 'createdBy'>,
  figures: readonly RevaluationFigure[],
): Promise<void> {
  await tx.execute(
    `INSERT INTO revaluations (id, organization_id, entity_id, revaluation_date, entry_id, reversal_entry_id, created_by)
     VALUES ($1::uuid, $2::uuid, $3::uuid, $4::date, $5::uuid, $6::uuid, $7::text)`,
    [
      revaluation.id,
      scope.organizationId,
      scope.entityId,
      revaluation.date,
      revaluation.entryId,
      revaluation.reversalEntryId,
      revaluation.createdBy,
    ],
  );
  await tx.execute(
    `INSERT INTO revaluation_lines (organization_id, revaluation_id, position, account_id, currency, balance_minor, book_base_minor,
       rate, rate_date, new_base_minor)
     SELECT $1::uuid, $2::uuid, r.position, r.account_id, r.currency, r.balance_minor, r.book_base_minor, r.rate, r.rate_date,
       r.new_base_minor
     FROM unnest($3::uuid[], $4::text[], $5::numeric[], $6::numeric[], $7::numeric[], $8::date[], $9::numeric[])
       WITH ORDINALITY AS r (account_id, currency, balance_minor, book_base_minor, rate, rate_date, new_base_minor, position)`,
    [
      scope.organizationId,
      revaluation.id,
      figures.map(({ accountId }) => accountId),
      figures.map(({ currency }) => currency),
      figures.map(({ balanceMinor }) => balanceMinor.toString()),
      figures.map(({ bookBaseMinor }) => bookBaseMinor.toString()),
      figures.map(({ rate }) => rate),
      figures.map(({ rateDate }) => rateDate),
      figures.map(({ newBaseMinor }) => newBaseMinor.toString()),
    ],
  );
}

/** Undone once: the database refuses a second time. */
export async function markRevaluationUndone(
  tx: Transaction,
  id: string,
  undo: { readonly entryId: string; readonly reversalEntryId: string; readonly actor: string },
): Promise<void> {
  await tx.execute(
    `UPDATE revaluations SET undone_at = now(), undone_by = $2::text, undo_entry_id = $3::uuid, undo_reversal_entry_id = $4::uuid
     WHERE id = $1::uuid`,
    [id, undo.actor, undo.entryId, undo.reversalEntryId],
  );
}
