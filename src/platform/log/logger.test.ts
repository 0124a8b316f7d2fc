import { describe, expect, test } from 'vitest';
import { TributaryError } from '../../kernel/errors.ts';
import { createLogger } from './logger.ts';

function recordLines(pretty = false) {
  const lines: string[] = [];
  const logger = createLogger({ level: 'info', pretty, destination: { write: (line) => lines.push(line) } });
  return { logger, lines, last: () => JSON.parse(lines.at(-1) ?? '') as Record<string, unknown> };
}

describe('The logger', () => {
  test('writes one JSON object a line, with the level as a word and the time in UTC', () => {
    const { logger, last } = recordLines();
    logger.info({ organizationId: 'o1' }, 'run started');
    expect(last()).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      organizationId: 'o1',
      msg: 'run started',
    });
  });

  test('leaves out what is below its level', () => {
    const { logger, lines } = recordLines();
    logger.debug('detail');
    expect(lines).toEqual([]);
  });

  test('redacts secrets by the name of their field, however deep, in children too', () => {
    const { logger, lines } = recordLines();
    logger.child({ apiKey: 'trib_hidden' }).info(
      {
        headers: { authorization: 'Bearer hidden', 'X-HubSpot-Signature-v3': 'hidden' },
        connections: [
          { accessToken: 'hidden', refresh_token: 'hidden', clientSecret: 'hidden', name: 'Portal' },
        ],
        password: 'hidden',
      },
      'call made',
    );
    expect(lines.join('')).not.toContain('hidden');
    expect(lines.join('')).toContain('Portal');
  });

  test('redacts an authorization code but keeps the code of an error', () => {
    const { logger, last } = recordLines();
    logger.warn({ code: 'locked_period', query: { code: 'a1-b2~c3', state: 'x/y+z==' } }, 'record failed');
    expect(last()).toMatchObject({
      code: 'locked_period',
      query: { code: '[redacted]', state: '[redacted]' },
    });
  });

  test('describes an error by message, code and causes, without the statement and parameters hung on it', () => {
    const { logger, lines, last } = recordLines();
    const driver = Object.assign(new Error('duplicate key'), {
      code: '23505',
      params: ['hidden'],
      query: 'hidden',
    });
    logger.error({ err: new Error('could not store', { cause: driver }) }, 'run failed');
    expect(lines.join('')).not.toContain('hidden');
    expect(last()).toMatchObject({
      err: { message: 'could not store', cause: { message: 'duplicate key', code: '23505' } },
    });
  });

  test('gives a foreseen error without its stack', () => {
    const { logger, last } = recordLines();
    logger.warn({ err: new TributaryError('store_unavailable', 'Refused.') }, 'store lost');
    expect(last()['err']).toEqual({
      type: 'TributaryError',
      code: 'store_unavailable',
      message: 'The database cannot be reached. Refused.',
    });
  });

  test('cuts the query off a request, where an authorization code may stand', () => {
    const { logger, last } = recordLines();
    logger.info({ req: { method: 'GET', url: '/oauth/x/callback?code=hidden' } }, 'request');
    expect(last()['req']).toEqual({ method: 'GET', url: '/oauth/x/callback' });
  });

  test('writes lines for people when asked to', () => {
    const { logger, lines } = recordLines(true);
    logger.info({ port: 4000 }, 'listening');
    expect(lines.join('')).toMatch(/INFO.*listening/);
  });
});
