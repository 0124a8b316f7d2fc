import { z } from 'zod';
import * as fiscal from './fiscal-wire.ts';
import { route } from './route.ts';
import { idWire, pageOf, pageQuery } from './wire.ts';

const byId = z.object({ id: idWire });
const reason = z.string().min(1).max(500);

/** Fiscal years, their periods, and the year-end close. */
export const fiscalRoutes = {
  listFiscalYears: route({
    method: 'GET',
    path: '/fiscal-years',
    tag: 'Periods',
    summary: 'Fiscal years with their periods, the latest first',
    scope: 'read',
    query: pageQuery.extend({ entityId: idWire.optional() }),
    status: 200,
    response: pageOf(fiscal.fiscalYearWire),
    errors: ['not_found'],
  }),
  getFiscalYear: route({
    method: 'GET',
    path: '/fiscal-years/:id',
    tag: 'Periods',
    summary: 'One fiscal year with its periods',
    scope: 'read',
    params: byId,
    status: 200,
    response: fiscal.fiscalYearWire,
    errors: ['not_found'],
  }),
  addFiscalYear: route({
    method: 'POST',
    path: '/fiscal-years',
    tag: 'Periods',
    summary: 'Add the year before the first one or after the last one',
    scope: 'configure',
    body: z.object({ entityId: idWire, which: z.enum(['earlier', 'later']) }),
    status: 201,
    response: fiscal.fiscalYearWire,
    errors: ['not_found', 'conflict'],
  }),
  changeFiscalPeriod: route({
    method: 'PATCH',
    path: '/fiscal-periods/:id',
    tag: 'Periods',
    summary: 'Open, close or lock a period; answers the periods that changed',
    scope: 'configure',
    params: byId,
    body: z.object({
      status: z.enum(fiscal.periodStatuses),
      reason,
      /** Earlier periods that are more open become the same. */
      closeEarlier: z.boolean().optional(),
    }),
    status: 200,
    response: z.object({ data: z.array(fiscal.fiscalPeriodWire) }),
    errors: ['not_found', 'conflict', 'confirmation_required'],
  }),
  previewYearClose: route({
    method: 'GET',
    path: '/fiscal-years/:id/close',
    tag: 'Periods',
    summary: 'What closing the year would write; writes nothing',
    scope: 'read',
    params: byId,
    status: 200,
    response: fiscal.yearClosePreviewWire,
    errors: ['not_found', 'account_not_usable'],
  }),
  closeFiscalYear: route({
    method: 'POST',
    path: '/fiscal-years/:id/close',
    tag: 'Periods',
    summary: 'Close the year: income and expense go to retained earnings',
    scope: 'configure',
    params: byId,
    body: z.object({ reason, confirm: z.boolean().optional() }),
    status: 200,
    response: z.object({
      /** unchanged: it was closed and nothing has come since. */
      outcome: z.enum(['closed', 'unchanged']),
      entryId: idWire.nullable(),
      year: fiscal.fiscalYearWire,
    }),
    errors: ['not_found', 'account_not_usable', 'confirmation_required', 'locked_period'],
  }),
  reopenFiscalYear: route({
    method: 'POST',
    path: '/fiscal-years/:id/reopen',
    tag: 'Periods',
    summary: 'Take the year-end close back: its closing entries are reversed',
    scope: 'configure',
    params: byId,
    body: z.object({ reason }),
    status: 200,
    response: z.object({ entryIds: z.array(idWire), year: fiscal.fiscalYearWire }),
    errors: ['not_found', 'conflict', 'locked_period'],
  }),
} as const;
