import { Button, Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import type { ApiError } from '../../contract/client.ts';
import { Problem } from './note.tsx';

interface ConfirmProps {
  readonly isOpen: boolean;
  readonly close: () => void;
  readonly title: string;
  /** What will happen, in numbers. */
  readonly children: ReactNode;
  /** The verb on the button, such as "Reverse invoice INV-00012". */
  readonly action: string;
  readonly isDangerous?: boolean;
  readonly isBusy: boolean;
  readonly isReady?: boolean;
  readonly error: ApiError | null;
  readonly run: () => void;
}

export function Confirm(props: ConfirmProps) {
  const {
    isOpen,
    close,
    title,
    children,
    action,
    isDangerous = false,
    isBusy,
    isReady = true,
    error,
    run,
  } = props;
  return (
    <Modal opened={isOpen} onClose={close} title={title}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          run();
        }}
      >
        <div>{children}</div>
        <Problem error={error} />
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button
            type="submit"
            loading={isBusy}
            disabled={!isReady}
            {...(isDangerous ? { color: 'red.9' } : {})}
          >
            {action}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
