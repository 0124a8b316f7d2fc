import { describe, expect, test } from 'vitest';
import { errorCatalogue } from '../kernel/errors.ts';
import { buildOpenApiDocument, errorCodesOf, type OpenApiNode, resolveReference } from './openapi.ts';
import { type Route, routes } from './routes.ts';

const document = buildOpenApiDocument('1.2.3');
const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));

function referencesIn(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) =>
    key === '$ref' ? [String(value)] : referencesIn(value),
  );
}

describe('The OpenAPI document', () => {
  test('has every route of the table once, by its operation id', () => {
    const ids = operations.map((operation) => String(operation['operationId']));
    expect(ids.toSorted()).toEqual(Object.keys(routes).toSorted());
  });

  const shared = (['schemas', 'parameters', 'responses'] as const).flatMap((kind) =>
    Object.keys(document.components[kind]).map((name) => `#/components/${kind}/${name}`),
  );

  test('refers only to what it has', () => {
    expect(referencesIn(document).filter((reference) => !shared.includes(reference))).toEqual([]);
  });

  test('uses everything that it shares', () => {
    const used = new Set(referencesIn(document));
    expect(shared.filter((reference) => !used.has(reference))).toEqual([]);
  });

  test('writes every answer to an error once', () => {
    const inline = operations.flatMap((operation) =>
      Object.entries(operation['responses'] as Record<string, OpenApiNode>)
        .filter(([status, response]) => Number(status) >= 400 && response['$ref'] === undefined)
        .map(([status]) => `${String(operation['operationId'])} ${status}`),
    );
    expect(inline).toEqual([]);
    const written = Object.values(document.components.responses).map((response) => JSON.stringify(response));
    expect(new Set(written).size).toBe(written.length);
    for (const name of Object.keys(document.components.responses)) expect(name).toMatch(/^[a-z0-9_.]+$/);
  });

  test('declares each part of a path as a required parameter', () => {
    for (const [path, methods] of Object.entries(document.paths)) {
      const parts = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      for (const operation of Object.values(methods)) {
        const declared = (operation['parameters'] as OpenApiNode[])
          .map((parameter) => resolveReference(document, parameter))
          .filter((parameter) => parameter['in'] === 'path' && parameter['required'] === true)
          .map((parameter) => parameter['name']);
        expect(declared, path).toEqual(parts);
      }
    }
  });

  test('has the answer that the route declares and a problem for each status of its errors', () => {
    for (const [operationId, route] of Object.entries<Route>(routes)) {
      const operation = operations.find((candidate) => candidate['operationId'] === operationId);
      const statuses = Object.keys(operation?.['responses'] as OpenApiNode);
      const expected = [route.status, ...errorCodesOf(route).map((code) => errorCatalogue[code].status)];
      expect(statuses.toSorted(), operationId).toEqual([...new Set(expected.map(String))].toSorted());
    }
  });

  test('asks for a key or a session wherever the route has a scope', () => {
    const open = operations.filter((operation) => (operation['security'] as unknown[]).length === 0);
    expect(open.map((operation) => String(operation['operationId'])).toSorted()).toEqual([
      'completeOAuth',
      'signIn',
    ]);
  });

  test('holds nothing that JSON cannot', () => {
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
  });
});

describe('The route table', () => {
  test('declares only codes that are in the catalogue, with statuses of errors', () => {
    for (const route of Object.values<Route>(routes)) {
      for (const code of errorCodesOf(route)) expect(errorCatalogue[code].status).toBeGreaterThanOrEqual(400);
    }
  });

  test('has no two routes with one method and address', () => {
    const addresses = Object.values<Route>(routes).map(
      (route) => `${route.method} ${route.path.replace(/:\w+/g, ':')}`,
    );
    expect(new Set(addresses).size).toBe(addresses.length);
  });

  test('answers 204 with nothing and everything else with something', () => {
    for (const [operationId, route] of Object.entries<Route>(routes)) {
      expect(route.response.safeParse(null).success, operationId).toBe(route.status === 204);
    }
  });

  test('declares the parameters that its addresses name', () => {
    for (const [operationId, route] of Object.entries<Route>(routes)) {
      const named = [...route.path.matchAll(/:(\w+)/g)].map(([, name]) => name);
      expect(Object.keys(route.params?.shape ?? {}), operationId).toEqual(named);
    }
  });
});
