import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays, type CalendarDate } from '../../src/kernel/dates.ts';
import { isTributaryError } from '../../src/kernel/errors.ts';
import { addMonths } from '../../src/kernel/months.ts';
import { activateContract } from '../../src/ledger/contracts/activation.ts';
import { billContracts } from '../../src/ledger/contracts/billing.ts';
import { billingPlans } from '../../src/ledger/contracts/billing-plan.ts';
import { modifyContract, terminateContract } from '../../src/ledger/contracts/changes.ts';
import { setMilestone } from '../../src/ledger/contracts/milestones.ts';
import { postRecognitionRun, undoRecognitionRun } from '../../src/ledger/contracts/recognition.ts';
import { renewContract } from '../../src/ledger/contracts/renewal.ts';
import { insertDraftDocuments } from '../../src/ledger/document-drafts-store.ts';
import { addFiscalYear } from '../../src/ledger/periods/fiscal-years.ts';
import { postDocuments } from '../../src/ledger/posting.ts';
import { reverseDocument } from '../../src/ledger/reversal.ts';
import {
  openSampleBooks,
  type SampleBooks,
  sampleDraft,
  sampleDraftRow,
} from '../../src/ledger/sample-books.ts';
import { creditInvoice } from '../../src/ledger/settlement/credit-notes.ts';
import type { Database, Transaction } from '../../src/platform/database/database.ts';
import { createOrganization, describeOnBothStores } from '../support/database.ts';

const sequences = 20;
const operationsOfSequence = 40;
/** As far as renewals of renewals reach. */
const yearsAhead = 12;
const lastMonth = 12 * yearsAhead;
const start = '2026-01-15' as CalendarDate;

/** What a contract comes to, kept beside the program: a deed that is not about a figure leaves it as it was. */
interface Known {
  readonly id: string;
  priceMinor: bigint;
  billedMinor: bigint;
  recognisedMinor: bigint;
  /** Somebody credited an invoice without changing the price: bills and price part for good. */
  credited: boolean;
}

/** The same by SQL, from documents, runs and journal. */
interface Figures {
  readonly id: string;
  readonly status: string;
  readonly priceMinor: bigint;
  readonly allocatedMinor: bigint;
  readonly scheduledMinor: bigint;
  readonly plannedMinor: bigint;
  readonly billedMinor: bigint;
  readonly recognisedMinor: bigint;
  readonly liabilityMinor: bigint;
  readonly assetMinor: bigint;
}

async function readFigures(tx: Transaction): Promise<Map<string, Figures>> {
  const rows = await tx.query<Readonly<Record<string, string>>>(
    `SELECT c.document_id AS id, d.status, c.price_minor AS price,
       (SELECT sum(o.allocated_minor) FROM contract_obligations o WHERE o.contract_id = c.document_id) AS allocated,
       (SELECT coalesce(sum(s.amount_minor), 0) FROM contract_schedule s JOIN contract_obligations o ON o.id = s.obligation_id
        WHERE o.contract_id = c.document_id) AS scheduled,
       (SELECT coalesce(sum(b.amount_minor), 0) FROM contract_billings b WHERE b.contract_id = c.document_id) AS planned,
       (SELECT coalesce(sum(CASE b.kind WHEN 'invoice' THEN b.total_minor - b.tax_minor ELSE b.tax_minor - b.total_minor END), 0)
        FROM documents b WHERE b.contract_id = c.document_id AND b.status NOT IN ('draft', 'reversed')) AS billed,
       (SELECT coalesce(sum(r.amount_minor), 0) FROM recognition_lines r JOIN contract_obligations o ON o.id = r.obligation_id
        WHERE o.contract_id = c.document_id AND NOT r.undone) AS recognised,
       (SELECT coalesce(sum(l.credit_minor - l.debit_minor), 0) FROM journal_entries e JOIN journal_lines l ON l.entry_id = e.id
        WHERE l.account_id = c.deferred_account_id AND e.document_id IN (
          SELECT b.id FROM documents b WHERE b.contract_id = c.document_id OR b.id = c.document_id)) AS liability,
       (SELECT coalesce(sum(l.debit_minor - l.credit_minor), 0) FROM journal_entries e JOIN journal_lines l ON l.entry_id = e.id
        WHERE l.account_id = c.asset_account_id AND e.document_id IN (
          SELECT b.id FROM documents b WHERE b.contract_id = c.document_id OR b.id = c.document_id)) AS asset
     FROM contracts c JOIN documents d ON d.id = c.document_id`,
  );
  return new Map(
    rows.map((row) => [
      row['id'] ?? '',
      {
        id: row['id'] ?? '',
        status: row['status'] ?? '',
        priceMinor: BigInt(row['price'] ?? 0),
        allocatedMinor: BigInt(row['allocated'] ?? 0),
        scheduledMinor: BigInt(row['scheduled'] ?? 0),
        plannedMinor: BigInt(row['planned'] ?? 0),
        billedMinor: BigInt(row['billed'] ?? 0),
        recognisedMinor: BigInt(row['recognised'] ?? 0),
        liabilityMinor: BigInt(row['liability'] ?? 0),
        assetMinor: BigInt(row['asset'] ?? 0),
      },
    ]),
  );
}

