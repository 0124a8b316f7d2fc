import { z } from 'zod';
import type { ProblemWire } from '../contract/wire.ts';
import { errorCatalogue, type FieldError, isTributaryError, TributaryError } from '../kernel/errors.ts';

export const problemContentType = 'application/problem+json; charset=utf-8';

/** The answer to an error: an entry of the catalogue, what is special about this case, and the request's id. */
export function toProblem(error: TributaryError, requestId: string): ProblemWire {
  return {
    type: `/api/docs#${error.code}`,
    title: error.entry.message,
    status: error.entry.status,
    code: error.code,
    detail: error.detail,
    mend: error.entry.mend,
    fields: error.fields.map(({ field, message }) => ({ field, message })),
    requestId,
  };
}

/** What Fastify throws itself, by its code. */
const codesOfFramework: Readonly<Record<string, keyof typeof errorCatalogue>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'payload_too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'invalid_json',
  FST_ERR_CTP_INVALID_JSON_BODY: 'invalid_json',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'invalid_json',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'invalid_request',
  FST_ERR_BAD_URL: 'invalid_request',
  FST_ERR_MAX_PARAM_LENGTH: 'invalid_request',
  FST_ERR_ASYNC_CONSTRAINT: 'invalid_request',
};

/** Any thrown value as an entry of the catalogue. What nobody foresaw is `internal`, and its text stays in the log. */
export function toTributaryError(error: unknown): TributaryError {
  if (isTributaryError(error)) return error;
  if (!(error instanceof Error)) return new TributaryError('internal', null, { cause: error });
  const frameworkCode = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const known = codesOfFramework[frameworkCode];
  if (known) return new TributaryError(known, null, { cause: error });
  // A broken JSON body reaches us as the SyntaxError of the parser, with the status that Fastify gave it.
  if ('statusCode' in error && error.statusCode === 400) {
    return new TributaryError(error instanceof SyntaxError ? 'invalid_json' : 'invalid_request', null, {
      cause: error,
    });
  }
  return new TributaryError('internal', null, { cause: error });
}

/** What zod found wrong, one sentence a field; the path is dotted: `lines.0.debit`. */
export function fieldErrorsOf(error: z.ZodError): FieldError[] {
  return error.issues.map((issue) => ({ field: issue.path.join('.'), message: issue.message }));
}
