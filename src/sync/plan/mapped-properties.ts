import type { Configuration, FieldSource, PartyFields } from '../../model/configuration.ts';
import { type SourceObjectType, sourceObjectTypes } from '../../model/source-record.ts';
import { propertiesOf } from './field-source.ts';
import { propertiesOfFilters } from './filters.ts';

/** A mapped field: which document field takes which source, of which record type. `key` is its place in the configuration. */
export interface MappedField {
  readonly key: string;
  readonly type: SourceObjectType;
  readonly source: FieldSource | null;
}

/** Every field of the configuration that reads a CRM property. */
export function mappedFields(configuration: Configuration): MappedField[] {
  const { deals, products, companies, contacts } = configuration;
  const { dimensions, customProperties, ...dealFields } = deals.fields;
  const { noProduct, itemMissing, ...lineFields } = deals.lines;
  const { kinds, defaultKind, ...productFields } = products.fields;
  void [noProduct, itemMissing, kinds, defaultKind];
  return [
    ...entriesOf('deals.fields', 'deal', dealFields),
    ...entriesOf('deals.fields.dimensions', 'deal', dimensions),
    ...entriesOf('deals.fields.customProperties', 'deal', customProperties),
    ...entriesOf('deals.lines', 'line_item', lineFields),
    ...entriesOf('products.fields', 'product', productFields),
    ...partyEntries('companies.fields', 'company', companies.fields),
    ...partyEntries('contacts.fields', 'contact', contacts.fields),
  ];
}

function partyEntries(
  prefix: string,
  type: SourceObjectType,
  { customProperties, ...fields }: PartyFields,
): MappedField[] {
  return [
    ...entriesOf(prefix, type, fields),
    ...entriesOf(`${prefix}.customProperties`, type, customProperties),
  ];
}

function entriesOf(
  prefix: string,
  type: SourceObjectType,
  fields: Readonly<Record<string, FieldSource | null>>,
): MappedField[] {
  return Object.entries(fields).map(([name, source]) => ({ key: `${prefix}.${name}`, type, source }));
}

/** The property names that a sync has to read, by type. */
export function wantedProperties(configuration: Configuration): Record<SourceObjectType, string[]> {
  const names = Object.fromEntries(sourceObjectTypes.map((type) => [type, new Set<string>()])) as Record<
    SourceObjectType,
    Set<string>
  >;
  for (const { type, source } of mappedFields(configuration))
    for (const name of propertiesOf(source)) names[type].add(name);
  const { deals, companies } = configuration;
  for (const name of propertiesOfFilters(deals.filters)) names.deal.add(name);
  for (const name of propertiesOfFilters(companies.filters)) names.company.add(name);
  if (deals.trigger.property !== undefined) names.deal.add(deals.trigger.property);
  return Object.fromEntries(sourceObjectTypes.map((type) => [type, [...names[type]].sort()])) as Record<
    SourceObjectType,
    string[]
  >;
}