interface World {
  readonly books: SampleBooks;
  readonly contracts: Known[];
  readonly runs: string[];
}

interface Numbers {
  readonly which: number;
  readonly month: number;
  readonly amountMinor: bigint;
  readonly choice: number;
}

type Deed = (tx: Transaction, world: World, numbers: Numbers) => Promise<void>;

const monthOf = (month: number): CalendarDate => addMonths('2026-01-01' as CalendarDate, month);
const pick = <T>(list: readonly T[], number: number): T | undefined =>
  list[number % Math.max(list.length, 1)];

const draftContract = async (
  tx: Transaction,
  { books }: World,
  amounts: readonly bigint[],
): Promise<string> => {
  const row = sampleDraftRow(books, sampleDraft(books, amounts, { kind: 'contract', documentDate: start }));
  await insertDraftDocuments(tx, books.scope, [row]);
  return row.id;
};

/** Bills of the contract that wait, or stand, as the kind of deed needs them. */
const billsOf = async (
  tx: Transaction,
  contractId: string,
  statuses: readonly string[],
): Promise<string[]> => {
  const rows = await tx.query<{ id: string }>(
    'SELECT d.id FROM documents d WHERE d.contract_id = $1::uuid AND d.status = ANY ($2::text[]) ORDER BY d.id',
    [contractId, statuses],
  );
  return rows.map(({ id }) => id);
};

async function postAll(tx: Transaction, { books }: World, ids: readonly string[]): Promise<void> {
  const outcomes = await postDocuments(tx, ids, books.context);
  for (const outcome of outcomes) if (outcome.outcome === 'failed') throw outcome.error;
}

const change: (method: 'prospective' | 'catch_up' | 'separate') => Deed =
  (method) =>
  async (tx, { books, contracts }, { which, month, amountMinor, choice }) => {
    const contract = pick(contracts, which);
    if (!contract) return;
    const date = addDays(monthOf(month), choice % 28);
    const priceChangeMinor = choice % 3 === 0 && method !== 'separate' ? -amountMinor / 4n : amountMinor;
    const added = {
      description: 'More of it',
      standaloneMinor: amountMinor,
      recognition: 'daily',
      serviceStart: date,
      serviceEnd: addMonths(date, 1 + (choice % 9)),
    } as const;
    await modifyContract(
      tx,
      contract.id,
      {
        date,
        method,
        reason: 'Agreed',
        priceChangeMinor,
        obligations: [],
        added: method === 'separate' || choice % 2 === 0 ? [added] : [],
        billing: choice % 5 === 0 ? 'once' : 'spread',
      },
      books.context,
    );
    contract.priceMinor += priceChangeMinor;
  };

