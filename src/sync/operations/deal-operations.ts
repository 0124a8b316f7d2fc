import type { Connector } from '../../connectors/connector.ts';
import type { Handlers } from '../../contract/handler.ts';
import type { RunRecordWire } from '../../contract/sync-wire.ts';
import { isTributaryError, TributaryError } from '../../kernel/errors.ts';
import { formatMinor } from '../../kernel/money.ts';
import type { Configuration } from '../../model/configuration.ts';
import { getCustomerWire } from '../../ledger/customers.ts';
import { documentStates } from '../../ledger/document-drafts-store.ts';
import { appendAuditEntries } from '../../platform/audit/audit-store.ts';
import type { Transaction } from '../../platform/database/database.ts';
import { parseConfiguration } from '../configuration/configuration-schema.ts';
import { readConfiguration } from '../configuration/configuration-store.ts';
import { linkCompany, listReview, releaseDeals, searchDeals } from '../deals-store.ts';
import { loadBatch } from '../load-batch.ts';
import { planContextOf } from '../plan-context.ts';
import { readField } from '../plan/field-source.ts';
import { wantedProperties } from '../plan/mapped-properties.ts';
import { newOverlay } from '../plan/plan-context.ts';
import { planDeal } from '../plan/plan-deal.ts';
import { previewRecords } from '../preview.ts';
import { readDeal } from '../pull/read-deal.ts';
import type { StoredRecord } from '../pull/source-row.ts';
import { findDeals } from '../pull/staging-store.ts';
import { listRecordsOfDeal } from '../runs/run-records-list-store.ts';
import { causeOf, mendOf } from '../runs/run-wire.ts';
import type { ConnectionForSync } from '../../connections/connections-for-sync.ts';
import { customerChoicesOf } from './customer-choices.ts';
import { auditContextOf, loadConnection, type OperationDependencies } from './operation-dependencies.ts';
import { type PlannedParties, plannedPartiesOf } from './planned-parties.ts';

export type DealOperations = Handlers<
  'listSourceDeals' | 'tryConfiguration' | 'getWhy' | 'chooseCustomer' | 'listReview' | 'releaseDeals'
>;
type DealCaller = Parameters<DealOperations['getWhy']>[0];
type Planned = Omit<RunRecordWire, 'runId'>;

/** Runs shown of one deal's history. */
const historyMax = 50;

