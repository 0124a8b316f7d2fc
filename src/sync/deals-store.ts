import type { DecisionKind } from '../model/decision.ts';
import type { Transaction } from '../platform/database/database.ts';

export interface StandingDeal {
  readonly connectionId: string;
  readonly sourceId: string;
  readonly title: string;
  readonly url: string | null;
  readonly decision: Extract<DecisionKind, 'hold' | 'fail'>;
  readonly code: string;
  readonly reason: string;
}

/** Groups show this many of their deals; the rest is a filter away in the run's list. */
const dealsPerGroup = 50;

/** Deals that are held or failing now, by cause, and how many each cause has. */
export async function listReview(
  tx: Transaction,
  connectionId: string | null,
): Promise<{ deal: StandingDeal; count: number }[]> {
  const rows = await tx.query<{
    connection_id: string;
    source_id: string;
    title: string;
    url: string | null;
    decision: 'hold' | 'fail';
    code: string;
    reason: string;
    count: string;
  }>(
    `SELECT * FROM (
       SELECT connection_id, source_id, title, url, decision, code, reason,
         count(*) OVER (PARTITION BY connection_id, code) AS count,
         row_number() OVER (PARTITION BY connection_id, code ORDER BY length(source_id), source_id) AS place
       FROM source_records
       WHERE object_type = 'deal' AND pending AND decision IN ('hold', 'fail') AND ($1::uuid IS NULL OR connection_id = $1)
     ) AS standing WHERE place <= $2 ORDER BY decision, count DESC, code, place`,
    [connectionId, dealsPerGroup],
  );
  return rows.map((row) => ({
    deal: {
      connectionId: row.connection_id,
      sourceId: row.source_id,
      title: row.title,
      url: row.url,
      decision: row.decision,
      code: row.code,
      reason: row.reason,
    },
    count: Number(row.count),
  }));
}

export async function countReview(tx: Transaction, mode: 'live' | 'test' | null): Promise<number> {
  const [row] = await tx.query<{ count: string }>(
    `SELECT count(*) AS count FROM source_records JOIN connections ON connections.id = connection_id
     WHERE object_type = 'deal' AND pending AND decision IN ('hold', 'fail') AND ($1::text IS NULL OR connections.mode = $1)`,
    [mode],
  );
  return Number(row?.count ?? 0);
}

export interface ListedDeal {
  readonly connectionId: string;
  readonly sourceId: string;
  readonly title: string;
  readonly properties: Readonly<Record<string, string | null>>;
  readonly stageId: string | null;
  readonly url: string | null;
}

/** Deals as read last whose id or any property has the text, those that make documents first. */
export async function searchDeals(
  tx: Transaction,
  connectionId: string | null,
  text: string | null,
  limit: number,
): Promise<ListedDeal[]> {
  const rows = await tx.query<{
    connection_id: string;
    source_id: string;
    title: string;
    properties: ListedDeal['properties'];
    stage_id: string | null;
    url: string | null;
  }>(
    `SELECT connection_id, source_id, title, properties, facts ->> 'stageId' AS stage_id, url FROM source_records
     WHERE object_type = 'deal' AND NOT archived AND ($1::uuid IS NULL OR connection_id = $1)
       AND ($2::text IS NULL OR source_id = $2 OR position(lower($2) IN lower(title)) > 0 OR position(lower($2) IN lower(properties::text)) > 0)
     ORDER BY (decision IN ('create', 'update', 'unchanged')) DESC NULLS LAST, hydrated DESC, length(source_id), source_id LIMIT $3`,
    [connectionId, text, limit],
  );
  return rows.map((row) => ({
    connectionId: row.connection_id,
    sourceId: row.source_id,
    title: row.title,
    properties: row.properties,
    stageId: row.stage_id,
    url: row.url,
  }));
}

/** Lets deals whose document was undone make one again: the link's version goes back, so that the deal counts as changed. */
export async function releaseDeals(
  tx: Transaction,
  connectionId: string,
  dealIds: readonly string[],
): Promise<string[]> {
  const rows = await tx.query<{ source_id: string }>(
    `UPDATE links SET source_version = 'epoch', updated_at = now()
     FROM connections
     WHERE connections.id = $1 AND links.organization_id = connections.organization_id AND links.connector = connections.connector
       AND links.account_id = connections.account_id AND links.mode = connections.mode
       AND links.source_object = 'deal' AND links.target = 'document' AND links.source_id = ANY ($2::text[])
       AND (links.state = 'unsynced' OR EXISTS (SELECT FROM documents WHERE documents.id = links.target_id AND documents.status = 'reversed'))
     RETURNING links.source_id`,
    [connectionId, dealIds],
  );
  const released = [...new Set(rows.map((row) => row.source_id))];
  await markPending(tx, connectionId, released);
  return released;
}

