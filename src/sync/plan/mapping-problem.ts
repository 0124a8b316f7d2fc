import type { SourceRecord } from '../../model/source-record.ts';
import { fieldTextLengthMax, propertiesOf } from './field-source.ts';
import { mappedFields } from './mapped-properties.ts';
import type { DealSnapshot, PlanContext } from './plan-context.ts';
import { type Refusal, refusal } from './refusal.ts';

/** A mapped property that the CRM has deleted, or a text that is too long to be what it should be; null: none. */
export function mappingProblem(snapshot: DealSnapshot, context: PlanContext): Refusal | null {
  return deletedProperty(context) ?? overlongText(snapshot, context);
}

function deletedProperty(context: PlanContext): Refusal | null {
  for (const { key, type, source } of fieldsOf(context)) {
    const deleted = propertiesOf(source).find((name) => context.deletedProperties[type]?.has(name));
    if (deleted !== undefined) {
      return refusal('mapping_error', {
        detail: `${key} reads the property “${deleted}”, which no longer exists in the CRM`,
      });
    }
  }
  return null;
}

function overlongText(
  { deal, companies, contacts, lineItems }: DealSnapshot,
  context: PlanContext,
): Refusal | null {
  const records: readonly SourceRecord[] = [deal, ...companies, ...contacts, ...lineItems];
  for (const record of records) {
    for (const [name, text] of Object.entries(record.properties)) {
      if (text === null || text.length <= fieldTextLengthMax) continue;
      if (
        !fieldsOf(context).some(
          ({ type, source }) => type === record.type && propertiesOf(source).includes(name),
        )
      )
        continue;
      return refusal('invalid_vendor_data', {
        detail: `the ${record.type.replace('_', ' ')}’s “${name}” is longer than ${fieldTextLengthMax} characters`,
      });
    }
  }
  return null;
}

// One configuration serves every deal of a run; its fields are listed once.
const fieldsByContext = new WeakMap<PlanContext, ReturnType<typeof mappedFields>>();

function fieldsOf(context: PlanContext): ReturnType<typeof mappedFields> {
  let fields = fieldsByContext.get(context);
  if (!fields) {
    fields = mappedFields(context.configuration);
    fieldsByContext.set(context, fields);
  }
  return fields;
}
