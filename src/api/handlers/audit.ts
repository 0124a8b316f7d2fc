import type { Handlers } from '../../contract/handler.ts';
import { TributaryError } from '../../kernel/errors.ts';
import { findAuditHead } from '../../ledger/audit/seal.ts';
import { verifyAudit } from '../../ledger/audit/verify.ts';
import { listAuditTrail } from '../../organizations/audit-trail-store.ts';
import type { Database } from '../../platform/database/database.ts';
import { optionalCalendarDate } from '../calendar-date.ts';

export type AuditOperationId = 'listAuditEntries' | 'getAuditHead' | 'verifyAudit';

/** The audit trail, its head and its verification. */
export function auditHandlers(database: Database): Handlers<AuditOperationId> {
  // A verification reads everything: one at a time for each organization and process.
  const going = new Set<string>();
  return {
    listAuditEntries: async ({ organizationId }, { query }) => {
      const from = optionalCalendarDate('from', query.from);
      const to = optionalCalendarDate('to', query.to);
      return database.withOrganization(organizationId, (tx) =>
        listAuditTrail(tx, organizationId, { ...query, from, to }, query),
      );
    },
    getAuditHead: ({ organizationId }) =>
      database.withOrganization(organizationId, (tx) => findAuditHead(tx, organizationId)),
    verifyAudit: async ({ organizationId, actor }, { body }) => {
      const head = body.head ?? null;
      if (head?.organization !== undefined && head.organization !== organizationId) {
        const message = 'The head is of another organization.';
        throw new TributaryError('invalid_request', message, {
          fields: [{ field: 'head.organization', message }],
        });
      }
      if (going.has(organizationId)) {
        throw new TributaryError('conflict', 'The audit trail is being verified already; wait for its end.');
      }
      going.add(organizationId);
      try {
        return await verifyAudit(database, { organizationId, actor }, head);
      } finally {
        going.delete(organizationId);
      }
    },
  };
}
