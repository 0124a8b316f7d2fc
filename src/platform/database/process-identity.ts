import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** What tells one process from every other, also from a later one with the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Machine and space of process numbers: in another one the number says nothing. */
  readonly host: string;
  /** When the process was started, in a form that is only ever compared; null where the system does not tell. */
  readonly started: string | null;
}

function orNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}

/** Two containers of one machine both have a process 1: their process spaces differ. */
function readHost(): string {
  const space = orNull(() => readlinkSync('/proc/self/ns/pid'));
  return space === null ? hostname() : `${hostname()} ${space}`;
}

function readStart(pid: number): string | null {
  const fromProc = orNull(() => {
    // Field 22 is the start in clock ticks since boot; the name before it may hold blanks and parentheses.
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const ticks = text.slice(text.lastIndexOf(')') + 2).split(' ')[19];
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${ticks}`;
  });
  if (fromProc !== null || process.platform === 'win32') return fromProc;
  return orNull(() =>
    execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { stdio: ['ignore', 'pipe', 'ignore'] })
      .toString()
      .trim(),
  );
}

export function ownIdentity(): ProcessIdentity {
  return { pid: process.pid, host: readHost(), started: readStart(process.pid) };
}

/** Whether that very process is running; `elsewhere` when it cannot be seen from here. */
export function findProcess(identity: ProcessIdentity): 'running' | 'gone' | 'elsewhere' {
  if (identity.host !== readHost()) return 'elsewhere';
  try {
    process.kill(identity.pid, 0);
  } catch (error) {
    // EPERM: it is there and belongs to somebody else.
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return 'gone';
  }
  const started = readStart(identity.pid);
  return identity.started === null || started === null || started === identity.started ? 'running' : 'gone';
}
