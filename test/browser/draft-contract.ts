import { connectionIdOf, controlSandbox, type Site } from './site.ts';

interface Contracts {
  readonly data: readonly { readonly document: { readonly id: string } }[];
}

/** A search of the CRM finds a new deal a moment later, so a sync may have to be asked for more than once. */
const triesMax = 20;

/** Has deals of the demo make contracts from now on, sells one, and syncs it. Returns the id of its draft contract. */
export async function draftContract(site: Site): Promise<string> {
  const connectionId = await connectionIdOf(site);
  await site.call('PATCH', `/connections/${connectionId}/configuration`, {
    set: { 'deals.kind': 'contract' },
  });
  await controlSandbox(site, 'sell', { count: 1, create: true });
  for (let tries = 0; tries < triesMax; tries += 1) {
    const { runId } = (await site.call('POST', `/integrations/hubspot/${connectionId}/trigger-sync`, {})) as {
      readonly runId: string;
    };
    await site.call('GET', `/runs/${runId}?wait=20`);
    const { data } = (await site.call('GET', '/contracts?status=draft')) as Contracts;
    if (data[0]) return data[0].document.id;
  }
  throw new Error('No contract was made of the deal that was sold');
}
