import { type Answer, errorAnswer, json, Refusal } from './answer.ts';
import type { AssociationRef, Control, RecordRef } from './control.ts';

type ControlRoute = (control: Control, body: never, query: URLSearchParams) => object;

function portalParameter(query: URLSearchParams): { portalId?: number } {
  const portal = query.get('portal');
  return portal === null ? {} : { portalId: Number(portal) };
}

/** `METHOD path` under /__sandbox. Bodies are JSON and have the fields of the control functions. */
const CONTROL_ROUTES: Readonly<Record<string, ControlRoute>> = {
  'GET /portals': (control) => control.portals(),
  'GET /records': (control, _body, query) =>
    control.records({
      ...portalParameter(query),
      type: query.get('type') ?? 'deals',
      archived: query.get('archived') === 'true',
    }),
  'POST /records/create': (control, body: Parameters<Control['createRecord']>[0]) =>
    control.createRecord(body),
  'POST /records/update': (control, body: Parameters<Control['updateRecord']>[0]) =>
    control.updateRecord(body),
  'POST /records/archive': (control, body: RecordRef) => control.archiveRecord(body),
  'POST /records/restore': (control, body: RecordRef) => control.restoreRecord(body),
  'POST /records/purge': (control, body: RecordRef) => control.purgeRecord(body),
  'POST /records/merge': (control, body: Parameters<Control['mergeRecords']>[0]) =>
    control.mergeRecords(body),
  'POST /records/touch': (control, body: Parameters<Control['touch']>[0]) => control.touch(body),
  'POST /records/big-name': (control, body: Parameters<Control['bigName']>[0]) => control.bigName(body),
  'POST /associations/add': (control, body: AssociationRef) => control.associate(body),
  'POST /associations/remove': (control, body: AssociationRef) => control.dissociate(body),
  'POST /sell': (control, body: Parameters<Control['sell']>[0]) => control.sell(body),
  'POST /properties/delete': (control, body: Parameters<Control['deleteProperty']>[0]) =>
    control.deleteProperty(body),
  'POST /properties/restore': (control, body: Parameters<Control['restoreProperty']>[0]) =>
    control.restoreProperty(body),
  'POST /stages/rename': (control, body: Parameters<Control['renameStage']>[0]) => control.renameStage(body),
  'POST /stages/remove': (control, body: Parameters<Control['removeStage']>[0]) => control.removeStage(body),
  'POST /owners/archive': (control, body: Parameters<Control['archiveOwner']>[0]) =>
    control.archiveOwner(body),
  'GET /options': (control) => control.setOptions({}),
  'POST /options': (control, body: Parameters<Control['setOptions']>[0]) => control.setOptions(body),
  'POST /clock/advance': (control, body: { ms: number }) => control.advanceClock(body),
  'GET /faults': (control) => control.faults(),
  'POST /faults': (control, body: Parameters<Control['fault']>[0]) => control.fault(body),
  'DELETE /faults': (control) => control.clearFaults(),
  'POST /tokens/revoke': (control, body: Parameters<Control['revokeTokens']>[0]) =>
    control.revokeTokens(body),
  'POST /tokens/expire': (control, body: Parameters<Control['expireTokens']>[0]) =>
    control.expireTokens(body),
  'POST /tokens/scopes': (control, body: Parameters<Control['setScopes']>[0]) => control.setScopes(body),
  'POST /tokens/issue': (control, body: Parameters<Control['issueTokens']>[0]) => control.issueTokens(body),
  'GET /webhooks': (control) => control.webhooks(),
  'POST /webhooks': (control, body: Parameters<Control['addWebhook']>[0]) => control.addWebhook(body),
  'DELETE /webhooks': (control) => control.clearWebhooks(),
  'GET /calls': (control, _body, query) => control.calls({ recent: Number(query.get('recent') ?? 0) }),
  'DELETE /calls': (control) => control.reset({ calls: true }),
  'GET /violations': (control) => control.violations(),
  'DELETE /violations': (control) => control.reset({ violations: true }),
  'POST /reset': (control, body: Parameters<Control['reset']>[0]) => control.reset(body),
};

/** Answers a control call; unknown ones list what there is. */
export function controlRoute(
  control: Control,
  method: string,
  path: string,
  query: URLSearchParams,
  rawBody: string,
): Answer {
  const run = CONTROL_ROUTES[`${method} ${path.slice('/__sandbox'.length)}`];
  if (run === undefined)
    return json({ message: 'unknown control call', known: Object.keys(CONTROL_ROUTES) }, 404);
  try {
    // Scenarios are ours: their bodies are taken at their word, and a wrong one shows as an error below.
    const body = JSON.parse(rawBody === '' ? '{}' : rawBody) as never;
    return json(run(control, body, query));
  } catch (error) {
    if (error instanceof Refusal) return error.answer;
    return errorAnswer(400, 'SANDBOX_CONTROL', error instanceof Error ? error.message : String(error));
  }
}
