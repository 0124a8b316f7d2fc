import { z } from 'zod';
import type { FieldError } from '../../kernel/errors.ts';
import { isCurrency } from '../../kernel/currencies.ts';
import { parseCalendarDate } from '../../kernel/dates.ts';
import { parseDecimal } from '../../kernel/decimal.ts';
import {
  contractMonthsMax,
  accountRoles,
  type Configuration,
  type FieldSource,
  type Filter,
} from '../../model/configuration.ts';

/** Deeper nesting than any person writes; it keeps a crafted value from exhausting the stack. */
const nestingMax = 8;

// The command line sends 100 as a number; what is meant is its text.
const text = (max: number) =>
  z.preprocess(
    (value) => (typeof value === 'number' || typeof value === 'boolean' ? String(value) : value),
    z.string().max(max),
  );

function fieldSource(depth = 0): z.ZodType<FieldSource> {
  if (depth > nestingMax) return z.never('sources are nested too deeply');
  const inner = z.lazy(() => fieldSource(depth + 1));
  return z.union(
    [
      z.string().min(1).max(200),
      z.strictObject({ property: z.string().min(1).max(200), default: text(2000).exactOptional() }),
      z.strictObject({ constant: text(2000) }),
      z.strictObject({
        join: z.array(inner).min(1).max(20),
        separator: z.string().max(20).exactOptional(),
        default: text(2000).exactOptional(),
      }),
      z.strictObject({
        lookup: inner,
        table: z.record(z.string(), text(2000)),
        default: text(2000).exactOptional(),
      }),
    ],
    'a CRM property name, or {property}, {constant}, {join} or {lookup, table}',
  ) as z.ZodType<FieldSource>;
}

const source = fieldSource();
const optionalSource = z.nullable(source);

const operators = [
  'equals',
  'not_equals',
  'in',
  'not_in',
  'contains',
  'greater_than',
  'at_least',
  'less_than',
  'at_most',
  'is_set',
  'is_not_set',
] as const;

function filter(depth = 0): z.ZodType<Filter> {
  if (depth > nestingMax) return z.never('filters are nested too deeply');
  const inner = z.lazy(() => filter(depth + 1));
  const condition = z.strictObject({
    property: z.string().min(1).max(200),
    operator: z.enum(operators),
    value: z.union([text(2000), z.array(text(2000)).max(500)]).exactOptional(),
  });
  const shapes = [
    condition,
    z.strictObject({ all: z.array(inner).min(1).max(50) }),
    z.strictObject({ any: z.array(inner).min(1).max(50) }),
  ] as const;
  return z.union(shapes, '{property, operator, value}, {all: […]} or {any: […]}') as z.ZodType<Filter>;
}

const filters = z.array(filter()).max(50);
const namedSources = z.record(z.string().min(1).max(100), source);
const decimalOrNull = z.nullable(
  text(40).refine((value) => parseDecimal(value) !== null, 'a decimal such as 100.00'),
);
const dayOrNull = z.nullable(
  z.string().refine((value) => parseCalendarDate(value) !== null, 'a day as YYYY-MM-DD'),
);
const customerIds = z.array(z.uuid('the id of a customer')).max(1000);
const notYet = (what: string) => `${what} is not available in this version`;

const partyFields = z.strictObject({
  name: source,
  website: optionalSource,
  industry: optionalSource,
  phone: optionalSource,
  email: optionalSource,
  taxId: optionalSource,
  line1: optionalSource,
  line2: optionalSource,
  city: optionalSource,
  region: optionalSource,
  postalCode: optionalSource,
  country: optionalSource,
  externalId: optionalSource,
  customProperties: namedSources,
});

const deals = z.strictObject({
  enabled: z.boolean(),
  stages: z.array(text(100)).max(1000),
  lostStages: z.array(text(100)).max(1000),
  trigger: z
    .strictObject({
      on: z.enum(['stage', 'property', 'stage_and_property']),
      property: z.string().max(200).exactOptional(),
      equals: text(200).exactOptional(),
    })
    .refine((trigger) => trigger.on === 'stage' || trigger.property !== undefined, {
      message: 'the property that says ready is missing',
      path: ['property'],
    }),
  filters,
  minimumAmount: decimalOrNull,
  cutoff: dayOrNull,
  kind: z.enum(['invoice', 'contract'], notYet('Another kind than invoice or contract')),
  contract: z
    .strictObject({
      termMonths: z
        .int('a whole number of months')
        .min(1, 'at least 1 month')
        .max(contractMonthsMax, `at most ${contractMonthsMax} months`),
      recognition: z.enum(['daily', 'monthly', 'immediate']),
    })
    .exactOptional(),
  fields: z.strictObject({
    description: source,
    total: source,
    documentDate: source,
    currency: source,
    memo: optionalSource,
    salesRep: optionalSource,
    dimensions: namedSources,
    customProperties: namedSources,
  }),
  lines: z.strictObject({
    product: source,
    name: source,
    description: optionalSource,
    sku: optionalSource,
    quantity: source,
    unitPrice: source,
    discountAmount: optionalSource,
    discountPercent: optionalSource,
    tax: optionalSource,
    billingPeriod: optionalSource,
    position: optionalSource,
    noProduct: z.enum(['default_item', 'fail']),
    itemMissing: z.enum(['create', 'fail']),
  }),
  amountPolicy: z.enum(['lines', 'amount']),
  noCompany: z.enum(['fail', 'contact', 'placeholder']),
  onChange: z.literal('update', notYet('Another rule for changed deals than update')),
});

