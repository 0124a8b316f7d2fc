import { TextInput } from '@mantine/core';

const fields = [
  ['line1', 'Street'],
  ['line2', 'Second line'],
  ['postalCode', 'Postal code'],
  ['city', 'City'],
  ['region', 'Region'],
  ['country', 'Country'],
] as const;
type AddressField = (typeof fields)[number][0];

/** An address as it is typed: what is not said is an empty text. */
export type AddressTexts = Readonly<Record<AddressField, string>>;
type Address = { readonly [Field in AddressField]: string | null };

export function addressTexts(address: Address | null): AddressTexts {
  const text = (field: AddressField): string => address?.[field] ?? '';
  return {
    line1: text('line1'),
    line2: text('line2'),
    postalCode: text('postalCode'),
    city: text('city'),
    region: text('region'),
    country: text('country'),
  };
}

/** Null: nothing of it is said. */
export function addressFromTexts(texts: AddressTexts): Address | null {
  const text = (field: AddressField): string | null => texts[field].trim() || null;
  const address = {
    line1: text('line1'),
    line2: text('line2'),
    postalCode: text('postalCode'),
    city: text('city'),
    region: text('region'),
    country: text('country'),
  };
  return Object.values(address).every((part) => part === null) ? null : address;
}

interface AddressFieldsProps {
  readonly texts: AddressTexts;
  readonly change: (texts: AddressTexts) => void;
  readonly disabled?: boolean;
}

export function AddressFields({ texts, change, disabled = false }: AddressFieldsProps) {
  return (
    <div className="columns" style={{ gap: '0.75rem' }}>
      {fields.map(([field, label]) => (
        <TextInput
          key={field}
          label={label}
          disabled={disabled}
          maxLength={200}
          value={texts[field]}
          onChange={(event) => change({ ...texts, [field]: event.currentTarget.value })}
        />
      ))}
    </div>
  );
}
