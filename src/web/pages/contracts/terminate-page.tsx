import { Button, Radio, TextInput, Textarea } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { ContractWire } from '../../../contract/contracts-wire.ts';
import { useApiMutation } from '../../api/query.ts';
import { ButtonLink } from '../../parts/link.tsx';
import { ContractChangeFrame } from './contract-change-frame.tsx';
import { ContractComparison } from './contract-comparison.tsx';
import { fieldErrors } from './field-errors.ts';
import { FormProblem } from './form-problem.tsx';

const settlements = [
  {
    value: 'refund',
    label: 'Refund what is not earned',
    says: 'The customer pays what is earned. What was billed beyond it becomes a credit note.',
  },
  {
    value: 'forfeit',
    label: 'Forfeit: what was billed stays',
    says: 'Nothing is refunded. What was billed beyond what is earned becomes revenue on the last day.',
  },
  {
    value: 'agreed',
    label: 'An agreed amount',
    says: 'The customer pays what you agreed on, in all and without tax.',
  },
] as const;
type Settlement = (typeof settlements)[number]['value'];

/** Ends an active contract after a day of service; previewed before it is applied. */
export function TerminatePage() {
  return (
    <ContractChangeFrame
      from="/app/contracts/$contractId/terminate"
      title="Terminate contract"
      statuses={['active']}
    >
      {(contract) => <TerminateForm contract={contract} />}
    </ContractChangeFrame>
  );
}

function TerminateForm({ contract }: { readonly contract: ContractWire }) {
  const { id, currency } = contract.document;
  const navigate = useNavigate();
  const [lastDay, setLastDay] = useState(() => new Date().toISOString().slice(0, 10));
  const [reason, setReason] = useState('');
  const [settlement, setSettlement] = useState<Settlement>('refund');
  const [price, setPrice] = useState('');
  const preview = useApiMutation('terminateContract');
  const apply = useApiMutation('terminateContract', {
    changes: 'all',
    onDone: () => void navigate({ to: '/contracts/$contractId', params: { contractId: id } }),
  });
  const request = (dryRun: boolean) => ({
    params: { id },
    body: {
      lastDay,
      reason: reason.trim(),
      settlement,
      ...(settlement === 'agreed' ? { price: price.trim() } : {}),
      dryRun,
    },
  });
  const reset = (): void => {
    preview.reset();
    apply.reset();
  };
  const asked = apply.error ? apply : preview;
  const errors = fieldErrors(asked.error?.problem.fields ?? [], {});
  return (
    <form
      className="stack"
      aria-label="Terminate the contract"
      onChange={reset}
      onSubmit={(event) => {
        event.preventDefault();
        preview.mutate(request(true));
      }}
    >
      <section className="card stack" aria-label="The end">
        <div className="terms">
          <TextInput
            label="Last day of service"
            type="date"
            required
            value={lastDay}
            error={errors['lastDay']}
            onChange={(event) => setLastDay(event.currentTarget.value)}
          />
          {settlement === 'agreed' ? (
            <TextInput
              label={`Agreed amount in ${currency}, without tax`}
              required
              inputMode="decimal"
              value={price}
              error={errors['price']}
              onChange={(event) => setPrice(event.currentTarget.value)}
            />
          ) : null}
        </div>
        <Textarea
          label="Reason"
          required
          maxLength={1000}
          value={reason}
          error={errors['reason']}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <Radio.Group
          label="What the customer pays"
          value={settlement}
          onChange={(value) => {
            const chosen = settlements.find((known) => known.value === value);
            if (chosen) setSettlement(chosen.value);
          }}
        >
          <div className="stack-tight" style={{ marginTop: '0.4rem' }}>
            {settlements.map(({ value, label, says }) => (
              <Radio key={value} value={value} label={label} description={says} />
            ))}
          </div>
        </Radio.Group>
      </section>
      <FormProblem error={asked.error} errors={errors} title="The contract was not terminated." />
      {preview.data ? <ContractComparison before={contract} after={preview.data} /> : null}
      <div className="save-bar">
        <Button type="submit" variant={preview.data ? 'default' : 'filled'} loading={preview.isPending}>
          Preview
        </Button>
        {preview.data ? (
          <Button color="red.9" loading={apply.isPending} onClick={() => apply.mutate(request(false))}>
            Terminate contract
          </Button>
        ) : null}
        <ButtonLink to="/contracts/$contractId" params={{ contractId: id }} variant="default">
          Cancel
        </ButtonLink>
      </div>
    </form>
  );
}
