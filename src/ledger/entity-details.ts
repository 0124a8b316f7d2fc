import { isCurrency } from '../kernel/currencies.ts';
import { dateInZone } from '../kernel/dates.ts';
import { type FieldError, TributaryError } from '../kernel/errors.ts';
import type { Address } from '../model/document-draft.ts';
import { type AuditContext, appendAuditEntries } from '../platform/audit/audit-store.ts';
import type { Transaction } from '../platform/database/database.ts';
import { entityFieldErrors, getEntity } from './entities.ts';
import type { Entity } from './entities-store.ts';
import {
  type CompanyDetails,
  type EntityUse,
  isEntityNameTaken,
  lockEntity,
  readCompanyDetails,
  readEntityUse,
  updateEntityRow,
} from './entity-details-store.ts';
import type { FiscalYearStart } from './periods/fiscal-calendar.ts';
import { seedFiscalYears } from './periods/fiscal-years.ts';
import { deleteFiscalYears, findFiscalReach } from './periods/periods-store.ts';

/** Absent: it stays. Null: it is taken away. */
export interface EntityChange {
  readonly name?: string;
  readonly baseCurrency?: string;
  readonly timeZone?: string;
  readonly termsDays?: number;
  readonly fiscalYearStart?: FiscalYearStart;
  readonly legalName?: string | null;
  readonly address?: Address | null;
  readonly taxId?: string | null;
  readonly registrationNumber?: string | null;
  readonly bankDetails?: string | null;
}

const detailLengthMax = {
  legalName: 200,
  taxId: 100,
  registrationNumber: 100,
  bankDetails: 2000,
} as const;
const addressLineLengthMax = 200;

/** Errors: `not_found`. */
export async function getCompanyDetails(tx: Transaction, entityId: string): Promise<CompanyDetails> {
  const details = await readCompanyDetails(tx, entityId);
  if (!details) throw new TributaryError('not_found', 'There is no such entity.');
  return details;
}

/**
 * Changes an entity. Its mode never changes; its base currency only while nothing is in its books, and its fiscal year only while no
 * entry is and no period was closed: its years are then made anew. Errors: `not_found`, `invalid_request` (by field),
 * `unknown_currency`, `conflict` (name taken), `entity_in_use`.
 */
export async function changeEntity(
  tx: Transaction,
  entityId: string,
  change: EntityChange,
  context: AuditContext,
): Promise<Entity> {
  await lockEntity(tx, entityId);
  const before = await getEntity(tx, entityId);
  const detailsBefore = await getCompanyDetails(tx, entityId);
  const after: Entity = {
    ...before,
    name: change.name?.trim() ?? before.name,
    baseCurrency: change.baseCurrency ?? before.baseCurrency,
    timeZone: change.timeZone ?? before.timeZone,
    termsDays: change.termsDays ?? before.termsDays,
    fiscalYearStart: change.fiscalYearStart ?? before.fiscalYearStart,
  };
  const details = changedDetails(detailsBefore, change);
  const fields = [...entityFieldErrors(after), ...detailErrors(details)];
  if (fields.length > 0) throw new TributaryError('invalid_request', null, { fields });
  if (!isCurrency(after.baseCurrency)) throw new TributaryError('unknown_currency', after.baseCurrency);
  if (await isEntityNameTaken(tx, after)) {
    throw new TributaryError('conflict', `There is a ${after.mode} entity ${after.name} already.`);
  }
  assertFree(before, after, await readEntityUse(tx, entityId));
  await updateEntityRow(tx, after, details);
  if (!isSameStart(before.fiscalYearStart, after.fiscalYearStart)) await remakeYears(tx, after, context);
  await appendAuditEntries(tx, context, [
    {
      action: 'entity.changed',
      subjectType: 'entity',
      subjectId: entityId,
      before: { ...before, ...detailsBefore },
      after: { ...after, ...details },
    },
  ]);
  return after;
}

function changedDetails(before: CompanyDetails, change: EntityChange): CompanyDetails {
  const text = (changed: string | null | undefined, old: string | null): string | null => {
    if (changed === undefined) return old;
    const trimmed = changed?.trim() ?? '';
    return trimmed === '' ? null : trimmed;
  };
  return {
    legalName: text(change.legalName, before.legalName),
    address: change.address === undefined ? before.address : change.address,
    taxId: text(change.taxId, before.taxId),
    registrationNumber: text(change.registrationNumber, before.registrationNumber),
    bankDetails: text(change.bankDetails, before.bankDetails),
  };
}

function detailErrors(details: CompanyDetails): FieldError[] {
  const errors: FieldError[] = [];
  for (const [field, max] of Object.entries(detailLengthMax)) {
    const value = details[field as keyof typeof detailLengthMax];
    if (value !== null && value.length > max) {
      errors.push({ field, message: `Give at most ${max} characters.` });
    }
  }
  for (const [field, value] of Object.entries(details.address ?? {})) {
    if (typeof value === 'string' && value.length > addressLineLengthMax) {
      errors.push({ field: `address.${field}`, message: `Give at most ${addressLineLengthMax} characters.` });
    }
  }
  return errors;
}

const isSameStart = (left: FiscalYearStart, right: FiscalYearStart): boolean =>
  left.month === right.month && left.day === right.day;

function assertFree(before: Entity, after: Entity, use: EntityUse): void {
  const { hasEntries, hasDocuments, hasRates, hasClosedPeriods } = use;
  if (before.baseCurrency !== after.baseCurrency && (hasEntries || hasDocuments || hasRates)) {
    throw new TributaryError('entity_in_use', `Its base currency stays ${before.baseCurrency}.`);
  }
  if (!isSameStart(before.fiscalYearStart, after.fiscalYearStart) && (hasEntries || hasClosedPeriods)) {
    throw new TributaryError('entity_in_use', 'Its fiscal year begins as it did.');
  }
}

/** The years reach as far back as they did. */
async function remakeYears(tx: Transaction, entity: Entity, context: AuditContext): Promise<void> {
  const reach = await findFiscalReach(tx, entity.id);
  await deleteFiscalYears(tx, entity.id);
  const scope = { organizationId: entity.organizationId, entityId: entity.id };
  const today = dateInZone(new Date(), entity.timeZone);
  const days = { today, booksFrom: reach?.firstDay };
  await seedFiscalYears(tx, scope, entity.fiscalYearStart, days, context.actor);
}
