import type { Configuration, FieldSource } from '../../model/configuration.ts';
import type { SourceObjectType, SourceProperty, SourceSchema } from '../../model/source-record.ts';
import { propertiesOf } from '../plan/field-source.ts';
import { propertiesOfFilters } from '../plan/filters.ts';
import { mappedFields } from '../plan/mapped-properties.ts';

export interface ConfigurationProblem {
  readonly key: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly mend: string;
}

export interface RequiredProperty {
  readonly objectType: SourceObjectType;
  readonly property: string;
  readonly label: string;
  readonly reason: string;
}

type Kind = 'number' | 'date';

// Targets that only a number or a day can fill; everything else is text, and any property is text.
const kinds: Readonly<Record<string, Kind>> = {
  'deals.fields.total': 'number',
  'deals.fields.documentDate': 'date',
  'deals.lines.quantity': 'number',
  'deals.lines.unitPrice': 'number',
  'deals.lines.discountAmount': 'number',
  'deals.lines.discountPercent': 'number',
  'deals.lines.tax': 'number',
  'products.fields.unitPrice': 'number',
};

// A text can carry a number that a person typed, so it is a warning; a date can never be an amount, so that is an error.
const fits: Readonly<Record<Kind, Readonly<Record<SourceProperty['type'], 'yes' | 'maybe' | 'no'>>>> = {
  number: { number: 'yes', text: 'maybe', enumeration: 'maybe', date: 'no', datetime: 'no', boolean: 'no' },
  date: { date: 'yes', datetime: 'yes', text: 'maybe', enumeration: 'no', number: 'no', boolean: 'no' },
};

/** Every rule that a configuration is checked by against the CRM account (B8); an empty list: it can be saved without a word. */
export function checkConfiguration(
  configuration: Configuration,
  schema: SourceSchema | null,
): ConfigurationProblem[] {
  return [
    ...mappedFields(configuration).flatMap(({ key, type, source }) => checkSource(key, type, source, schema)),
    ...checkFilters(configuration, schema),
    ...checkStages(configuration, schema),
    ...checkTargets(configuration),
  ];
}

function propertiesIn(
  schema: SourceSchema | null,
  type: SourceObjectType,
): ReadonlyMap<string, SourceProperty> | null {
  const listed = schema?.properties[type];
  return listed && listed.length > 0 ? new Map(listed.map((property) => [property.name, property])) : null;
}

function checkSource(
  key: string,
  type: SourceObjectType,
  source: FieldSource | null,
  schema: SourceSchema | null,
): ConfigurationProblem[] {
  const properties = propertiesIn(schema, type);
  if (source === null || !properties) return [];
  const missing = propertiesOf(source)
    .filter((name) => !properties.has(name))
    .map(
      (name): ConfigurationProblem => ({
        key,
        severity: 'error',
        message: `The CRM has no property “${name}”.`,
        mend: 'Choose a property that exists, or make it in the CRM.',
      }),
    );
  if (missing.length > 0) return missing;
  const kind = kinds[key];
  const property = kind && directProperty(source, properties);
  if (!kind || !property) return [];
  const fit = fits[kind][property.type];
  if (fit === 'yes') return [];
  const message = `“${property.label}” is of type ${property.type}; this field needs a ${kind}.`;
  return [
    {
      key,
      severity: fit === 'no' ? 'error' : 'warning',
      message,
      mend: `Choose a property of type ${kind}.`,
    },
  ];
}

/** The one property that a source passes on unchanged; joined and looked-up texts are judged record by record. */
function directProperty(
  source: FieldSource,
  properties: ReadonlyMap<string, SourceProperty>,
): SourceProperty | null {
  if (typeof source === 'string') return properties.get(source) ?? null;
  return 'property' in source ? (properties.get(source.property) ?? null) : null;
}

