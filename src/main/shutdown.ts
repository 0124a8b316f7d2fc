/** SIGTERM and Ctrl-C promise an end within ten seconds; what is not closed by then is left to the operating system. */
const shutdownMsMax = 9_000;

/** Thrown where something is waited for when the process is asked to stop. */
export class StopRequested extends Error {
  override readonly name = 'StopRequested';
}

export interface Shutdown {
  /** Aborted when the process is asked to stop. */
  readonly signal: AbortSignal;
  /** Has something closed at the end; what was added last is closed first. */
  readonly add: (close: () => Promise<void> | void) => void;
  /** Waits for the work, or throws `StopRequested` when the process is asked to stop before. */
  readonly during: <Result>(work: Promise<Result>) => Promise<Result>;
  /** Resolves when the process is asked to stop. */
  readonly requested: Promise<void>;
  /** Closes everything, once; false when it took too long. */
  readonly end: () => Promise<boolean>;
}

/** Listens for SIGTERM and SIGINT. A second one ends the process at once. */
export function listenForShutdown(onCloseError: (error: unknown) => void): Shutdown {
  const controller = new AbortController();
  const steps: (() => Promise<void> | void)[] = [];
  let ending: Promise<boolean> | null = null;
  const requested = new Promise<void>((resolve) => {
    controller.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  const stop = (signal: NodeJS.Signals): void => {
    if (controller.signal.aborted) process.exit(signal === 'SIGINT' ? 130 : 143);
    controller.abort(new StopRequested());
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);

  const closeAll = async (): Promise<void> => {
    for (const close of steps.reverse()) {
      try {
        await close();
      } catch (error) {
        onCloseError(error);
      }
    }
  };
  return {
    signal: controller.signal,
    add: (close) => steps.push(close),
    during: (work) => untilAborted(work, controller.signal),
    requested,
    end: () => {
      ending ??= inTime(closeAll());
      return ending;
    },
  };
}

async function untilAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  signal.throwIfAborted();
  let abort = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(new StopRequested());
    signal.addEventListener('abort', abort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
    // Its own failure after the stop is nobody's any more.
    work.catch(() => undefined);
  }
}

async function inTime(closing: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), shutdownMsMax);
  });
  try {
    return await Promise.race([closing.then(() => true), tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
