import {
  IconAlertTriangle,
  IconArrowBackUp,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleMinus,
  IconCirclePlus,
  IconCircleX,
  IconClock,
  IconEqual,
  IconHandStop,
  IconLoader2,
  IconLock,
  IconLockOpen,
  IconPencil,
  IconPlayerPause,
  IconPlugConnectedX,
  IconRefresh,
  type Icon,
} from '@tabler/icons-react';
import { readable } from '../format/words.ts';

export type Tone = 'good' | 'warn' | 'bad' | 'info' | 'quiet';

interface StatusEntry {
  readonly word: string;
  readonly tone: Tone;
  readonly icon: Icon;
}

/** Every status of the wire: one word, one icon, one tone. Words that mean the same everywhere stand here once. */
const entries = {
  // Connections
  connected: { word: 'Connected', tone: 'good', icon: IconCircleCheck },
  setup_incomplete: { word: 'Setup incomplete', tone: 'warn', icon: IconAlertTriangle },
  paused: { word: 'Paused', tone: 'quiet', icon: IconPlayerPause },
  error: { word: 'Error', tone: 'bad', icon: IconCircleX },
  not_connected: { word: 'Not connected', tone: 'quiet', icon: IconPlugConnectedX },
  // Documents
  draft: { word: 'Draft', tone: 'quiet', icon: IconPencil },
  posted: { word: 'Posted', tone: 'good', icon: IconCircleCheck },
  partly_paid: { word: 'Partly paid', tone: 'info', icon: IconClock },
  paid: { word: 'Paid', tone: 'good', icon: IconCircleCheck },
  overdue: { word: 'Overdue', tone: 'bad', icon: IconClock },
  credited: { word: 'Credited', tone: 'quiet', icon: IconArrowBackUp },
  reversed: { word: 'Reversed', tone: 'quiet', icon: IconArrowBackUp },
  written_off: { word: 'Written off', tone: 'quiet', icon: IconCircleMinus },
  // Contracts
  completed: { word: 'Completed', tone: 'quiet', icon: IconCircleCheck },
  terminated: { word: 'Terminated', tone: 'quiet', icon: IconCircleX },
  recognised: { word: 'Recognised', tone: 'good', icon: IconCircleCheck },
  due: { word: 'Due', tone: 'info', icon: IconClock },
  planned: { word: 'Planned', tone: 'quiet', icon: IconCircleDashed },
  in_force: { word: 'In force', tone: 'good', icon: IconCircleCheck },
  undone: { word: 'Undone', tone: 'quiet', icon: IconArrowBackUp },
  // Runs
  queued: { word: 'Waiting to start', tone: 'quiet', icon: IconCircleDashed },
  running: { word: 'Running', tone: 'info', icon: IconLoader2 },
  succeeded: { word: 'Succeeded', tone: 'good', icon: IconCircleCheck },
  succeeded_with_failures: { word: 'Done, some failed', tone: 'warn', icon: IconAlertTriangle },
  failed: { word: 'Failed', tone: 'bad', icon: IconCircleX },
  canceled: { word: 'Canceled', tone: 'quiet', icon: IconCircleMinus },
  // Decisions and outcomes
  create: { word: 'Create', tone: 'good', icon: IconCirclePlus },
  created: { word: 'Created', tone: 'good', icon: IconCirclePlus },
  update: { word: 'Update', tone: 'info', icon: IconRefresh },
  updated: { word: 'Updated', tone: 'info', icon: IconRefresh },
  unchanged: { word: 'Unchanged', tone: 'quiet', icon: IconEqual },
  skip: { word: 'Skip', tone: 'quiet', icon: IconCircleMinus },
  skipped: { word: 'Skipped', tone: 'quiet', icon: IconCircleMinus },
  hold: { word: 'Hold', tone: 'warn', icon: IconHandStop },
  held: { word: 'Held', tone: 'warn', icon: IconHandStop },
  fail: { word: 'Fail', tone: 'bad', icon: IconCircleX },
  // Periods and years
  open: { word: 'Open', tone: 'good', icon: IconLockOpen },
  closed: { word: 'Closed', tone: 'info', icon: IconCircleCheck },
  locked: { word: 'Locked', tone: 'quiet', icon: IconLock },
  not_closed: { word: 'Not closed', tone: 'quiet', icon: IconCircleDashed },
  close_again: { word: 'Entries since', tone: 'warn', icon: IconAlertTriangle },
  // People, keys, accounts
  active: { word: 'Active', tone: 'good', icon: IconCircleCheck },
  inactive: { word: 'Inactive', tone: 'quiet', icon: IconCircleMinus },
  revoked: { word: 'Revoked', tone: 'quiet', icon: IconCircleMinus },
} as const satisfies Record<string, StatusEntry>;

function entryOf(status: string): StatusEntry {
  const known: Readonly<Record<string, StatusEntry>> = entries;
  return known[status] ?? { word: readable(status), tone: 'quiet', icon: IconCircleDashed };
}

export function statusWord(status: string): string {
  return entryOf(status).word;
}

export function statusTone(status: string): Tone {
  return entryOf(status).tone;
}

/** Of a credit note, `partly_paid` and `credited` say how far it is used. */
const creditWords: Readonly<Record<string, string>> = { partly_paid: 'Partly used', credited: 'Used' };

export function Status({ status, kind }: { readonly status: string; readonly kind?: string }) {
  const { word: plainWord, tone, icon: StatusIcon } = entryOf(status);
  const word = (kind === 'credit_note' ? creditWords[status] : undefined) ?? plainWord;
  return (
    <span className={`status tone-${tone}`}>
      <StatusIcon size={14} aria-hidden="true" />
      {word}
    </span>
  );
}
