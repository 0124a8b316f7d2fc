import { describe, expect, test } from 'vitest';
import { ApiError } from '../contract/client.ts';
import { TributaryError } from '../kernel/errors.ts';
import { exitStatusOf } from './exit-status.ts';
import { problemOf, reportFailure, UsageError } from './report-failure.ts';
import type { Terminal } from './terminal.ts';

function record() {
  const written = { out: '', error: '' };
  const terminal: Terminal = {
    write: (text) => (written.out += text),
    writeError: (text) => (written.error += text),
    readInput: async () => '',
    isInteractive: false,
    showsProgress: false,
    columns: 80,
  };
  return { terminal, written };
}

describe('A failure', () => {
  test('is the problem JSON of the API with --json, a sentence and how to mend it without', () => {
    const problem = {
      ...problemOf('invalid_configuration', 'The configuration is not valid.', 'Correct the keys.'),
      fields: [{ field: 'deals.kind', message: 'invoice or contract\u001b[2J' }],
    };
    const json = record();
    expect(reportFailure(json.terminal, new ApiError(problem), true)).toBe(2);
    expect(JSON.parse(json.written.out)).toEqual(problem);
    const text = record();
    expect(reportFailure(text.terminal, new ApiError(problem), false)).toBe(2);
    expect(text.written).toEqual({
      out: '',
      error: 'The configuration is not valid.\n  deals.kind: invoice or contract[2J\nCorrect the keys.\n',
    });
  });

  test('has a status for each kind', () => {
    const { terminal } = record();
    expect(reportFailure(terminal, new UsageError('Give a token.'), false)).toBe(2);
    expect(reportFailure(terminal, new TributaryError('data_folder_in_use'), false)).toBe(1);
    expect(reportFailure(terminal, new Error('boom'), false)).toBe(1);
    expect(['vendor_auth', 'forbidden', 'not_connected'].map(exitStatusOf)).toEqual([4, 4, 4]);
    expect(exitStatusOf('setup_incomplete')).toBe(5);
    expect(exitStatusOf('vendor_unavailable')).toBe(1);
  });
});
