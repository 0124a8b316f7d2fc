import type { ConnectorManifest } from '../connector.ts';

/**
 * Scopes by what they are for. Only the required ones are demanded at the consent page: an account whose subscription lacks an
 * optional one can still connect. Source: scopes reference, 2026-09.
 */
export const manifest: ConnectorManifest = {
  id: 'hubspot',
  name: 'HubSpot',
  category: 'crm',
  summary: 'Won deals become draft invoices, companies customers, products items.',
  authKinds: ['oauth', 'token'],
  permissions: [
    { scope: 'oauth', reason: 'To connect at all.', required: true },
    {
      scope: 'crm.objects.deals.read',
      reason: 'To read deals and pipeline stages: won deals become invoices.',
      required: true,
    },
    {
      scope: 'crm.objects.line_items.read',
      reason: 'To read what was sold: line items become invoice lines.',
      required: true,
    },
    {
      scope: 'crm.objects.products.read',
      reason: 'To read products: they become items.',
      required: true,
    },
    {
      scope: 'crm.objects.companies.read',
      reason: 'To read companies: they become customers.',
      required: true,
    },
    {
      scope: 'crm.objects.contacts.read',
      reason: 'To read contacts: they become the customer’s contact people.',
      required: true,
    },
    {
      scope: 'crm.objects.owners.read',
      reason: 'To read deal owners: they become sales reps.',
      required: true,
    },
    {
      scope: 'crm.schemas.deals.read',
      reason: 'To offer your own deal properties for mapping.',
      required: false,
    },
    {
      scope: 'crm.schemas.companies.read',
      reason: 'To offer your own company properties for mapping.',
      required: false,
    },
    {
      scope: 'crm.schemas.contacts.read',
      reason: 'To offer your own contact properties for mapping.',
      required: false,
    },
    {
      scope: 'crm.schemas.line_items.read',
      reason: 'To offer your own line item properties for mapping.',
      required: false,
    },
  ],
  statusPageUrl: 'https://status.hubspot.com',
  tokenHelp:
    'In HubSpot open Settings › Integrations › Service Keys (in older accounts Private Apps), create a key with the read scopes for deals, line items, products, companies, contacts and owners, and paste the key that begins with pat-.',
  skuPrefix: 'HS_',
  words: {
    deal: 'Deal',
    company: 'Company',
    contact: 'Contact',
    line_item: 'Line item',
    product: 'Product',
    owner: 'Owner',
  },
};

export const requiredScopes: readonly string[] = manifest.permissions
  .filter(({ required }) => required)
  .map(({ scope }) => scope);

export const optionalScopes: readonly string[] = manifest.permissions
  .filter(({ required }) => !required)
  .map(({ scope }) => scope);
