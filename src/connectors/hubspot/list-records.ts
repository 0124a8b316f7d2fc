import type { TributaryError } from '../../kernel/errors.ts';
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
  /** Ids that could not be read in an earlier sync. */
  readonly unread?: ReadonlySet<string> | undefined;
}

export interface ListPage {
  readonly records: readonly CrmRecord[];
  /** Records whose properties cannot be read, as they were listed: with no property but those that HubSpot lists unasked. */
  readonly failed: ReadonlyMap<CrmRecord, TributaryError>;
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
    if (fit) yield { records: answer.results, failed: new Map(), after };
    else yield { ...(await withProperties(client, request, answer.results)), after };
    if (after === null) return;
  }
}

/** What was archived, merged or deleted since it was listed is left out: the recycle bin and the survivor tell of it. */
async function withProperties(
  client: HubspotClient,
  { type, properties, unread }: ListRequest,
  listed: readonly CrmRecord[],
): Promise<Omit<ListPage, 'after'>> {
  const read = await batchRead(
    client,
    type,
    listed.map((record) => record.id),
    properties,
    unread,
  );
  const whole = new Map(read.found.map((record) => [record.id, record]));
  return {
    records: listed.flatMap((record) => {
      const found = whole.get(record.id);
      return found ? [{ ...found, associations: record.associations }] : [];
    }),
    failed: new Map(
      listed.flatMap((record) => {
        const error = read.failed.get(record.id);
        return error ? [[record, error] as const] : [];
      }),
    ),
  };
}
