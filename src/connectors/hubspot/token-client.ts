import { TributaryError } from '../../kernel/errors.ts';
import type { ConnectorEndpoint } from '../connector.ts';
import type { CallLimits, HubspotClient } from './client.ts';

/**
 * A client for the few calls of connecting, before there is a connection whose session could make them. A refused token cannot be
 * renewed, and eight calls need no budget.
 */
export function clientOfToken(
  limits: CallLimits,
  endpoint: ConnectorEndpoint,
  token: string,
  signal: AbortSignal,
): HubspotClient {
  return {
    limits,
    session: {
      endpoint,
      accountId: '',
      accessToken: () => Promise.resolve(token),
      refreshToken: () =>
        Promise.reject(new TributaryError('vendor_auth', 'HubSpot does not accept this token.')),
      budgets: {
        take: () => Promise.resolve(),
        configure: () => undefined,
        pause: () => undefined,
      },
      onCall: () => undefined,
      onWait: () => undefined,
      signal,
    },
  };
}
