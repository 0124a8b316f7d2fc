import { type FieldError, TributaryError } from '../kernel/errors.ts';
import { type AuditContext, appendAuditEntries } from '../platform/audit/audit-store.ts';
import type { Transaction } from '../platform/database/database.ts';
import type { EntityScope } from './entity-scope.ts';
import { lockNumberSeries, type NumberSeries, updateNumberSeries } from './number-series-store.ts';

const prefixLengthMax = 20;
const digitsMax = 12;
/** Twelve digits: beyond it a number is longer than any form has room for. */
const nextNumberMax = 10n ** 12n;

export interface NumberSeriesChange {
  readonly prefix?: string;
  readonly digits?: number;
  readonly nextNumber?: bigint;
}

/**
 * Changes how the next numbers look. The number itself only goes up, and the prefix ends in no digit, so that no number can come
 * twice. Errors: `not_found`, `invalid_request`.
 */
export async function changeNumberSeries(
  tx: Transaction,
  scope: EntityScope,
  kind: string,
  change: NumberSeriesChange,
  context: AuditContext,
): Promise<NumberSeries> {
  const before = await lockNumberSeries(tx, scope.entityId, kind);
  if (!before) throw new TributaryError('not_found', 'The entity has no such number series.');
  const after: NumberSeries = {
    kind: before.kind,
    prefix: change.prefix ?? before.prefix,
    digits: change.digits ?? before.digits,
    nextNumber: change.nextNumber ?? before.nextNumber,
  };
  const fields = fieldErrors(before, after);
  if (fields.length > 0) throw new TributaryError('invalid_request', fields[0]?.message ?? null, { fields });
  await updateNumberSeries(tx, scope.entityId, after);
  await appendAuditEntries(tx, context, [
    {
      action: 'number_series.changed',
      subjectType: 'entity',
      subjectId: scope.entityId,
      before: toAudit(before),
      after: toAudit(after),
    },
  ]);
  return after;
}

const toAudit = (series: NumberSeries) => ({ ...series, nextNumber: series.nextNumber.toString() });

function fieldErrors(before: NumberSeries, after: NumberSeries): FieldError[] {
  const errors: FieldError[] = [];
  const { prefix, digits, nextNumber } = after;
  if (prefix.length > prefixLengthMax || prefix !== prefix.trim() || /\d$/.test(prefix)) {
    const message = `Give at most ${prefixLengthMax} characters that end in no digit, such as INV-2026-.`;
    errors.push({ field: 'prefix', message });
  }
  if (!Number.isInteger(digits) || digits < 1 || digits > digitsMax) {
    errors.push({ field: 'digits', message: `Give a whole number from 1 to ${digitsMax}.` });
  }
  if (nextNumber < before.nextNumber) {
    const message = `A number series only goes up: the next number is ${before.nextNumber} or more.`;
    errors.push({ field: 'nextNumber', message });
  } else if (nextNumber > nextNumberMax) {
    errors.push({ field: 'nextNumber', message: `Give at most ${nextNumberMax}.` });
  }
  return errors;
}
