import type { z } from 'zod';
import { apiBasePath, idempotencyKeyHeader, pageHeader } from './headers.ts';
import { type OperationId, type Route, type Routes, routes } from './routes.ts';
import { type ProblemWire, problemWire } from './wire.ts';

type Part = 'params' | 'query' | 'body';

type SchemaOf<Op extends OperationId, Key extends Part> = Routes[Op] extends {
  readonly [P in Key]: infer Schema extends z.ZodType;
}
  ? Schema
  : never;

/** Keys are optional where the schema has a default; values have the parsed type (a number, not "anything that coerces to one"). */
type Typed<Schema extends z.ZodType> = {
  [Key in keyof z.input<Schema>]: Key extends keyof z.output<Schema>
    ? z.output<Schema>[Key] | (undefined extends z.input<Schema>[Key] ? undefined : never)
    : never;
};

type ParamsPart<Op extends OperationId> = [SchemaOf<Op, 'params'>] extends [never]
  ? { readonly params?: undefined }
  : { readonly params: Typed<SchemaOf<Op, 'params'>> };

type QueryPart<Op extends OperationId> = [SchemaOf<Op, 'query'>] extends [never]
  ? { readonly query?: undefined }
  : Record<never, never> extends Typed<SchemaOf<Op, 'query'>>
    ? { readonly query?: Typed<SchemaOf<Op, 'query'>> | undefined }
    : { readonly query: Typed<SchemaOf<Op, 'query'>> };

type BodyPart<Op extends OperationId> = [SchemaOf<Op, 'body'>] extends [never]
  ? { readonly body?: undefined }
  : undefined extends z.input<SchemaOf<Op, 'body'>>
    ? { readonly body?: z.input<SchemaOf<Op, 'body'>> }
    : { readonly body: z.input<SchemaOf<Op, 'body'>> };

/** What an operation takes: `params`, `query` and `body` of its route. */
export type RequestOf<Op extends OperationId> = ParamsPart<Op> &
  QueryPart<Op> &
  BodyPart<Op> & {
    /** For a POST: the same key and body get the same answer. */
    readonly idempotencyKey?: string;
    readonly signal?: AbortSignal;
  };

/** What an operation answers. */
export type ResponseOf<Op extends OperationId> = z.output<Routes[Op]['response']>;

type RequestArguments<Op extends OperationId> =
  Record<never, never> extends RequestOf<Op> ? [request?: RequestOf<Op>] : [request: RequestOf<Op>];

export interface ApiClient {
  /** Calls one operation. Throws an `ApiError` with the problem that the server answered, or `unavailable` with status 0. */
  readonly call: <Op extends OperationId>(
    operation: Op,
    ...request: RequestArguments<Op>
  ) => Promise<ResponseOf<Op>>;
}

export interface ClientOptions {
  /** The server's address without a path; empty in the page, which is served from there. */
  readonly baseUrl: string;
  /** Sent with every call, such as `authorization`. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly fetch?: typeof fetch;
}

/** A call that was refused or got no answer. `problem.code` is stable; `problem.mend` says what to do. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly problem: ProblemWire;

  constructor(problem: ProblemWire, cause?: unknown) {
    super(problem.detail ? `${problem.title} ${problem.detail}` : problem.title, { cause });
    this.problem = problem;
  }

  get code(): string {
    return this.problem.code;
  }

  /** 0 when there was no answer. */
  get status(): number {
    return this.problem.status;
  }
}

/** A client whose calls are typed by the route table. The caller decides about repeating; the client never does. */
export function createClient(options: ClientOptions): ApiClient {
  const send = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
  return {
    call: async (operation, ...[request]) => {
      const route: Route = routes[operation];
      const response = await answerOf(send, addressOf(options.baseUrl, route, request ?? {}), {
        method: route.method,
        headers: headersOf(options, request ?? {}),
        credentials: 'same-origin',
        ...(request?.body === undefined ? {} : { body: JSON.stringify(request.body) }),
        ...(request?.signal === undefined ? {} : { signal: request.signal }),
      });
      // The server writes every answer through the response schema, so the shape is the declared one.
      return (await bodyOf(response)) as ResponseOf<typeof operation>;
    },
  };
}

interface LooseRequest {
  readonly params?: object | undefined;
  readonly query?: object | undefined;
  readonly body?: unknown;
  readonly idempotencyKey?: string;
}

function addressOf(baseUrl: string, route: Route, request: LooseRequest): string {
  const params = new Map(Object.entries(request.params ?? {}));
  const path = route.path.replace(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(String(params.get(name))),
  );
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(request.query ?? {})) {
    if (value !== undefined && value !== null) query.set(name, String(value));
  }
  const search = query.size > 0 ? `?${query.toString()}` : '';
  return `${baseUrl.replace(/\/+$/, '')}${apiBasePath}${path}${search}`;
}

function headersOf(options: ClientOptions, request: LooseRequest): Record<string, string> {
  return {
    accept: 'application/json',
    [pageHeader]: '1',
    ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(request.idempotencyKey === undefined ? {} : { [idempotencyKeyHeader]: request.idempotencyKey }),
    ...options.headers,
  };
}

async function answerOf(send: typeof fetch, address: string, init: RequestInit): Promise<Response> {
  try {
    return await send(address, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new ApiError(
      {
        type: 'about:blank',
        title: 'Tributary cannot be reached.',
        status: 0,
        code: 'unavailable',
        detail: null,
        mend: 'Check the address and that the server is running.',
        fields: [],
        requestId: '',
      },
      error,
    );
  }
}

async function bodyOf(response: Response): Promise<unknown> {
  if (response.status === 204) return null;
  const text = await response.text();
  const body = parseJson(text);
  if (response.ok && body !== undefined) return body;
  const problem = problemWire.safeParse(body);
  if (problem.success) throw new ApiError(problem.data);
  throw new ApiError({
    type: 'about:blank',
    title: `The server answered with status ${response.status} and nothing that Tributary says.`,
    status: response.status,
    code: 'unavailable',
    detail: null,
    mend: 'Check the address, and a proxy that may stand between.',
    fields: [],
    requestId: response.headers.get('x-request-id') ?? '',
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
