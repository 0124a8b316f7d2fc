import { z } from 'zod';
import { addressWire } from './books-wire.ts';
import * as organization from './organization-wire.ts';
import { route } from './route.ts';
import { currencyWire, dateWire, idWire, pageOf, pageQuery } from './wire.ts';

const byId = z.object({ id: idWire });
/** 200 kB of picture as base64. */
const logoTextLengthMax = 280_000;
const text = (lengthMax: number) => z.string().max(lengthMax).nullable().optional();

/** Legal companies: their books, what invoices say of them, and the numbers of their documents. */
export const entityRoutes = {
  listEntities: route({
    method: 'GET',
    path: '/entities',
    tag: 'Books',
    summary: 'Entities',
    scope: 'read',
    query: pageQuery,
    status: 200,
    response: pageOf(organization.entityWire),
    errors: [],
  }),
  createEntity: route({
    method: 'POST',
    path: '/entities',
    tag: 'Books',
    summary: 'Make an entity with a standard chart of accounts and fiscal years',
    scope: 'admin',
    body: z.object({
      name: z.string().min(1).max(200),
      mode: z.enum(['live', 'test']),
      baseCurrency: currencyWire,
      timeZone: z.string().default('UTC'),
      termsDays: z.number().int().min(0).max(3650).default(30),
      fiscalYearStart: organization.fiscalYearStartWire.optional(),
      /** The first day that the fiscal years reach to; absent: five years back. */
      booksFrom: dateWire.optional(),
    }),
    status: 201,
    response: organization.entityWire,
    errors: ['conflict', 'unknown_currency'],
  }),
  getEntity: route({
    method: 'GET',
    path: '/entities/:id',
    tag: 'Books',
    summary: 'One entity with what invoices say of it',
    scope: 'read',
    params: byId,
    status: 200,
    response: organization.entityDetailsWire,
    errors: ['not_found'],
  }),
  updateEntity: route({
    method: 'PATCH',
    path: '/entities/:id',
    tag: 'Books',
    summary: 'Change an entity; base currency and fiscal year only while its books are empty',
    scope: 'configure',
    params: byId,
    body: z.object({
      name: z.string().min(1).max(200).optional(),
      baseCurrency: currencyWire.optional(),
      timeZone: z.string().max(100).optional(),
      termsDays: z.number().int().min(0).max(3650).optional(),
      fiscalYearStart: organization.fiscalYearStartWire.optional(),
      legalName: text(200),
      address: addressWire.nullable().optional(),
      taxId: text(100),
      registrationNumber: text(100),
      bankDetails: text(2000),
    }),
    status: 200,
    response: organization.entityDetailsWire,
    errors: ['not_found', 'conflict', 'unknown_currency', 'entity_in_use'],
  }),
  getEntityLogo: route({
    method: 'GET',
    path: '/entities/:id/logo',
    tag: 'Books',
    summary: 'The logo as base64',
    scope: 'read',
    params: byId,
    status: 200,
    response: z.object({ mediaType: z.enum(organization.logoMediaTypes), data: z.string() }),
    errors: ['not_found'],
  }),
  setEntityLogo: route({
    method: 'PUT',
    path: '/entities/:id/logo',
    tag: 'Books',
    summary: 'Set the logo: a PNG, JPEG or plain SVG of at most 200 kB, as base64',
    scope: 'configure',
    params: byId,
    body: z.object({ data: z.string().min(1).max(logoTextLengthMax) }),
    status: 200,
    response: organization.entityDetailsWire,
    errors: ['not_found'],
  }),
  deleteEntityLogo: route({
    method: 'DELETE',
    path: '/entities/:id/logo',
    tag: 'Books',
    summary: 'Take the logo away',
    scope: 'configure',
    params: byId,
    status: 204,
    response: z.null(),
    errors: ['not_found'],
  }),
  changeNumberSeries: route({
    method: 'PATCH',
    path: '/entities/:id/number-series/:kind',
    tag: 'Books',
    summary: 'Change prefix and digits of document numbers; the next number only goes up',
    scope: 'configure',
    params: z.object({ id: idWire, kind: z.string().max(50) }),
    body: z.object({
      prefix: z.string().max(20).optional(),
      digits: z.number().int().min(1).max(12).optional(),
      nextNumber: z.number().int().min(1).max(1_000_000_000_000).optional(),
    }),
    status: 200,
    response: organization.numberSeriesWire,
    errors: ['not_found'],
  }),
} as const;
