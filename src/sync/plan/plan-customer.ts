import type { PartyFields } from '../../model/configuration.ts';
import type {
  Address,
  ContactDraft,
  CustomerDraft,
  CustomerPlan,
  CustomerSource,
} from '../../model/document-draft.ts';
import type { SourceRecord } from '../../model/source-record.ts';
import { readField } from './field-source.ts';
import type { BooksSnapshot, DealSnapshot, PlanContext, PlanOverlay } from './plan-context.ts';
import { type Refusal, refusal } from './refusal.ts';

export function customerKey(source: CustomerSource): string {
  return `${source.type}:${source.id}`;
}

/** Which record of the CRM is the customer: the primary company wins; without any company, as the settings say. */
export function customerSourceOf(
  snapshot: DealSnapshot,
  context: PlanContext,
): { record: SourceRecord | null; source: CustomerSource } | Refusal {
  const { companies, contacts, deal } = snapshot;
  const primaryId = deal.associations?.primaryCompany ?? null;
  const primary = companies.find((company) => company.id === primaryId);
  const only = companies.length === 1 ? companies[0] : undefined;
  const company = primary ?? only;
  if (company) return { record: company, source: { type: 'company', id: company.id } };
  if (companies.length > 1) {
    const names = companies.map(
      (candidate) =>
        readField(context.configuration.companies.fields.name, candidate.properties) ?? candidate.id,
    );
    return refusal('ambiguous_customer', {
      detail: `the deal has ${companies.length} companies and none is primary (${names.slice(0, 5).join(', ')})`,
    });
  }
  const rule = context.configuration.deals.noCompany;
  if (rule === 'placeholder') return { record: null, source: { type: 'placeholder', id: 'placeholder' } };
  const contact = contacts[0];
  if (rule === 'contact' && contact) return { record: contact, source: { type: 'contact', id: contact.id } };
  if (rule === 'contact') {
    const word = context.dealWord.toLowerCase();
    return { code: 'company_not_found', reason: `The ${word} has no company and no contact in the CRM.` };
  }
  return refusal('company_not_found');
}

/** The customer of the deal: linked already, matched by the configured rule, or to be made. Records it in the overlay. */
export function planCustomer(
  snapshot: DealSnapshot,
  context: PlanContext,
  books: BooksSnapshot,
  overlay: PlanOverlay,
): CustomerPlan | Refusal {
  const chosen = customerSourceOf(snapshot, context);
  return 'source' in chosen ? planParty(chosen.source, chosen.record, context, books, overlay) : chosen;
}

/** The same for one company or contact, whatever names it. */
export function planParty(
  source: CustomerSource,
  record: SourceRecord | null,
  context: PlanContext,
  books: BooksSnapshot,
  overlay: PlanOverlay,
): CustomerPlan | Refusal {
  const key = customerKey(source);
  const planned = overlay.customers.get(key);
  if (planned) return planned;
  const draft = customerDraftOf(source, record, context);
  if ('code' in draft) return draft;
  const plan = decide(source, key, draft, context, books, overlay);
  if ('code' in plan) return plan;
  overlay.customers.set(key, plan);
  if (plan.action === 'match') overlay.claimedCustomers.set(plan.customerId, key);
  return plan;
}

function decide(
  source: CustomerSource,
  key: string,
  draft: CustomerDraft,
  context: PlanContext,
  books: BooksSnapshot,
  overlay: PlanOverlay,
): CustomerPlan | Refusal {
  const { companies, contacts, customers } = context.configuration;
  const updates =
    source.type === 'company' ? companies.enabled : source.type === 'contact' && contacts.enabled;
  const linked = books.customerLinks.get(key);
  if (linked) return { action: 'use', source, customerId: linked.customerId, draft: updates ? draft : null };
  const candidates = (books.customerCandidates.get(key) ?? []).filter(({ customerId }) => {
    const claimedBy = overlay.claimedCustomers.get(customerId);
    return claimedBy === undefined || claimedBy === key;
  });
  const [first, ...others] = candidates;
  if (first && others.length > 0) {
    return refusal('ambiguous_customer', { detail: `${candidates.length} customers match ${draft.name}` });
  }
  if (first) return { action: 'match', source, customerId: first.customerId, draft: updates ? draft : null };
  if (customers.matching === 'match_only') {
    return {
      code: 'company_not_found',
      reason: `No customer in the books matches ${draft.name}, and new customers are switched off.`,
    };
  }
  return { action: 'create', source, draft };
}

/** What the mapping makes of the party; a company without a name takes its website, a person their e-mail address. */
export function customerDraftOf(
  source: CustomerSource,
  record: SourceRecord | null,
  context: PlanContext,
): CustomerDraft | Refusal {
  if (source.type === 'placeholder' || !record) return placeholder;
  const fields =
    source.type === 'company'
      ? context.configuration.companies.fields
      : context.configuration.contacts.fields;
  const draft = partyDraft(record, fields, source.type === 'company' ? 'company' : 'person');
  return draft ?? refusal('missing_required_field', { field: 'name' });
}

const placeholder: CustomerDraft = {
  kind: 'company',
  name: 'Unknown customer',
  website: null,
  industry: null,
  phone: null,
  email: null,
  taxId: null,
  address: null,
  externalId: null,
  customProperties: {},
};

function partyDraft(
  record: SourceRecord,
  fields: PartyFields,
  kind: 'company' | 'person',
): CustomerDraft | null {
  const read = (source: PartyFields['website']) => readField(source, record.properties);
  const website = read(fields.website);
  const email = read(fields.email);
  const name = read(fields.name) ?? website ?? email;
  if (name === null) return null;
  return {
    kind,
    name,
    website,
    industry: read(fields.industry),
    phone: read(fields.phone),
    email,
    taxId: read(fields.taxId),
    address: addressOf(read, fields),
    externalId: read(fields.externalId),
    customProperties: readAll(fields.customProperties, record),
  };
}

function addressOf(
  read: (source: PartyFields['website']) => string | null,
  fields: PartyFields,
): Address | null {
  const address: Address = {
    line1: read(fields.line1),
    line2: read(fields.line2),
    city: read(fields.city),
    region: read(fields.region),
    postalCode: read(fields.postalCode),
    country: read(fields.country),
  };
  return Object.values(address).some((part) => part !== null) ? address : null;
}

/** Named values, without the empty ones. */
export function readAll(
  fields: Readonly<Record<string, Parameters<typeof readField>[0]>>,
  record: SourceRecord,
): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, source] of Object.entries(fields)) {
    const value = readField(source, record.properties);
    if (value !== null) values[name] = value;
  }
  return values;
}

/** The deal's contacts as contact people of its customer; one without name and e-mail address is left out. */
export function planContacts(snapshot: DealSnapshot, context: PlanContext): ContactDraft[] {
  const { enabled, fields } = context.configuration.contacts;
  if (!enabled) return [];
  return snapshot.contacts.flatMap((contact) => {
    const email = readField(fields.email, contact.properties);
    const name = readField(fields.name, contact.properties) ?? email;
    return name === null
      ? []
      : [{ sourceId: contact.id, name, email, phone: readField(fields.phone, contact.properties) }];
  });
}
