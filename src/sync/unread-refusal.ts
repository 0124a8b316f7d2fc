import type { UnreadRecord } from '../connectors/connector.ts';
import { type Refusal, refusal } from './plan/refusal.ts';

/** Why what needs a record that the CRM does not let be read fails; `record` names it, such as `company 42`. */
export function unreadRefusal({ code, detail }: UnreadRecord, record: string): Refusal {
  const reason = code === 'vendor_unavailable' ? 'vendor_unavailable' : 'record_unreadable';
  return refusal(reason, { record, detail });
}
