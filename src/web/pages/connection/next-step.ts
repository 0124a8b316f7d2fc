import type { ConnectionWire } from '../../../contract/sync-wire.ts';

/** Where a connection stands on its way from connected to syncing, and what is known about it. */
export interface PathFacts {
  readonly connection: ConnectionWire;
  /** Errors of the mapping; undefined while they are not known. */
  readonly mappingErrors?: number | undefined;
  readonly hasPreview: boolean;
}

export type StepKind =
  | 'reconnect'
  | 'resume'
  | 'set_accounts'
  | 'choose_stages'
  | 'mend_mapping'
  | 'preview'
  | 'sync'
  | 'watch'
  | 'none';

export interface NextStep {
  readonly kind: StepKind;
  readonly sentence: string;
  readonly action: string | null;
}

/** The one thing to do next, as a sentence and the words of its button. */
export function nextStep({ connection, mappingErrors = 0, hasPreview }: PathFacts): NextStep {
  const { status, lastError } = connection;
  if (status === 'error') {
    const why = lastError ? `${lastError.message} ${lastError.mend}` : 'The connection does not work.';
    return { kind: 'reconnect', sentence: why, action: 'Reconnect' };
  }
  if (status === 'not_connected') {
    const sentence = 'Not connected. Mappings, documents and history are still here.';
    return { kind: 'reconnect', sentence, action: 'Reconnect' };
  }
  if (status === 'paused') {
    return { kind: 'resume', sentence: 'Paused: nothing is synced until it is resumed.', action: 'Resume' };
  }
  if (connection.currentRunId !== null) {
    return { kind: 'watch', sentence: 'A run is going on.', action: 'Watch it' };
  }
  if (status === 'setup_incomplete') {
    const sentence = `Before anything can sync: ${connection.missingSettings.join(' ')}`;
    return { kind: 'set_accounts', sentence, action: 'Complete the setup' };
  }
  const [warning] = connection.warnings;
  if (warning) {
    const sentence = `${warning.message} ${warning.mend}`;
    return { kind: 'choose_stages', sentence, action: 'Open Stage Configuration' };
  }
  if (mappingErrors > 0) {
    const sentence = `${mappingErrors === 1 ? 'One field' : `${mappingErrors} fields`} of the mapping cannot work as set.`;
    return { kind: 'mend_mapping', sentence, action: 'Mend the mapping' };
  }
  if (connection.lastSuccessfulSyncAt === null && !hasPreview) {
    const sentence = 'Look at what every deal would become. Nothing is written.';
    return { kind: 'preview', sentence, action: 'Preview' };
  }
  if (connection.lastSuccessfulSyncAt === null) {
    const sentence = 'The preview is there: sync to make the drafts.';
    return { kind: 'sync', sentence, action: 'Sync now' };
  }
  return { kind: 'none', sentence: 'Everything is set up.', action: null };
}

export interface PathStep {
  readonly name: string;
  readonly state: 'done' | 'next' | 'later';
}

/** Connected → Accounts set → Mapping checked → Preview looked at → Syncing. The first that is not done is next. */
export function pathSteps({ connection, mappingErrors, hasPreview }: PathFacts): readonly PathStep[] {
  const isConnected = connection.status !== 'not_connected' && connection.status !== 'error';
  const hasSynced = connection.lastSuccessfulSyncAt !== null;
  const done: readonly (readonly [string, boolean])[] = [
    ['Connected', isConnected],
    ['Accounts set', connection.missingSettings.length === 0],
    ['Mapping checked', mappingErrors === 0],
    ['Preview looked at', hasPreview || hasSynced],
    ['Syncing', hasSynced && connection.status !== 'paused'],
  ];
  const firstOpen = done.findIndex(([, isDone]) => !isDone);
  return done.map(([name, isDone], index) => ({
    name,
    state: isDone ? 'done' : index === firstOpen ? 'next' : 'later',
  }));
}
