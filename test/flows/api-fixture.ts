import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { type ApiOptions, createApi } from '../../src/api/create-api.ts';
import { apiHandlers } from '../../src/api/handlers/api-handlers.ts';
import type { Operations } from '../../src/contract/handler.ts';
import { apiBasePath, pageHeader, sessionCookieName } from '../../src/contract/headers.ts';
import { type OperationId, type Route, routes } from '../../src/contract/routes.ts';
import { TributaryError } from '../../src/kernel/errors.ts';
import { createEntity } from '../../src/ledger/entities.ts';
import type { Scope } from '../../src/organizations/access.ts';
import { makeApiKey } from '../../src/organizations/api-keys.ts';
import { bootstrapOrganization } from '../../src/organizations/bootstrap.ts';
import { addUser } from '../../src/organizations/users.ts';
import type { Database } from '../../src/platform/database/database.ts';
import { createSecretBox } from '../../src/platform/secrets/secret-box.ts';
import { generateSecretKey } from '../../src/platform/secrets/secret-key.ts';
import { createOrganization } from '../support/database.ts';

export const adminEmail = 'admin@example.com';
export const adminPassword = 'correct horse battery';
export const bootstrapKey = 'trib_bootstrap-key-for-the-tests-0123456789';
export const publicUrl = 'http://books.example';

/** A server on a fresh store: organization one by bootstrap, organization two beside it, a clock that can be moved. */
export interface ApiFixture {
  readonly app: FastifyInstance;
  readonly database: Database;
  readonly organizationId: string;
  readonly otherOrganizationId: string;
  /** A key with every scope of the other organization. */
  readonly otherKey: string;
  readonly logLines: readonly string[];
  readonly passTime: (ms: number) => void;
}

export async function openApi(database: Database, more: Partial<ApiOptions> = {}): Promise<ApiFixture> {
  let passedMs = 0;
  const logLines: string[] = [];
  const { organizationId } = await bootstrapOrganization(database, {
    adminEmail,
    adminPassword,
    bootstrapApiKey: bootstrapKey,
    demo: true,
    createEntity,
  });
  const otherOrganizationId = await createOrganization(database, 'Other');
  const { key } = await makeApiKey(
    database,
    { organizationId: otherOrganizationId, actor: 'system:test' },
    { name: 'all', scopes: ['read', 'sync', 'post', 'configure', 'admin'] },
  );
  const app = await createApi({
    database,
    config: { publicUrl, version: '0.0.0-test' },
    logger: pino({ level: 'debug' }, { write: (line: string) => void logLines.push(line) }),
    operations: { ...refusingOperations(), ...apiHandlers(database) },
    secretBox: createSecretBox({ key: generateSecretKey() }),
    clock: () => new Date(Date.now() + passedMs),
    ...more,
  });
  return {
    app,
    database,
    organizationId,
    otherOrganizationId,
    otherKey: key,
    logLines,
    passTime: (ms) => {
      passedMs += ms;
    },
  };
}

/** Stand where connections and syncs are not part of the story: they know no record. */
export function refusingOperations(): Operations {
  const refuse = async (): Promise<never> => {
    throw new TributaryError('not_found');
  };
  // Each of them is a handler: one that never answers.
  return Object.fromEntries(
    Object.keys(routes).map((operation) => [operation, refuse]),
  ) as unknown as Operations;
}

export const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

/** The headers of the page with this session. */
export const pageHeaders = (token: string) => ({
  cookie: `${sessionCookieName}=${token}`,
  origin: publicUrl,
  'sec-fetch-site': 'same-origin',
  [pageHeader]: '1',
});

/** Signs in and gives the session's token; empty when it was refused. */
export async function signInAs(
  app: FastifyInstance,
  email = adminEmail,
  password = adminPassword,
): Promise<string> {
  const answer = await app.inject({
    method: 'POST',
    url: `${apiBasePath}/session`,
    payload: { email, password },
  });
  return answer.cookies.find(({ name }) => name === sessionCookieName)?.value ?? '';
}

export async function addMember(
  fixture: ApiFixture,
  email: string,
  role: 'admin' | 'viewer',
): Promise<{ readonly id: string; readonly password: string }> {
  const password = 'a password of a member';
  const actor = { organizationId: fixture.organizationId, actor: 'system:test' };
  const { id } = await addUser(fixture.database, actor, { email, name: email, role, password });
  return { id, password };
}

export async function keyWith(fixture: ApiFixture, scopes: readonly Scope[]): Promise<string> {
  const actor = { organizationId: fixture.organizationId, actor: 'system:test' };
  const { key } = await makeApiKey(fixture.database, actor, { name: scopes.join(), scopes });
  return key;
}

/** A request to an operation with an id that no record has and no body: enough to be refused before it matters. */
export function requestTo(operation: OperationId): { method: Route['method']; url: string } {
  const route: Route = routes[operation];
  const path = route.path.replace(/:(\w+)/g, (_, name: string) =>
    /^(id|connectionId)$/.test(name) ? '01890000-0000-7000-8000-00000000dead' : 'none',
  );
  return { method: route.method, url: `${apiBasePath}${path}` };
}
