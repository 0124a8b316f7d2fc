/** The exit statuses that scripts rely on. */
export const exitStatus = {
  done: 0,
  unexpected: 1,
  wrongUsage: 2,
  someFailed: 3,
  notAllowed: 4,
  setupIncomplete: 5,
} as const;
export type ExitStatus = (typeof exitStatus)[keyof typeof exitStatus];

const notAllowed = new Set([
  'unauthenticated',
  'forbidden',
  'not_connected',
  'connection_paused',
  'connector_not_configured',
  'account_mismatch',
  'consent_denied',
  'vendor_auth',
  'unauthorized',
  'secret_key_wrong',
]);

const wrongUsage = new Set([
  'invalid_request',
  'invalid_json',
  'invalid_configuration',
  'unknown_connector',
  'unknown_currency',
  'not_found',
  'route_not_found',
]);

/** The status of a command that the server refused with this code, or of a run that failed with it. */
export function exitStatusOf(code: string): ExitStatus {
  if (code === 'setup_incomplete') return exitStatus.setupIncomplete;
  if (notAllowed.has(code)) return exitStatus.notAllowed;
  if (wrongUsage.has(code)) return exitStatus.wrongUsage;
  return exitStatus.unexpected;
}
