import { propertyReader } from './calculated.ts';
import { addDecimals, type Decimal, formatDecimal, parseDecimal } from './decimal.ts';
import { isWon } from './pipelines.ts';
import type { CrmRecord } from './record.ts';
import { lineProperties, type LineKind, unitPrice } from './seed-lines.ts';
import { DEAL_SUBJECTS } from './seed-names.ts';
import { type DealSlot, ORDINARY_LINES } from './seed-slots.ts';
import { place, type SeedWorld } from './seed-world.ts';
import { zonedInstant } from './zoned-time.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Deals are created between 330 and 61 days before the seed's end, and close within 60 days. */
const OLDEST_DAYS = 330;
const NEWEST_DAYS = 61;

const readAmount = propertyReader('line_items', 'amount');

/** Places one deal with its lines, associations and, where its slot has one, its invoice. */
export function seedDeal(world: SeedWorld, index: number, slot: DealSlot): CrmRecord {
  const { portal, plan, random } = world;
  const createdAt =
    plan.seedNow -
    OLDEST_DAYS * DAY_MS +
    Math.floor((index / plan.deals) * (OLDEST_DAYS - NEWEST_DAYS) * DAY_MS) +
    random.between(0, 59_999);
  const closesAt = closeInstant(world, slot, createdAt + random.between(2 * DAY_MS, 59 * DAY_MS));
  const closed = slot.stage === 'won' || slot.stage === 'lost';
  const updatedAt = closed
    ? closesAt + random.between(0, 20 * HOUR_MS)
    : createdAt + random.between(HOUR_MS, 40 * DAY_MS);
  const currency = slot.currency ?? portal.currency;
  const company = world.companies[companyIndex(world, index, slot)];
  const kinds = slot.lines ?? random.pick(ORDINARY_LINES);
  const lines = seedLines(world, kinds, slot, currency, createdAt, updatedAt);
  const properties = dealProperties(world, index, slot, currency, closesAt, lines, company);
  const deal = place(portal, 'deals', properties, createdAt, updatedAt, 1 + (index % 9));
  for (const line of lines) portal.associations.addNew('deals', deal.id, 'line_items', line.id);
  const contact = world.contacts[index % world.contacts.length];
  if (contact !== undefined) portal.associations.addNew('deals', deal.id, 'contacts', contact.id);
  if (slot.company !== 'none' && company !== undefined) seedCompanies(world, deal, slot, company, index);
  if (slot.invoice !== undefined) seedInvoice(world, deal, slot, company, contact, lines, closesAt);
  return deal;
}

function companyIndex(world: SeedWorld, index: number, slot: DealSlot): number {
  if (typeof slot.company === 'number') return slot.company;
  if (world.plan.profile === 'bench') return index % world.companies.length;
  return 10 + (Math.floor(index * 0.4) % Math.max(1, world.companies.length - 10));
}

/** Moves a close date to just before or after midnight in the account's zone, at a month's turn. */
function closeInstant(world: SeedWorld, slot: DealSlot, ordinary: number): number {
  if (slot.closes === undefined) return ordinary;
  const date = new Date(ordinary);
  const zone = world.portal.settings.timeZone;
  const year = date.getUTCFullYear();
  const month = date.getUTCMonth() + 1;
  if (slot.closes === 'after_midnight') return zonedInstant(zone, year, month, 1, 0, 10);
  return zonedInstant(zone, year, month, 1, 0, 0) - 60_000;
}

function seedLines(
  world: SeedWorld,
  kinds: readonly LineKind[],
  slot: DealSlot,
  currency: string,
  createdAt: number,
  updatedAt: number,
): CrmRecord[] {
  const startDate = new Date(updatedAt).toISOString().slice(0, 10);
  return kinds.map((kind, at) => {
    const position = slot.reversePositions === true ? kinds.length - 1 - at : at;
    const product = productFor(world, kind);
    const properties = lineProperties(kind, product, position, currency, startDate, world.random);
    return place(world.portal, 'line_items', properties, createdAt, updatedAt, 1 + (at % 3));
  });
}

/** Ordinary lines use products with a SKU; every tenth product has none. */
function productFor(world: SeedWorld, kind: LineKind): CrmRecord {
  const blocks = Math.floor(world.products.length / 10);
  const block = world.random.between(0, blocks - 1) * 10;
  const at = kind === 'no_sku' ? block + 9 : block + world.random.between(0, 8);
  return world.products[at] as CrmRecord;
}

function sumOf(world: SeedWorld, lines: readonly CrmRecord[]): Decimal | null {
  let total: Decimal | null = null;
  for (const line of lines) {
    const amount = parseDecimal(readAmount(world.portal, line));
    if (amount !== null) total = total === null ? amount : addDecimals(total, amount);
  }
  return total;
}

function dealAmount(world: SeedWorld, slot: DealSlot, currency: string, lines: readonly CrmRecord[]): string {
  if (slot.amount === 'missing') return '';
  const total = sumOf(world, lines);
  if (total === null) return unitPrice(currency, world.random);
  if (slot.amount !== 'differs') return formatDecimal(total);
  return formatDecimal(addDecimals(total, { units: currency === 'JPY' ? 5000n : 5000n, scale: 2 }));
}

