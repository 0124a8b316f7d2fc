import { isWon } from './pipelines.ts';
import { type Portal, USER_SOURCE } from './portal.ts';
import type { CrmRecord } from './record.ts';
import type { Sandbox } from './sandbox.ts';

/**
 * Sells on: closes the oldest open deals as won, now; where there are none left (or `create` is set) it makes new
 * won deals with a company, a contact and two lines. Deterministic: it depends on the portal's records only.
 */
export function sellDeals(sandbox: Sandbox, portal: Portal, count: number, create: boolean): number[] {
  const sold: number[] = [];
  const closedAt = sandbox.iso();
  if (!create) {
    for (const id of portal.ids('deals')) {
      if (sold.length === count) break;
      const deal = portal.find('deals', id);
      const stage = deal === undefined ? undefined : wonStageFor(portal, deal);
      if (deal === undefined || deal.archivedAt !== 0 || stage === undefined) continue;
      portal.update(deal, { dealstage: stage, closedate: closedAt }, USER_SOURCE);
      sold.push(id);
    }
  }
  while (sold.length < count) sold.push(newWonDeal(portal, closedAt).id);
  return sold;
}

/** The won stage of an open deal's pipeline; undefined when the deal is closed. */
function wonStageFor(portal: Portal, deal: CrmRecord): string | undefined {
  if (portal.stage(deal.properties.dealstage)?.isClosed !== false) return undefined;
  const pipeline = portal.pipelines.find((entry) => entry.id === deal.properties.pipeline);
  return pipeline?.stages.find((stage) => isWon(stage) && !stage.archived)?.id;
}

function newWonDeal(portal: Portal, closedAt: string): CrmRecord {
  const number = portal.ids('deals').length + 1;
  const company =
    nth(portal, 'companies', number) ?? portal.create('companies', { name: `Buyer ${number}` }, USER_SOURCE);
  const contact = nth(portal, 'contacts', number);
  const product = nth(portal, 'products', number);
  const prices = [100 + (number % 90) * 10, 45 + (number % 7)];
  const deal = portal.create(
    'deals',
    {
      dealname: `${company.properties.name ?? 'Buyer'} – Follow-up order ${number}`,
      amount: String(2 * (prices[0] ?? 0) + (prices[1] ?? 0)),
      closedate: closedAt,
      pipeline: 'default',
      dealstage: 'closedwon',
      deal_currency_code: portal.currency,
      hubspot_owner_id: portal.owners.find((owner) => !owner.archived)?.id ?? '',
    },
    USER_SOURCE,
  );
  portal.associate('deals', deal.id, 'companies', company.id, 'primary', USER_SOURCE);
  if (contact !== undefined) portal.associate('deals', deal.id, 'contacts', contact.id, 'plain', USER_SOURCE);
  prices.forEach((price, position) => {
    const line = portal.create('line_items', lineOf(portal, product, price, position), USER_SOURCE);
    portal.associate('deals', deal.id, 'line_items', line.id, 'plain', USER_SOURCE);
  });
  return deal;
}

function lineOf(
  portal: Portal,
  product: CrmRecord | undefined,
  price: number,
  position: number,
): Record<string, string> {
  const properties: Record<string, string> = {
    name: product?.properties.name ?? 'Service',
    price: String(price),
    quantity: position === 0 ? '2' : '1',
    hs_line_item_currency_code: portal.currency,
    hs_position_on_quote: String(position),
  };
  if (product !== undefined) properties.hs_product_id = String(product.id);
  if (product?.properties.hs_sku !== undefined) properties.hs_sku = product.properties.hs_sku;
  return properties;
}

/** A live record by number, going round. */
function nth(
  portal: Portal,
  type: 'companies' | 'contacts' | 'products',
  number: number,
): CrmRecord | undefined {
  const ids = portal.ids(type);
  for (let step = 0; step < ids.length; step += 1) {
    const record = portal.find(type, ids[(number + step) % ids.length] ?? 0);
    if (record?.archivedAt === 0) return record;
  }
  return undefined;
}
