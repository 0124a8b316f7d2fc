import { startHubSpotSandbox } from '../../../sandbox/hubspot/server.ts';
import { type ConnectorStand, describeConnector } from '../conformance.ts';
import { standardLimits } from './client.ts';
import { createHubspot } from './hubspot.ts';

async function startStand(): Promise<ConnectorStand> {
  const sandbox = await startHubSpotSandbox({ deals: 40, behaviour: { unthrottled: true, lagMs: 0 } });
  const { control } = sandbox;
  const [portal] = sandbox.portals;
  if (!portal) throw new Error('The sandbox has a portal');
  return {
    endpoint: {
      apiUrl: sandbox.url,
      appUrl: sandbox.url,
      clientId: portal.clientId,
      clientSecret: portal.clientSecret,
    },
    token: portal.token,
    accountId: String(portal.id),
    dealIds: () => control.records({ type: 'deals' }).map((record) => (record as { id: string }).id),
    changeDeal: (id) => void control.updateRecord({ type: 'deals', id, properties: { dealname: 'Renamed' } }),
    archiveDeal: (id) => void control.archiveRecord({ type: 'deals', id }),
    restoreDeal: (id) => void control.restoreRecord({ type: 'deals', id }),
    failOnce: (how) => {
      if (how === 'rate_limited') control.fault({ kind: 'rate_limit', headers: { 'Retry-After': '0' } });
      else if (how === 'unavailable') control.fault({ kind: 'status', status: 503 });
      else control.fault({ kind: 'reset' });
    },
    violations: () => control.violations().violations.map(({ rule }) => rule),
    close: sandbox.close,
  };
}

describeConnector(createHubspot({ ...standardLimits, backoffMs: 20 }), startStand);
