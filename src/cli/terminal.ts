/** Where a command reads and writes; injected, so that a test needs no process. */
export interface Terminal {
  /** Standard output: what the command was asked for. */
  readonly write: (text: string) => void;
  /** Standard error: progress and complaints. */
  readonly writeError: (text: string) => void;
  /** Standard input, whole. */
  readonly readInput: () => Promise<string>;
  /** Whether a person sees standard output; then tables are cut to its width. */
  readonly isInteractive: boolean;
  /** Whether a person sees standard error; then progress is one line that is written over. */
  readonly showsProgress: boolean;
  readonly columns: number;
}

/** Writes one line to standard output. */
export function writeLine(terminal: Terminal, text: string): void {
  terminal.write(`${text}\n`);
}
