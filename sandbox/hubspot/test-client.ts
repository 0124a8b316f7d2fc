import type { SandboxOptions } from './options.ts';
import { type RunningSandbox, startHubSpotSandbox } from './server.ts';

/** An answer, read whole. */
export interface Reply<T = Json> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

// Tests look into answers of many shapes; what is not there shows as undefined in the comparison.
// oxlint-disable-next-line typescript/no-explicit-any -- a type for each answer would only repeat the test
export type Json = any;

export interface TestClient {
  readonly running: RunningSandbox;
  readonly call: (method: string, path: string, body?: unknown, token?: string | null) => Promise<Reply>;
  readonly get: (path: string) => Promise<Json>;
  readonly post: (path: string, body: unknown) => Promise<Json>;
  readonly search: (type: string, body: unknown) => Promise<Json>;
  /** Posts a form without following redirects. */
  readonly form: (path: string, values: Record<string, string>) => Promise<Reply<string>>;
}

/** Starts a sandbox in process and makes a client for its first portal: no limits and no lag unless asked for. */
export async function startTestClient(options: Partial<SandboxOptions> = {}): Promise<TestClient> {
  const running = await startHubSpotSandbox({
    ...options,
    behaviour: { unthrottled: true, lagMs: 0, ...options.behaviour },
  });
  const own = running.portals[0]?.token ?? '';
  async function call(
    method: string,
    path: string,
    body?: unknown,
    token: string | null = own,
  ): Promise<Reply> {
    const response = await fetch(`${running.url}${path}`, {
      method,
      headers: {
        ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? null : JSON.parse(text),
    };
  }
  return {
    running,
    call,
    get: async (path) => (await call('GET', path)).body,
    post: async (path, body) => (await call('POST', path, body)).body,
    search: async (type, body) => (await call('POST', `/crm/objects/2026-09/${type}/search`, body)).body,
    form: async (path, values) => {
      const response = await fetch(`${running.url}${path}`, {
        method: 'POST',
        body: new URLSearchParams(values),
        redirect: 'manual',
      });
      return { status: response.status, headers: response.headers, body: await response.text() };
    },
  };
}
