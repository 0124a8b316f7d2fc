/** Where the API begins; the paths of the route table follow it. */
export const apiBasePath = '/api/v1';

/**
 * The page sends it with every call. A form or an image of a foreign page cannot set a header of its own, and a foreign script
 * that tries is stopped by the browser's preflight: so a write with a session cookie and this header came from our page.
 */
export const pageHeader = 'x-tributary-page';

/** Makes a repeated POST give the answer of the first one. */
export const idempotencyKeyHeader = 'idempotency-key';

/** Names the request in the log; every answer carries it. */
export const requestIdHeader = 'x-request-id';

/** The cookie that signing in sets. */
export const sessionCookieName = 'tributary_session';
