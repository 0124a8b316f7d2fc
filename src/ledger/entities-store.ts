import type { Transaction } from '../platform/database/database.ts';
import type { FiscalYearStart } from './periods/fiscal-calendar.ts';

/** A legal company with its own books. */
export interface Entity {
  readonly id: string;
  readonly organizationId: string;
  readonly name: string;
  readonly mode: 'live' | 'test';
  readonly baseCurrency: string;
  readonly timeZone: string;
  /** Days from the document date to the due date where a customer has no terms of its own. */
  readonly termsDays: number;
  /** The day that its fiscal years begin with. */
  readonly fiscalYearStart: FiscalYearStart;
}

interface EntityRow {
  readonly id: string;
  readonly organization_id: string;
  readonly name: string;
  readonly mode: 'live' | 'test';
  readonly base_currency: string;
  readonly time_zone: string;
  readonly terms_days: number;
  readonly fiscal_year_start_month: number;
  readonly fiscal_year_start_day: number;
}

const columns = `e.id, e.organization_id, e.name, e.mode, e.base_currency, e.time_zone, e.terms_days, e.fiscal_year_start_month,
  e.fiscal_year_start_day`;

function fromRow(row: EntityRow): Entity {
  return {
    id: row.id,
    organizationId: row.organization_id,
    name: row.name,
    mode: row.mode,
    baseCurrency: row.base_currency,
    timeZone: row.time_zone,
    termsDays: row.terms_days,
    fiscalYearStart: { month: row.fiscal_year_start_month, day: row.fiscal_year_start_day },
  };
}

/** False when the organization has an entity of that name and mode already. */
export async function insertEntity(tx: Transaction, entity: Entity): Promise<boolean> {
  const inserted = await tx.execute(
    `INSERT INTO entities (id, organization_id, name, mode, base_currency, time_zone, terms_days, fiscal_year_start_month,
       fiscal_year_start_day)
     VALUES ($1::uuid, $2::uuid, $3::text, $4::text, $5::text, $6::text, $7::integer, $8::integer, $9::integer)
     ON CONFLICT (organization_id, mode, name) DO NOTHING`,
    [
      entity.id,
      entity.organizationId,
      entity.name,
      entity.mode,
      entity.baseCurrency,
      entity.timeZone,
      entity.termsDays,
      entity.fiscalYearStart.month,
      entity.fiscalYearStart.day,
    ],
  );
  return inserted === 1;
}

/** The entities of the organization: live ones first, then by name. */
export async function listEntities(tx: Transaction): Promise<Entity[]> {
  const rows = await tx.query<EntityRow>(
    `SELECT ${columns} FROM entities e ORDER BY e.mode, e.name, e.id`,
    [],
  );
  return rows.map(fromRow);
}

export async function findEntity(tx: Transaction, entityId: string): Promise<Entity | null> {
  const [row] = await tx.query<EntityRow>(`SELECT ${columns} FROM entities e WHERE e.id = $1::uuid`, [
    entityId,
  ]);
  return row ? fromRow(row) : null;
}
