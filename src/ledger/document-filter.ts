import type { CalendarDate } from '../kernel/dates.ts';
import type { DocumentKind } from '../model/document-draft.ts';
import type { DocumentStatus } from './document-status.ts';

/** Which documents; what is absent does not matter. */
export interface DocumentFilter {
  readonly ids?: readonly string[];
  readonly entityId?: string;
  readonly kinds?: readonly DocumentKind[];
  readonly statuses?: readonly DocumentStatus[];
  readonly customerId?: string;
  readonly salesRepId?: string;
  readonly currency?: string;
  /** Document dates, both ends included. */
  readonly from?: CalendarDate;
  readonly to?: CalendarDate;
  readonly connectionId?: string;
  /** Id of the deal in the CRM. */
  readonly sourceId?: string;
  /** Only those that their customer disputes, or only the others. */
  readonly disputed?: boolean;
  /** Part of the number, description, memo, customer's name or source id, whatever the case. */
  readonly text?: string;
}

/** Due date passed in the entity's zone and something still open; `$1` is the time of the call. */
export const documentStatusSql = `CASE
    WHEN d.kind = 'invoice' AND d.status IN ('posted', 'partly_paid') AND d.open_minor > 0
      AND d.due_date < ($1::timestamptz AT TIME ZONE e.time_zone)::date THEN 'overdue'
    ELSE d.status
  END`;

/** The condition over `documents d`, `entities e`, `customers c`; its parameters are `$1` to `$14`. */
export const documentFilterSql = `($2::uuid[] IS NULL OR d.id = ANY ($2::uuid[]))
    AND ($3::uuid IS NULL OR d.entity_id = $3::uuid)
    AND ($4::text[] IS NULL OR d.kind = ANY ($4::text[]))
    AND ($5::text[] IS NULL OR ${documentStatusSql} = ANY ($5::text[]))
    AND ($6::uuid IS NULL OR d.customer_id = $6::uuid)
    AND ($7::uuid IS NULL OR d.sales_rep_id = $7::uuid)
    AND ($8::text IS NULL OR d.currency = $8::text)
    AND ($9::date IS NULL OR d.document_date >= $9::date)
    AND ($10::date IS NULL OR d.document_date <= $10::date)
    AND ($11::uuid IS NULL OR d.connection_id = $11::uuid)
    AND ($12::text IS NULL OR d.source_id = $12::text)
    AND ($13::text IS NULL
      OR strpos(lower(concat_ws(' ', d.number, d.description, d.memo, c.name, d.source_id)), lower($13::text)) > 0)
    AND ($14::boolean IS NULL OR (d.disputed_at IS NOT NULL) = $14::boolean)`;

/** `$1` to `$14` of `documentFilterSql`. */
export function documentFilterParameters(filter: DocumentFilter, now: Date): unknown[] {
  const text = filter.text?.trim() ?? '';
  return [
    now,
    filter.ids ?? null,
    filter.entityId ?? null,
    filter.kinds ?? null,
    filter.statuses ?? null,
    filter.customerId ?? null,
    filter.salesRepId ?? null,
    filter.currency ?? null,
    filter.from ?? null,
    filter.to ?? null,
    filter.connectionId ?? null,
    filter.sourceId ?? null,
    text === '' ? null : text,
    filter.disputed ?? null,
  ];
}
