import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { problemWire } from '../contract/wire.ts';
import { TributaryError } from '../kernel/errors.ts';
import { fieldErrorsOf, toProblem, toTributaryError } from './problem.ts';

describe('A problem', () => {
  test('says what, how to mend it, where, and which request', () => {
    const error = new TributaryError('invalid_request', 'Two things.', {
      fields: [{ field: 'limit', message: 'too large' }],
    });
    const problem = toProblem(error, 'request-1');
    expect(problemWire.parse(problem)).toEqual({
      type: '/api/docs#invalid_request',
      title: 'The request is not valid.',
      status: 400,
      code: 'invalid_request',
      detail: 'Two things.',
      mend: 'Correct the fields that are named.',
      fields: [{ field: 'limit', message: 'too large' }],
      requestId: 'request-1',
    });
  });

  test('names fields by their path', () => {
    const parsed = z
      .object({ lines: z.array(z.object({ debit: z.string() })) })
      .safeParse({ lines: [{ debit: 1 }] });
    expect(parsed.success ? [] : fieldErrorsOf(parsed.error)).toMatchObject([{ field: 'lines.0.debit' }]);
  });

  test('of something unforeseen tells nothing of it', () => {
    const error = toTributaryError(new Error('duplicate key (email)=(a@example.com)'));
    expect(error.code).toBe('internal');
    expect(JSON.stringify(toProblem(error, 'r'))).not.toContain('example.com');
    expect(toTributaryError('thrown text').code).toBe('internal');
  });
});