/** Questions about single deals, and what a person decides about them. */
export function createDealOperations(deps: OperationDependencies): DealOperations {
  return {
    listSourceDeals: async (caller, { params, query }) => {
      const { connection, connector } = await loadConnection(deps, caller, params.id);
      const text = query.q?.trim() || null;
      const id = text === null ? null : (connector.crm?.dealIdFrom(text) ?? null);
      return deps.database.withOrganization(caller.organizationId, async (tx) => {
        const { settings } = await readConfiguration(tx, params.id);
        const deals = await searchDeals(tx, params.id, id ?? text, query.limit);
        const stages = planContextOf(connection, connector.manifest, settings, []).stages;
        const { fields } = settings.deals;
        const data = deals.map(({ sourceId, properties, stageId, url }) => ({
          id: sourceId,
          title: readField(fields.description, properties) ?? `${connector.manifest.words.deal} ${sourceId}`,
          amount: readField(fields.total, properties),
          closeDate: readField(fields.documentDate, properties),
          stage: stageId === null ? null : (stages.get(stageId)?.label ?? stageId),
          url,
        }));
        return { data };
      });
    },
    tryConfiguration: async (caller, { params, body }) => {
      const { connection, connector } = await loadConnection(deps, caller, params.id);
      const settings = body.settings === undefined ? null : parseSettings(body.settings);
      const dealId = dealIdFrom(connector, body.deal);
      const stored = await readDealNow(deps, caller, connection, connector, dealId, settings);
      const { record, parties } = await planOne(deps, caller, connection, connector, stored, settings);
      return { ...record, ...parties };
    },
    getWhy: async (caller, { params }) => {
      const { connection, connector } = await loadConnection(deps, caller, params.id);
      const dealId = dealIdFrom(connector, params.deal);
      const [known] = await deps.database.withOrganization(caller.organizationId, (tx) =>
        findDeals(tx, connection, [dealId]),
      );
      const history = await deps.database.withOrganization(caller.organizationId, (tx) =>
        listRecordsOfDeal(tx, params.id, dealId, historyMax),
      );
      // Made since the last sync, or archived before the first one.
      const unread = !known && history.length === 0;
      const stored = unread ? await readDealNow(deps, caller, connection, connector, dealId, null) : known;
      const planned = stored ? await planOne(deps, caller, connection, connector, stored, null) : null;
      const now = planned?.record ?? null;
      const documentIds = await deps.database.withOrganization(caller.organizationId, (tx) =>
        standingDocuments(tx, [now, ...history]),
      );
      return {
        connectionId: params.id,
        sourceId: dealId,
        title: now?.title ?? history[0]?.title ?? null,
        url: stored?.record.url ?? null,
        now,
        properties: { ...stored?.record.properties },
        history,
        documentIds,
        customerChoices: planned?.customerChoices ?? [],
      };
    },
    chooseCustomer: async (caller, { params, body }) => {
      const { connection } = await loadConnection(deps, caller, params.id);
      return deps.database.withOrganization(caller.organizationId, async (tx) => {
        const customer = await getCustomerWire(tx, body.customerId);
        if (customer.entityId !== connection.entityId)
          throw new TributaryError('conflict', 'The customer belongs to another entity than the connection.');
        await linkCompany(tx, params.id, body.companyId, body.customerId);
        const entry = {
          action: 'customer.chosen',
          subjectType: 'customer',
          subjectId: body.customerId,
          after: { companyId: body.companyId },
        };
        await appendAuditEntries(tx, auditContextOf(caller, params.id), [entry]);
        return getCustomerWire(tx, body.customerId);
      });
    },
    releaseDeals: async (caller, { params, body }) => {
      const { connector } = await loadConnection(deps, caller, params.id);
      const ids = body.deals.map((text) => dealIdFrom(connector, text));
      const released = await deps.database.withOrganization(caller.organizationId, async (tx) => {
        const done = await releaseDeals(tx, params.id, ids);
        const entries = done.map((id) => ({ action: 'deal.released', subjectType: 'deal', subjectId: id }));
        await appendAuditEntries(tx, auditContextOf(caller, params.id), entries);
        return done;
      });
      return { released };
    },
    listReview: async (caller, { query }) => review(deps, caller, query.connectionId ?? null),
  };
}

/** The documents that these records name and the books still have: a draft that was taken back is gone. */
async function standingDocuments(
  tx: Transaction,
  records: readonly (Pick<RunRecordWire, 'documentId'> | null)[],
): Promise<string[]> {
  const named = new Set(records.flatMap((record) => record?.documentId ?? []));
  const standing = new Set((await documentStates(tx, [...named])).map(({ id }) => id));
  return [...named].filter((id) => standing.has(id));
}

function parseSettings(value: unknown): Configuration {
  const parsed = parseConfiguration(value);
  if ('errors' in parsed) throw new TributaryError('invalid_configuration', null, { fields: parsed.errors });
  return parsed.configuration;
}

function dealIdFrom(connector: Connector, text: string): string {
  const id = connector.crm?.dealIdFrom(text.trim()) ?? null;
  if (id === null)
    throw new TributaryError(
      'not_found',
      `“${text.slice(0, 100)}” is neither a deal’s id nor its address in ${connector.manifest.name}.`,
    );
  return id;
}

