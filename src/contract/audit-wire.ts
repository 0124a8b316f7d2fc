import { z } from 'zod';
import { idWire, instantWire } from './wire.ts';

export const auditHeadWire = z
  .object({
    organization: idWire.meta({ description: 'Of which organization the chain is' }),
    sealNumber: z.number().int().meta({ description: 'The newest seal; 0: nothing is sealed yet' }),
    hash: z.string().nullable().meta({ description: 'SHA-256 of that seal, which covers all before it' }),
    entries: z.number().int().meta({ description: 'Entries of the audit trail that the chain covers' }),
    at: instantWire.nullable().meta({ description: 'When it was sealed' }),
  })
  .meta({ id: 'AuditHead' });

/** A head as it was exported; what is not compared may stay in it. */
export const exportedHeadWire = z
  .object({
    organization: idWire.optional(),
    sealNumber: z.number().int().min(1),
    hash: z.string().regex(/^[0-9a-f]{64}$/, '64 hexadecimal digits'),
  })
  .meta({ id: 'ExportedAuditHead' });

export const auditProblemWire = z
  .object({
    kind: z.string().meta({
      description:
        'seal_missing, seal_changed, entry_changed, entry_missing, entry_unsealed, journal_entry_changed, journal_entry_missing, journal_entry_unrecorded, document_changed, document_missing, document_unrecorded, head_missing, head_differs; more may come',
    }),
    subjectType: z.enum(['audit_seal', 'audit_entry', 'journal_entry', 'document']),
    subjectId: z.string(),
    seal: z.string().nullable().meta({ description: 'Number of the seal in which it shows' }),
    message: z.string(),
  })
  .meta({ id: 'AuditProblem' });

export const auditVerificationWire = z
  .object({
    holds: z.boolean(),
    entries: z.number().int(),
    seals: z.number().int(),
    journalEntries: z.number().int(),
    documents: z.number().int(),
    takenOver: z.object({ journalEntries: z.number().int(), documents: z.number().int() }).meta({
      description: 'Of these, what was in the books before the first seal and was taken over as found',
    }),
    head: auditHeadWire,
    comparedHead: exportedHeadWire.nullable(),
    problemCount: z.number().int(),
    problems: z.array(auditProblemWire).meta({ description: 'The first hundred' }),
  })
  .meta({ id: 'AuditVerification' });
