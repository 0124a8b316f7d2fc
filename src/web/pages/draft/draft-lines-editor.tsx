import { Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { pageLimitMax } from '../../../contract/wire.ts';
import { apiQuery } from '../../api/query.ts';
import { LineList } from '../../parts/line-list.tsx';
import { Problem } from '../../parts/note.tsx';
import { type EditedLine, emptyLine } from './edited-line.ts';

interface DraftLinesEditorProps {
  readonly entityId: string | undefined;
  readonly lines: readonly EditedLine[];
  readonly change: (lines: readonly EditedLine[]) => void;
}

/** The lines of a draft as they are typed; what they come to is worked out when the draft is saved. */
export function DraftLinesEditor({ entityId, lines, change }: DraftLinesEditorProps) {
  const query = { query: { entityId, limit: pageLimitMax } };
  const items = useQuery(apiQuery('listItems', query));
  const taxCodes = useQuery(apiQuery('listTaxCodes', query));
  const itemChoices = (items.data?.data ?? []).map(({ id, sku, name }) => ({
    value: id,
    label: `${sku} ${name}`,
  }));
  const codeChoices = [
    { value: 'default', label: 'As customer or item say' },
    { value: 'none', label: 'None' },
    ...(taxCodes.data?.data ?? [])
      .filter(({ active }) => active)
      .map(({ id, code, ratePercent }) => ({ value: id, label: `${code} (${ratePercent} %)` })),
  ];
  return (
    <div className="stack">
      <Problem error={items.error ?? taxCodes.error} />
      <LineList lines={lines} change={change} emptyLine={emptyLine}>
        {(line, set) => (
          <>
            <Select
              label="Item"
              placeholder="Free text"
              searchable
              clearable
              clearButtonProps={{ 'aria-label': 'Free text' }}
              data={itemChoices}
              value={line.itemId}
              onChange={(itemId) => {
                const item = items.data?.data.find(({ id }) => id === itemId);
                set({
                  itemId,
                  description: line.description === '' ? (item?.name ?? '') : line.description,
                  unitPrice: line.unitPrice === '' ? (item?.unitPrice ?? '') : line.unitPrice,
                });
              }}
            />
            <TextInput
              label="Description"
              required
              maxLength={2000}
              value={line.description}
              onChange={(event) => set({ description: event.currentTarget.value })}
            />
            {numbers.map(({ field, label }) => (
              <TextInput
                key={field}
                label={label}
                inputMode="decimal"
                required={field === 'quantity' || field === 'unitPrice'}
                value={line[field]}
                onChange={(event) => set({ [field]: event.currentTarget.value.trim() })}
              />
            ))}
            <Select
              label="Tax code"
              allowDeselect={false}
              data={codeChoices}
              value={line.taxCode}
              onChange={(taxCode) => set({ taxCode: taxCode ?? 'default', tax: null })}
            />
          </>
        )}
      </LineList>
    </div>
  );
}

const numbers = [
  { field: 'quantity', label: 'Quantity' },
  { field: 'unitPrice', label: 'Unit price' },
  { field: 'discountPercent', label: 'Discount %' },
  { field: 'discountAmount', label: 'Discount of the line' },
] as const;
