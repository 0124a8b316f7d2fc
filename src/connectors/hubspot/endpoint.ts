import { TributaryError } from '../../kernel/errors.ts';
import type { ConnectorEndpoint } from '../connector.ts';

/**
 * The one API version that is spoken, in every address. HubSpot names versions by date, brings one out each March and September
 * and keeps each for 18 months; this one ends in March 2028.
 */
export const apiVersion = '2026-09';

/** HubSpot's own addresses, or those of the environment: a regional host, a proxy, a sandbox. */
export function endpointFrom(environment: Readonly<Record<string, string | undefined>>): ConnectorEndpoint {
  return {
    apiUrl: baseUrl(environment.HUBSPOT_API_URL, 'https://api.hubapi.com', 'HUBSPOT_API_URL'),
    appUrl: baseUrl(environment.HUBSPOT_APP_URL, 'https://app.hubspot.com', 'HUBSPOT_APP_URL'),
    clientId: environment.HUBSPOT_CLIENT_ID?.trim() || null,
    clientSecret: environment.HUBSPOT_CLIENT_SECRET?.trim() || null,
  };
}

function baseUrl(text: string | undefined, standard: string, name: string): string {
  const given = text?.trim() || standard;
  if (!/^https?:\/\//.test(given) || !URL.canParse(given))
    throw new TributaryError('invalid_environment', `${name} is not an http address.`);
  return given.replace(/\/+$/, '');
}
