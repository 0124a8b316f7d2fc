import type { Handlers } from '../../contract/handler.ts';
import { type FieldError, TributaryError } from '../../kernel/errors.ts';
import type { Configuration } from '../../model/configuration.ts';
import { appendAuditEntries } from '../../platform/audit/audit-store.ts';
import {
  checkConfiguration,
  type ConfigurationProblem,
  requiredProperties,
} from '../configuration/check-configuration.ts';
import { readAutoPostOffer } from '../auto-post-offer.ts';
import { parseConfiguration, setKeys } from '../configuration/configuration-schema.ts';
import {
  insertConfiguration,
  listConfigurations,
  readConfiguration,
  type StoredConfiguration,
} from '../configuration/configuration-store.ts';
import type { ConnectionForSync } from '../../connections/connections-for-sync.ts';
import {
  auditContextOf,
  loadConnection,
  type OperationDependencies,
  offsetOf,
} from './operation-dependencies.ts';

export type ConfigurationOperations = Handlers<
  | 'getConfiguration'
  | 'listConfigurationVersions'
  | 'saveConfiguration'
  | 'changeConfiguration'
  | 'checkConfiguration'
  | 'getAutoPostOffer'
>;

function toWire(stored: StoredConfiguration) {
  return { ...stored, settings: stored.settings as unknown as Record<string, unknown> };
}

/** Reading, checking and saving the configuration of a connection. */
export function createConfigurationOperations(deps: OperationDependencies): ConfigurationOperations {
  return {
    getConfiguration: async (caller, { params, query }) => {
      const stored = await deps.database.withOrganization(caller.organizationId, (tx) =>
        readConfiguration(tx, params.id, query.version ?? null),
      );
      return toWire(stored);
    },
    listConfigurationVersions: async (caller, { params, query }) => {
      await deps.connections.load(caller.organizationId, params.id);
      const before = query.after === undefined ? null : offsetOf(query.after);
      return deps.database.withOrganization(caller.organizationId, async (tx) => {
        const newest = await readConfiguration(tx, params.id);
        const rows = await listConfigurations(tx, params.id, before, query.limit + 1);
        const data = rows.slice(0, query.limit).map(toWire);
        return {
          data,
          next: rows.length > query.limit ? String(data.at(-1)?.version ?? '') : null,
          total: newest.version,
        };
      });
    },
    saveConfiguration: async (caller, { params, body }) => {
      return save(deps, caller, params.id, body.comment ?? null, (current) => {
        if (body.expectedVersion !== undefined && body.expectedVersion !== current.version) {
          throw new TributaryError(
            'conflict',
            `Version ${current.version} was saved meanwhile; your change was made on version ${body.expectedVersion}.`,
          );
        }
        return body.settings;
      });
    },
    changeConfiguration: async (caller, { params, body }) =>
      save(deps, caller, params.id, body.comment ?? null, (current) => setKeys(current.settings, body.set)),
    getAutoPostOffer: async (caller, { params }) => {
      await deps.connections.load(caller.organizationId, params.id);
      return deps.database.withOrganization(caller.organizationId, (tx) => readAutoPostOffer(tx, params.id));
    },
    checkConfiguration: async (caller, { params, body }) => {
      const { connection } = await loadConnection(deps, caller, params.id);
      const parsed = parseConfiguration(body.settings);
      if ('errors' in parsed)
        return { ok: false, problems: parsed.errors.map(problemOf), requiredProperties: [] };
      const problems = await problemsOf(deps, connection, parsed.configuration);
      const ok = problems.every(({ severity }) => severity !== 'error');
      return {
        ok,
        problems,
        requiredProperties: requiredProperties(parsed.configuration, connection.schema),
      };
    },
  };
}

function problemOf({ field, message }: FieldError): ConfigurationProblem {
  return { key: field, severity: 'error', message, mend: 'Correct this setting.' };
}

async function problemsOf(
  deps: OperationDependencies,
  connection: ConnectionForSync,
  configuration: Configuration,
): Promise<ConfigurationProblem[]> {
  const overridden = Object.keys(configuration.accounts);
  const accounts = await deps.database.withOrganization(connection.organizationId, (tx) =>
    deps.accountProblems(tx, connection.entityId, configuration.accounts),
  );
  return [
    ...checkConfiguration(configuration, connection.schema),
    ...accounts
      .filter(({ role, problem }) => problem !== null && overridden.includes(role))
      .map(
        ({ role, problem }): ConfigurationProblem => ({
          key: `accounts.${role}`,
          severity: 'error',
          message: problem ?? '',
          mend: 'Give the number of an active account of the right type, or remove the key.',
        }),
      ),
  ];
}

/** Saves what `change` makes of the newest version. Errors: not_found, conflict, invalid_configuration naming every key. */
async function save(
  deps: OperationDependencies,
  caller: Parameters<ConfigurationOperations['saveConfiguration']>[0],
  connectionId: string,
  comment: string | null,
  change: (current: StoredConfiguration) => unknown,
) {
  const { connection } = await loadConnection(deps, caller, connectionId);
  const current = await deps.database.withOrganization(caller.organizationId, (tx) =>
    readConfiguration(tx, connectionId),
  );
  const parsed = parseConfiguration(change(current));
  if ('errors' in parsed) throw new TributaryError('invalid_configuration', null, { fields: parsed.errors });
  const errors = (await problemsOf(deps, connection, parsed.configuration)).filter(
    ({ severity }) => severity === 'error',
  );
  if (errors.length > 0) {
    const fields = errors.map(({ key, message, mend }) => ({ field: key, message: `${message} ${mend}` }));
    throw new TributaryError('invalid_configuration', null, { fields });
  }
  return deps.database.withOrganization(caller.organizationId, async (tx) => {
    const settings = parsed.configuration;
    const saved = await insertConfiguration(tx, caller.organizationId, {
      connectionId,
      version: current.version + 1,
      settings,
      createdBy: caller.actor,
      comment,
    });
    await appendAuditEntries(tx, auditContextOf(caller, connectionId), [
      {
        action: 'configuration.saved',
        subjectType: 'connection',
        subjectId: connectionId,
        before: { version: current.version, settings: current.settings },
        after: { version: saved.version, settings, comment },
      },
    ]);
    return toWire(saved);
  });
}
