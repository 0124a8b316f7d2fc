import { Button } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { ContractWire } from '../../../contract/contracts-wire.ts';
import { useApiMutation } from '../../api/query.ts';
import { Amount } from '../../parts/amount.tsx';
import { ButtonLink } from '../../parts/link.tsx';
import { Note } from '../../parts/note.tsx';
import {
  type ActivationBody,
  activationBody,
  activationErrors,
  type BillForm,
  type LineForm,
  linesOf,
} from './activation-form.ts';
import { BillingChoice } from './billing-choice.tsx';
import { ContractChangeFrame } from './contract-change-frame.tsx';
import { FormProblem } from './form-problem.tsx';
import { LineTermsEditor } from './line-terms-editor.tsx';

/** The terms of a draft contract, and activating it with them. */
export function ActivatePage() {
  return (
    <ContractChangeFrame
      from="/app/contracts/$contractId/activate"
      title="Activate contract"
      statuses={['draft']}
    >
      {(contract) => <ActivationForm contract={contract} />}
    </ContractChangeFrame>
  );
}

function ActivationForm({ contract }: { readonly contract: ContractWire }) {
  const { document, price } = contract;
  const navigate = useNavigate();
  const [billing, setBilling] = useState<NonNullable<ActivationBody['billing']>>('up_front');
  const [bills, setBills] = useState<readonly BillForm[]>([
    { key: 1, date: contract.obligations[0]?.serviceStart ?? document.documentDate, amount: price },
  ]);
  const [lines, setLines] = useState<readonly LineForm[]>(() => linesOf(contract));
  const activate = useApiMutation('activateContract', {
    changes: 'all',
    onDone: () => void navigate({ to: '/contracts/$contractId', params: { contractId: document.id } }),
  });
  const sent = activate.variables?.body;
  const errors = activationErrors(activate.error?.problem.fields ?? [], sent ?? {});
  return (
    <form
      className="stack"
      aria-label="Activate the contract"
      onSubmit={(event) => {
        event.preventDefault();
        activate.mutate({ params: { id: document.id }, body: activationBody(billing, bills, lines) });
      }}
    >
      <Note
        tone="info"
        title={
          <>
            The price of <Amount amount={price} currency={document.currency} /> is allocated by stand-alone
            prices
          </>
        }
      >
        Activating gives the contract its number, its schedules and its billing plan. Nothing is posted:
        revenue comes with recognition runs, invoices are made as drafts.
      </Note>
      <BillingChoice
        billing={billing}
        setBilling={setBilling}
        bills={bills}
        setBills={setBills}
        price={price}
        currency={document.currency}
        errors={errors}
      />
      <LineTermsEditor lines={lines} change={setLines} currency={document.currency} errors={errors} />
      <FormProblem error={activate.error} errors={errors} title="The contract was not activated." />
      <div className="save-bar">
        <Button type="submit" loading={activate.isPending}>
          Activate contract
        </Button>
        <ButtonLink to="/contracts/$contractId" params={{ contractId: document.id }} variant="default">
          Cancel
        </ButtonLink>
      </div>
    </form>
  );
}
