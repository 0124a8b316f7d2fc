import { makeOwners } from './owners.ts';
import type { Portal } from './portal.ts';
import { createRandom, type Random } from './random.ts';
import type { CrmRecord } from './record.ts';
import { seedDeal } from './seed-deal.ts';
import { unitPrice } from './seed-lines.ts';
import {
  CITIES,
  COMPANY_FIRST,
  COMPANY_SECOND,
  COMPANY_SUFFIX,
  FIRST_NAMES,
  HARD_COMPANIES,
  LAST_NAMES,
  PRODUCT_NAMES,
} from './seed-names.ts';
import { BENCH_SLOT, DEAL_SLOTS } from './seed-slots.ts';
import { place, type SeedPlan, type SeedWorld } from './seed-world.ts';

const DAY_MS = 86_400_000;
/** Parents are older than the oldest deal. */
const PARENT_AGE_MS = 400 * DAY_MS;

/** Rates to US dollars; made relative to the portal's currency. */
const DOLLARS: Readonly<Record<string, number>> = { USD: 1, EUR: 1.08, GBP: 1.27, JPY: 0.0066, KWD: 3.25 };

/** Fills a portal from its seed: the same plan gives the same portal. */
export function seedPortal(portal: Portal, plan: SeedPlan): void {
  const random = createRandom(plan.seed);
  const home = DOLLARS[portal.currency] ?? 1;
  for (const [code, rate] of Object.entries(DOLLARS)) {
    if (code !== portal.currency) portal.exchangeRates.set(code, (rate / home).toFixed(6));
  }
  const ownerCount = plan.profile === 'bench' ? 100 : plan.deals > 2000 ? 64 : 16;
  portal.owners = makeOwners(ownerCount, 'tributary-sandbox.example', random, plan.seedNow - PARENT_AGE_MS);
  if (plan.profile === 'empty' || plan.deals === 0) {
    portal.finishSeed();
    return;
  }
  const bench = plan.profile === 'bench';
  const companies = seedCompanies(
    portal,
    plan,
    random,
    bench ? plan.deals : Math.max(16, Math.ceil(plan.deals * 0.4)),
  );
  const contactCount = bench ? plan.deals : Math.max(20, Math.ceil(plan.deals * 0.6));
  const contacts = seedContacts(portal, plan, random, contactCount, companies);
  const products = seedProducts(
    portal,
    plan,
    random,
    bench ? 500 : Math.max(20, Math.min(500, plan.deals >> 2)),
  );
  const world: SeedWorld = { portal, plan, random, companies, contacts, products };
  for (let index = 0; index < plan.deals; index += 1) {
    const slot = bench ? BENCH_SLOT : DEAL_SLOTS[index % DEAL_SLOTS.length];
    seedDeal(world, index, slot ?? BENCH_SLOT);
  }
  portal.finishSeed();
}

/** Parents were last changed some time between the first deal and the end of the seed. */
function parentTimes(plan: SeedPlan, index: number, count: number, random: Random): [number, number] {
  const createdAt = plan.seedNow - PARENT_AGE_MS + Math.floor((index / count) * 60 * DAY_MS);
  const span = plan.seedNow - createdAt - 90 * DAY_MS;
  return [createdAt, createdAt + Math.floor(random.next() * span)];
}

