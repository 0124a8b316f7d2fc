import { isTimeZone } from '../../kernel/dates.ts';
import type {
  RemoteAccount,
  SourceObjectType,
  SourcePipeline,
  SourceProperty,
  SourceRecord,
  SourceStage,
} from '../../model/source-record.ts';
import { callHubspot, type HubspotClient } from './client.ts';
import { apiVersion } from './endpoint.ts';
import { unavailable } from './failure.ts';
import { crmTypes, isCrmType } from './object-types.ts';
import { ownerFromRemote } from './source-record.ts';
import { accountSchema, ownersSchema, pipelinesSchema, propertiesSchema } from './wire.ts';

/** Owners of one page; the maximum is not documented, the default is. */
const ownersPageSize = 100;

/** More pages of owners than any account has users. */
const ownersPagesMax = 1_000;

/** The account that the token belongs to. Errors: those of a call; vendor_unavailable when the time zone is none. */
export async function readAccount(client: HubspotClient): Promise<RemoteAccount> {
  const account = await callHubspot(
    client,
    {
      name: 'GET account-info/details',
      bucket: 'general',
      method: 'GET',
      path: `/account-info/${apiVersion}/details`,
    },
    accountSchema,
  );
  // Dates of documents depend on it: a guess would move them over a month's end.
  if (!isTimeZone(account.timeZone)) throw unavailable('HubSpot', 'the account names no known time zone');
  return {
    id: account.portalId,
    name: account.portalName ?? `HubSpot ${account.portalId}`,
    currency: account.companyCurrency,
    timeZone: account.timeZone,
    uiUrl: account.uiDomain ? `https://${account.uiDomain}` : client.session.endpoint.appUrl,
  };
}

/** All deal pipelines with their stages, in one call, in the order in which HubSpot shows them. */
export async function readPipelines(client: HubspotClient): Promise<SourcePipeline[]> {
  const answer = await callHubspot(
    client,
    {
      name: 'GET pipelines/deals',
      bucket: 'general',
      method: 'GET',
      path: `/crm/pipelines/${apiVersion}/deals`,
    },
    pipelinesSchema,
  );
  return inDisplayOrder(answer.results).map((pipeline) => ({
    id: pipeline.id,
    label: pipeline.label,
    archived: pipeline.archived ?? false,
    stages: inDisplayOrder(pipeline.stages).map((stage) => ({
      id: stage.id,
      label: stage.label,
      outcome: outcomeOf(stage.metadata ?? {}),
      archived: stage.archived ?? false,
    })),
  }));
}

function inDisplayOrder<Item extends { displayOrder?: number | null | undefined }>(
  items: readonly Item[],
): Item[] {
  return items.toSorted((left, right) => (left.displayOrder ?? 0) - (right.displayOrder ?? 0));
}

/**
 * What a stage means. Its name and id say nothing: `closedwon` exists in the default pipeline alone. Closed with a probability of
 * one is won, closed with anything less is lost. Without `isClosed` the two ends of the probability close a deal (pipelines guide).
 */
function outcomeOf(metadata: Readonly<Record<string, string | null>>): SourceStage['outcome'] {
  const probability = Number(metadata.probability ?? Number.NaN);
  const closed = metadata.isClosed?.toLowerCase() ?? String(probability === 0 || probability === 1);
  if (closed !== 'true') return 'open';
  return probability === 1 ? 'won' : 'lost';
}

/** The properties of one record type, those that are archived left out. */
export async function readProperties(
  client: HubspotClient,
  type: SourceObjectType,
): Promise<SourceProperty[]> {
  if (!isCrmType(type)) return ownerProperties;
  const { path } = crmTypes[type];
  const answer = await callHubspot(
    client,
    {
      name: `GET properties/${path}`,
      bucket: 'general',
      method: 'GET',
      path: `/crm/properties/${apiVersion}/${path}`,
    },
    propertiesSchema,
  );
  return answer.results
    .filter((property) => property.archived !== true)
    .map((property) => ({
      name: property.name,
      label: property.label ?? property.name,
      type: propertyTypes[property.type ?? ''] ?? 'text',
      custom: property.hubspotDefined !== true,
      readOnly: property.modificationMetadata?.readOnlyValue === true || property.calculated === true,
      options: (property.options ?? []).flatMap(({ value, label }) =>
        value === null ? [] : [{ value, label: label ?? value }],
      ),
    }));
}

/** Property types of the properties guide; `string`, `phone_number` and what is to come are text. */
const propertyTypes: Readonly<Record<string, SourceProperty['type']>> = {
  bool: 'boolean',
  date: 'date',
  datetime: 'datetime',
  enumeration: 'enumeration',
  number: 'number',
};

/** Owners are no CRM objects and have no properties to ask for. */
const ownerProperties: SourceProperty[] = [
  ['email', 'Email'],
  ['firstName', 'First name'],
  ['lastName', 'Last name'],
].map(([name = '', label = '']) => ({
  name,
  label,
  type: 'text',
  custom: false,
  readOnly: true,
  options: [],
}));

/** All owners, those of former users too: old deals are theirs. */
export async function readOwners(client: HubspotClient): Promise<SourceRecord[]> {
  const [active, archived] = await Promise.all([listOwners(client, false), listOwners(client, true)]);
  const activeIds = new Set(active.map((owner) => owner.id));
  return [...active, ...archived.filter((owner) => !activeIds.has(owner.id))];
}

async function listOwners(client: HubspotClient, archived: boolean): Promise<SourceRecord[]> {
  const owners: SourceRecord[] = [];
  let after: string | undefined;
  for (let page = 0; page < ownersPagesMax; page += 1) {
    const answer = await callHubspot(
      client,
      {
        name: 'GET owners',
        bucket: 'general',
        method: 'GET',
        path: `/crm/owners/${apiVersion}`,
        query: {
          limit: String(ownersPageSize),
          archived: String(archived),
          ...(after === undefined ? {} : { after }),
        },
      },
      ownersSchema,
    );
    owners.push(
      ...answer.results.map((owner) => ownerFromRemote({ ...owner, archived: owner.archived ?? archived })),
    );
    const following = answer.paging?.next?.after;
    if (following === undefined || following === after) return owners;
    after = following;
  }
  throw unavailable('HubSpot, owners', 'the list has no end');
}
