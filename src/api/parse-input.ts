import type { FastifyRequest } from 'fastify';
import type { Route } from '../contract/routes.ts';
import { type FieldError, TributaryError } from '../kernel/errors.ts';
import { fieldErrorsOf } from './problem.ts';

/** The parts of a request as the route's schemas parsed them; undefined where the route declares none. */
export interface ParsedInput {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
}

/**
 * Checks params, query and body by the route and names every wrong field of all of them. A route without a body does not care
 * for one that is sent. Errors: invalid_request; not_found for an id in the path that is none, since no record has it.
 */
export function parseInput(route: Route, request: FastifyRequest): ParsedInput {
  const params = route.params?.safeParse(request.params);
  if (params && !params.success) {
    const fields = fieldErrorsOf(params.error);
    if (fields.every(({ field }) => /^(id|connectionId)$/.test(field))) throw new TributaryError('not_found');
    throw new TributaryError('invalid_request', null, { fields });
  }
  const query = route.query?.safeParse(request.query);
  const body = route.body?.safeParse(request.body ?? undefined);
  const fields: FieldError[] = [
    ...(query && !query.success ? fieldErrorsOf(query.error) : []),
    ...(body && !body.success ? fieldErrorsOf(body.error) : []),
  ];
  if (fields.length > 0) throw new TributaryError('invalid_request', null, { fields });
  refuseNul([params?.data, query?.data, body?.data]);
  return { params: params?.data, query: query?.data, body: body?.data };
}

/** PostgreSQL's text holds every character but NUL: refused here, it is a clear answer instead of an error of the database. */
function refuseNul(value: unknown): void {
  if (JSON.stringify(value).includes('\\u0000')) {
    throw new TributaryError('invalid_request', 'The request has a NUL character in a text.');
  }
}