const deeds: Readonly<Record<string, Deed>> = {
  activate: async (tx, world, { which, amountMinor, choice, month }) => {
    const milestone = {
      position: 2,
      milestones: [
        { name: 'Half', weight: 1n },
        { name: 'Whole', weight: 1n },
      ],
    };
    const id = await draftContract(tx, world, [amountMinor, amountMinor / 3n + 1n]);
    const service = { serviceStart: start, serviceEnd: addMonths(start, 1 + (month % 18)) };
    const recognition = pick(['daily', 'monthly', 'immediate'] as const, choice) ?? 'daily';
    const billing =
      pick(
        billingPlans.filter((plan) => plan !== 'custom'),
        which,
      ) ?? 'up_front';
    const lines = [{ position: 1, recognition, ...service }, milestone];
    await activateContract(tx, id, { billing, lines }, world.books.context);
    const priceMinor = amountMinor + amountMinor / 3n + 1n;
    world.contracts.push({ id, priceMinor, billedMinor: 0n, recognisedMinor: 0n, credited: false });
  },
  bill: async (tx, { books, contracts }, { which, month }) => {
    const contract = pick(contracts, which);
    if (!contract) return;
    const scope = { entityId: books.entity.id, contractId: contract.id, upTo: monthOf(month) };
    await billContracts(tx, scope, books.context);
  },
  'post bills': async (tx, world, { which }) => {
    const contract = pick(world.contracts, which);
    if (contract) await postAll(tx, world, await billsOf(tx, contract.id, ['draft']));
  },
  'reverse a bill': async (tx, { books, contracts }, { which, choice }) => {
    const contract = pick(contracts, which);
    const bill = pick(contract ? await billsOf(tx, contract.id, ['posted']) : [], choice);
    if (bill !== undefined)
      await reverseDocument(tx, bill, books.context, { date: '2027-12-31' as CalendarDate });
  },
  'credit a bill': async (tx, { books, contracts }, { which, choice }) => {
    const contract = pick(contracts, which);
    const bill = pick(contract ? await billsOf(tx, contract.id, ['posted', 'partly_paid']) : [], choice);
    if (!contract || bill === undefined || choice % 4 !== 0) return;
    await creditInvoice(tx, bill, { apply: true }, books.context, { date: '2027-12-31' as CalendarDate });
    contract.credited = true;
  },
  recognise: async (tx, { books, runs }, { month }) => {
    const run = await postRecognitionRun(
      tx,
      { entityId: books.entity.id, period: monthOf(month) },
      books.context,
    );
    if (run !== null) runs.push(run);
  },
  'undo a run': async (tx, { books, runs }, { which }) => {
    const run = pick(runs, which);
    if (run !== undefined) await undoRecognitionRun(tx, run, books.context);
  },
  'reach a milestone': async (tx, { books, contracts }, { which, month, choice }) => {
    const contract = pick(contracts, which);
    const reachedOn = choice % 5 === 0 ? null : monthOf(month);
    const milestone = { obligation: 2, milestone: 1 + (choice % 2), reachedOn };
    if (contract) await setMilestone(tx, contract.id, milestone, books.context);
  },
  'modify prospectively': change('prospective'),
  'modify by catch-up': change('catch_up'),
  'modify separately': change('separate'),
  terminate: async (tx, { books, contracts }, { which, month, choice }) => {
    const contract = pick(contracts, which);
    if (!contract || choice % 3 !== 0) return;
    const settlement = choice % 2 === 0 ? 'refund' : 'forfeit';
    const request = {
      lastDay: addDays(monthOf(month), choice % 28),
      reason: 'Ended',
      terms: { settlement },
    } as const;
    await terminateContract(tx, contract.id, request, books.context);
    contract.priceMinor = (await readFigures(tx)).get(contract.id)?.priceMinor ?? -1n;
  },
  renew: async (tx, world, { which, choice }) => {
    const contract = pick(world.contracts, which);
    if (!contract) return;
    const id = await renewContract(
      tx,
      contract.id,
      { upliftPercent: String(choice % 12) },
      world.books.context,
    );
    await activateContract(tx, id, { billing: 'quarterly_advance' }, world.books.context);
    const priceMinor = (await readFigures(tx)).get(id)?.priceMinor ?? -1n;
    world.contracts.push({ id, priceMinor, billedMinor: 0n, recognisedMinor: 0n, credited: false });
  },
};

/** What a deed may be refused with; anything else is a fault. */
const refusals = [
  'conflict',
  'invalid_request',
  'invalid_amount',
  'not_found',
  'exceeds_creditable',
  'not_open',
] as const;
/** Which deeds move what; every other one leaves it. */
const bills = new Set(['post bills', 'reverse a bill', 'credit a bill']);
const runs = new Set(['recognise', 'undo a run']);

