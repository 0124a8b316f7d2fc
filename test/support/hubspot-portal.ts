import { expect } from 'vitest';
import { type RunningSandbox, startHubSpotSandbox } from '../../sandbox/hubspot/server.ts';
import {
  makeRecordStore,
  makeTestSession,
  pullOnce,
  type RecordStore,
  type TestPull,
  type TestPullResult,
  type TestSession,
} from '../../src/connectors/conformance.ts';
import type { CrmSource } from '../../src/connectors/connector.ts';
import { standardLimits } from '../../src/connectors/hubspot/client.ts';
import { createHubspot } from '../../src/connectors/hubspot/hubspot.ts';
import type { Json } from '../../src/kernel/json.ts';
import { unlimitedRateBudgets } from '../../src/platform/rate-budget/rate-budgets.ts';

/** The connector with waits that a test can sit out. */
export const crm: CrmSource = createHubspot({ ...standardLimits, timeoutMs: 2_000, backoffMs: 10 }).crm!;

/** A sandbox portal without deals, and what a pull keeps of it. */
export interface Portal {
  readonly sandbox: RunningSandbox;
  readonly control: RunningSandbox['control'];
  readonly session: TestSession;
  readonly store: RecordStore;
  /** One pull; the cursor of the last is kept. */
  readonly pull: (more?: Partial<TestPull>) => Promise<TestPullResult>;
}

type Options = NonNullable<Parameters<typeof startHubSpotSandbox>[0]>;

let running: RunningSandbox | undefined;

/** Ends the portal of a test, which must not have broken a rule of the API. */
export async function closePortal(): Promise<void> {
  const violations = running?.control.violations().byRule;
  await running?.close();
  running = undefined;
  expect(violations ?? {}).toEqual({});
}

export async function startPortal({ behaviour, ...options }: Options = {}): Promise<Portal> {
  running = await startHubSpotSandbox({
    deals: 0,
    ...options,
    behaviour: { unthrottled: true, lagMs: 0, ...behaviour },
  });
  const { url, control, portals } = running;
  const [portal] = portals;
  const endpoint = { apiUrl: url, appUrl: url, clientId: null, clientSecret: null };
  const session = makeTestSession(
    { endpoint, token: portal?.token ?? '', accountId: String(portal?.id) },
    { budgets: unlimitedRateBudgets },
  );
  const store = makeRecordStore();
  let cursor: Json | null = null;
  return {
    sandbox: running,
    control,
    session,
    store,
    pull: async (more = {}) => {
      const result = await pullOnce({ crm, session, store, cursor, ...more });
      cursor = result.cursor;
      return result;
    },
  };
}

/** Ids of the records of a type that a pull brought, each once. */
export const idsOf = (result: Pick<TestPullResult, 'pages'>, type: string): string[] => [
  ...new Set(
    result.pages.flatMap(({ records }) =>
      records.filter((record) => record.type === type).map(({ id }) => id),
    ),
  ),
];

/** A won deal with a company, a contact and one line of a product. */
export function sellOne(
  control: Portal['control'],
  name = 'Sale',
): Record<'deal' | 'company' | 'line' | 'product', string> {
  const product = control.createRecord({ type: 'products', properties: { name: 'Thing', price: '10' } }).id;
  const company = control.createRecord({ type: 'companies', properties: { name: `${name} Ltd` } }).id;
  const line = control.createRecord({
    type: 'line_items',
    properties: { name: 'Thing', quantity: '1', price: '10', hs_product_id: product },
  }).id;
  const deal = control.createRecord({
    type: 'deals',
    properties: { dealname: name, dealstage: 'closedwon', pipeline: 'default', amount: '10' },
    associations: [
      { type: 'companies', id: company, primary: true },
      { type: 'line_items', id: line },
    ],
  }).id;
  return { deal, company, line, product };
}
