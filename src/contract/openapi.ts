import { z } from 'zod';
import { type ErrorCode, errorCatalogue } from '../kernel/errors.ts';
import { apiBasePath, idempotencyKeyHeader, sessionCookieName } from './headers.ts';
import { type Route, routes } from './routes.ts';
import { idWire, pageQuery, problemWire } from './wire.ts';

/** JSON as the document holds it. */
export type OpenApiNode = { [key: string]: unknown };

export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly servers: readonly { readonly url: string }[];
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiNode>>>>;
  readonly components: Readonly<Record<ComponentKind, Readonly<Record<string, OpenApiNode>>>> & {
    readonly securitySchemes: OpenApiNode;
  };
}

type ComponentKind = 'schemas' | 'parameters' | 'responses';

/** What operations share, each under its name; it fills while they are written. */
type Components = Record<ComponentKind, Record<string, OpenApiNode>>;

/**
 * The OpenAPI 3.1 document of the route table. Named schemas, the parameters of every list and record, and the answers to errors
 * stand once under components: written out under each operation they were two thirds of the document.
 */
export function buildOpenApiDocument(version: string): OpenApiDocument {
  const components: Components = { schemas: {}, parameters: {}, responses: {} };
  const paths: Record<string, Record<string, OpenApiNode>> = {};
  for (const [operationId, route] of Object.entries<Route>(routes)) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] ??= {};
    paths[path][route.method.toLowerCase()] = operationOf(operationId, route, components);
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
      parameters: byName(components.parameters),
      responses: byName(components.responses),
      schemas: byName(components.schemas),
    },
  };
}

function byName(nodes: Readonly<Record<string, OpenApiNode>>): Record<string, OpenApiNode> {
  return Object.fromEntries(Object.entries(nodes).toSorted(([left], [right]) => (left < right ? -1 : 1)));
}

/** Keeps the node under its name and gives the reference to it. A name always means the same node. */
function share(components: Components, kind: ComponentKind, name: string, node: OpenApiNode): OpenApiNode {
  components[kind][name] ??= node;
  return { $ref: `#/components/${kind}/${name}` };
}

/** What a reference of the document leads to; a node that is none is itself. */
export function resolveReference(document: OpenApiDocument, node: OpenApiNode): OpenApiNode {
  const [, kind, name] = /^#\/components\/(\w+)\/(.+)$/.exec(String(node['$ref'])) ?? [];
  if (kind === undefined || name === undefined) return node;
  return document.components[kind as ComponentKind][name] ?? node;
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

function operationOf(operationId: string, route: Route, components: Components): OpenApiNode {
  const { schemas } = components;
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
    parameters: parametersOf(route, components),
    ...(route.body === undefined
      ? {}
      : {
          requestBody: {
            required: !route.body.safeParse(undefined).success,
            content: { 'application/json': { schema: schemaOf(route.body, 'input', schemas) } },
          },
        }),
    responses: { [route.status]: successOf(route, schemas), ...problemsOf(route, components) },
  };
}

function parametersOf(route: Route, components: Components): OpenApiNode[] {
  const parameters = [
    ...parametersIn('path', route.params, components),
    ...parametersIn('query', route.query, components),
  ];
  if (route.method === 'POST' && route.scope !== null) {
    parameters.push(
      share(components, 'parameters', idempotencyKeyHeader, {
        name: idempotencyKeyHeader,
        in: 'header',
        required: false,
        description: 'The same key and body get the same answer for a day',
        schema: { type: 'string', minLength: 1, maxLength: 200 },
      }),
    );
  }
  return parameters;
}

/** The fields that many routes take from one place in the code, and so in one meaning. */
const sharedFields = new Map<z.ZodType, string>([
  [pageQuery.shape.limit, 'limit'],
  [pageQuery.shape.after, 'after'],
]);

function parametersIn(
  place: 'path' | 'query',
  schema: z.ZodObject | undefined,
  components: Components,
): OpenApiNode[] {
  if (!schema) return [];
  return Object.entries<z.ZodType>(schema.shape as Record<string, z.ZodType>).map(([name, field]) => {
    const parameter = {
      name,
      in: place,
      required: place === 'path' || !field.safeParse(undefined).success,
      schema: schemaOf(field, 'input', components.schemas),
    };
    const isShared = sharedFields.get(field) === name || (place === 'path' && field === idWire);
    return isShared ? share(components, 'parameters', name, parameter) : parameter;
  });
}

function successOf(route: Route, schemas: Record<string, OpenApiNode>): OpenApiNode {
  if (route.status === 204) return { description: 'Done' };
  if (route.file !== undefined) {
    return {
      description: route.summary,
      content: { [route.file]: { schema: { type: 'string', format: 'binary' } } },
    };
  }
  return {
    description: route.summary,
    content: { 'application/json': { schema: schemaOf(route.response, 'output', schemas) } },
  };
}

/** The answers to errors by status. The same codes are the same answer, named by them in the order of the catalogue. */
function problemsOf(route: Route, components: Components): OpenApiNode {
  const codes = new Set(errorCodesOf(route));
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of errorCodes) {
    const { status } = errorCatalogue[code];
    if (codes.has(code)) byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const sorted = [...byStatus].toSorted(([left], [right]) => left - right);
  return Object.fromEntries(
    sorted.map(([status, ofStatus]) => [
      String(status),
      share(components, 'responses', ofStatus.join('.'), {
        description: ofStatus.map((code) => `\`${code}\`: ${errorCatalogue[code].message}`).join('\n\n'),
        content: {
          'application/problem+json': { schema: schemaOf(problemWire, 'output', components.schemas) },
        },
        'x-codes': ofStatus,
      }),
    ]),
  );
}

const errorCodes = Object.keys(errorCatalogue) as readonly ErrorCode[];

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

/**
 * Answers may get more fields, so the document does not forbid them; a UUID's pattern says no more than its format, and the bounds
 * of JavaScript's whole numbers nothing about the value.
 */
function loosen(jsonSchema: OpenApiNode): void {
  if (jsonSchema['minimum'] === Number.MIN_SAFE_INTEGER) delete jsonSchema['minimum'];
  if (jsonSchema['maximum'] === Number.MAX_SAFE_INTEGER) delete jsonSchema['maximum'];
  if (jsonSchema['additionalProperties'] === false) delete jsonSchema['additionalProperties'];
  if (jsonSchema['format'] === 'uuid') delete jsonSchema['pattern'];
}

function pointToComponents(node: OpenApiNode): OpenApiNode {
  const { id: _id, ...moved } = JSON.parse(
    JSON.stringify(node).replaceAll('"#/$defs/', '"#/components/schemas/'),
  ) as OpenApiNode;
  return moved;
}
