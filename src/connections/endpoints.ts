import type { Connector, ConnectorEndpoint } from '../connectors/connector.ts';
import { TributaryError } from '../kernel/errors.ts';
import type { Connection, EndpointOverrides } from './connection.ts';
import type { ConnectionsDependencies } from './connections-dependencies.ts';

type EndpointDependencies = Pick<ConnectionsDependencies, 'connectors' | 'environment' | 'endpointFor'>;

/** Errors: unknown_connector. */
export function requireConnector(deps: Pick<ConnectionsDependencies, 'connectors'>, id: string): Connector {
  const connector = deps.connectors.find(({ manifest }) => manifest.id === id);
  if (!connector) throw new TributaryError('unknown_connector', id.slice(0, 100));
  return connector;
}

/** Where a new connection of that mode goes: what stands on it, and the whole endpoint. */
export function endpointForNew(
  deps: EndpointDependencies,
  connector: Connector,
  mode: 'live' | 'test',
): { readonly overrides: EndpointOverrides; readonly endpoint: ConnectorEndpoint } {
  const sandbox = deps.endpointFor?.(connector.manifest.id, mode) ?? null;
  if (sandbox) {
    return { overrides: { apiUrl: sandbox.apiUrl, appUrl: sandbox.appUrl }, endpoint: sandbox };
  }
  return { overrides: {}, endpoint: connector.auth.endpointFrom(deps.environment) };
}

/** Where the calls of a connection go: its own addresses where it has any, else the environment's. */
export function endpointOf(
  deps: EndpointDependencies,
  connector: Connector,
  connection: Pick<Connection, 'endpoint' | 'mode'>,
): ConnectorEndpoint {
  const general = connector.auth.endpointFrom(deps.environment);
  if (Object.keys(connection.endpoint).length === 0) return general;
  const sandbox = deps.endpointFor?.(connector.manifest.id, connection.mode) ?? null;
  return {
    apiUrl: connection.endpoint.apiUrl ?? general.apiUrl,
    appUrl: connection.endpoint.appUrl ?? general.appUrl,
    // The app of the environment belongs to the vendor; another address may have another app.
    clientId: sandbox ? sandbox.clientId : general.clientId,
    clientSecret: sandbox ? sandbox.clientSecret : general.clientSecret,
  };
}
