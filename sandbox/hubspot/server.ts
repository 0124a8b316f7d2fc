import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Control, createControl } from './control.ts';
import { handleRequest } from './dispatch.ts';
import { DEFAULT_OPTIONS, type SandboxOptions } from './options.ts';
import { Sandbox } from './sandbox.ts';

/** What a client needs to reach one portal. The OAuth app is the same for all portals. */
export interface PortalAccess {
  readonly id: number;
  readonly token: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly currency: string;
  readonly timeZone: string;
}

export interface RunningSandbox {
  /** Base of both the API and the consent page. */
  readonly url: string;
  readonly port: number;
  readonly portals: readonly PortalAccess[];
  readonly control: Control;
  readonly sandbox: Sandbox;
  readonly close: () => Promise<void>;
}

/** Long property lists in a URL are refused by us with 414, not by Node's parser with 431. */
const HEADER_BYTES_MAX = 64 * 1024;

/** Starts a sandbox HubSpot; tests run it in their own process, everything else through main.ts. */
export async function startHubSpotSandbox(options: Partial<SandboxOptions> = {}): Promise<RunningSandbox> {
  const settings: SandboxOptions = { ...DEFAULT_OPTIONS, ...options };
  const sandbox = new Sandbox(settings);
  const control = createControl(sandbox);
  const server = createServer({ maxHeaderSize: HEADER_BYTES_MAX, keepAliveTimeout: 60_000 });
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    handleRequest(sandbox, control, request, response);
  });
  await listen(server, settings);
  const { port } = server.address() as AddressInfo;
  const host = settings.host.includes(':') ? `[${settings.host}]` : settings.host;
  return {
    url: `http://${host}:${port}`,
    port,
    portals: portalAccess(sandbox),
    control,
    sandbox,
    close: () => close(server, sandbox),
  };
}

function portalAccess(sandbox: Sandbox): PortalAccess[] {
  return [...sandbox.portals.values()].map((portal) => ({
    id: portal.id,
    token: sandbox.privateTokens.get(portal.id) ?? '',
    clientId: sandbox.tokens.app.clientId,
    clientSecret: sandbox.tokens.app.clientSecret,
    currency: portal.currency,
    timeZone: portal.settings.timeZone,
  }));
}

function listen(server: Server, options: SandboxOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function close(server: Server, sandbox: Sandbox): Promise<void> {
  sandbox.webhooks.close();
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
