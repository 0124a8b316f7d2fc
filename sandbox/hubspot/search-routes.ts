import { type Answer, json } from './answer.ts';
import type { Call } from './call.ts';
import { jsonPage } from './json-page.ts';
import type { ObjectType } from './object-types.ts';
import { prepareView, recordJson } from './record-view.ts';
import { parseSearch } from './search-request.ts';

/** POST /crm/objects/{version}/{type}/search: {total, results, paging?}; `after` is an offset. */
export function searchRecords(call: Call, type: ObjectType): Answer {
  const request = parseSearch(call, type);
  const misordered = call.sandbox.behaviour.misorderedSearch;
  const records = call.sandbox.searchCache(call.portal).read(call.portal, type, request, misordered);
  const view = prepareView(call.portal, type.name, request.properties);
  const end = request.after + request.limit;
  const results = records.slice(request.after, end).map((record) => recordJson(call.portal, record, view));
  const paging = records.length > end ? `,"paging":{"next":{"after":"${end}"}}` : '';
  return json(jsonPage(`{"total":${records.length},"results":[`, results, `]${paging}}`));
}
