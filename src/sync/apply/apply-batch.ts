import {
  deleteDraftDocuments,
  insertDraftDocuments,
  replaceWarnings,
  updateDraftDocuments,
} from '../../ledger/document-drafts-store.ts';
import { getDocuments } from '../../ledger/documents-store.ts';
import { documentToWire } from '../../ledger/documents-wire.ts';
import { holdPeriodsOfDays } from '../../ledger/periods/periods-store.ts';
import { newId } from '../../kernel/ids.ts';
import { type DealDecision, outcomeOf } from '../../model/decision.ts';
import type { DocumentDraft } from '../../model/document-draft.ts';
import type { Link } from '../../model/link.ts';
import type { SyncScope } from '../../model/sync-scope.ts';
import type { Warning } from '../../model/warning.ts';
import { type AuditContext, appendAuditEntries } from '../../platform/audit/audit-store.ts';
import type { Transaction } from '../../platform/database/database.ts';
import { applyMasters, type Fingerprinting, type Masters } from './apply-masters.ts';
import { deleteLinksTo, insertLinks, type LinkWrite, updateLinks } from './links-store.ts';
import { markPlanned, type RunRecord, writeRunRecords } from './run-records-store.ts';

/** One decision with what carrying it out needs. */
export interface DealToApply extends DealDecision {
  readonly title: string;
  readonly version: string;
  readonly draft: DocumentDraft | null;
  readonly applied: Link['applied'];
  readonly fingerprint: string;
  /** The draft is taken back: the deal is no longer won. */
  readonly withdraws: boolean;
  /** The newest link of the deal, whatever its state. */
  readonly link: Link | null;
  /** The version of its document that the decision stands on; null: it has none. */
  readonly documentVersion: number | null;
}

/** What the plan stood on is no longer so: plan the batch again. */
export class StaleDecision extends Error {
  override readonly name = 'StaleDecision';
}

/**
 * Carries out a batch in the given transaction and notes in the run what became of each deal. Throws `StaleDecision` when a draft was
 * posted, edited or deleted meanwhile or its period closed, and the database's unique violation when another run linked one of the deals: the caller rolls back.
 */
export async function applyBatch(
  tx: Transaction,
  scope: SyncScope,
  runId: string,
  deals: readonly DealToApply[],
  print: Fingerprinting,
): Promise<void> {
  const drafts = deals.flatMap(({ draft }) => (draft ? [draft] : []));
  await assertPeriodsOpen(tx, scope, deals);
  const masters = await applyMasters(tx, scope, drafts, print);
  const documentIds = new Map<string, string>();
  for (const deal of deals)
    if (deal.link?.state === 'active' && !deal.withdraws) documentIds.set(deal.sourceId, deal.link.targetId);
  await createDocuments(tx, scope, runId, deals, masters, documentIds);
  await updateDocuments(tx, scope, runId, deals, masters);
  await adoptDocuments(tx, scope, deals);
  await replaceWarnings(tx, deals.flatMap(standingDraft));
  await withdrawDocuments(tx, scope, runId, deals);
  await writeRunRecords(tx, scope.organizationId, runId, [
    ...masters.records,
    ...deals.map((deal) => runRecordOf(deal, documentIds.get(deal.sourceId) ?? null)),
  ]);
  await markPlanned(tx, scope.connectionId, runId, deals);
}

/** Holds the periods of what is written until the batch is; one that was closed since the plan read it makes the plan old. */
async function assertPeriodsOpen(
  tx: Transaction,
  { entityId }: SyncScope,
  deals: readonly DealToApply[],
): Promise<void> {
  const days = deals.flatMap(({ decision, draft }) =>
    draft && (decision === 'create' || decision === 'update') ? [{ entityId, date: draft.documentDate }] : [],
  );
  const closed = (await holdPeriodsOfDays(tx, days)).find(({ status }) => status !== 'open');
  if (closed) throw new StaleDecision(`${closed.name} is ${closed.status}`);
}

async function createDocuments(
  tx: Transaction,
  scope: SyncScope,
  runId: string,
  deals: readonly DealToApply[],
  masters: Masters,
  documentIds: Map<string, string>,
): Promise<void> {
  const creates = deals.flatMap((deal) => {
    if (deal.decision !== 'create' || !deal.draft) return [];
    const id = newId();
    documentIds.set(deal.sourceId, id);
    const source = {
      connector: scope.connector,
      accountId: scope.accountId,
      mode: scope.mode,
      connectionId: scope.connectionId,
      type: 'deal',
      id: deal.sourceId,
    };
    return [{ ...rowOf(id, deal.draft, masters), source, revision: (deal.link?.revision ?? 0) + 1, deal }];
  });
  await insertDraftDocuments(tx, scope, creates, `run:${runId}`);
  await insertLinks(
    tx,
    scope,
    creates.map(({ id, revision, deal }) => linkOf(deal, id, revision)),
  );
  await appendAuditEntries(
    tx,
    auditContextOf(scope, runId),
    creates.map(({ id, deal: { sourceId, applied } }) => ({
      action: 'document.created',
      subjectType: 'document',
      subjectId: id,
      after: { deal: sourceId, ...headingOf(applied) },
    })),
  );
}

/**
 * Of a new document, what an auditor looks for. The rest stands on the document itself, and the entry of a later change or of its
 * withdrawal has what was before.
 */
