import { z } from 'zod';
import { auditHeadWire, auditVerificationWire, exportedHeadWire } from './audit-wire.ts';
import { auditEntryWire } from './organization-wire.ts';
import { route } from './route.ts';
import { dateWire, idWire, pageOf, pageQuery } from './wire.ts';

/** The audit trail: what was done, and whether it is still as it was written. */
export const auditRoutes = {
  listAuditEntries: route({
    method: 'GET',
    path: '/audit',
    tag: 'Audit trail',
    summary: 'Audit trail, newest first',
    scope: 'read',
    query: pageQuery.extend({
      actor: z.string().max(400).optional().meta({ description: 'Part of who: an e-mail, `sync`' }),
      action: z
        .string()
        .max(100)
        .optional()
        .meta({ description: 'Part of what, such as `document.posted` or `posted`' }),
      subjectType: z.string().max(100).optional(),
      subjectId: z.string().max(200).optional(),
      connectionId: idWire.optional(),
      runId: idWire.optional(),
      from: dateWire.optional().meta({ description: 'From this day on, in UTC' }),
      to: dateWire.optional().meta({ description: 'To the end of this day, in UTC' }),
    }),
    status: 200,
    response: pageOf(auditEntryWire),
    errors: [],
  }),
  getAuditHead: route({
    method: 'GET',
    path: '/audit/head',
    tag: 'Audit trail',
    summary: 'The newest seal, to be kept outside of the store',
    scope: 'read',
    status: 200,
    response: auditHeadWire,
    errors: [],
  }),
  verifyAudit: route({
    method: 'POST',
    path: '/audit/verify',
    tag: 'Audit trail',
    summary: 'Compute the chain and all digests again; compare with a head that was kept',
    scope: 'admin',
    body: z.object({ head: exportedHeadWire.nullable().optional() }),
    status: 200,
    response: auditVerificationWire,
    errors: ['conflict'],
  }),
} as const;
