import type { ContactDraft } from '../model/document-draft.ts';
import type { Transaction } from '../platform/database/database.ts';
import type { EntityScope } from './entity-scope.ts';

export interface CustomerContact {
  readonly id: string;
  readonly customerId: string;
  readonly sourceId: string | null;
  readonly name: string;
  readonly email: string | null;
  readonly phone: string | null;
}

export interface CustomerContactChange {
  readonly id: string;
  readonly customerId: string;
  readonly contact: ContactDraft;
}

/** Length first, so that no pair of ids can look like another pair. */
const contactKey = (customerId: string, sourceId: string): string => `${customerId} ${sourceId}`;

/**
 * Inserts or updates contact people, one for each customer and CRM contact: the same person at two companies is a contact of both.
 * `id` is what a new contact gets, unless it is taken (then the database makes another). A null keeps what stands.
 * Returns the ids that the contacts have, in the order given; of two for the same customer and source the later one counts.
 */
export async function upsertCustomerContacts(
  tx: Transaction,
  scope: EntityScope,
  changes: readonly CustomerContactChange[],
): Promise<string[]> {
  if (changes.length === 0) return [];
  const byKey = new Map(
    changes.map((change) => [contactKey(change.customerId, change.contact.sourceId), change]),
  );
  const rows = [...byKey.values()];
  // The same proposed id twice (one contact, two new customers): only the first may have it.
  const proposed = new Set<string>();
  const ids = rows.map(({ id }) => (proposed.has(id) ? null : (proposed.add(id), id)));
  const written = await tx.query<{ id: string; customer_id: string; source_id: string }>(
    `INSERT INTO customer_contacts (organization_id, entity_id, id, customer_id, source_id, name, email, phone)
     SELECT $1::uuid, $2::uuid,
       CASE WHEN r.id IS NULL OR EXISTS (SELECT FROM customer_contacts t WHERE t.id = r.id) THEN gen_random_uuid() ELSE r.id END,
       r.customer_id, r.source_id, r.name, r.email, r.phone
     FROM unnest($3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[])
       AS r (id, customer_id, source_id, name, email, phone)
     ON CONFLICT (customer_id, source_id) DO UPDATE SET
       name = excluded.name,
       email = coalesce(excluded.email, customer_contacts.email),
       phone = coalesce(excluded.phone, customer_contacts.phone),
       updated_at = now()
     RETURNING id, customer_id, source_id`,
    [
      scope.organizationId,
      scope.entityId,
      ids,
      rows.map((row) => row.customerId),
      rows.map((row) => row.contact.sourceId),
      rows.map((row) => row.contact.name),
      rows.map((row) => row.contact.email),
      rows.map((row) => row.contact.phone),
    ],
  );
  const idByKey = new Map(written.map((row) => [contactKey(row.customer_id, row.source_id), row.id]));
  return changes.map(
    (change) => idByKey.get(contactKey(change.customerId, change.contact.sourceId)) ?? change.id,
  );
}

/** The contact people of these customers, by name. */
export async function listCustomerContacts(
  tx: Transaction,
  customerIds: readonly string[],
): Promise<CustomerContact[]> {
  if (customerIds.length === 0) return [];
  const rows = await tx.query<{
    id: string;
    customer_id: string;
    source_id: string | null;
    name: string;
    email: string | null;
    phone: string | null;
  }>(
    `SELECT t.id, t.customer_id, t.source_id, t.name, t.email, t.phone FROM customer_contacts t
     WHERE t.customer_id = ANY ($1::uuid[])
     ORDER BY t.name, t.id`,
    [[...new Set(customerIds)]],
  );
  return rows.map((row) => ({
    id: row.id,
    customerId: row.customer_id,
    sourceId: row.source_id,
    name: row.name,
    email: row.email,
    phone: row.phone,
  }));
}
