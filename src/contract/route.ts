import type { z } from 'zod';
import type { ErrorCode } from '../kernel/errors.ts';
import type { Scope } from './organization-wire.ts';

/** One address of the API. `scope` null: no sign-in needed. `errors` are the codes that it may answer besides the general ones. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly scope: Scope | null;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  readonly status: number;
  readonly response: z.ZodType;
  readonly errors: readonly ErrorCode[];
  /** Where a body may be larger than the server's limit: a file is in it. */
  readonly bodyBytesMax?: number;
  /** The media type of an answer that is a file and not JSON; `response` is `fileWire` then. */
  readonly file?: 'application/pdf';
}

/** Keeps the literal types of a route, from which handlers and the client infer theirs. */
export function route<const R extends Route>(definition: R): R {
  return definition;
}