/** The deal as the CRM has it now; it becomes part of what is staged, as a pull would have stored it. */
async function readDealNow(
  deps: OperationDependencies,
  caller: DealCaller,
  connection: ConnectionForSync,
  connector: Connector,
  dealId: string,
  settings: Configuration | null,
): Promise<StoredRecord> {
  const { crm } = connector;
  if (!crm) throw new TributaryError('unknown_connector', connection.connector);
  const saved = await deps.database.withOrganization(caller.organizationId, (tx) =>
    readConfiguration(tx, connection.connectionId),
  );
  const signal = AbortSignal.timeout(readDealMsMax);
  const session = await deps.connections.openSession(caller.organizationId, connection.connectionId, {
    signal,
    onCall: () => undefined,
    onWait: () => undefined,
  });
  const wanted = [wantedProperties(saved.settings), ...(settings ? [wantedProperties(settings)] : [])];
  return readDeal(deps.database, crm, session, connection, dealId, wanted).catch((error: unknown) => {
    // A person named the deal: that it is not there is no failure of the vendor.
    throw isTributaryError(error, 'vendor_missing') ? new TributaryError('not_found', error.detail) : error;
  });
}

/** A person waits for the answer: five calls to the vendor with its slow seconds, not its retries. */
const readDealMsMax = 20_000;

interface PlannedOne {
  readonly record: Planned;
  readonly parties: PlannedParties;
  readonly customerChoices: ReturnType<typeof customerChoicesOf>;
}

async function planOne(
  deps: OperationDependencies,
  caller: DealCaller,
  connection: ConnectionForSync,
  connector: Connector,
  stored: StoredRecord,
  settings: Configuration | null,
): Promise<PlannedOne> {
  const missing = await deps.connections.missingSettings(caller.organizationId, connection.connectionId);
  return deps.database.withOrganization(caller.organizationId, async (tx) => {
    const configuration = settings ?? (await readConfiguration(tx, connection.connectionId)).settings;
    const context = planContextOf(connection, connector.manifest, configuration, missing);
    const { snapshots, books } = await loadBatch(tx, connection, context, [stored]);
    const [deal] = snapshots.map((snapshot) => planDeal(snapshot, context, books, newOverlay()));
    const [record] = deal ? await previewRecords(tx, [deal], context) : [];
    if (!record || !deal) throw new TributaryError('not_found', 'The deal was not planned.');
    const { amountMinor, currency, document, ...fields } = record;
    const wire: Planned = {
      ...fields,
      warnings: [...fields.warnings],
      changes: [...fields.changes],
      url: stored.record.url,
      mend: mendOf(record.code),
      currency,
      amount: amountMinor === null || currency === null ? null : formatMinor(amountMinor, currency),
      document: document as RunRecordWire['document'],
    };
    const isUnclear = record.code === 'ambiguous_customer';
    return {
      record: wire,
      parties: plannedPartiesOf(deal.snapshot, context),
      customerChoices: isUnclear ? customerChoicesOf(deal.snapshot, books, context) : [],
    };
  });
}

async function review(deps: OperationDependencies, caller: DealCaller, connectionId: string | null) {
  const rows = await deps.database.withOrganization(caller.organizationId, (tx) =>
    listReview(tx, connectionId),
  );
  const groups = new Map<string, typeof rows>();
  for (const row of rows) {
    const key = `${row.deal.connectionId} ${row.deal.code}`;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  const nothing = {
    outcome: null,
    warnings: [],
    changes: [],
    currency: null,
    amount: null,
    documentId: null,
    document: null,
  };
  const data = [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const { deal, count } = first;
    const mend = mendOf(deal.code) ?? '';
    const records = group.map(({ deal: { sourceId, title, url, decision, code, reason } }) => {
      return { ...nothing, sourceType: 'deal', sourceId, title, url, decision, code, reason, mend };
    });
    return [
      {
        connectionId: deal.connectionId,
        decision: deal.decision,
        code: deal.code,
        sentence: causeOf(deal.code),
        mend,
        count,
        records,
      },
    ];
  });
  return { data, total: data.reduce((sum, { count }) => sum + count, 0) };
}