export async function markPending(
  tx: Transaction,
  connectionId: string,
  dealIds: readonly string[],
): Promise<void> {
  if (dealIds.length === 0) return;
  await tx.execute(
    `UPDATE source_records SET pending = true WHERE connection_id = $1 AND object_type = 'deal' AND source_id = ANY ($2::text[])`,
    [connectionId, dealIds],
  );
}

/** A draft that a person deleted: its deal waits until it is released or changed in the CRM. Returns the deal, if one made it. */
export async function holdAsUnsynced(tx: Transaction, documentId: string): Promise<string | null> {
  const [row] = await tx.query<{ source_id: string; connection_id: string | null }>(
    `UPDATE links SET state = 'unsynced', updated_at = now() FROM connections
     WHERE links.target_id = $1 AND links.target = 'document' AND connections.organization_id = links.organization_id
       AND connections.connector = links.connector AND connections.account_id = links.account_id AND connections.mode = links.mode
     RETURNING links.source_id, connections.id AS connection_id`,
    [documentId],
  );
  if (row?.connection_id) await markPending(tx, row.connection_id, [row.source_id]);
  return row?.source_id ?? null;
}

/** Remembers which customer a company of the CRM is; one that is linked already moves to the chosen customer. */
export async function linkCompany(
  tx: Transaction,
  connectionId: string,
  companyId: string,
  customerId: string,
): Promise<void> {
  await tx.execute(
    `INSERT INTO links (organization_id, connector, account_id, mode, entity_id, source_object, source_id, target, target_id, fingerprint)
     SELECT organization_id, connector, account_id, mode, entity_id, 'company', $2, 'customer', $3::uuid, '' FROM connections WHERE id = $1
     ON CONFLICT (organization_id, connector, account_id, mode, source_object, source_id, target, revision)
       DO UPDATE SET target_id = excluded.target_id, fingerprint = '', updated_at = now()`,
    [connectionId, companyId, customerId],
  );
  await tx.execute(
    `UPDATE source_records SET pending = true WHERE connection_id = $1 AND object_type = 'deal' AND $2 = ANY (related)`,
    [connectionId, `company:${companyId}`],
  );
}

/** Follows a merge of two customers: the CRM's companies of the one are the other from now on. */
export async function moveCustomerLinks(
  tx: Transaction,
  fromCustomerId: string,
  toCustomerId: string,
): Promise<void> {
  await tx.execute(
    `UPDATE links SET target_id = $2::uuid, updated_at = now() WHERE target_id = $1 AND target = 'customer'`,
    [fromCustomerId, toCustomerId],
  );
}

/** The edit of the draft stands against the deal as it was read last; its deal is looked at again. */
export async function keepEditAgainstDeal(tx: Transaction, documentId: string): Promise<void> {
  await tx.execute(
    `UPDATE documents AS d SET edit_kept_version = deal.version, version = d.version + 1
     FROM source_records AS deal
     WHERE d.id = $1 AND deal.connection_id = d.connection_id AND deal.object_type = d.source_type AND deal.source_id = d.source_id`,
    [documentId],
  );
  await markDealOfDocumentPending(tx, documentId);
}

/** The link takes what the books say for what was applied last, so that the next sync writes what the CRM says otherwise. */
export async function forgetApplied(
  tx: Transaction,
  documentId: string,
  fields: Readonly<Record<string, string | null>>,
): Promise<void> {
  await tx.execute(
    `UPDATE links SET fingerprint = '', applied = applied || $2::jsonb, updated_at = now()
     WHERE target_id = $1 AND target = 'document'`,
    [documentId, JSON.stringify(fields)],
  );
  await markDealOfDocumentPending(tx, documentId);
}

async function markDealOfDocumentPending(tx: Transaction, documentId: string): Promise<void> {
  await tx.execute(
    `UPDATE source_records AS deal SET pending = true FROM documents AS d
     WHERE d.id = $1 AND deal.connection_id = d.connection_id AND deal.object_type = d.source_type AND deal.source_id = d.source_id`,
    [documentId],
  );
}
