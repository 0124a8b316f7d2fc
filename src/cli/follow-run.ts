import type { RunWire } from '../contract/sync-wire.ts';
import { cutText, plainText } from './plain-text.ts';
import { progressText } from './run-text.ts';
import type { Terminal } from './terminal.ts';

const isOpen = (run: RunWire): boolean => run.status === 'queued' || run.status === 'running';

/**
 * Waits for the end of a run and returns it. Shows its progress on standard error: one line that is written over where a
 * person looks, else a line for each stage. `quiet`: nothing.
 */
export async function followRun(
  terminal: Terminal,
  started: RunWire,
  read: (runId: string) => Promise<RunWire>,
  quiet: boolean,
): Promise<RunWire> {
  const progress = quiet ? null : createProgress(terminal);
  let run = started;
  while (isOpen(run)) {
    progress?.show(run);
    run = await read(run.runId);
  }
  progress?.end();
  return run;
}

interface Progress {
  readonly show: (run: RunWire) => void;
  readonly end: () => void;
}

function createProgress(terminal: Terminal): Progress {
  if (terminal.showsProgress) {
    return {
      // To the start of the line, the text, and away with what stood behind it.
      show: (run) =>
        terminal.writeError(`\r${cutText(plainText(progressText(run)), terminal.columns - 1)}\u001b[K`),
      end: () => terminal.writeError('\r\u001b[K'),
    };
  }
  let said = '';
  return {
    show: (run) => {
      const stage = run.progress?.stage ?? run.status;
      if (stage === said) return;
      said = stage;
      terminal.writeError(`${plainText(progressText(run))}\n`);
    },
    end: () => undefined,
  };
}