function assertHolds(kind: string, known: Known, figures: Figures | undefined): void {
  expect(figures, `${kind}: the contract is there`).toBeDefined();
  if (!figures) return;
  const { liabilityMinor, assetMinor, billedMinor, recognisedMinor, priceMinor } = figures;
  expect(priceMinor, `${kind}: price`).toBe(known.priceMinor);
  expect([figures.allocatedMinor, figures.scheduledMinor, figures.plannedMinor], `${kind}: adds up`).toEqual([
    priceMinor,
    priceMinor,
    priceMinor,
  ]);
  expect(liabilityMinor - assetMinor, `${kind}: billed less recognised`).toBe(billedMinor - recognisedMinor);
  expect(
    liabilityMinor >= 0n && assetMinor >= 0n && liabilityMinor * assetMinor === 0n,
    `${kind}: one side`,
  ).toBe(true);
  if (!bills.has(kind)) expect(billedMinor, `${kind}: leaves what is billed`).toBe(known.billedMinor);
  if (!runs.has(kind))
    expect(recognisedMinor, `${kind}: leaves what is recognised`).toBe(known.recognisedMinor);
  known.billedMinor = billedMinor;
  known.recognisedMinor = recognisedMinor;
}

describeOnBothStores('Random contracts', (open) => {
  test(`${sequences} times ${operationsOfSequence} deeds keep prices, schedules, bills and journal together, to the end`, async () => {
    const database: Database = await open();
    const counts = new Map<string, { done: number; refused: number }>();
    const step = fc.record({
      kind: fc.constantFrom(...Object.keys(deeds)),
      which: fc.nat({ max: 9999 }),
      month: fc.integer({ min: 0, max: 22 }),
      amountMinor: fc.bigInt({ min: 1n, max: 10n ** 8n }),
      choice: fc.nat({ max: 9999 }),
    });
    const steps = fc.array(step, {
      minLength: operationsOfSequence,
      maxLength: operationsOfSequence,
      size: 'max',
    });
    await fc.assert(
      fc.asyncProperty(steps, async (sequence) => {
        const books = await openSampleBooks(database, await createOrganization(database));
        const world: World = { books, contracts: [], runs: [] };
        await database.withOrganization(books.scope.organizationId, async (tx) => {
          for (let year = 0; year < yearsAhead; year += 1)
            await addFiscalYear(tx, books.scope, 'later', books.context);
        });
        const within = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> =>
          database.withOrganization(books.scope.organizationId, work);
        const assertAll = async (kind: string): Promise<void> => {
          const figures = await within(readFigures);
          for (const known of world.contracts) assertHolds(kind, known, figures.get(known.id));
        };
        for (const { kind, ...numbers } of sequence) {
          const before = world.contracts.map((known) => ({ ...known }));
          const count = counts.get(kind) ?? { done: 0, refused: 0 };
          try {
            await within(async (tx) => deeds[kind]?.(tx, world, numbers));
            count.done += 1;
          } catch (error) {
            if (!refusals.some((code) => isTributaryError(error, code))) throw error;
            world.contracts.splice(0, world.contracts.length, ...before);
            count.refused += 1;
          }
          counts.set(kind, count);
          await assertAll(kind);
        }
        // Everything that is left is reached, billed, posted and recognised: nothing stays on the accounts.
        for (const contract of world.contracts) {
          for (const milestone of [1, 2]) {
            await within((tx) =>
              setMilestone(
                tx,
                contract.id,
                { obligation: 2, milestone, reachedOn: '2027-12-01' as CalendarDate },
                books.context,
              ),
            ).catch((error: unknown) => {
              if (!refusals.some((code) => isTributaryError(error, code))) throw error;
            });
          }
          const scope = {
            entityId: books.entity.id,
            contractId: contract.id,
            upTo: '2099-12-31' as CalendarDate,
          };
          await within(async (tx) => {
            await billContracts(tx, scope, books.context);
            await postAll(tx, world, await billsOf(tx, contract.id, ['draft']));
          });
        }
        await within(
          (tx) =>
            deeds['recognise']?.(tx, world, { which: 0, month: lastMonth, amountMinor: 1n, choice: 0 }) ??
            Promise.resolve(),
        );
        const figures = await within(readFigures);
        for (const { id, credited } of world.contracts) {
          const end = figures.get(id);
          expect(end?.recognisedMinor).toBe(end?.priceMinor);
          if (!credited) expect([end?.liabilityMinor, end?.assetMinor]).toEqual([0n, 0n]);
          expect(['completed', 'terminated', ...(credited ? ['active'] : [])]).toContain(end?.status);
        }
      }),
      { numRuns: sequences, seed: 20_261_125, endOnFailure: true },
    );
    process.stdout.write(
      `${[...counts].map(([kind, { done, refused }]) => `${kind} ${done}/${refused}`).join(', ')}\n`,
    );
    for (const kind of Object.keys(deeds)) expect(counts.get(kind)?.done, kind).toBeGreaterThan(0);
  }, 600_000);
});
