import { existsSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { pathOf, sendNoRoute } from './answer-errors.ts';

/** Addresses that are never the web page's: for a program a page instead of an error is the worse answer. */
const notPages = ['/api/', '/oauth/', '/webhooks/', '/assets/'];

/**
 * Serves the built web page. Its addresses are made in the browser, so every GET that no file answers gets `index.html`. Files
 * under `assets/` have their hash in the name and are kept for ever; everything else is asked for anew.
 */
export async function registerWebPage(app: FastifyInstance, webRoot: string | null): Promise<void> {
  const root = webRoot === null ? null : resolve(webRoot);
  const indexFile = root !== null && existsSync(join(root, 'index.html')) ? 'index.html' : null;
  if (root !== null && indexFile !== null) {
    const assets = join(root, 'assets') + sep;
    await app.register(fastifyStatic, {
      root,
      cacheControl: false,
      setHeaders: (reply, path) => {
        reply.header(
          'cache-control',
          path.startsWith(assets) ? 'public, max-age=31536000, immutable' : 'no-cache',
        );
      },
    });
  }
  app.setNotFoundHandler((request, reply) => {
    if (indexFile !== null && isPage(request)) return reply.sendFile(indexFile);
    sendNoRoute(request, reply as FastifyReply);
    return undefined;
  });
}

function isPage(request: FastifyRequest): boolean {
  const path = pathOf(request);
  return (
    (request.method === 'GET' || request.method === 'HEAD') &&
    path !== '/api' &&
    !notPages.some((prefix) => path.startsWith(prefix))
  );
}
