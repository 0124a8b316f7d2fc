import type { Instant } from '../kernel/dates.ts';
import type { AccountRole, Configuration } from '../model/configuration.ts';
import type { RemoteAccount } from '../model/source-record.ts';

/** What the authorization says. `setup_incomplete` is not among them: it follows from the accounts, see `connectionStatus`. */
export type StoredStatus = 'connected' | 'paused' | 'error' | 'not_connected';
export type ConnectionStatus = StoredStatus | 'setup_incomplete';

/** The last thing that went wrong; `mend` says what to do about it. */
export interface ConnectionError {
  readonly code: string;
  readonly message: string;
  readonly mend: string;
  readonly at: Instant;
}

/** Addresses of this connection alone, instead of those of the environment. */
export interface EndpointOverrides {
  readonly apiUrl?: string;
  readonly appUrl?: string;
}

/** One authorized link to one account of an outside system, without its credentials. */
export interface Connection {
  readonly id: string;
  readonly organizationId: string;
  readonly entityId: string;
  readonly connector: string;
  readonly name: string;
  readonly mode: 'live' | 'test';
  readonly status: StoredStatus;
  readonly account: RemoteAccount;
  readonly endpoint: EndpointOverrides;
  readonly authKind: 'oauth' | 'token';
  readonly scopes: readonly string[];
  readonly connectedBy: string;
  readonly connectedAt: Instant;
  readonly lastSuccessfulSyncAt: Instant | null;
  readonly lastError: ConnectionError | null;
}

export type DealStageSettings = Pick<Configuration['deals'], 'enabled' | 'stages' | 'lostStages' | 'trigger'>;

/** A connection with what other tables say about it. */
export interface ConnectionView {
  readonly connection: Connection;
  readonly entityName: string;
  readonly entityTermsDays: number;
  /** Records of the books that this account's records became. */
  readonly recordsSynced: number;
  /** 0: there is no configuration yet. */
  readonly configurationVersion: number;
  readonly accountOverrides: Configuration['accounts'];
  /** What the configuration says of deals; null: there is none yet. */
  readonly dealSettings: DealStageSettings | null;
  /** Ids of the CRM's stages as read last; empty: they never were. */
  readonly knownStages: readonly string[];
  /** The run that goes on or waits. */
  readonly currentRunId: string | null;
}

/** Which connection of which tenant. */
export interface ConnectionScope {
  readonly organizationId: string;
  readonly connectionId: string;
}

/** A role that no usable account plays, and why. */
export interface MissingAccountRole {
  readonly role: string;
  readonly problem: string | null;
}

/** The status that a user sees: what the authorization says comes first, then what is missing in the books. */
export function connectionStatus(
  stored: StoredStatus,
  missing: readonly MissingAccountRole[],
): ConnectionStatus {
  return stored === 'connected' && missing.length > 0 ? 'setup_incomplete' : stored;
}

const roleNames: Readonly<Record<AccountRole, string>> = {
  accounts_receivable: 'Accounts receivable',
  deferred_revenue: 'Deferred revenue',
  income: 'Income',
  expense: 'Expense',
  clearing: 'Clearing',
  tax_payable: 'Tax payable',
};
const roleNameByRole = new Map<string, string>(Object.entries(roleNames));

/** What is missing, as sentences: `Income account: Account 4000 Sales is inactive.` */
export function missingSettings(missing: readonly MissingAccountRole[]): string[] {
  return missing.map(
    ({ role, problem }) =>
      `${roleNameByRole.get(role) ?? role} account: ${problem ?? 'No account is chosen.'}`,
  );
}

interface ConnectionWarning {
  readonly code: 'stage_removed';
  readonly message: string;
  readonly mend: string;
}

/** What does not stop the connection and should be looked at. */
export function connectionWarnings({
  dealSettings,
  knownStages,
}: Pick<ConnectionView, 'dealSettings' | 'knownStages'>): ConnectionWarning[] {
  if (!dealSettings?.enabled || knownStages.length === 0) return [];
  const isGone = (id: string): boolean => !knownStages.includes(id);
  const makers = dealSettings.trigger.on === 'property' ? [] : dealSettings.stages;
  const gone = [...makers, ...dealSettings.lostStages].filter(isGone);
  if (gone.length === 0) return [];
  const named = gone.join(', ');
  const which =
    gone.length === 1
      ? `The chosen deal stage ${named} is no longer in the CRM.`
      : `Chosen deal stages are no longer in the CRM: ${named}.`;
  const noneLeft = makers.length > 0 && makers.every(isGone);
  return [
    {
      code: 'stage_removed',
      message: noneLeft ? `${which} No stage is left that makes documents.` : which,
      mend: 'Choose the stages anew in Stage Configuration.',
    },
  ];
}
