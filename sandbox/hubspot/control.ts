import { ALL_SCOPES } from './auth.ts';
import { Refusal, errorAnswer } from './answer.ts';
import type { CallLog } from './call-log.ts';
import { FAULT_KINDS, type Fault, type FaultRequest } from './faults.ts';
import { findObjectType, type ObjectTypeName } from './object-types.ts';
import type { Behaviour } from './options.ts';
import { type Portal, USER_SOURCE } from './portal.ts';
import type { CrmRecord } from './record.ts';
import type { Sandbox } from './sandbox.ts';
import { sellDeals } from './sell.ts';
import type { Delivery, WebhookTarget } from './webhooks.ts';

/** Names a record. Type names and ids as in the API; the first portal when none is named. */
export interface RecordRef {
  readonly portalId?: number;
  readonly type: string;
  readonly id: string | number;
}

export interface AssociationRef {
  readonly portalId?: number;
  readonly from: { readonly type: string; readonly id: string | number };
  readonly to: { readonly type: string; readonly id: string | number };
  readonly primary?: boolean;
}

type Values = Readonly<Record<string, string>>;

/** What a scenario can do to a running sandbox, in process or by `/__sandbox/…`; see README. */
export interface Control {
  readonly createRecord: (input: {
    portalId?: number;
    type: string;
    properties: Values;
    associations?: readonly { type: string; id: string | number; primary?: boolean }[];
  }) => { id: string };
  readonly updateRecord: (input: RecordRef & { properties: Values }) => { id: string };
  readonly archiveRecord: (input: RecordRef) => { id: string };
  readonly restoreRecord: (input: RecordRef) => { id: string };
  readonly purgeRecord: (input: RecordRef) => { id: string };
  readonly mergeRecords: (input: {
    portalId?: number;
    type: string;
    primaryId: string | number;
    otherId: string | number;
  }) => { id: string };
  readonly associate: (input: AssociationRef) => { ok: true };
  readonly dissociate: (input: AssociationRef) => { ok: true };
  readonly sell: (input: { portalId?: number; count?: number; create?: boolean }) => { deals: string[] };
  readonly touch: (input: {
    portalId?: number;
    type: string;
    count?: number;
    ids?: readonly (string | number)[];
    at?: string;
  }) => { touched: number };
  readonly bigName: (input: RecordRef & { bytes?: number }) => { id: string };
  readonly deleteProperty: (input: { portalId?: number; type: string; name: string }) => { ok: true };
  /** An archived property can be restored, with the values that its records had. */
  readonly restoreProperty: (input: { portalId?: number; type: string; name: string }) => { ok: true };
  readonly renameStage: (input: { portalId?: number; stageId: string; label: string }) => { ok: true };
  readonly removeStage: (input: { portalId?: number; stageId: string }) => { ok: true };
  readonly archiveOwner: (input: { portalId?: number; id: string }) => { ok: true };
  readonly setOptions: (input: Partial<Behaviour>) => Behaviour;
  readonly advanceClock: (input: { ms: number }) => { now: string };
  readonly fault: (input: FaultRequest) => Fault;
  readonly faults: () => readonly Fault[];
  readonly clearFaults: () => { ok: true };
  readonly revokeTokens: (input: { portalId?: number; kind?: 'private' | 'oauth' | 'all' }) => {
    revoked: number;
  };
  readonly expireTokens: (input: { portalId?: number }) => { expired: number };
  readonly setScopes: (input: {
    portalId?: number;
    scopes?: readonly string[];
    remove?: readonly string[];
    add?: readonly string[];
  }) => { scopes: string[] };
  readonly issueTokens: (input: { portalId?: number; scopes?: readonly string[] }) => {
    accessToken: string;
    refreshToken: string;
  };
  readonly addWebhook: (input: WebhookTarget) => { ok: true };
  readonly webhooks: () => { targets: readonly WebhookTarget[]; deliveries: readonly Delivery[] };
  readonly clearWebhooks: () => { ok: true };
  readonly calls: (input?: { recent?: number }) => ReturnType<CallLog['calls']>;
  readonly violations: () => ReturnType<CallLog['violations']>;
  readonly reset: (input?: { calls?: boolean; violations?: boolean; limits?: boolean }) => { ok: true };
  readonly records: (input: { portalId?: number; type: string; archived?: boolean }) => readonly object[];
  readonly portals: () => readonly object[];
}

