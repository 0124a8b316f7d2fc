import { createHash, randomUUID } from 'node:crypto';
import { type Answer, errorAnswer, Refusal } from './answer.ts';
import { OBJECT_TYPE_NAMES } from './object-types.ts';
import type { Random } from './random.ts';

/** A bearer token of one portal: a service key (or private app token), or an OAuth access token. */
export interface AccessToken {
  readonly token: string;
  readonly kind: 'private' | 'oauth';
  readonly portalId: number;
  readonly appId: number;
  scopes: ReadonlySet<string>;
  /** Milliseconds since the epoch; null never expires. */
  expiresAt: number | null;
  revoked: boolean;
}

export interface RefreshToken {
  readonly token: string;
  readonly portalId: number;
  readonly userId: number;
  scopes: ReadonlySet<string>;
  revoked: boolean;
}

export interface AuthorizationCode {
  readonly code: string;
  readonly portalId: number;
  readonly userId: number;
  readonly scopes: ReadonlySet<string>;
  readonly redirectUri: string;
  readonly challenge: string | null;
  readonly challengeMethod: string;
  readonly expiresAt: number;
  used: boolean;
}

/** The sandbox's one OAuth app; it is installed into a portal on the consent page. */
export interface OAuthApp {
  readonly appId: number;
  readonly clientId: string;
  readonly clientSecret: string;
}

export const PRIVATE_APP_ID = 2_800_117;
export const OAUTH_APP_ID = 2_800_118;

/** Every scope that the sandbox knows; a service key has them all until a scenario takes some away. */
export const ALL_SCOPES: readonly string[] = [
  'oauth',
  ...OBJECT_TYPE_NAMES.flatMap((type) => [`crm.objects.${type}.read`, `crm.objects.${type}.write`]),
  ...OBJECT_TYPE_NAMES.flatMap((type) => [`crm.schemas.${type}.read`, `crm.schemas.${type}.write`]),
  'crm.objects.owners.read',
  'e-commerce',
  'settings.currencies.read',
  'tax_rates.read',
];

/** All tokens of a sandbox, for the lifetime of the process. */
export class TokenStore {
  readonly access = new Map<string, AccessToken>();
  readonly refresh = new Map<string, RefreshToken>();
  readonly codes = new Map<string, AuthorizationCode>();
  readonly app: OAuthApp;

  constructor(random: Random) {
    this.app = {
      appId: OAUTH_APP_ID,
      clientId: uuidFrom(random),
      clientSecret: uuidFrom(random),
    };
  }

  addPrivateToken(portalId: number, region: string, random: Random): AccessToken {
    const token: AccessToken = {
      token: `pat-${region}-${uuidFrom(random)}`,
      kind: 'private',
      portalId,
      appId: PRIVATE_APP_ID,
      scopes: new Set(ALL_SCOPES),
      expiresAt: null,
      revoked: false,
    };
    this.access.set(token.token, token);
    return token;
  }

  issueAccess(portalId: number, scopes: ReadonlySet<string>, expiresAt: number): AccessToken {
    const token: AccessToken = {
      token: `C${createHash('sha256').update(randomUUID()).digest('base64url')}${randomUUID()}`,
      kind: 'oauth',
      portalId,
      appId: this.app.appId,
      scopes,
      expiresAt,
      revoked: false,
    };
    this.access.set(token.token, token);
    return token;
  }

  issueRefresh(portalId: number, userId: number, scopes: ReadonlySet<string>): RefreshToken {
    const token: RefreshToken = { token: `na1-${randomUUID()}`, portalId, userId, scopes, revoked: false };
    this.refresh.set(token.token, token);
    return token;
  }

  /** Revokes all tokens of a portal, of one kind or of both; answers how many. */
  revoke(portalId: number, kind: 'private' | 'oauth' | 'all'): number {
    const tokens = [...this.access.values()].filter(
      (token) => token.portalId === portalId && (kind === 'all' || token.kind === kind),
    );
    const refreshes = [...this.refresh.values()].filter(
      (token) => token.portalId === portalId && kind !== 'private',
    );
    for (const token of [...tokens, ...refreshes]) token.revoked = true;
    return tokens.length + refreshes.length;
  }
}

function uuidFrom(random: Random): string {
  return [8, 4, 4, 4, 12].map((length) => random.hex(length)).join('-');
}

/** Finds the caller's token; refuses with HubSpot's 401 bodies. */
export function authenticate(store: TokenStore, header: string | undefined, now: number): AccessToken {
  const match = /^Bearer\s+(.+)$/i.exec(header ?? '');
  const token = match?.[1] === undefined ? undefined : store.access.get(match[1].trim());
  if (token === undefined || token.revoked) {
    throw new Refusal(
      errorAnswer(
        401,
        'INVALID_AUTHENTICATION',
        'Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more details at https://developers.hubspot.com/docs/methods/auth/oauth-overview',
      ),
      'unauthenticated',
    );
  }
  if (token.expiresAt !== null && token.expiresAt <= now) {
    const seconds = Math.max(1, Math.round((now - token.expiresAt) / 1000));
    throw new Refusal(
      errorAnswer(
        401,
        'EXPIRED_AUTHENTICATION',
        `The OAuth token used to make this call expired ${seconds} second(s) ago.`,
        { context: { 'expire time': [new Date(token.expiresAt).toISOString()] } },
      ),
      'expired_token',
    );
  }
  return token;
}

/** Refuses unless the token has one scope of each group. */
export function requireScopes(token: AccessToken, groups: readonly (readonly string[])[]): void {
  for (const group of groups) {
    if (!group.some((scope) => token.scopes.has(scope))) {
      throw new Refusal(missingScopes(group), 'missing_scope');
    }
  }
}

function missingScopes(scopes: readonly string[]): Answer {
  const url = 'https://developers.hubspot.com/scopes';
  return errorAnswer(
    403,
    'MISSING_SCOPES',
    `This app hasn't been granted all required scopes to make this call. Read more about required scopes here: ${url}.`,
    {
      errors: [
        {
          message: 'One or more of the following scopes are required.',
          context: { requiredGranularScopes: [...scopes] },
        },
      ],
      links: { scopes: url },
    },
  );
}

/** The scopes that read or write an object type; line items and products also by `e-commerce`. */
export function objectScopes(type: string, action: 'read' | 'write'): string[] {
  const scope = `crm.objects.${type}.${action}`;
  return type === 'line_items' || type === 'products' ? [scope, 'e-commerce'] : [scope];
}
