import { z } from 'zod';
import { type ErrorCode, errorCatalogue } from '../kernel/errors.ts';
import { apiBasePath, idempotencyKeyHeader, sessionCookieName } from './headers.ts';
import { type Route, routes } from './routes.ts';
import { problemWire } from './wire.ts';

/** JSON as the document holds it. */
export type OpenApiNode = { [key: string]: unknown };

export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly servers: readonly { readonly url: string }[];
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiNode>>>>;
  readonly components: {
    readonly securitySchemes: OpenApiNode;
    readonly schemas: Readonly<Record<string, OpenApiNode>>;
  };
}

/** The OpenAPI 3.1 document of the route table: named schemas once under components, errors by status under each operation. */
export function buildOpenApiDocument(version: string): OpenApiDocument {
  const schemas: Record<string, OpenApiNode> = {};
  const problem = schemaOf(problemWire, 'output', schemas);
  const paths: Record<string, Record<string, OpenApiNode>> = {};
  for (const [operationId, route] of Object.entries<Route>(routes)) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] ??= {};
    paths[path][route.method.toLowerCase()] = operationOf(operationId, route, problem, schemas);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Tributary',
      version,
      description:
        'Money, quantities and rates are decimal strings, days YYYY-MM-DD, instants RFC 3339 in UTC. Lists come in pages: pass `next` as `after`. Errors are application/problem+json with a stable `code`.',
    },
    servers: [{ url: apiBasePath }],
    tags: [...new Set(Object.values<Route>(routes).map((route) => route.tag))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer', description: 'An API key, made under Settings › API keys' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: sessionCookieName,
          description: 'The cookie that signing in sets',
        },
      },
      schemas: Object.fromEntries(
        Object.entries(schemas).toSorted(([left], [right]) => (left < right ? -1 : 1)),
      ),
    },
  };
}

/** Every code that the route may answer: its own and those that its shape brings along. */
export function errorCodesOf(route: Route): readonly ErrorCode[] {
  const codes = new Set<ErrorCode>(route.errors);
  const add = (...more: readonly ErrorCode[]): void => {
    for (const code of more) codes.add(code);
  };
  if (route.params || route.query || route.body) add('invalid_request');
  if (route.body) add('invalid_json', 'payload_too_large');
  if (route.scope !== null) add('unauthenticated', 'forbidden');
  if (route.method !== 'GET') add('csrf_rejected');
  if (route.method === 'POST' && route.scope !== null) add('idempotency_mismatch', 'idempotency_in_progress');
  add('too_many_requests', 'internal', 'unavailable', 'store_unavailable');
  return [...codes];
}

function operationOf(
  operationId: string,
  route: Route,
  problem: OpenApiNode,
  schemas: Record<string, OpenApiNode>,
): OpenApiNode {
  return {
    operationId,
    summary: route.summary,
    tags: [route.tag],
    ...(route.scope === null
      ? { security: [] }
      : {
          description: `Needs the scope \`${route.scope}\`.`,
          security: [{ apiKey: [] }, { session: [] }],
          'x-scope': route.scope,
        }),
    parameters: parametersOf(route, schemas),
    ...(route.body === undefined
      ? {}
      : {
          requestBody: {
            required: !route.body.safeParse(undefined).success,
            content: { 'application/json': { schema: schemaOf(route.body, 'input', schemas) } },
          },
        }),
    responses: { [route.status]: successOf(route, schemas), ...problemsOf(route, problem) },
  };
}

function parametersOf(route: Route, schemas: Record<string, OpenApiNode>): OpenApiNode[] {
  const parameters = [
    ...parametersIn('path', route.params, schemas),
    ...parametersIn('query', route.query, schemas),
  ];
  if (route.method === 'POST' && route.scope !== null) {
    parameters.push({
      name: idempotencyKeyHeader,
      in: 'header',
      required: false,
      description: 'The same key and body get the same answer for a day',
      schema: { type: 'string', minLength: 1, maxLength: 200 },
    });
  }
  return parameters;
}

function parametersIn(
  place: 'path' | 'query',
  schema: z.ZodObject | undefined,
  schemas: Record<string, OpenApiNode>,
): OpenApiNode[] {
  if (!schema) return [];
  return Object.entries<z.ZodType>(schema.shape as Record<string, z.ZodType>).map(([name, field]) => ({
    name,
    in: place,
    required: place === 'path' || !field.safeParse(undefined).success,
    schema: schemaOf(field, 'input', schemas),
  }));
}

function successOf(route: Route, schemas: Record<string, OpenApiNode>): OpenApiNode {
  if (route.status === 204) return { description: 'Done' };
  return {
    description: route.summary,
    content: { 'application/json': { schema: schemaOf(route.response, 'output', schemas) } },
  };
}

function problemsOf(route: Route, problem: OpenApiNode): OpenApiNode {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of errorCodesOf(route)) {
    const { status } = errorCatalogue[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const sorted = [...byStatus].toSorted(([left], [right]) => left - right);
  return Object.fromEntries(
    sorted.map(([status, codes]) => [
      String(status),
      {
        description: codes.map((code) => `\`${code}\`: ${errorCatalogue[code].message}`).join('\n\n'),
        content: { 'application/problem+json': { schema: problem } },
        'x-codes': codes,
      },
    ]),
  );
}

/** The schema as JSON Schema; schemas with an id are put into `schemas` and referred to. */
function schemaOf(
  schema: z.ZodType,
  io: 'input' | 'output',
  schemas: Record<string, OpenApiNode>,
): OpenApiNode {
  const {
    $schema: _dialect,
    $defs: named,
    ...root
  } = z.toJSONSchema(schema, { io, override: ({ jsonSchema }) => loosen(jsonSchema) }) as OpenApiNode;
  for (const [id, definition] of Object.entries((named ?? {}) as Record<string, OpenApiNode>)) {
    schemas[id] ??= pointToComponents(definition);
  }
  return pointToComponents(root);
}

/** Answers may get more fields, so the document does not forbid them; a UUID's pattern says no more than its format. */
function loosen(jsonSchema: OpenApiNode): void {
  if (jsonSchema['additionalProperties'] === false) delete jsonSchema['additionalProperties'];
  if (jsonSchema['format'] === 'uuid') delete jsonSchema['pattern'];
}

function pointToComponents(node: OpenApiNode): OpenApiNode {
  const { id: _id, ...moved } = JSON.parse(
    JSON.stringify(node).replaceAll('"#/$defs/', '"#/components/schemas/'),
  ) as OpenApiNode;
  return moved;
}