function checkFilters(configuration: Configuration, schema: SourceSchema | null): ConfigurationProblem[] {
  const { deals, companies } = configuration;
  const uses: [string, SourceObjectType, readonly string[]][] = [
    ['deals.filters', 'deal', propertiesOfFilters(deals.filters)],
    ['companies.filters', 'company', propertiesOfFilters(companies.filters)],
    ['deals.trigger.property', 'deal', deals.trigger.property === undefined ? [] : [deals.trigger.property]],
  ];
  return uses.flatMap(([key, type, names]) => {
    const properties = propertiesIn(schema, type);
    return properties
      ? names
          .filter((name) => !properties.has(name))
          .map(
            (name): ConfigurationProblem => ({
              key,
              severity: 'error',
              message: `The CRM has no property “${name}”.`,
              mend: 'Choose a property that exists.',
            }),
          )
      : [];
  });
}

function checkStages({ deals }: Configuration, schema: SourceSchema | null): ConfigurationProblem[] {
  if (!schema || schema.pipelines.length === 0) return [];
  const known = new Set(schema.pipelines.flatMap(({ stages }) => stages.map(({ id }) => id)));
  const unknown = (key: string, ids: readonly string[]) =>
    ids
      .filter((id) => !known.has(id))
      .map(
        (id): ConfigurationProblem => ({
          key,
          severity: 'error',
          message: `No pipeline has a stage with the id ${id}.`,
          mend: 'Choose a stage that exists in Stage Configuration.',
        }),
      );
  const both = deals.stages
    .filter((id) => deals.lostStages.includes(id))
    .map(
      (id): ConfigurationProblem => ({
        key: 'deals.stages',
        severity: 'error',
        message: `Stage ${id} both makes a document and means lost.`,
        mend: 'Choose one meaning.',
      }),
    );
  return [
    ...unknown('deals.stages', deals.stages),
    ...unknown('deals.lostStages', deals.lostStages),
    ...both,
  ];
}

/** Two sources for one target: names that differ only by case or surrounding space. */
function checkTargets({ deals, companies, contacts }: Configuration): ConfigurationProblem[] {
  const groups: [string, Readonly<Record<string, FieldSource>>][] = [
    ['deals.fields.dimensions', deals.fields.dimensions],
    ['deals.fields.customProperties', deals.fields.customProperties],
    ['companies.fields.customProperties', companies.fields.customProperties],
    ['contacts.fields.customProperties', contacts.fields.customProperties],
  ];
  return groups.flatMap(([key, fields]) => {
    const seen = new Map<string, string>();
    return Object.keys(fields).flatMap((name): ConfigurationProblem[] => {
      const normalized = name.trim().toLowerCase();
      const other = seen.get(normalized);
      seen.set(normalized, name);
      if (other === undefined) return [];
      return [
        {
          key: `${key}.${name}`,
          severity: 'error',
          message: `“${name}” and “${other}” are the same target.`,
          mend: 'Keep one of the two.',
        },
      ];
    });
  });
}

/** The CRM properties that sales should have to fill before closing a deal: without them the deal fails here. */
export function requiredProperties(
  configuration: Configuration,
  schema: SourceSchema | null,
): RequiredProperty[] {
  const { deals, companies } = configuration;
  const wanted: [SourceObjectType, FieldSource, string][] = [
    ['deal', deals.fields.documentDate, 'A document needs a date.'],
    ['deal', deals.fields.total, 'A deal without line items is invoiced by its amount.'],
    ['line_item', deals.lines.unitPrice, 'A line needs a price.'],
    ['company', companies.fields.name, 'A customer needs a name.'],
  ];
  if (deals.trigger.property !== undefined)
    wanted.push(['deal', deals.trigger.property, 'It says that the deal is ready.']);
  return wanted.flatMap(([objectType, source, reason]) => {
    if (hasFallback(source)) return [];
    return propertiesOf(source).map((property) => {
      const label = propertiesIn(schema, objectType)?.get(property)?.label ?? property;
      return { objectType, property, label, reason };
    });
  });
}

function hasFallback(source: FieldSource): boolean {
  if (typeof source === 'string') return false;
  return 'constant' in source || source.default !== undefined;
}