const OK = { ok: true } as const;

function bad(message: string): Refusal {
  return new Refusal(errorAnswer(400, 'SANDBOX_CONTROL', message), null);
}

function typeOf(alias: string): ObjectTypeName {
  const type = findObjectType(alias);
  if (type === undefined) throw bad(`unknown object type ${alias}`);
  return type.name;
}

function found(portal: Portal, ref: { type: string; id: string | number }): CrmRecord {
  const record = portal.find(typeOf(ref.type), Number(ref.id));
  if (record === undefined) throw bad(`no ${ref.type} ${ref.id}`);
  return record;
}

/** Makes the control of a sandbox. */
export function createControl(sandbox: Sandbox): Control {
  return {
    ...recordControl(sandbox),
    ...settingControl(sandbox),
    ...tokenControl(sandbox),
    ...observationControl(sandbox),
  };
}

type RecordControl = Pick<
  Control,
  | 'createRecord'
  | 'updateRecord'
  | 'archiveRecord'
  | 'restoreRecord'
  | 'purgeRecord'
  | 'mergeRecords'
  | 'associate'
  | 'dissociate'
  | 'sell'
  | 'touch'
  | 'bigName'
>;

function recordControl(sandbox: Sandbox): RecordControl {
  const portalOf = (input: { portalId?: number }): Portal => sandbox.portalOrFirst(input.portalId);
  const change = (
    input: RecordRef,
    run: (portal: Portal, record: CrmRecord) => CrmRecord,
  ): { id: string } => {
    const portal = portalOf(input);
    return { id: String(run(portal, found(portal, input)).id) };
  };
  return {
    createRecord: (input) => {
      const portal = portalOf(input);
      const record = portal.create(typeOf(input.type), input.properties, USER_SOURCE);
      for (const entry of input.associations ?? []) {
        const other = found(portal, entry);
        const kind = entry.primary === true ? 'primary' : 'plain';
        portal.associate(record.type, record.id, other.type, other.id, kind, USER_SOURCE);
      }
      return { id: String(record.id) };
    },
    updateRecord: (input) =>
      change(input, (portal, record) => portal.update(record, input.properties, USER_SOURCE)),
    archiveRecord: (input) => change(input, (portal, record) => portal.archive(record, USER_SOURCE)),
    restoreRecord: (input) => change(input, (portal, record) => portal.restore(record, USER_SOURCE)),
    purgeRecord: (input) =>
      change(input, (portal, record) => {
        portal.purge(record, USER_SOURCE);
        return record;
      }),
    mergeRecords: (input) => {
      const portal = portalOf(input);
      const primary = found(portal, { type: input.type, id: input.primaryId });
      const other = found(portal, { type: input.type, id: input.otherId });
      return {
        id: String(portal.merge(primary, other, sandbox.behaviour.mergeKeepsPrimaryId, USER_SOURCE).id),
      };
    },
    associate: (input) => {
      const portal = portalOf(input);
      const [from, to] = [found(portal, input.from), found(portal, input.to)];
      const kind = input.primary === true ? 'primary' : 'plain';
      portal.associate(from.type, from.id, to.type, to.id, kind, USER_SOURCE);
      return OK;
    },
    dissociate: (input) => {
      const portal = portalOf(input);
      const [from, to] = [found(portal, input.from), found(portal, input.to)];
      portal.dissociate(from.type, from.id, to.type, to.id, USER_SOURCE);
      return OK;
    },
    sell: (input) => ({
      deals: sellDeals(sandbox, portalOf(input), input.count ?? 1, input.create === true).map(String),
    }),
    touch: (input) => touch(sandbox, portalOf(input), input),
    bigName: (input) =>
      change(input, (portal, record) => {
        const name = record.type === 'deals' ? 'dealname' : record.type === 'contacts' ? 'lastname' : 'name';
        return portal.update(record, { [name]: 'N'.repeat(input.bytes ?? 10_000_000) }, USER_SOURCE);
      }),
  };
}

