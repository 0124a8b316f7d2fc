import { Button, Select, TextInput } from '@mantine/core';
import { billingPlans } from '../../../contract/contracts-wire.ts';
import { isZeroAmount } from '../../format/amount.ts';
import { subtractAmounts, sumAmounts } from '../../format/sum.ts';
import { billingPlanWords } from '../../format/words.ts';
import { Amount } from '../../parts/amount.tsx';
import type { ActivationBody, BillForm } from './activation-form.ts';

type Billing = NonNullable<ActivationBody['billing']>;

interface BillingChoiceProps {
  readonly billing: Billing;
  readonly setBilling: (billing: Billing) => void;
  readonly bills: readonly BillForm[];
  readonly setBills: (bills: readonly BillForm[]) => void;
  readonly price: string;
  readonly currency: string;
  readonly errors: Readonly<Record<string, string>>;
}

/** When the price is billed. In equal parts from the first day of service to the last, or as one says. */
export function BillingChoice(props: BillingChoiceProps) {
  const { billing, setBilling, bills, setBills, price, currency, errors } = props;
  const left = subtractAmounts(price, sumAmounts(bills.map(({ amount }) => amount.trim())));
  const set = (index: number, part: Partial<BillForm>): void =>
    setBills(bills.map((bill, place) => (place === index ? { ...bill, ...part } : bill)));
  return (
    <section className="card stack-tight" aria-labelledby="billing">
      <h2 id="billing" style={{ margin: 0 }}>
        Billing
      </h2>
      <Select
        label="Billed"
        description="In equal parts from the first day of service to the last; in arrears: on the last day of each part."
        w={360}
        maw="100%"
        allowDeselect={false}
        data={billingPlans.map((value) => ({ value, label: billingPlanWords[value] }))}
        value={billing}
        onChange={(value) => {
          const chosen = billingPlans.find((plan) => plan === value);
          if (chosen) setBilling(chosen);
        }}
        error={errors['billing']}
      />
      {billing === 'custom' ? (
        <>
          {bills.map((bill, index) => (
            <div className="row row-end" key={bill.key}>
              <TextInput
                label={`Day of part ${index + 1}`}
                type="date"
                required
                value={bill.date}
                error={errors[`bill ${index} date`]}
                onChange={(event) => set(index, { date: event.currentTarget.value })}
              />
              <TextInput
                label={`Amount of part ${index + 1}, without tax`}
                inputMode="decimal"
                required
                value={bill.amount}
                error={errors[`bill ${index} amount`]}
                onChange={(event) => set(index, { amount: event.currentTarget.value })}
              />
              {bills.length > 1 ? (
                <Button
                  variant="subtle"
                  onClick={() => setBills(bills.filter((_, place) => place !== index))}
                  aria-label={`Remove part ${index + 1}`}
                >
                  Remove
                </Button>
              ) : null}
            </div>
          ))}
          <div className="row">
            <Button
              variant="default"
              size="sm"
              onClick={() =>
                setBills([
                  ...bills,
                  {
                    key: Math.max(...bills.map(({ key }) => key)) + 1,
                    date: bills.at(-1)?.date ?? '',
                    amount: left.startsWith('-') ? '0' : left,
                  },
                ])
              }
            >
              Add a part
            </Button>
            <span role="status" className={isZeroAmount(left) ? 'soft' : ''}>
              {isZeroAmount(left) ? (
                'The parts come to the price.'
              ) : left.startsWith('-') ? (
                <>
                  <Amount amount={left.slice(1)} currency={currency} /> more than the price.
                </>
              ) : (
                <>
                  <Amount amount={left} currency={currency} /> of the price are not billed yet.
                </>
              )}
            </span>
          </div>
          {errors['billings'] ? (
            <p role="alert" className="field-error">
              {errors['billings']}
            </p>
          ) : null}
        </>
      ) : null}
    </section>
  );
}