function headingOf({ kind, customer, currency, total, documentDate }: Link['applied']): object {
  return { kind, customer, currency, total, documentDate };
}

async function updateDocuments(
  tx: Transaction,
  scope: SyncScope,
  runId: string,
  deals: readonly DealToApply[],
  masters: Masters,
): Promise<void> {
  const updates = deals.flatMap((deal) => {
    const { decision, draft, link } = deal;
    if (decision !== 'update' || !draft || !link) return [];
    const row = { ...rowOf(link.targetId, draft, masters), source: null, revision: link.revision, deal };
    return [deal.documentVersion === null ? row : { ...row, expectedVersion: deal.documentVersion }];
  });
  const outcomes = await updateDraftDocuments(tx, scope, updates, `run:${runId}`);
  const stale = outcomes.find(({ outcome }) => outcome !== 'done');
  if (stale) throw new StaleDecision(`Document ${stale.id} is ${stale.outcome}`);
  await updateLinks(
    tx,
    scope,
    updates.map(({ id, revision, deal }) => linkOf(deal, id, revision)),
  );
  await appendAuditEntries(
    tx,
    auditContextOf(scope, runId),
    updates.map(({ id, deal: { changes } }) => ({
      action: 'document.updated',
      subjectType: 'document',
      subjectId: id,
      before: Object.fromEntries(changes.map(({ field, before }) => [field, before])),
      after: Object.fromEntries(changes.map(({ field, after }) => [field, after])),
    })),
  );
}

/** Links that were rebuilt from their documents learn what stands on them. */
async function adoptDocuments(
  tx: Transaction,
  scope: SyncScope,
  deals: readonly DealToApply[],
): Promise<void> {
  const adopted = deals.flatMap((deal) => {
    const { decision, draft, link, fingerprint } = deal;
    if (decision !== 'unchanged' || !draft || !link || link.fingerprint === fingerprint) return [];
    return [linkOf(deal, link.targetId, link.revision)];
  });
  await updateLinks(tx, scope, adopted);
}

/** A document that stays as it is may have other warnings: the deal's amount was changed and its lines were not. */
function standingDraft({
  decision,
  draft,
  link,
}: DealToApply): { id: string; warnings: readonly Warning[] }[] {
  return decision === 'unchanged' && draft && link ? [{ id: link.targetId, warnings: draft.warnings }] : [];
}

async function withdrawDocuments(
  tx: Transaction,
  scope: SyncScope,
  runId: string,
  deals: readonly DealToApply[],
): Promise<void> {
  const withdrawn = deals.flatMap((deal) => (deal.withdraws && deal.link ? [{ deal, link: deal.link }] : []));
  if (withdrawn.length === 0) return;
  const ids = withdrawn.map(({ link }) => link.targetId);
  const documents = new Map((await getDocuments(tx, ids)).map((document) => [document.id, document]));
  const versions = new Map(
    withdrawn.flatMap(({ deal, link }) =>
      deal.documentVersion === null ? [] : [[link.targetId, deal.documentVersion] as const],
    ),
  );
  const outcomes = await deleteDraftDocuments(tx, scope, ids, versions);
  const stale = outcomes.find(({ outcome }) => outcome === 'not_draft' || outcome === 'changed');
  if (stale) throw new StaleDecision(`Document ${stale.id} is ${stale.outcome}`);
  await deleteLinksTo(tx, ids);
  await appendAuditEntries(
    tx,
    auditContextOf(scope, runId),
    withdrawn.map(({ deal, link }) => {
      const document = documents.get(link.targetId);
      return {
        action: 'document.withdrawn',
        subjectType: 'document',
        subjectId: link.targetId,
        // Whole, with its lines: nothing else keeps what is deleted here.
        before: document ? documentToWire(document) : link.applied,
        after: { deal: deal.sourceId, reason: deal.reason },
      };
    }),
  );
}

function auditContextOf({ organizationId, connectionId }: SyncScope, runId: string): AuditContext {
  return { organizationId, actor: 'sync', connectionId, runId };
}

function rowOf(id: string, draft: DocumentDraft, masters: Masters) {
  const { source } = draft.customer;
  return {
    id,
    draft,
    customerId: masters.customers.get(`${source.type}:${source.id}`) ?? '',
    salesRepId: draft.salesRep ? (masters.salesReps.get(draft.salesRep.sourceId) ?? null) : null,
    lineItemIds: draft.lines.map(({ item }) => {
      if (item.productId !== null) return masters.items.get(item.productId) ?? '';
      return item.action === 'use' ? item.itemId : '';
    }),
  };
}

function linkOf(deal: DealToApply, targetId: string, revision: number): LinkWrite {
  const { sourceId, fingerprint, applied, version } = deal;
  return {
    key: `deal:${sourceId}`,
    target: 'document',
    targetId,
    revision,
    fingerprint,
    applied,
    sourceVersion: version,
  };
}

/** What the run keeps of a deal. The document itself is kept by a preview only, which makes none. */
export function runRecordOf(deal: DealToApply, documentId: string | null): RunRecord {
  const { sourceType, sourceId, title, decision, code, reason, warnings, changes, draft } = deal;
  return {
    sourceType,
    sourceId,
    title,
    decision,
    outcome: outcomeOf[decision],
    code,
    reason,
    warnings,
    changes,
    document: null,
    documentId,
    currency: draft?.currency ?? null,
    amountMinor: draft?.totalMinor ?? null,
  };
}
