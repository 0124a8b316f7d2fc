import { TributaryError } from '../../kernel/errors.ts';
import type { Transaction } from '../../platform/database/database.ts';
import { type Customer, getCustomers } from '../customers-store.ts';

/**
 * The customer of the entity that money or credit is recorded for. One that was merged has no invoices any more, and never gets one:
 * what is recorded for it could be used for nothing. Errors: `not_found`, `invalid_request` (merged).
 */
export async function mustBeCustomer(
  tx: Transaction,
  entityId: string,
  customerId: string,
): Promise<Customer> {
  const [customer] = await getCustomers(tx, [customerId]);
  if (customer?.entityId !== entityId) throw new TributaryError('not_found', 'There is no such customer.');
  if (customer.mergedInto === null) return customer;
  const [other] = await getCustomers(tx, [customer.mergedInto]);
  const message = `${customer.name} was merged into ${other?.name ?? 'another customer'}: choose that one.`;
  throw new TributaryError('invalid_request', message, { fields: [{ field: 'customerId', message }] });
}
