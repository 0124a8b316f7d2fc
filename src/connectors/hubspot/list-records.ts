import { callHubspot, type HubspotClient } from './client.ts';
import { apiVersion } from './endpoint.ts';
import { unavailable } from './failure.ts';
import { batchRead } from './batch-read.ts';
import { type CrmType, crmTypes } from './object-types.ts';
import { type CrmRecord, pageSchema } from './wire.ts';

/** Records of one page of a list. */
export const listPageSize = 100;

/** Characters of properties in one address. HubSpot answers 414 to addresses of some 8,000 and more. */
const propertiesLengthMax = 5_000;

export interface ListRequest {
  readonly type: CrmType;
  readonly properties: readonly string[];
  readonly associations: readonly CrmType[];
  readonly archived: boolean;
  /** Id after which to go on; null: from the first. */
  readonly after: string | null;
}

export interface ListPage {
  readonly records: readonly CrmRecord[];
  /** Where the next page begins; null: this was the last. */
  readonly after: string | null;
}

/**
 * The records of a type page by page, in the order of their ids, which makes a list complete even while records change. More
 * properties than fit an address are read by batch.
 */
export async function* listRecords(client: HubspotClient, request: ListRequest): AsyncGenerator<ListPage> {
  const { path } = crmTypes[request.type];
  const fit = request.properties.join(',').length <= propertiesLengthMax;
  let after = request.after;
  for (;;) {
    const answer = await callHubspot(
      client,
      {
        name: `GET ${path}${request.archived ? ' archived' : ''}`,
        bucket: 'general',
        method: 'GET',
        path: `/crm/objects/${apiVersion}/${path}`,
        query: {
          limit: String(listPageSize),
          archived: String(request.archived),
          ...(fit ? { properties: request.properties.join(',') } : {}),
          ...(request.associations.length > 0
            ? { associations: request.associations.map((type) => crmTypes[type].path).join(',') }
            : {}),
          ...(after === null ? {} : { after }),
        },
      },
      pageSchema,
    );
    const following = answer.paging?.next?.after ?? null;
    if (following !== null && following === after)
      throw unavailable(`HubSpot, list of ${path}`, 'the next page is the same page');
    after = following;
    const records = fit
      ? answer.results
      : await withProperties(client, request.type, answer.results, request.properties);
    yield { records, after };
    if (after === null) return;
  }
}

async function withProperties(
  client: HubspotClient,
  type: CrmType,
  listed: readonly CrmRecord[],
  properties: readonly string[],
): Promise<CrmRecord[]> {
  const read = await batchRead(
    client,
    type,
    listed.map((record) => record.id),
    properties,
  );
  const whole = new Map(read.found.map((record) => [record.id, record]));
  return listed.flatMap((record) => {
    const found = whole.get(record.id);
    return found ? [{ ...found, associations: record.associations }] : [];
  });
}
