import type { DealAssociations, GoneRecord, SourceRecord } from '../../model/source-record.ts';
import type { HydratedBatch, HydrateRequest, ReadRequest, UnreadRecord } from '../connector.ts';
import { batchRead } from './batch-read.ts';
import type { HubspotClient } from './client.ts';
import { readDealAssociations } from './deal-associations.ts';
import { unreadOf } from './failure.ts';
import { type CrmType, propertiesWanted } from './object-types.ts';
import { fromRemote, goneByMerge } from './source-record.ts';

/** What one read gave: records (archived ones among them), what is gone, and what cannot be read. */
export interface TypeRead {
  readonly records: readonly SourceRecord[];
  readonly gone: readonly GoneRecord[];
  readonly unread: readonly UnreadRecord[];
}

type Related = Readonly<Record<'company' | 'contact' | 'line_item', readonly string[]>>;

/**
 * Reads deals whole: properties and associations of those that have none at the same time, then the records that the deals point
 * at and that are not stored, each once, and last the products of the new line items. Deals that came with associations are not
 * read again.
 * Errors: vendor_auth, vendor_rate_limited, vendor_unavailable, for the whole batch; what concerns one record makes it unread, an
 * error of HubSpot's that comes with that record only among it. A deal that lacks another record comes nevertheless.
 */
export async function hydrate(client: HubspotClient, request: HydrateRequest): Promise<HydratedBatch> {
  const summaries = request.deals.filter((deal) => deal.summary || deal.associations === null);
  const [deals, associations] = await Promise.all([
    readType(
      client,
      request,
      'deal',
      summaries.map((deal) => deal.id),
    ),
    readDealAssociations(
      client,
      summaries.filter((deal) => deal.associations === null).map((deal) => deal.id),
      request.unread?.deal,
    ),
  ]);
  const given = new Map(
    request.deals.flatMap((deal) => (deal.associations ? [[deal.id, deal.associations]] : [])),
  );
  const lacking = new Map([
    ...[...associations.failed].map(([id, error]) => [id, unreadOf('deal', id, error)] as const),
    ...deals.unread.map((deal) => [deal.id, deal] as const),
  ]);
  const unreadDeals = [...lacking.values()];
  const whole = deals.records
    .filter((deal) => !lacking.has(deal.id))
    .map((deal) => ({
      ...deal,
      associations: given.get(deal.id) ?? associations.found.get(deal.id) ?? null,
    }));
  const pointers = new Map([
    ...given,
    ...whole.flatMap((deal) =>
      deal.associations && !deal.archived ? [[deal.id, deal.associations] as const] : [],
    ),
  ]);
  const related = await readRelated(client, request, relatedOf([...pointers.values()]));
  noteLacking(lacking, pointers, related);
  return {
    records: [...whole, ...related.records],
    gone: [...deals.gone, ...related.gone],
    unread: [...unreadDeals, ...related.unread],
    lacking,
  };
}

/** Reads records of one type and says what became of each id. A merged id gives the surviving record, too. */
export async function readType(
  client: HubspotClient,
  request: ReadRequest,
  type: CrmType,
  ids: readonly string[],
): Promise<TypeRead> {
  if (ids.length === 0) return { records: [], gone: [], unread: [] };
  const properties = propertiesWanted(type, request.properties[type]);
  const read = await batchRead(client, type, ids, properties, request.unread?.[type]);
  const records = [...read.found, ...read.archived].map((record) => fromRemote(client, type, record));
  const asked = new Set(records.map((record) => record.id));
  const survivors = [...read.merged.values()]
    .filter((record) => !asked.has(record.id))
    .map((record) => fromRemote(client, type, record));
  const gone: GoneRecord[] = [
    ...[...read.merged].map(([id, survivor]): GoneRecord => {
      return { type, id, reason: 'merged', survivorId: survivor.id };
    }),
    ...read.missing.map((id): GoneRecord => ({ type, id, reason: 'deleted', survivorId: null })),
    ...records.flatMap(goneByMerge),
  ];
  return {
    records: [...records, ...survivors],
    gone,
    unread: [...read.failed].map(([id, error]) => unreadOf(type, id, error)),
  };
}

function relatedOf(associations: readonly DealAssociations[]): Related {
  return {
    company: associations.flatMap(({ companies }) => companies),
    contact: associations.flatMap(({ contacts }) => contacts),
    line_item: associations.flatMap(({ lineItems }) => lineItems),
  };
}

async function readRelated(client: HubspotClient, request: ReadRequest, related: Related): Promise<TypeRead> {
  const readNew = async (type: CrmType, ids: readonly string[]): Promise<TypeRead> =>
    readType(client, request, type, await notStored(request, type, ids));
  const reads = await Promise.all([
    readNew('company', related.company),
    readNew('contact', related.contact),
    readNew('line_item', related.line_item).then(async (lines) =>
      joined([lines, await readNew('product', productsOf(lines.records))]),
    ),
  ]);
  return joined(reads);
}

function joined(reads: readonly TypeRead[]): TypeRead {
  return {
    records: reads.flatMap(({ records }) => records),
    gone: reads.flatMap(({ gone }) => gone),
    unread: reads.flatMap(({ unread }) => unread),
  };
}

function productsOf(lines: readonly SourceRecord[]): string[] {
  return lines.flatMap((line) => (line.facts.productId ? [line.facts.productId] : []));
}

/** Records that have to be read: those that are not stored, and those stored as archived, which a deal points at again. */
async function notStored(request: ReadRequest, type: CrmType, ids: readonly string[]): Promise<string[]> {
  const asked = [...new Set(ids)];
  if (asked.length === 0) return [];
  const known = await request.known(type, asked);
  // A product stays archived while old lines point at it: once read it is not read again.
  return asked.filter((id) => !known.has(id) || (known.get(id)?.archived === true && type !== 'product'));
}

/** A deal whose line item, product or party is unread is not whole. */
function noteLacking(
  lacking: Map<string, UnreadRecord>,
  pointers: ReadonlyMap<string, DealAssociations>,
  related: TypeRead,
): void {
  if (related.unread.length === 0) return;
  // Ids are unique within a type only.
  const unread = new Map(related.unread.map((record) => [`${record.type}:${record.id}`, record]));
  for (const { type, id, facts } of related.records) {
    const product = facts.productId ? unread.get(`product:${facts.productId}`) : undefined;
    if (type === 'line_item' && product) unread.set(`line_item:${id}`, product);
  }
  for (const [deal, { companies, contacts, lineItems }] of pointers) {
    const keys = [
      ...companies.map((id) => `company:${id}`),
      ...contacts.map((id) => `contact:${id}`),
      ...lineItems.map((id) => `line_item:${id}`),
    ];
    const first = keys.map((key) => unread.get(key)).find((record) => record !== undefined);
    if (first) lacking.set(deal, first);
  }
}
