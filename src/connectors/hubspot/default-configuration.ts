import type { Configuration, PartyFields } from '../../model/configuration.ts';

const noParty: PartyFields = {
  name: 'name',
  website: null,
  industry: null,
  phone: null,
  email: null,
  taxId: null,
  line1: null,
  line2: null,
  city: null,
  region: null,
  postalCode: null,
  country: null,
  externalId: null,
  customProperties: {},
};

const address = {
  line1: 'address',
  city: 'city',
  region: 'state',
  postalCode: 'zip',
  country: 'country',
};

/**
 * What a fresh connection does: every won stage of every pipeline makes a draft invoice, for the whole history, with the lines' amounts
 * and customers matched by name. Property names: property reference of deals, line items, products, companies and contacts.
 */
export const defaultConfiguration: Configuration = {
  deals: {
    enabled: true,
    stages: [],
    lostStages: [],
    trigger: { on: 'stage' },
    filters: [],
    minimumAmount: null,
    cutoff: null,
    kind: 'invoice',
    fields: {
      description: 'dealname',
      total: 'amount',
      documentDate: 'closedate',
      currency: 'deal_currency_code',
      memo: { join: ['description'], separator: '\n' },
      salesRep: 'hubspot_owner_id',
      dimensions: {},
      customProperties: {},
    },
    lines: {
      product: 'hs_product_id',
      name: 'name',
      description: 'description',
      sku: 'hs_sku',
      quantity: { property: 'quantity', default: '1' },
      unitPrice: 'price',
      discountAmount: 'discount',
      discountPercent: 'hs_discount_percentage',
      tax: null,
      billingPeriod: 'recurringbillingfrequency',
      position: 'hs_position_on_quote',
      noProduct: 'default_item',
      itemMissing: 'create',
    },
    amountPolicy: 'lines',
    noCompany: 'fail',
    onChange: 'update',
  },
  products: {
    enabled: true,
    fields: {
      name: 'name',
      sku: 'hs_sku',
      description: 'description',
      unitPrice: 'price',
      type: 'hs_product_type',
      // The options of "Product type"; what has none is a service, as most of what is sold by deals.
      kinds: { inventory: 'goods', non_inventory: 'goods', service: 'service' },
      defaultKind: 'service',
    },
  },
  companies: {
    enabled: true,
    scope: 'won_deals',
    filters: [],
    fields: {
      ...noParty,
      ...address,
      line2: 'address2',
      website: 'domain',
      industry: 'industry',
      phone: 'phone',
    },
  },
  contacts: {
    enabled: true,
    fields: {
      ...noParty,
      ...address,
      name: { join: ['firstname', 'lastname'], separator: ' ', default: 'email' },
      phone: 'phone',
      email: 'email',
    },
  },
  customers: { matching: 'name' },
  conflicts: 'source_wins',
  lockedPeriod: 'fail',
  schedule: { mode: 'manual' },
  history: { mode: 'all', from: null },
  autoPost: { enabled: false },
  accounts: {},
  entityRules: [],
  writeback: { enabled: false },
  crmInvoices: { enabled: false },
};
