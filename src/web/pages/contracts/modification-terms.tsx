import { Radio, TextInput, Textarea } from '@mantine/core';
import { modificationMethods } from '../../../contract/contracts-wire.ts';
import { Amount } from '../../parts/amount.tsx';
import type { FieldErrors } from './field-errors.ts';
import { type ModificationForm, priceChangeOf } from './modification-form.ts';

const methodWords = {
  prospective: {
    label: 'From the day on (prospective)',
    says: 'What is still to be delivered is distinct: the rest of the price and of the obligations starts anew on the day. What was earned stands.',
  },
  catch_up: {
    label: 'Corrected at once (cumulative catch-up)',
    says: 'What is still to be delivered belongs to what was delivered: the contract goes on as one, and earlier revenue is corrected with the next run.',
  },
  separate: {
    label: 'A contract of its own',
    says: 'The change adds something distinct at its stand-alone price: it is counted by itself, and everything else stays as it is.',
  },
} as const;

const billingWords = {
  spread: 'Spread over the bills that are to come',
  once: 'All at once, on the day of the change (a credit note where it is less)',
} as const;

interface ModificationTermsProps {
  readonly form: ModificationForm;
  readonly change: (part: Partial<ModificationForm>) => void;
  readonly currency: string;
  readonly errors: FieldErrors;
}

/** From when, why, how it is accounted for, what it changes of the price, and how that is billed. */
export function ModificationTerms({ form, change, currency, errors }: ModificationTermsProps) {
  return (
    <section className="card stack" aria-label="The change">
      <div className="terms">
        <TextInput
          label="Holds from"
          type="date"
          required
          value={form.date}
          error={errors['date']}
          onChange={(event) => change({ date: event.currentTarget.value })}
        />
        {form.method === 'separate' ? (
          <div>
            <div className="soft small">Price change, without tax</div>
            <Amount amount={priceChangeOf(form)} currency={currency} />
            <div className="soft small">What the additions cost on their own</div>
            {errors['priceChange'] ? <p className="field-error">{errors['priceChange']}</p> : null}
          </div>
        ) : (
          <TextInput
            label={`Price change in ${currency}, without tax`}
            description="Below zero: less. Empty: none."
            inputMode="text"
            value={form.priceChange}
            error={errors['priceChange']}
            onChange={(event) => change({ priceChange: event.currentTarget.value })}
          />
        )}
        <TextInput
          label={`Tax change in ${currency}`}
          description="Empty: in the ratio of the contract."
          inputMode="text"
          value={form.taxChange}
          error={errors['taxChange']}
          onChange={(event) => change({ taxChange: event.currentTarget.value })}
        />
      </div>
      <Textarea
        label="Reason"
        description="What was agreed on, for whoever reads the history."
        required
        maxLength={1000}
        value={form.reason}
        error={errors['reason']}
        onChange={(event) => change({ reason: event.currentTarget.value })}
      />
      <Radio.Group
        label="How it is accounted for"
        value={form.method}
        error={errors['method']}
        onChange={(value) => {
          const method = modificationMethods.find((known) => known === value);
          if (method) change({ method });
        }}
      >
        <div className="stack-tight" style={{ marginTop: '0.4rem' }}>
          {(['prospective', 'catch_up', 'separate'] as const).map((method) => (
            <Radio
              key={method}
              value={method}
              label={methodWords[method].label}
              description={methodWords[method].says}
            />
          ))}
        </div>
      </Radio.Group>
      <Radio.Group
        label="How the difference is billed"
        value={form.billing}
        error={errors['billing']}
        onChange={(value) => change({ billing: value === 'once' ? 'once' : 'spread' })}
      >
        <div className="stack-tight" style={{ marginTop: '0.4rem' }}>
          <Radio value="spread" label={billingWords.spread} />
          <Radio value="once" label={billingWords.once} />
        </div>
      </Radio.Group>
    </section>
  );
}
