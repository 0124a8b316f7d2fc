import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HttpFailure, sendRequest } from './send-request.ts';

const limits = { timeoutMs: 300, responseBytesMax: 1_000 };
const patient = { ...limits, timeoutMs: 10_000 };

function answer(request: IncomingMessage, response: ServerResponse): void {
  if (request.url === '/large') response.end('x'.repeat(5_000));
  else if (request.url === '/reset') request.socket.destroy();
  else if (request.url === '/hang-in-body') response.write('{"half":');
  else if (request.url === '/redirect') response.writeHead(302, { location: 'http://192.0.2.1/' }).end();
  else if (request.url === '/hang') return;
  else response.writeHead(201, { 'x-name': 'value' }).end('Grüße');
}

describe('Sending a request', () => {
  let server: Server;
  let origin: string;
  beforeAll(async () => {
    server = createServer(answer);
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const failureOf = async (path: string, signal?: AbortSignal, within = limits): Promise<HttpFailure> => {
    const failure = await sendRequest({
      method: 'GET',
      url: `${origin}${path}`,
      ...within,
      ...(signal ? { signal } : {}),
    }).catch((error: unknown) => error);
    if (!(failure instanceof HttpFailure)) throw new Error('it should have failed');
    return failure;
  };

  test('answers status, headers and text', async () => {
    const answered = await sendRequest({ method: 'GET', url: `${origin}/`, ...patient });
    expect([answered.status, answered.headers.get('x-name'), answered.body]).toEqual([201, 'value', 'Grüße']);
  });

  test('gives a redirect back instead of following it', async () => {
    expect((await sendRequest({ method: 'GET', url: `${origin}/redirect`, ...patient })).status).toBe(302);
  });

  test('ends a server that never answers', async () => {
    expect((await failureOf('/hang')).kind).toBe('timeout');
  });

  test('ends a server that hangs in the middle of its answer', async () => {
    expect((await failureOf('/hang-in-body')).kind).toBe('timeout');
  });

  test('stops reading an answer that is too large', async () => {
    expect((await failureOf('/large', undefined, patient)).kind).toBe('too_large');
  });

  test('says why the connection broke', async () => {
    const failure = await failureOf('/reset', undefined, patient);
    expect(failure.kind).toBe('network');
    expect(failure.message).toMatch(/^GET \/reset: [A-Z_]+$/);
  });

  test('is canceled by the caller', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 20);
    expect((await failureOf('/hang', controller.signal, patient)).kind).toBe('aborted');
    expect((await failureOf('/', AbortSignal.abort())).kind).toBe('aborted');
  });
});
