import type { Connector } from './connector.ts';
import { hubspot } from './hubspot/hubspot.ts';

/** Every connector, one line each. */
export const connectors: readonly Connector[] = [hubspot];

export function findConnector(id: string): Connector | null {
  return connectors.find((connector) => connector.manifest.id === id) ?? null;
}
