import type { Caller, Handlers } from '../../contract/handler.ts';
import { TributaryError } from '../../kernel/errors.ts';
import { scopesOfRole } from '../../organizations/access.ts';
import type { ApiKey } from '../../organizations/api-key-store.ts';
import { listApiKeys } from '../../organizations/api-key-store.ts';
import { endApiKey, makeApiKey } from '../../organizations/api-keys.ts';
import { getOrganization } from '../../organizations/organization-store.ts';
import type { User } from '../../organizations/user-store.ts';
import { getUser, listUsers } from '../../organizations/user-store.ts';
import { addUser, updateUser } from '../../organizations/users.ts';
import type { Database } from '../../platform/database/database.ts';

export type PeopleOperationId =
  | 'getSession'
  | 'listUsers'
  | 'createUser'
  | 'updateUser'
  | 'listApiKeys'
  | 'createApiKey'
  | 'revokeApiKey';

export function userToWire(user: User) {
  return {
    id: user.id,
    email: user.email,
    name: user.name,
    role: user.role,
    active: user.active,
    lastSignedInAt: user.lastSignedInAt,
  };
}

function apiKeyToWire(key: ApiKey) {
  return {
    id: key.id,
    name: key.name,
    prefix: key.prefix,
    scopes: key.scopes,
    createdBy: key.createdBy,
    createdAt: key.createdAt,
    lastUsedAt: key.lastUsedAt,
    revokedAt: key.revokedAt,
  };
}

/** Members, API keys, and who is signed in. */
export function peopleHandlers(database: Database): Handlers<PeopleOperationId> {
  return {
    getSession: (caller) => describeSession(database, caller),
    listUsers: async ({ organizationId }, { query }) => {
      const page = await database.withOrganization(organizationId, (tx) =>
        listUsers(tx, organizationId, query),
      );
      return { data: page.data.map(userToWire), next: page.next, total: page.total };
    },
    createUser: async (caller, { body }) => userToWire(await addUser(database, caller, body)),
    updateUser: async (caller, { params, body }) =>
      userToWire(await updateUser(database, caller, params.id, body)),
    listApiKeys: async ({ organizationId }, { query }) => {
      const page = await database.withOrganization(organizationId, (tx) =>
        listApiKeys(tx, organizationId, query),
      );
      return { data: page.data.map(apiKeyToWire), next: page.next, total: page.total };
    },
    createApiKey: async (caller, { body }) => {
      const made = await makeApiKey(database, caller, body);
      return { ...apiKeyToWire(made), key: made.key };
    },
    revokeApiKey: async (caller, { params }) => {
      await endApiKey(database, caller, params.id);
      return null;
    },
  };
}

async function describeSession(database: Database, caller: Caller) {
  const { organizationId, userId } = caller;
  return database.withOrganization(organizationId, async (tx) => {
    const organization = await getOrganization(tx, organizationId);
    if (!organization) throw new TributaryError('unauthenticated');
    const user = userId === null ? null : await getUser(tx, organizationId, userId);
    return {
      user: user ? userToWire(user) : null,
      organization,
      scopes: user ? scopesOfRole(user.role) : caller.scopes,
    };
  });
}
