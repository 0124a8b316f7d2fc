import { Button } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { ContractWire } from '../../../contract/contracts-wire.ts';
import { useApiMutation } from '../../api/query.ts';
import { ButtonLink } from '../../parts/link.tsx';
import { AddedObligations } from './added-obligations.tsx';
import { ChangedObligations } from './changed-obligations.tsx';
import { ContractChangeFrame } from './contract-change-frame.tsx';
import { ContractComparison } from './contract-comparison.tsx';
import { FormProblem } from './form-problem.tsx';
import {
  modificationBody,
  modificationErrors,
  type ModificationForm,
  startForm,
} from './modification-form.ts';
import { ModificationTerms } from './modification-terms.tsx';

/** Changes price, obligations or term of an active contract; previewed before it is applied. */
export function ModifyPage() {
  return (
    <ContractChangeFrame
      from="/app/contracts/$contractId/modify"
      title="Modify contract"
      statuses={['active', 'completed']}
    >
      {(contract) => <ModifyForm contract={contract} />}
    </ContractChangeFrame>
  );
}

function ModifyForm({ contract }: { readonly contract: ContractWire }) {
  const { id } = contract.document;
  const navigate = useNavigate();
  const [form, setForm] = useState(() => startForm(contract, new Date().toISOString().slice(0, 10)));
  const preview = useApiMutation('modifyContract');
  const apply = useApiMutation('modifyContract', {
    changes: 'all',
    onDone: () => void navigate({ to: '/contracts/$contractId', params: { contractId: id } }),
  });
  // What was previewed is what is applied: another word in the form asks for another preview.
  const change = (part: Partial<ModificationForm>): void => {
    preview.reset();
    apply.reset();
    setForm({ ...form, ...part });
  };
  const asked = apply.error ? apply : preview;
  const errors = modificationErrors(asked.error?.problem.fields ?? [], modificationBody(form, true));
  return (
    <form
      className="stack"
      aria-label="Modify the contract"
      onSubmit={(event) => {
        event.preventDefault();
        preview.mutate({ params: { id }, body: modificationBody(form, true) });
      }}
    >
      <ModificationTerms form={form} change={change} currency={contract.document.currency} errors={errors} />
      {form.method === 'separate' ? null : (
        <ChangedObligations contract={contract} form={form} change={change} errors={errors} />
      )}
      <AddedObligations contract={contract} form={form} change={change} errors={errors} />
      <FormProblem error={asked.error} errors={errors} title="The contract was not changed." />
      {preview.data ? <ContractComparison before={contract} after={preview.data} /> : null}
      <div className="save-bar">
        <Button type="submit" variant={preview.data ? 'default' : 'filled'} loading={preview.isPending}>
          Preview
        </Button>
        {preview.data ? (
          <Button
            loading={apply.isPending}
            onClick={() => apply.mutate({ params: { id }, body: modificationBody(form, false) })}
          >
            Apply the change
          </Button>
        ) : null}
        <ButtonLink to="/contracts/$contractId" params={{ contractId: id }} variant="default">
          Cancel
        </ButtonLink>
      </div>
    </form>
  );
}
