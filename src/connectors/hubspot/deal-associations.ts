import type { TributaryError } from '../../kernel/errors.ts';
import type { DealAssociations } from '../../model/source-record.ts';
import { type AssociatedRecord, primaryCompanyTypeId, readAssociations } from './associations.ts';
import type { HubspotClient } from './client.ts';
import { type CrmType, crmTypes } from './object-types.ts';
import type { CrmRecord } from './wire.ts';

export interface DealAssociationsRead {
  readonly found: ReadonlyMap<string, DealAssociations>;
  readonly failed: ReadonlyMap<string, TributaryError>;
}

/** Whether both name the same ones: in any order, and an only company is the primary one whether that was read or not. */
export function sameAssociations(one: DealAssociations, other: DealAssociations): boolean {
  const sameIds = (left: readonly string[], right: readonly string[]): boolean =>
    new Set(left).size === new Set(right).size && new Set([...left, ...right]).size === new Set(left).size;
  return (
    mainCompanyOf(one) === mainCompanyOf(other) &&
    sameIds(one.companies, other.companies) &&
    sameIds(one.contacts, other.contacts) &&
    sameIds(one.lineItems, other.lineItems)
  );
}

function mainCompanyOf({ companies, primaryCompany }: DealAssociations): string | null {
  return primaryCompany ?? (companies.length === 1 ? (companies[0] ?? null) : null);
}

/** What the deals point at, by three batch reads a thousand deals. A deal for which one of them failed has failed. */
export async function readDealAssociations(
  client: HubspotClient,
  ids: readonly string[],
  unread?: ReadonlySet<string>,
): Promise<DealAssociationsRead> {
  if (ids.length === 0) return { found: new Map(), failed: new Map() };
  const [companies, contacts, lineItems] = await Promise.all([
    readAssociations(client, 'deal', 'company', ids, unread),
    readAssociations(client, 'deal', 'contact', ids, unread),
    readAssociations(client, 'deal', 'line_item', ids, unread),
  ]);
  const failed = new Map([...companies.failed, ...contacts.failed, ...lineItems.failed]);
  const found = new Map<string, DealAssociations>();
  for (const id of ids) {
    if (failed.has(id)) continue;
    const dealCompanies = companies.found.get(id) ?? [];
    found.set(id, {
      companies: dealCompanies.map((company) => company.id),
      primaryCompany: primaryOf(dealCompanies),
      contacts: (contacts.found.get(id) ?? []).map((contact) => contact.id),
      lineItems: (lineItems.found.get(id) ?? []).map((line) => line.id),
    });
  }
  return { found, failed };
}

function primaryOf(companies: readonly AssociatedRecord[]): string | null {
  return companies.find(({ typeIds }) => typeIds.includes(primaryCompanyTypeId))?.id ?? null;
}

/**
 * The associations of listed deals, from the lists that came with them. They are completed by batch reads where they are cut off,
 * and where a deal has several companies: which one is primary only the type ids say (the texts beside the ids differ by portal).
 * A deal whose completion failed has null and stays a summary.
 */
export async function completeInline(
  client: HubspotClient,
  deals: readonly CrmRecord[],
  unread?: ReadonlySet<string>,
): Promise<Map<string, DealAssociations | null>> {
  const inline = deals.map((deal) => ({
    id: deal.id,
    companies: inlineOf(deal, 'company'),
    contacts: inlineOf(deal, 'contact'),
    lineItems: inlineOf(deal, 'line_item'),
  }));
  const idsWhere = (test: (deal: (typeof inline)[number]) => boolean): string[] =>
    inline.filter(test).map((deal) => deal.id);
  const [companies, contacts, lineItems] = await Promise.all([
    readAssociations(
      client,
      'deal',
      'company',
      idsWhere((deal) => deal.companies.cutOff || deal.companies.ids.length > 1),
      unread,
    ),
    readAssociations(
      client,
      'deal',
      'contact',
      idsWhere((deal) => deal.contacts.cutOff),
      unread,
    ),
    readAssociations(
      client,
      'deal',
      'line_item',
      idsWhere((deal) => deal.lineItems.cutOff),
      unread,
    ),
  ]);
  const failed = new Set([...companies.failed.keys(), ...contacts.failed.keys(), ...lineItems.failed.keys()]);
  return new Map(
    inline.map((deal) => {
      if (failed.has(deal.id)) return [deal.id, null];
      const read = companies.found.get(deal.id);
      return [
        deal.id,
        {
          companies: read ? read.map((company) => company.id) : deal.companies.ids,
          primaryCompany: read ? primaryOf(read) : null,
          contacts: idsOf(contacts.found.get(deal.id)) ?? deal.contacts.ids,
          lineItems: idsOf(lineItems.found.get(deal.id)) ?? deal.lineItems.ids,
        },
      ];
    }),
  );
}

function idsOf(records: readonly AssociatedRecord[] | undefined): string[] | undefined {
  return records?.map((record) => record.id);
}

/** Live portals call the list of line items `line items`, the reference `line_items`. A record repeats for each of its types. */
function inlineOf(deal: CrmRecord, type: CrmType): { ids: string[]; cutOff: boolean } {
  const { path, typeId } = crmTypes[type];
  const lists = [path, path.replace('_', ' '), typeId].flatMap((key) => deal.associations?.[key] ?? []);
  return {
    ids: [...new Set(lists.flatMap((list) => (list.results ?? []).map((result) => result.id)))],
    cutOff: lists.some((list) => list.paging?.next != null),
  };
}
