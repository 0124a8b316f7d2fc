import { z } from 'zod';
import type { Credentials } from '../connectors/connector.ts';
import type { Instant } from '../kernel/dates.ts';
import { TributaryError } from '../kernel/errors.ts';
import type { SecretBox } from '../platform/secrets/secret-box.ts';

export type OAuthCredentials = Extract<Credentials, { kind: 'oauth' }>;

const credentialsSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('token'), token: z.string() }),
  z.object({
    kind: z.literal('oauth'),
    accessToken: z.string(),
    refreshToken: z.string(),
    expiresAt: z.string().transform((text) => text as Instant),
  }),
]);

/** Seals credentials for one connection: the sealed text opens for no other. */
export function sealCredentials(box: SecretBox, connectionId: string, credentials: Credentials): string {
  return box.seal(JSON.stringify(credentials), connectionId);
}

/** Errors: secret_key_wrong. */
export function openCredentials(box: SecretBox, connectionId: string, sealed: string): Credentials {
  const parsed = credentialsSchema.safeParse(parseJson(box.open(sealed, connectionId)));
  // The text is not repeated anywhere: it may hold a token.
  if (!parsed.success) throw new TributaryError('secret_key_wrong');
  return parsed.data;
}

/** When the credentials end; null for a token, which lasts until somebody revokes it. */
export function expiryOf(credentials: Credentials): Instant | null {
  return credentials.kind === 'oauth' ? credentials.expiresAt : null;
}

/** What is sent to the vendor with each call. */
export function accessTokenOf(credentials: Credentials): string {
  return credentials.kind === 'oauth' ? credentials.accessToken : credentials.token;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
