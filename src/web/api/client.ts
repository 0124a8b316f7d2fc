import { ApiError, createClient } from '../../contract/client.ts';

/** The page is served from where the API is. */
export const client = createClient({ baseUrl: '' });

export function isApiError(error: unknown, code?: string): error is ApiError {
  return error instanceof ApiError && (code === undefined || error.code === code);
}
