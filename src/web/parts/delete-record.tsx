import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { ApiError } from '../../contract/client.ts';
import { Confirm } from './confirm.tsx';

interface DeleteRecordProps {
  /** What it is, such as "customer". */
  readonly noun: string;
  readonly name: string;
  /** What becomes of it, and what to do instead where it is in use. */
  readonly children: ReactNode;
  readonly isBusy: boolean;
  readonly error: ApiError | null;
  readonly run: () => void;
}

/** Deletes a record that nothing has, once that was confirmed; the answer says what still has it. */
export function DeleteRecord({ noun, name, children, isBusy, error, run }: DeleteRecordProps) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <Button variant="default" onClick={() => setIsOpen(true)}>
        Delete…
      </Button>
      <Confirm
        isOpen={isOpen}
        close={() => setIsOpen(false)}
        title={`Delete ${name}?`}
        action={`Delete ${noun}`}
        isDangerous
        isBusy={isBusy}
        error={error}
        run={run}
      >
        {children}
      </Confirm>
    </>
  );
}
