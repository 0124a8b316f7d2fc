import { TributaryError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { type AuditContext, appendAuditEntries } from '../../platform/audit/audit-store.ts';
import type { Transaction } from '../../platform/database/database.ts';
import { normalizeCustomerName } from '../customer-name.ts';
import type { EntityScope } from '../entity-scope.ts';
import {
  type CustomerFields,
  deleteUnusedCustomer,
  insertCustomer,
  lockCustomer,
  updateCustomer,
} from './customer-edits-store.ts';
import { mustBeActiveTaxCode } from './tax-codes.ts';

const nothing: Omit<CustomerFields, 'name'> = {
  kind: 'company',
  website: null,
  industry: null,
  phone: null,
  email: null,
  taxId: null,
  address: null,
  termsDays: null,
  externalId: null,
  taxCodeId: null,
  active: true,
};

const blankToNull = (text: string | null): string | null => (text?.trim() ? text.trim() : null);

async function checkFields(
  tx: Transaction,
  entityId: string,
  fields: CustomerFields,
  formerTaxCodeId: string | null,
): Promise<CustomerFields> {
  const name = fields.name.trim();
  if (name === '' || normalizeCustomerName(name) === '') {
    throw new TributaryError('invalid_request', null, {
      fields: [{ field: 'name', message: 'Give the customer a name.' }],
    });
  }
  if (fields.taxCodeId !== null && fields.taxCodeId !== formerTaxCodeId) {
    await mustBeActiveTaxCode(tx, entityId, fields.taxCodeId);
  }
  const { address } = fields;
  const lines = Object.entries(address ?? {}).map(([part, text]) => [part, blankToNull(text)] as const);
  return {
    kind: fields.kind,
    name,
    website: blankToNull(fields.website),
    industry: blankToNull(fields.industry),
    phone: blankToNull(fields.phone),
    email: blankToNull(fields.email),
    taxId: blankToNull(fields.taxId),
    address: lines.some(([, text]) => text !== null)
      ? (Object.fromEntries(lines) as unknown as CustomerFields['address'])
      : null,
    termsDays: fields.termsDays,
    externalId: blankToNull(fields.externalId),
    taxCodeId: fields.taxCodeId,
    active: fields.active,
  };
}

/** Adds a customer. Returns its id. Errors: `invalid_request` (name), `not_found` (tax code). */
export async function createCustomer(
  tx: Transaction,
  scope: EntityScope,
  input: Partial<CustomerFields> & Pick<CustomerFields, 'name'>,
  context: AuditContext,
): Promise<string> {
  const fields = await checkFields(tx, scope.entityId, { ...nothing, ...input }, null);
  const id = newId();
  await insertCustomer(tx, scope, id, fields);
  await appendAuditEntries(tx, context, [
    { action: 'customer.created', subjectType: 'customer', subjectId: id, after: fields },
  ]);
  return id;
}

/**
 * Changes a customer that still is in the version that the caller has seen. What the change leaves out stays.
 * Errors: `not_found`, `conflict`, `invalid_request` (name; one that was merged stays inactive).
 */
export async function changeCustomer(
  tx: Transaction,
  id: string,
  expectedVersion: number,
  change: Partial<CustomerFields>,
  context: AuditContext,
): Promise<void> {
  const before = await lockCustomer(tx, id);
  if (!before) throw new TributaryError('not_found', 'There is no such customer.');
  if (before.version !== expectedVersion) {
    throw new TributaryError('conflict', `${before.name} was changed since you read it.`);
  }
  if (before.mergedInto !== null && change.active === true) {
    throw new TributaryError('invalid_request', 'It was merged into another customer: it stays inactive.');
  }
  const fields = await checkFields(tx, before.entityId, { ...before, ...change }, before.taxCodeId);
  await updateCustomer(tx, id, fields);
  await appendAuditEntries(tx, context, [
    { action: 'customer.changed', subjectType: 'customer', subjectId: id, before, after: fields },
  ]);
}

/** Deletes a customer that nothing has. Errors: `not_found`, `customer_in_use`. */
export async function deleteCustomer(tx: Transaction, id: string, context: AuditContext): Promise<void> {
  const before = await lockCustomer(tx, id);
  if (!before) throw new TributaryError('not_found', 'There is no such customer.');
  if (!(await deleteUnusedCustomer(tx, id))) {
    throw new TributaryError(
      'customer_in_use',
      `${before.name} has documents or receipts, another customer was merged into it, or a company of a CRM is linked to it.`,
    );
  }
  await appendAuditEntries(tx, context, [
    { action: 'customer.deleted', subjectType: 'customer', subjectId: id, before },
  ]);
}
