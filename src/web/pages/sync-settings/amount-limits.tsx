import { Button, Select, TextInput } from '@mantine/core';
import { currencyCodes } from '../../../kernel/currencies.ts';
import { ProblemList } from '../mapping/problem-list.tsx';
import { type LoadedEditor, problemsOf } from '../mapping/use-configuration-draft.ts';

interface AmountLimitsProps {
  readonly editor: LoadedEditor;
  /** Offered first. */
  readonly baseCurrency: string | undefined;
}

const path = ['autoPost', 'maximumAmounts'];

/** The largest total that is posted without a person, by currency. */
export function AmountLimits({ editor, baseCurrency }: AmountLimitsProps) {
  const limits = editor.settings.autoPost.maximumAmounts ?? {};
  const currencies = Object.keys(limits);
  const change = (next: Readonly<Record<string, string>>): void =>
    editor.set(path, Object.keys(next).length === 0 ? undefined : next);
  const others = currencyCodes.filter((code) => !currencies.includes(code) && code !== baseCurrency);
  const isBaseFree = baseCurrency !== undefined && !currencies.includes(baseCurrency);
  return (
    <div className="stack-tight" role="group" aria-label="Limits by amount">
      <div>
        {currencies.length === 0
          ? 'There is no limit by amount.'
          : 'A draft above the limit of its currency, or in a currency without one, waits for a person.'}
      </div>
      {currencies.map((currency) => (
        <div key={currency} className="row row-end">
          <TextInput
            label={`Up to, in ${currency}`}
            inputMode="decimal"
            placeholder="1000.00"
            w={180}
            disabled={editor.readOnly}
            value={limits[currency] ?? ''}
            onChange={(event) => change({ ...limits, [currency]: event.currentTarget.value.trim() })}
          />
          <Button
            variant="subtle"
            disabled={editor.readOnly}
            onClick={() =>
              change(Object.fromEntries(Object.entries(limits).filter(([code]) => code !== currency)))
            }
          >
            Remove the limit in {currency}
          </Button>
        </div>
      ))}
      <ProblemList problems={problemsOf(editor, path.join('.'))} />
      <Select
        label="Add a limit in"
        placeholder="Currency"
        searchable
        w={180}
        disabled={editor.readOnly}
        data={isBaseFree ? [baseCurrency, ...others] : others}
        value={null}
        onChange={(code) => code !== null && change({ ...limits, [code]: '' })}
      />
    </div>
  );
}
