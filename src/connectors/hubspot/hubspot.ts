import type { ChangesPage, ChangesRequest, Connector, Session } from '../connector.ts';
import { readAccount, readPipelines, readProperties } from './account.ts';
import { authorizeToken } from './authorize-token.ts';
import { type CallLimits, type HubspotClient, standardLimits } from './client.ts';
import { readCursor } from './cursor.ts';
import { dealIdFrom } from './deal-id.ts';
import { defaultConfiguration } from './default-configuration.ts';
import { endpointFrom } from './endpoint.ts';
import { firstImport } from './first-import.ts';
import { hydrate } from './hydrate.ts';
import { manifest } from './manifest.ts';
import { consentUrl, exchangeCode, refresh, revoke } from './oauth.ts';
import { recentChanges } from './recent-changes.ts';
import { toInstant } from '../../kernel/dates.ts';

/** The connector with other limits of its calls: tests of a hanging server need not wait for half a minute. */
export function createHubspot(limits: CallLimits = standardLimits): Connector {
  const clientOf = (session: Session): HubspotClient => ({ session, limits });
  return {
    manifest,
    auth: {
      endpointFrom,
      consentUrl,
      exchangeCode: (endpoint, request, signal) => exchangeCode(limits, endpoint, request, signal),
      refresh: (endpoint, credentials, signal) => refresh(limits, endpoint, credentials, signal),
      authorizeToken: (endpoint, token, signal) => authorizeToken(limits, endpoint, token, signal),
      revoke: (endpoint, credentials, signal) => revoke(limits, endpoint, credentials, signal),
    },
    crm: {
      defaultConfiguration,
      account: (session) => readAccount(clientOf(session)),
      pipelines: (session) => readPipelines(clientOf(session)),
      properties: (session, type) => readProperties(clientOf(session), type),
      changes: (session, request) => changes(clientOf(session), request),
      hydrate: (session, request) => hydrate(clientOf(session), request),
      dealIdFrom,
    },
  };
}

function changes(client: HubspotClient, request: ChangesRequest): AsyncGenerator<ChangesPage> {
  const cursor = readCursor(request.cursor, toInstant(request.now()));
  return cursor.phase === 'import'
    ? firstImport(client, request, cursor)
    : recentChanges(client, request, cursor);
}

/** HubSpot, as it is connected to. */
export const hubspot: Connector = createHubspot();