const configuration = z.strictObject({
  deals,
  products: z.strictObject({
    enabled: z.boolean(),
    fields: z.strictObject({
      name: source,
      sku: optionalSource,
      description: optionalSource,
      unitPrice: optionalSource,
      type: optionalSource,
      kinds: z.record(z.string(), z.enum(['service', 'goods'])),
      defaultKind: z.enum(['service', 'goods']),
    }),
  }),
  companies: z.strictObject({
    enabled: z.boolean(),
    scope: z.enum(['won_deals', 'all', 'filtered']),
    filters,
    fields: partyFields,
  }),
  contacts: z.strictObject({ enabled: z.boolean(), fields: partyFields }),
  customers: z.strictObject({ matching: z.enum(['name', 'external_id', 'create', 'match_only']) }),
  conflicts: z.literal('source_wins', notYet('Another rule for conflicts than source_wins')),
  lockedPeriod: z.enum(['fail', 'first_open_date']),
  schedule: z.strictObject({ mode: z.literal('manual', notYet('Another schedule than manual')) }),
  history: z
    .strictObject({ mode: z.enum(['all', 'from_today', 'from']), from: dayOrNull })
    .refine((history) => history.mode === 'all' || history.from !== null, {
      message: 'the day from which deals count is missing',
      path: ['from'],
    }),
  autoPost: z.strictObject({
    enabled: z.boolean(),
    maximumAmounts: z
      .record(
        z.string().refine(isCurrency, 'an ISO currency code such as EUR'),
        text(40).refine((value) => /^\d+(\.\d+)?$/.test(value), 'an amount such as 1000.00'),
      )
      .exactOptional(),
    onlyCustomers: customerIds.exactOptional(),
    exceptCustomers: customerIds.exactOptional(),
  }),
  accounts: z.partialRecord(z.enum(accountRoles), text(20)),
  entityRules: z
    .array(z.never(notYet('Choosing the entity by rule')))
    .max(0, notYet('Choosing the entity by rule')),
  writeback: z.strictObject({ enabled: z.literal(false, notYet('Write-back')) }),
  crmInvoices: z.strictObject({ enabled: z.literal(false, notYet('Import of CRM invoices')) }),
});

/** The configuration that the value is, or what is wrong with it by key. Every key must be there; unknown ones are errors. */
export function parseConfiguration(
  value: unknown,
): { readonly configuration: Configuration } | { readonly errors: FieldError[] } {
  const parsed = configuration.safeParse(value);
  if (parsed.success) return { configuration: parsed.data as Configuration };
  return { errors: parsed.error.issues.flatMap(toFieldErrors) };
}

function toFieldErrors(issue: z.core.$ZodIssue): FieldError[] {
  const path = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      field: path === '' ? key : `${path}.${key}`,
      message: 'There is no such setting.',
    }));
  }
  return [{ field: path === '' ? 'settings' : path, message: sentence(issue.message) }];
}

function sentence(message: string): string {
  const text = message.replace(/^Invalid input: /, '');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}

/** Sets single keys by their dotted names on a copy of the settings. A null parent or a text in the way becomes an object. */
export function setKeys(settings: Configuration, changes: Readonly<Record<string, unknown>>): unknown {
  const copy = structuredClone(settings) as unknown as Record<string, unknown>;
  for (const [key, value] of Object.entries(changes)) {
    const names = key.replace(/\[\]$/, '').split('.');
    let place = copy;
    for (const name of names.slice(0, -1)) {
      const next = Object.hasOwn(place, name) ? place[name] : undefined;
      const child =
        typeof next === 'object' && next !== null && !Array.isArray(next)
          ? (next as Record<string, unknown>)
          : {};
      Object.defineProperty(place, name, {
        value: child,
        writable: true,
        enumerable: true,
        configurable: true,
      });
      place = child;
    }
    const last = names.at(-1) ?? '';
    Object.defineProperty(place, last, { value, writable: true, enumerable: true, configurable: true });
  }
  return copy;
}
