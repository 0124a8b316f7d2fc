import { ApiError } from '../contract/client.ts';
import type { ProblemWire } from '../contract/wire.ts';
import { isTributaryError } from '../kernel/errors.ts';
import { exitStatus, exitStatusOf, type ExitStatus } from './exit-status.ts';
import { plainText } from './plain-text.ts';
import type { Terminal } from './terminal.ts';

/** Wrong usage that only the command itself can see: a file that is not JSON, an empty token. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A problem of our own, in the form of the server's. */
export function problemOf(
  code: string,
  title: string,
  mend: string,
  detail: string | null = null,
): ProblemWire {
  return { type: 'about:blank', title, status: 0, code, detail, mend, fields: [], requestId: '' };
}

/**
 * Says what went wrong: with `--json` the problem JSON on standard output, else a sentence and how to mend it on standard error.
 * Returns the exit status.
 */
export function reportFailure(terminal: Terminal, error: unknown, json: boolean): ExitStatus {
  const { problem, status } = describe(error);
  if (json) terminal.write(`${JSON.stringify(problem)}\n`);
  else terminal.writeError(failureText(problem));
  return status;
}

function describe(error: unknown): { readonly problem: ProblemWire; readonly status: ExitStatus } {
  if (error instanceof ApiError) return { problem: error.problem, status: exitStatusOf(error.problem.code) };
  if (error instanceof UsageError) {
    const problem = problemOf('invalid_request', error.message, 'See `tributary help` for how it is called.');
    return { problem, status: exitStatus.wrongUsage };
  }
  if (isTributaryError(error)) {
    const problem = problemOf(error.code, error.entry.message, error.entry.mend, error.detail);
    const status = error.code === 'invalid_environment' ? exitStatus.wrongUsage : exitStatusOf(error.code);
    return { problem, status };
  }
  const message = error instanceof Error ? error.message : String(error);
  const problem = problemOf(
    'internal',
    'Tributary made an error.',
    'Repeat it; if it stays, report it.',
    message,
  );
  return { problem, status: exitStatus.unexpected };
}

/** The problem for a person, on a few lines. */
export function failureText(problem: ProblemWire): string {
  const lines = [
    [problem.title, problem.detail].filter(Boolean).join(' '),
    ...problem.fields.map(({ field, message }) => `  ${field}: ${message}`),
    problem.mend,
    ...(problem.code === 'internal' && problem.requestId !== '' ? [`Request id: ${problem.requestId}`] : []),
  ];
  return `${lines.map((line) => line.match(/^ */)?.[0] + plainText(line.trimStart())).join('\n')}\n`;
}
