import { z } from 'zod';
import { route } from './route.ts';
import { idWire, instantWire } from './wire.ts';

/** More people than one invoice concerns; a longer list is a mailing list. */
export const emailRecipientsMax = 20;

const recipientWire = z
  .string()
  .trim()
  .max(254)
  .regex(/^[^\s@<>,;:"()]+@[^\s@<>,;:"()]+$/, 'an e-mail address such as books@acme.example');

export const documentEmailWire = z
  .object({
    id: idWire,
    to: z.array(z.string()),
    subject: z.string(),
    status: z.enum(['sending', 'sent', 'failed']),
    /** Why it failed; null otherwise. */
    error: z.string().nullable(),
    sentBy: z.string(),
    createdAt: instantWire,
    finishedAt: instantWire.nullable(),
  })
  .meta({ id: 'DocumentEmail' });

const byId = z.object({ id: idWire });

/** Documents by e-mail. */
export const emailRoutes = {
  listDocumentEmails: route({
    method: 'GET',
    path: '/documents/:id/emails',
    tag: 'Books',
    summary: 'E-mails that a document went out with, newest first, and what a next one would say',
    scope: 'read',
    params: byId,
    status: 200,
    response: z.object({
      /** False: no mail server is set. */
      configured: z.boolean(),
      from: z.string().nullable(),
      proposal: z.object({ to: z.array(z.string()), subject: z.string(), message: z.string() }),
      data: z.array(documentEmailWire),
    }),
    errors: ['not_found', 'invalid_request'],
  }),
  sendDocument: route({
    method: 'POST',
    path: '/documents/:id/emails',
    tag: 'Books',
    summary: 'E-mail a posted document as a PDF file',
    scope: 'post',
    params: byId,
    body: z.object({
      to: z.array(recipientWire).min(1).max(emailRecipientsMax),
      subject: z.string().trim().min(1).max(200).optional(),
      message: z.string().max(5000).optional(),
    }),
    status: 201,
    response: documentEmailWire,
    errors: ['not_found', 'document_not_posted', 'mail_not_configured', 'mail_rejected', 'mail_unavailable'],
  }),
} as const;
