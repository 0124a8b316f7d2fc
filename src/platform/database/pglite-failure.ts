import type { PGlite } from '@electric-sql/pglite';
import { TributaryError } from '../../kernel/errors.ts';

/** Numbers of the errors that PGlite's file system throws as bare objects, before PostgreSQL runs. */
const fileErrors: Readonly<Record<number, string>> = {
  2: 'this user may not write there',
  19: 'the disk quota is used up',
  51: 'the disk is full',
  63: 'this user may not write there',
  69: 'the file system is read-only',
};

/** Why the store did not start, from the exception and from what PostgreSQL printed last. */
export function toStartError(error: unknown, folder: string, printed: readonly string[]): unknown {
  if (error instanceof Error && 'code' in error) return error;
  const errno: unknown =
    typeof error === 'object' && error !== null && 'errno' in error ? error.errno : undefined;
  const known = typeof errno === 'number' ? fileErrors[errno] : undefined;
  const message = error instanceof Error ? error.message : 'unknown reason';
  const detail = known
    ? `${folder}: ${known}.`
    : `The embedded store in ${folder} does not start: ${[message, ...printed].join(' ')}`;
  return new TributaryError('data_folder_unusable', detail, { cause: error });
}

/** The text of a PANIC in a line that PostgreSQL printed; null when it is none. */
export function panicIn(line: string): string | null {
  return /\bPANIC:\s+(.*)/.exec(line)?.[1] ?? null;
}

/**
 * After a PANIC, such as a log that cannot be written because the disk is full, a PostgreSQL server is started again by its
 * postmaster. PGlite has none: it calls the program that has ended again and again, in a loop that never gives the thread
 * back. This is called from within, when the PANIC is printed. It makes that loop end with an error (`stackRestore` is the one
 * call in it whose exceptions come through) and refuses every call from then on. Nothing that was acknowledged is lost:
 * the next start recovers it from the log.
 */
export function stopAfterPanic(pglite: PGlite, panic: string): void {
  const error = new TributaryError(
    'data_folder_unusable',
    `The embedded store has stopped: ${panic}. Start Tributary again once that is mended; nothing that was confirmed is lost.`,
  );
  const fail = (): never => {
    throw error;
  };
  pglite.execProtocolRawSync = fail;
  pglite.Module.stackRestore = fail;
  pglite.Module._PostgresSendReadyForQueryIfNecessary = () => {};
  pglite.Module._pgl_pq_flush = () => {};
}