function dealProperties(
  world: SeedWorld,
  index: number,
  slot: DealSlot,
  currency: string,
  closesAt: number,
  lines: readonly CrmRecord[],
  company: CrmRecord | undefined,
): Record<string, string> {
  const { random } = world;
  const pipeline = world.portal.pipelines[slot.pipeline ?? 0];
  const subject = random.pick(DEAL_SUBJECTS);
  return {
    dealname: slot.name ?? `${company?.properties.name ?? 'Walk-in'} - ${subject} ${index + 1}`,
    amount: dealAmount(world, slot, currency, lines),
    closedate: new Date(closesAt).toISOString(),
    pipeline: pipeline?.id ?? 'default',
    dealstage: stageId(world, slot),
    hubspot_owner_id: ownerId(world, slot),
    deal_currency_code: slot.noCurrency === true ? '' : currency,
    dealtype: index % 3 === 0 ? 'existingbusiness' : 'newbusiness',
    hs_priority: random.pick(['low', 'medium', 'high']),
    hs_analytics_source: random.pick(['DIRECT_TRAFFIC', 'REFERRALS', 'OFFLINE', 'PAID_SEARCH']),
    region: random.pick(['apac', 'emea', 'americas']),
    customer_segment: random.pick(['enterprise', 'mid_market', 'small_business']),
    project_code: index % 2 === 0 ? `PRJ-${String(100 + (index % 40))}` : '',
    description: index % 4 === 0 ? `Terms as agreed in offer ${1000 + index}.` : '',
  };
}

function stageId(world: SeedWorld, slot: DealSlot): string {
  const stages = world.portal.pipelines[slot.pipeline ?? 0]?.stages ?? [];
  const open = stages.filter((stage) => !stage.isClosed);
  const stage =
    slot.stage === 'won'
      ? stages.find(isWon)
      : slot.stage === 'lost'
        ? stages.find((entry) => entry.isClosed && !isWon(entry))
        : slot.stage === 'negotiation'
          ? open.at(-1)
          : open.at(-2);
  return stage?.id ?? '';
}

function ownerId(world: SeedWorld, slot: DealSlot): string {
  if (slot.owner === 'none') return '';
  const wanted = slot.owner === 'archived';
  const owners = world.portal.owners.filter((owner) => owner.archived === wanted);
  return owners.length === 0 ? '' : world.random.pick(owners).id;
}

function seedCompanies(
  world: SeedWorld,
  deal: CrmRecord,
  slot: DealSlot,
  company: CrmRecord,
  index: number,
): void {
  const { associations } = world.portal;
  const other = world.companies[(index + 13) % world.companies.length];
  const two = slot.company === 'two_with_primary' || slot.company === 'two_without_primary';
  // The second company comes first, so that taking the first of the list is visibly wrong.
  if (two && other !== undefined && other.id !== company.id) {
    associations.addNew('deals', deal.id, 'companies', other.id);
  }
  associations.addNew('deals', deal.id, 'companies', company.id);
  if (slot.company !== 'two_without_primary') {
    associations.setPrimary('deals', deal.id, 'companies', company.id);
  }
}

/** An invoice of the CRM with its own copies of the deal's lines: a line item belongs to one parent. */
function seedInvoice(
  world: SeedWorld,
  deal: CrmRecord,
  slot: DealSlot,
  company: CrmRecord | undefined,
  contact: CrmRecord | undefined,
  lines: readonly CrmRecord[],
  closesAt: number,
): void {
  const { portal } = world;
  const total = sumOf(world, lines);
  const amount = total === null ? '0' : formatDecimal(total);
  const at = closesAt + DAY_MS;
  const properties: Record<string, string> = {
    hs_number: `INV-${1000 + (deal.id % 100_000)}`,
    hs_currency: slot.currency ?? portal.currency,
    hs_invoice_date: new Date(closesAt).toISOString(),
    hs_due_date: slot.invoice === 'no_due_date' ? '' : new Date(closesAt + 30 * DAY_MS).toISOString(),
    hs_invoice_status: 'open',
    hs_amount_billed: amount,
    hs_amount_paid: '0',
    hs_balance_due: amount,
    hs_invoice_billable: 'false',
  };
  const invoice = place(portal, 'invoices', properties, at, at, 2);
  for (const line of lines) {
    const copy = place(portal, 'line_items', { ...line.properties }, at, at, 1);
    portal.associations.addNew('invoices', invoice.id, 'line_items', copy.id);
  }
  if (slot.invoice === 'no_party') return;
  portal.associations.addNew('invoices', invoice.id, 'deals', deal.id);
  if (company !== undefined) portal.associations.addNew('invoices', invoice.id, 'companies', company.id);
  if (contact !== undefined) portal.associations.addNew('invoices', invoice.id, 'contacts', contact.id);
}