/** Gives records one and the same modified time, without changing a value, as an import or a workflow does. */
function touch(
  sandbox: Sandbox,
  portal: Portal,
  input: { type: string; count?: number; ids?: readonly (string | number)[]; at?: string },
): { touched: number } {
  const type = typeOf(input.type);
  const at = input.at === undefined ? sandbox.now() : Date.parse(input.at);
  const ids = input.ids?.map(Number) ?? portal.ids(type).slice(0, input.count ?? portal.ids(type).length);
  let touched = 0;
  for (const id of ids) {
    const record = portal.find(type, id);
    if (record === undefined || record.archivedAt !== 0) continue;
    portal.update(record, {}, USER_SOURCE, at);
    touched += 1;
  }
  return { touched };
}

type SettingControl = Pick<
  Control,
  | 'deleteProperty'
  | 'restoreProperty'
  | 'renameStage'
  | 'removeStage'
  | 'archiveOwner'
  | 'setOptions'
  | 'advanceClock'
  | 'fault'
  | 'faults'
  | 'clearFaults'
>;

function setPropertyArchived(
  sandbox: Sandbox,
  { portalId, type, name }: Parameters<Control['deleteProperty']>[0],
  archived: boolean,
): { ok: true } {
  const properties = sandbox.portalOrFirst(portalId).properties(typeOf(type));
  const definition = properties.get(name);
  if (definition === undefined) throw bad(`no property ${name}`);
  properties.set(name, { ...definition, archived });
  return OK;
}

function settingControl(sandbox: Sandbox): SettingControl {
  return {
    deleteProperty: (input) => setPropertyArchived(sandbox, input, true),
    restoreProperty: (input) => setPropertyArchived(sandbox, input, false),
    renameStage: (input) => {
      changeStage(sandbox.portalOrFirst(input.portalId), input.stageId, { label: input.label });
      return OK;
    },
    removeStage: (input) => {
      changeStage(sandbox.portalOrFirst(input.portalId), input.stageId, { archived: true });
      return OK;
    },
    archiveOwner: (input) => {
      const portal = sandbox.portalOrFirst(input.portalId);
      portal.owners = portal.owners.map((owner) =>
        owner.id === input.id ? { ...owner, archived: true } : owner,
      );
      return OK;
    },
    setOptions: (input) => {
      for (const name of Object.keys(input)) {
        if (!(name in sandbox.behaviour)) throw bad(`unknown option ${name}`);
      }
      return Object.assign(sandbox.behaviour, input);
    },
    advanceClock: (input) => {
      sandbox.clockOffsetMs += input.ms;
      return { now: sandbox.iso() };
    },
    fault: (input) => {
      if (!FAULT_KINDS.includes(input.kind)) throw bad(`kind must be one of ${FAULT_KINDS.join(', ')}`);
      return sandbox.faults.add(input);
    },
    faults: () => sandbox.faults.list(),
    clearFaults: () => {
      sandbox.faults.clear();
      return OK;
    },
  };
}

function changeStage(portal: Portal, stageId: string, change: { label?: string; archived?: boolean }): void {
  if (portal.stage(stageId) === undefined) throw bad(`no stage ${stageId}`);
  portal.setPipelines(
    portal.pipelines.map((pipeline) => ({
      ...pipeline,
      stages: pipeline.stages.map((stage) => (stage.id === stageId ? { ...stage, ...change } : stage)),
      updatedAt: portal.settings.now(),
    })),
  );
}

type TokenControl = Pick<Control, 'revokeTokens' | 'expireTokens' | 'setScopes' | 'issueTokens'>;

