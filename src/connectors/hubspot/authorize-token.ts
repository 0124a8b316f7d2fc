import { isTributaryError, TributaryError } from '../../kernel/errors.ts';
import { z } from 'zod';
import type { Authorization, ConnectorEndpoint } from '../connector.ts';
import { readAccount } from './account.ts';
import { type CallLimits, callHubspot, type HubspotClient } from './client.ts';
import { apiVersion } from './endpoint.ts';
import { requiredScopes } from './manifest.ts';
import { clientOfToken } from './token-client.ts';

/** The smallest read that each scope allows. A service key cannot be asked for its scopes: only the reads tell. */
const probes: readonly { readonly scope: string; readonly path: string }[] = [
  ...['deals', 'line_items', 'products', 'companies', 'contacts'].map((type) => ({
    scope: `crm.objects.${type}.read`,
    path: `/crm/objects/${apiVersion}/${type}`,
  })),
  { scope: 'crm.objects.owners.read', path: `/crm/owners/${apiVersion}` },
];

/**
 * Checks a service key or private app token: reads the account, then one record of each type.
 * Errors: vendor_auth when the token is refused, or naming every scope that it lacks; vendor_unavailable.
 */
export async function authorizeToken(
  limits: CallLimits,
  endpoint: ConnectorEndpoint,
  token: string,
  signal: AbortSignal,
): Promise<Authorization> {
  const trimmed = token.trim();
  // A header cannot carry other characters; a token with a line break is a copy of too much.
  if (!/^[\x21-\x7e]+$/.test(trimmed))
    throw new TributaryError('vendor_auth', 'The token is empty or has characters that no token has.');
  const client = clientOfToken(limits, endpoint, trimmed, signal);
  const account = await readAccount(client);
  const lacking = await Promise.all(probes.map((probe) => lackingScope(client, probe)));
  const missing = lacking.filter((scope) => scope !== null);
  if (missing.length > 0)
    throw new TributaryError(
      'vendor_auth',
      `HubSpot says that the token lacks scopes: ${missing.join(', ')}.`,
    );
  return {
    credentials: { kind: 'token', token: trimmed },
    account,
    scopes: requiredScopes.filter((scope) => scope !== 'oauth'),
  };
}

async function lackingScope(client: HubspotClient, probe: (typeof probes)[number]): Promise<string | null> {
  try {
    await callHubspot(
      client,
      {
        name: `GET ${probe.path}`,
        bucket: 'general',
        method: 'GET',
        path: probe.path,
        query: { limit: '1' },
      },
      z.object({}),
    );
    return null;
  } catch (error) {
    if (isTributaryError(error, 'vendor_auth')) return probe.scope;
    throw error;
  }
}
