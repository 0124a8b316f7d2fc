import { z } from 'zod';
import { currencyWire, idWire, instantWire } from './wire.ts';

export const roles = ['admin', 'viewer'] as const;
/** What an API key may do. A session has those of its role: an admin all, a viewer `read`. */
export const scopes = ['read', 'sync', 'post', 'configure', 'admin'] as const;
export type Scope = (typeof scopes)[number];

export const userWire = z
  .object({
    id: idWire,
    email: z.string(),
    name: z.string(),
    role: z.enum(roles),
    active: z.boolean(),
    lastSignedInAt: instantWire.nullable(),
  })
  .meta({ id: 'User' });

export const sessionWire = z
  .object({
    user: userWire.nullable(),
    organization: z.object({ id: idWire, name: z.string() }),
    scopes: z.array(z.enum(scopes)),
  })
  .meta({ id: 'Session' });

export const entityWire = z
  .object({
    id: idWire,
    name: z.string(),
    mode: z.enum(['live', 'test']),
    baseCurrency: currencyWire,
    timeZone: z.string(),
    termsDays: z.number().int(),
  })
  .meta({ id: 'Entity' });

export const apiKeyWire = z
  .object({
    id: idWire,
    name: z.string(),
    prefix: z.string(),
    scopes: z.array(z.enum(scopes)),
    createdBy: z.string(),
    createdAt: instantWire,
    lastUsedAt: instantWire.nullable(),
    revokedAt: instantWire.nullable(),
  })
  .meta({ id: 'ApiKey' });

export const auditEntryWire = z
  .object({
    id: z.string(),
    at: instantWire,
    actor: z.string(),
    action: z.string(),
    subjectType: z.string(),
    subjectId: z.string(),
    connectionId: idWire.nullable(),
    runId: idWire.nullable(),
    before: z.unknown(),
    after: z.unknown(),
  })
  .meta({ id: 'AuditEntry' });
