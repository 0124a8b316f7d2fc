import { Select } from '@mantine/core';
import type { RunWire } from '../../contract/sync-wire.ts';
import { causeOf } from '../format/cause.ts';
import { formatCount } from '../format/count.ts';

interface CodesFilterProps {
  readonly run: RunWire;
  readonly decision: string | undefined;
  readonly value: string | undefined;
  readonly change: (code: string | undefined) => void;
}

/** Why records were skipped, held or failed: the most frequent reason first. */
export function CodesFilter({ run, decision, value, change }: CodesFilterProps) {
  const codes = run.codes.filter((code) => decision === undefined || code.decision === decision);
  if (codes.length === 0) return null;
  return (
    <Select
      label="Reason"
      size="sm"
      w={360}
      maw="100%"
      clearable
      clearButtonProps={{ 'aria-label': 'Any reason' }}
      placeholder="Any"
      data={codes.map(({ code, count }) => ({
        value: code,
        label: `${formatCount(count)} × ${causeOf(code)}`,
      }))}
      value={value ?? null}
      onChange={(code) => change(code ?? undefined)}
    />
  );
}
