import { NumberInput } from '@mantine/core';
import { Choice } from '../mapping/choice.tsx';
import { ProblemList } from '../mapping/problem-list.tsx';
import { type LoadedEditor, problemsOf } from '../mapping/use-configuration-draft.ts';

/** What holds while a configuration says nothing of contracts: the same as in the model. */
const usual = { termMonths: 12, recognition: 'daily' } as const;

/** Terms of contracts that the CRM does not say; nothing while deals make invoices. */
export function ContractSettings({ editor }: { readonly editor: LoadedEditor }) {
  const { kind, contract = usual } = editor.settings.deals;
  if (kind !== 'contract') return null;
  const shown = {
    ...editor,
    settings: { ...editor.settings, deals: { ...editor.settings.deals, contract } },
  };
  const set = (change: Partial<typeof contract>): void =>
    editor.set(['deals', 'contract'], { ...contract, ...change });
  return (
    <>
      <div className="stack-tight">
        <NumberInput
          label="Months of a service whose deal says no term"
          description="From its start in the CRM, else from the date of the contract."
          min={1}
          max={600}
          allowDecimal={false}
          disabled={editor.readOnly}
          value={contract.termMonths}
          onChange={(months) => typeof months === 'number' && set({ termMonths: months })}
        />
        <ProblemList problems={problemsOf(editor, 'deals.contract.termMonths')} />
      </div>
      <Choice
        editor={{
          ...shown,
          set: (_, recognition) => set({ recognition: recognition as typeof contract.recognition }),
        }}
        path={['deals', 'contract', 'recognition']}
        label="Revenue of a service"
        help="Goods are recognised at once. Whoever activates a contract can choose otherwise for each line."
        options={[
          { value: 'daily', label: 'by day over the service' },
          { value: 'monthly', label: 'by month, every full month the same' },
          { value: 'immediate', label: 'at the start of the service' },
        ]}
      />
    </>
  );
}
