import { Button, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useApiMutation } from '../../api/query.ts';
import { AddressFields, addressFromTexts, addressTexts } from '../../parts/address-fields.tsx';
import { Note, Problem } from '../../parts/note.tsx';
import type { EntityCardProps } from './entity-card.ts';

/** What an invoice says of the company that sends it. */
export function EntityCompany({ entity, canChange }: EntityCardProps) {
  const [fields, setFields] = useState({
    name: entity.name,
    legalName: entity.legalName ?? '',
    taxId: entity.taxId ?? '',
    registrationNumber: entity.registrationNumber ?? '',
    bankDetails: entity.bankDetails ?? '',
  });
  const [address, setAddress] = useState(addressTexts(entity.address));
  const update = useApiMutation('updateEntity', { changes: ['getEntity', 'listEntities'] });
  const text = (field: keyof typeof fields, label: string, lengthMax: number, description?: string) => (
    <TextInput
      label={label}
      description={description}
      required={field === 'name'}
      disabled={!canChange}
      maxLength={lengthMax}
      value={fields[field]}
      onChange={(event) => {
        const { value } = event.currentTarget;
        setFields((old) => ({ ...old, [field]: value }));
      }}
    />
  );
  return (
    <form
      className="card stack"
      aria-labelledby="company"
      onSubmit={(event) => {
        event.preventDefault();
        update.mutate({
          params: { id: entity.id },
          body: { ...fields, address: addressFromTexts(address) },
        });
      }}
    >
      <h2 id="company" style={{ margin: 0 }}>
        The company on its invoices
      </h2>
      {text('name', 'Name', 200, 'As it is called on these pages.')}
      {text('legalName', 'Legal name', 200, 'Empty: the name.')}
      <AddressFields texts={address} change={setAddress} disabled={!canChange} />
      {text('taxId', 'Tax id', 100)}
      {text('registrationNumber', 'Registration number', 100)}
      <Textarea
        label="Bank details"
        description="As they are printed on invoices."
        disabled={!canChange}
        maxLength={2000}
        autosize
        minRows={3}
        value={fields.bankDetails}
        onChange={(event) => {
          const { value } = event.currentTarget;
          setFields((old) => ({ ...old, bankDetails: value }));
        }}
      />
      <Problem error={update.error} title="The company was not changed." />
      {update.isSuccess ? <Note tone="good" live title="Saved" /> : null}
      {canChange ? (
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          <Button type="submit" loading={update.isPending}>
            Save
          </Button>
        </div>
      ) : null}
    </form>
  );
}
