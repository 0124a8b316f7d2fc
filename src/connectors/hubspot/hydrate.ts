import type { TributaryError } from '../../kernel/errors.ts';
import type { DealAssociations, GoneRecord, SourceRecord } from '../../model/source-record.ts';
import type { HydratedBatch, HydrateFailure, HydrateRequest, ReadRequest } from '../connector.ts';
import { batchRead } from './batch-read.ts';
import type { HubspotClient } from './client.ts';
import { readDealAssociations } from './deal-associations.ts';
import { type CrmType, propertiesWanted } from './object-types.ts';
import { fromRemote, goneByMerge } from './source-record.ts';

/** What one read gave: records (archived ones among them), what is gone, and what was refused, by id. */
interface TypeRead {
  readonly records: readonly SourceRecord[];
  readonly gone: readonly GoneRecord[];
  readonly failed: ReadonlyMap<string, TributaryError>;
}

type Related = Readonly<Record<'company' | 'contact' | 'line_item', readonly string[]>>;

/**
 * Reads deals whole: properties and associations of those that have none at the same time, then the records that the deals point
 * at and that are not stored, each once, and last the products of the new line items. Deals that came with associations are not
 * read again.
 * Errors: vendor_auth, vendor_rate_limited, vendor_unavailable, for the whole batch; what concerns one deal is its failure, an
 * error of HubSpot's that comes with one record only among it.
 */
export async function hydrate(client: HubspotClient, request: HydrateRequest): Promise<HydratedBatch> {
  const unread = request.deals.filter((deal) => deal.summary || deal.associations === null);
  const [deals, associations] = await Promise.all([
    readType(
      client,
      request,
      'deal',
      unread.map((deal) => deal.id),
      { isolate: true },
    ),
    readDealAssociations(
      client,
      unread.filter((deal) => deal.associations === null).map((deal) => deal.id),
    ),
  ]);
  const given = new Map(
    request.deals.flatMap((deal) => (deal.associations ? [[deal.id, deal.associations]] : [])),
  );
  const failed = new Map([...associations.failed, ...deals.failed]);
  const whole = deals.records
    .filter((deal) => !failed.has(deal.id))
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
  noteRelatedFailures(failed, pointers, related);
  return {
    records: [...whole.filter((deal) => !failed.has(deal.id)), ...related.records],
    gone: [...deals.gone, ...related.gone],
    failures: [...failed].map(([id, error]) => failureOf(id, error)),
  };
}

/** Reads records of one type and says what became of each id. A merged id gives the surviving record, too. */
export async function readType(
  client: HubspotClient,
  request: ReadRequest,
  type: CrmType,
  ids: readonly string[],
  options: { readonly isolate?: boolean } = {},
): Promise<TypeRead> {
  if (ids.length === 0) return { records: [], gone: [], failed: new Map() };
  const properties = propertiesWanted(type, request.properties[type]);
  const read = await batchRead(client, type, ids, properties, options);
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
  return { records: [...records, ...survivors], gone, failed: read.failed };
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
    readType(client, request, type, await notStored(request, type, ids), { isolate: true });
  const [companies, contacts, [lineItems, products]] = await Promise.all([
    readNew('company', related.company),
    readNew('contact', related.contact),
    readNew('line_item', related.line_item).then(async (lines): Promise<[TypeRead, TypeRead]> => {
      const products = await readNew('product', productsOf(lines.records));
      return [withoutLinesOf(products, lines), products];
    }),
  ]);
  const all = [companies, contacts, lineItems, products];
  return {
    records: all.flatMap(({ records }) => records),
    gone: all.flatMap(({ gone }) => gone),
    // Ids are unique within a type only. A product that is refused is no deal's failure: its lines have a name of their own.
    failed: new Map([
      ...prefixed('company', companies),
      ...prefixed('contact', contacts),
      ...prefixed('line_item', lineItems),
    ]),
  };
}

function productsOf(lines: readonly SourceRecord[]): string[] {
  return lines.flatMap((line) => (line.facts.productId ? [line.facts.productId] : []));
}

/**
 * The lines without those of which HubSpot could not give the product now: they fail and are not stored, because a stored line's
 * product is not read again.
 */
function withoutLinesOf(products: TypeRead, lines: TypeRead): TypeRead {
  const failed = new Map(lines.failed);
  for (const { id, facts } of lines.records) {
    const error = facts.productId ? products.failed.get(facts.productId) : undefined;
    if (error?.code === 'vendor_unavailable') failed.set(id, error);
  }
  return { ...lines, failed, records: lines.records.filter(({ id }) => !failed.has(id)) };
}

function prefixed(type: CrmType, read: TypeRead): [string, TributaryError][] {
  return [...read.failed].map(([id, error]) => [`${type}:${id}`, error]);
}

/** Records that have to be read: those that are not stored, and those stored as archived, which a deal points at again. */
async function notStored(request: ReadRequest, type: CrmType, ids: readonly string[]): Promise<string[]> {
  const asked = [...new Set(ids)];
  if (asked.length === 0) return [];
  const known = await request.known(type, asked);
  // A product stays archived while old lines point at it: once read it is not read again.
  return asked.filter((id) => !known.has(id) || (known.get(id)?.archived === true && type !== 'product'));
}

/** A deal whose line item or party was refused cannot be read whole. */
function noteRelatedFailures(
  failed: Map<string, TributaryError>,
  pointers: ReadonlyMap<string, DealAssociations>,
  related: TypeRead,
): void {
  if (related.failed.size === 0) return;
  for (const [deal, { companies, contacts, lineItems }] of pointers) {
    const keys = [
      ...companies.map((id) => `company:${id}`),
      ...contacts.map((id) => `contact:${id}`),
      ...lineItems.map((id) => `line_item:${id}`),
    ];
    const error = keys.map((key) => related.failed.get(key)).find((candidate) => candidate !== undefined);
    if (error) failed.set(deal, error);
  }
}

function failureOf(id: string, error: TributaryError): HydrateFailure {
  const { code } = error;
  const known = code === 'vendor_rejected' || code === 'vendor_missing' || code === 'vendor_conflict';
  return { id, code: known ? code : 'vendor_unavailable', detail: error.detail ?? error.message };
}
