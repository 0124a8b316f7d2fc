import { z } from 'zod';
import { addressWire } from './books-wire.ts';
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

/** The day that a fiscal year begins with; every month has it. */
export const fiscalYearStartWire = z
  .object({ month: z.number().int().min(1).max(12), day: z.number().int().min(1).max(28) })
  .meta({ id: 'FiscalYearStart' });

export const entityWire = z
  .object({
    id: idWire,
    name: z.string(),
    mode: z.enum(['live', 'test']),
    baseCurrency: currencyWire,
    timeZone: z.string(),
    termsDays: z.number().int(),
    fiscalYearStart: fiscalYearStartWire,
  })
  .meta({ id: 'Entity' });

export const logoMediaTypes = ['image/png', 'image/jpeg', 'image/svg+xml'] as const;

export const numberSeriesWire = z
  .object({
    kind: z.string(),
    prefix: z.string(),
    digits: z.number().int(),
    nextNumber: z.number().int(),
    /** The number that the next document gets. */
    example: z.string(),
  })
  .meta({ id: 'NumberSeries' });

/** An entity with what an invoice says of the company. */
export const entityDetailsWire = entityWire
  .extend({
    legalName: z.string().nullable(),
    address: addressWire.nullable(),
    taxId: z.string().nullable(),
    registrationNumber: z.string().nullable(),
    bankDetails: z.string().nullable(),
    logo: z.object({ mediaType: z.enum(logoMediaTypes), bytes: z.number().int() }).nullable(),
    numberSeries: z.array(numberSeriesWire),
    /** False: something is in the books, and what is named stays as it is. */
    canChange: z.object({ baseCurrency: z.boolean(), fiscalYearStart: z.boolean() }),
  })
  .meta({ id: 'EntityDetails' });

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
