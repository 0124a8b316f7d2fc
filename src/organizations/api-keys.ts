import type { Clock } from '../kernel/dates.ts';
import { TributaryError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { appendAuditEntries } from '../platform/audit/audit-store.ts';
import type { Database, Transaction } from '../platform/database/database.ts';
import { hashToken, newToken } from '../platform/secrets/token-hash.ts';
import type { Actor, Scope } from './access.ts';
import { type ApiKey, findApiKey, insertApiKey, revokeApiKey, touchApiKey } from './api-key-store.ts';
import type { SignedIn } from './sessions.ts';

/** `last_used_at` is written this often at most: a write for every request would make every reader a writer. */
const touchMsMin = 60_000;
/** Enough to tell keys from each other, far too little to guess one. */
const prefixLength = 10;

/** A new key: 256 random bits, too many to guess, so that a plain hash of it is enough. */
export function newApiKey(): string {
  return `trib_${newToken()}`;
}

/** Stores a key under its hash. The key itself is shown once, by whoever made it. */
export async function storeApiKey(
  tx: Transaction,
  actor: Actor,
  draft: { readonly name: string; readonly scopes: readonly Scope[]; readonly key: string },
): Promise<ApiKey> {
  const stored = await insertApiKey(tx, {
    id: newId(),
    organizationId: actor.organizationId,
    name: draft.name,
    keyHash: hashToken(draft.key),
    prefix: draft.key.slice(0, Math.min(prefixLength, Math.floor(draft.key.length / 3))),
    scopes: [...new Set(draft.scopes)],
    createdBy: actor.actor,
  });
  if (!stored) throw new TributaryError('conflict', 'This key exists already.');
  await appendAuditEntries(tx, actor, [
    {
      action: 'api_key.made',
      subjectType: 'api_key',
      subjectId: stored.id,
      after: { name: stored.name, prefix: stored.prefix, scopes: stored.scopes },
    },
  ]);
  return stored;
}

/** Makes a key; `key` is shown this once. */
export async function makeApiKey(
  database: Database,
  actor: Actor,
  draft: { readonly name: string; readonly scopes: readonly Scope[] },
): Promise<ApiKey & { readonly key: string }> {
  const key = newApiKey();
  const stored = await database.withOrganization(actor.organizationId, (tx) =>
    storeApiKey(tx, actor, { ...draft, key }),
  );
  return { ...stored, key };
}

/** Revokes a key from the next request on. Errors: not_found. */
export async function endApiKey(database: Database, actor: Actor, id: string): Promise<void> {
  await database.withOrganization(actor.organizationId, async (tx) => {
    const key = await revokeApiKey(tx, actor.organizationId, id);
    if (!key) throw new TributaryError('not_found');
    await appendAuditEntries(tx, actor, [
      { action: 'api_key.revoked', subjectType: 'api_key', subjectId: id, after: { name: key.name } },
    ]);
  });
}

/** Whom the key speaks for, or null when it is unknown or revoked. */
export async function findKeyHolder(database: Database, clock: Clock, key: string): Promise<SignedIn | null> {
  const keyHash = hashToken(key);
  const now = clock();
  return database.withSystem(async (tx) => {
    const found = await findApiKey(tx, keyHash);
    if (!found) return null;
    const usedMsAgo = found.lastUsedAt ? now.getTime() - new Date(found.lastUsedAt).getTime() : Infinity;
    if (usedMsAgo >= touchMsMin) await touchApiKey(tx, found.id, now);
    return {
      organizationId: found.organizationId,
      actor: `key:${found.name}`,
      scopes: found.scopes,
      userId: null,
    };
  });
}