function seedCompanies(portal: Portal, plan: SeedPlan, random: Random, count: number): CrmRecord[] {
  const companies: CrmRecord[] = [];
  const hard = plan.profile === 'bench' ? [] : HARD_COMPANIES;
  for (let index = 0; index < count; index += 1) {
    const special = hard[index];
    const [city, country] = random.pick(CITIES);
    const [createdAt, updatedAt] = parentTimes(plan, index, count, random);
    const name = special?.[0] ?? ordinaryCompany(index, random);
    const domain = special?.[1] ?? `company-${index}.example`;
    const properties: Record<string, string> = {
      name,
      domain,
      website: `https://www.${domain}`,
      industry: random.pick(['COMPUTER_SOFTWARE', 'MACHINERY', 'RETAIL', 'UTILITIES']),
      phone: `+64 9 ${random.between(1_000_000, 9_999_999)}`,
      address: `${random.between(1, 240)} Queen Street`,
      city,
      zip: String(random.between(1000, 9999)),
      country,
      external_customer_id: index % 7 === 3 ? '' : `CUST-${String(index + 1).padStart(6, '0')}`,
      tax_id: index % 3 === 0 ? `TX${random.between(100_000_000, 999_999_999)}` : '',
    };
    companies.push(place(portal, 'companies', properties, createdAt, updatedAt, 1 + (index % 4)));
  }
  return companies;
}

function ordinaryCompany(index: number, random: Random): string {
  const first = COMPANY_FIRST[index % COMPANY_FIRST.length] ?? '';
  const second = COMPANY_SECOND[Math.floor(index / COMPANY_FIRST.length) % COMPANY_SECOND.length] ?? '';
  const round = Math.floor(index / (COMPANY_FIRST.length * COMPANY_SECOND.length));
  return `${first} ${second}${round === 0 ? '' : ` ${round + 1}`} ${random.pick(COMPANY_SUFFIX)}`;
}

function seedContacts(
  portal: Portal,
  plan: SeedPlan,
  random: Random,
  count: number,
  companies: readonly CrmRecord[],
): CrmRecord[] {
  const contacts: CrmRecord[] = [];
  for (let index = 0; index < count; index += 1) {
    const [createdAt, updatedAt] = parentTimes(plan, index, count, random);
    const properties: Record<string, string> = {
      email: `contact-${index}@${companies[index % companies.length]?.properties.domain ?? 'nobody.example'}`,
      firstname: random.pick(FIRST_NAMES),
      lastname: random.pick(LAST_NAMES),
      phone: index % 5 === 0 ? '' : `+1 312 ${random.between(1_000_000, 9_999_999)}`,
      jobtitle: random.pick(['Buyer', 'CFO', 'Head of Operations', 'Accounts payable']),
    };
    const contact = place(portal, 'contacts', properties, createdAt, updatedAt, 1 + (index % 3));
    const company = companies[index % companies.length];
    if (company !== undefined) {
      portal.associations.addNew('contacts', contact.id, 'companies', company.id);
      portal.associations.setPrimary('contacts', contact.id, 'companies', company.id);
    }
    contacts.push(contact);
  }
  return contacts;
}

function seedProducts(portal: Portal, plan: SeedPlan, random: Random, count: number): CrmRecord[] {
  const products: CrmRecord[] = [];
  for (let index = 0; index < count; index += 1) {
    const [createdAt, updatedAt] = parentTimes(plan, index, count, random);
    const round = Math.floor(index / PRODUCT_NAMES.length);
    const properties: Record<string, string> = {
      name: `${PRODUCT_NAMES[index % PRODUCT_NAMES.length] ?? 'Item'}${round === 0 ? '' : ` M${round + 1}`}`,
      description: index % 4 === 0 ? '' : 'Catalogue item',
      price: unitPrice(portal.currency, random),
      hs_sku: hasNoSku(plan, index) ? '' : `SKU-${String(1000 + index)}`,
      hs_product_type: (['inventory', 'non_inventory', 'service'] as const)[index % 3] ?? 'service',
      hs_cost_of_goods_sold: index % 2 === 0 ? String(random.between(5, 400)) : '',
      hs_recurring_billing_period: index % 10 === 2 ? 'P12M' : '',
    };
    products.push(place(portal, 'products', properties, createdAt, updatedAt, 1 + (index % 2)));
  }
  return products;
}

function hasNoSku(plan: SeedPlan, index: number): boolean {
  return plan.profile !== 'bench' && index % 10 === 9;
}
