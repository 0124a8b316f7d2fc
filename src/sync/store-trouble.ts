// SQLSTATE classes that speak of the server, not of a row: connection, resources, operator, system, configuration, internal.
const storeTroubleClasses = ['08', '53', '57', '58', 'F0', 'XX'];
// A batch that lost to a concurrent one after the store's own retries.
const concurrencyStates = ['40001', '40P01'];

/** The SQLSTATE, or the code, that an error has. */
export function sqlStateOf(error: unknown): string | null {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : null;
}

/** Whether the store itself is down, full or busy: no record is to blame. */
export function isStoreTrouble(error: unknown): boolean {
  const state = sqlStateOf(error);
  if (state === null) return false;
  return (
    state === 'store_unavailable' ||
    storeTroubleClasses.includes(state.slice(0, 2)) ||
    concurrencyStates.includes(state)
  );
}