function tokenControl(sandbox: Sandbox): TokenControl {
  const tokensOf = (portalId: number) =>
    [...sandbox.tokens.access.values(), ...sandbox.tokens.refresh.values()].filter(
      (token) => token.portalId === portalId,
    );
  return {
    revokeTokens: (input) => ({
      revoked: sandbox.tokens.revoke(sandbox.portalOrFirst(input.portalId).id, input.kind ?? 'all'),
    }),
    expireTokens: (input) => {
      const { id } = sandbox.portalOrFirst(input.portalId);
      const tokens = [...sandbox.tokens.access.values()].filter(
        (token) => token.portalId === id && token.expiresAt !== null,
      );
      for (const token of tokens) token.expiresAt = sandbox.now() - 1000;
      return { expired: tokens.length };
    },
    setScopes: (input) => {
      const tokens = tokensOf(sandbox.portalOrFirst(input.portalId).id);
      for (const token of tokens) {
        const scopes = new Set(input.scopes ?? token.scopes);
        for (const scope of input.add ?? []) scopes.add(scope);
        for (const scope of input.remove ?? []) scopes.delete(scope);
        token.scopes = scopes;
      }
      return { scopes: [...(tokens[0]?.scopes ?? [])] };
    },
    issueTokens: (input) => {
      const { id } = sandbox.portalOrFirst(input.portalId);
      const scopes = new Set(input.scopes ?? ALL_SCOPES);
      const refresh = sandbox.tokens.issueRefresh(id, 48_000_001, scopes);
      const lifetime = sandbox.behaviour.accessTokenSeconds * 1000;
      const access = sandbox.tokens.issueAccess(id, scopes, sandbox.now() + lifetime);
      return { accessToken: access.token, refreshToken: refresh.token };
    },
  };
}

type ObservationControl = Pick<
  Control,
  'addWebhook' | 'webhooks' | 'clearWebhooks' | 'calls' | 'violations' | 'reset' | 'records' | 'portals'
>;

function observationControl(sandbox: Sandbox): ObservationControl {
  return {
    addWebhook: (input) => {
      if (!URL.canParse(input.targetUrl)) throw bad('targetUrl must be a URL');
      if (!Array.isArray(input.subscriptions)) throw bad('subscriptions must be a list');
      sandbox.webhooks.add(input);
      return OK;
    },
    webhooks: () => ({ targets: sandbox.webhooks.targets(), deliveries: sandbox.webhooks.deliveries }),
    clearWebhooks: () => {
      sandbox.webhooks.clear();
      return OK;
    },
    calls: (input) => sandbox.log.calls(input?.recent ?? 0),
    violations: () => sandbox.log.violations(),
    reset: (input) => {
      const all = input === undefined || Object.keys(input).length === 0;
      if (all || input.calls === true) sandbox.log.resetCalls();
      if (all || input.violations === true) sandbox.log.resetViolations();
      if (all || input.limits === true) sandbox.limits.reset();
      return OK;
    },
    records: (input) =>
      truth(sandbox.portalOrFirst(input.portalId), typeOf(input.type), input.archived === true),
    portals: () =>
      [...sandbox.portals.values()].map((portal) => ({
        id: portal.id,
        name: portal.settings.name,
        currency: portal.currency,
        timeZone: portal.settings.timeZone,
        token: sandbox.privateTokens.get(portal.id),
        clientId: sandbox.tokens.app.clientId,
        clientSecret: sandbox.tokens.app.clientSecret,
      })),
  };
}

/** The stored truth of a type, for checks: no lag, no limits, all stored properties, all associations. */
function truth(portal: Portal, type: ObjectTypeName, archived: boolean): object[] {
  const others: readonly ObjectTypeName[] = ['companies', 'contacts', 'line_items', 'deals', 'invoices'];
  return portal.ids(type).flatMap((id) => {
    const record = portal.find(type, id);
    if (record === undefined || (record.archivedAt !== 0) !== archived) return [];
    const associations = Object.fromEntries(
      others.map((other) => [other, portal.liveAssociations(type, id, other).map(String)]),
    );
    const primary = portal.associations.primary(type, id, 'companies');
    return [
      {
        id: String(id),
        properties: record.properties,
        createdAt: new Date(record.createdAt).toISOString(),
        updatedAt: new Date(record.updatedAt).toISOString(),
        associations,
        primaryCompanyId: primary === undefined ? null : String(primary),
      },
    ];
  });
}
