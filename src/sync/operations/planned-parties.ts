import type { z } from 'zod';
import type { plannedPartyWire } from '../../contract/sync-wire.ts';
import type { CustomerSource } from '../../model/document-draft.ts';
import type { SourceRecord } from '../../model/source-record.ts';
import type { DealSnapshot, PlanContext } from '../plan/plan-context.ts';
import { customerDraftOf, customerSourceOf } from '../plan/plan-customer.ts';

type PlannedParty = z.infer<typeof plannedPartyWire>;

export interface PlannedParties {
  readonly customer: PlannedParty | null;
  readonly contact: PlannedParty | null;
}

/**
 * The customer and the first contact of a deal as the mapping has them. They are shown whatever is decided about the deal: a
 * mapping of companies can be tried on a deal that is skipped.
 */
export function plannedPartiesOf(snapshot: DealSnapshot, context: PlanContext): PlannedParties {
  const chosen = customerSourceOf(snapshot, context);
  const [contact] = snapshot.contacts;
  return {
    customer: 'source' in chosen ? toWire(chosen.source, chosen.record, context) : null,
    contact: contact ? toWire({ type: 'contact', id: contact.id }, contact, context) : null,
  };
}

function toWire(
  source: CustomerSource,
  record: SourceRecord | null,
  context: PlanContext,
): PlannedParty | null {
  const draft = customerDraftOf(source, record, context);
  if ('code' in draft) return null;
  return {
    ...draft,
    sourceType: source.type,
    sourceId: source.type === 'placeholder' ? null : source.id,
    address: draft.address && { ...draft.address },
    customProperties: { ...draft.customProperties },
  };
}
