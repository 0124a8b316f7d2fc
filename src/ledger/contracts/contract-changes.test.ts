import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays, type CalendarDate } from '../../kernel/dates.ts';
import { newId } from '../../kernel/ids.ts';
import { addMonths, firstOfMonth } from '../../kernel/months.ts';
import { planBilling } from './billing-plan.ts';
import { type ContractObligation, type ContractState, type ScheduledPart, sumOf } from './contract-state.ts';
import { earnedBefore } from './earned.ts';
import { type AddedObligation, type ModificationRequest, planModification } from './modification.ts';
import { renewedLines } from './renewal.ts';
import { scheduleOf } from './schedule.ts';
import { planTermination } from './termination.ts';

const day = (text: string): CalendarDate => text as CalendarDate;
const notYet = { reachedOn: null, recognised: false } as const;

interface ServiceFields {
  readonly start: string;
  readonly end: string;
  readonly recognition?: 'daily' | 'monthly' | 'immediate';
}

function service(
  position: number,
  priceMinor: bigint,
  { start, end, recognition = 'monthly' }: ServiceFields,
) {
  const parts = scheduleOf(priceMinor, recognition, day(start), day(end));
  const schedule = parts
    .filter(({ amountMinor }) => amountMinor !== 0n)
    .map(
      (part, index): ScheduledPart => ({
        ...part,
        ...notYet,
        position: index + 1,
        milestone: null,
        weight: null,
      }),
    );
  return obligation(position, priceMinor, {
    recognition,
    serviceStart: day(start),
    serviceEnd: day(end),
    schedule,
  });
}

function obligation(
  position: number,
  priceMinor: bigint,
  fields: Pick<ContractObligation, 'recognition' | 'serviceStart' | 'serviceEnd' | 'schedule'>,
): ContractObligation {
  return {
    id: newId(),
    position,
    itemId: null,
    incomeAccountId: 'income',
    description: `Obligation ${position}`,
    quantity: '1',
    standaloneMinor: priceMinor,
    allocatedMinor: priceMinor,
    ...fields,
  };
}

/** Milestones by weight; the first ones are reached, and recognised. */
function milestones(position: number, priceMinor: bigint, weights: readonly bigint[], reached: number) {
  const whole = sumOf(weights);
  const schedule = weights.map(
    (weight, index): ScheduledPart => ({
      position: index + 1,
      period: index < reached ? day('2026-03-01') : null,
      amountMinor: (priceMinor * weight) / whole,
      milestone: `Part ${index + 1}`,
      weight,
      reachedOn: index < reached ? day('2026-03-10') : null,
      recognised: index < reached,
    }),
  );
  const year = { serviceStart: day('2026-01-01'), serviceEnd: day('2026-12-31') };
  return obligation(position, priceMinor, { recognition: 'milestone', ...year, schedule });
}

function contract(obligations: readonly ContractObligation[], taxMinor = 0n): ContractState {
  const priceMinor = sumOf(obligations.map(({ allocatedMinor }) => allocatedMinor));
  const starts = obligations.map(({ serviceStart }) => serviceStart).sort((a, b) => (a < b ? -1 : 1));
  const ends = obligations.map(({ serviceEnd }) => serviceEnd).sort((a, b) => (a < b ? -1 : 1));
  const plan = planBilling(
    priceMinor,
    taxMinor,
    'annual_advance',
    starts[0] ?? day(''),
    ends.at(-1) ?? day(''),
  );
  const billings = plan.map((billing, index) => ({ ...billing, position: index + 1, billed: index === 0 }));
  return { currency: 'USD', priceMinor, obligations, billings };
}

const added = (standaloneMinor: bigint, fields: ServiceFields): AddedObligation => {
  const { position: _, allocatedMinor: __, schedule: ___, ...rest } = service(9, standaloneMinor, fields);
  return { ...rest, milestones: [] };
};

const change = (
  date: string,
  method: ModificationRequest['method'],
  priceChangeMinor: bigint,
  fields: Partial<ModificationRequest> = {},
): ModificationRequest => ({
  date: day(date),
  method,
  priceChangeMinor,
  obligations: [],
  added: [],
  billing: 'spread',
  ...fields,
});

const amountsOf = (state: ContractState, position = 1): [string, bigint][] =>
  (state.obligations.find((one) => one.position === position)?.schedule ?? []).map(
    ({ period, amountMinor }) => [period ?? '', amountMinor],
  );
const inYear = (state: ContractState, year: string): bigint =>
  sumOf(amountsOf(state).flatMap(([period, amountMinor]) => (period.startsWith(year) ? [amountMinor] : [])));

describe('Figures of the standards', () => {
  test('IFRS 15 Example 5 Case B (ASC 606-10-55-114): 60 products left at CU 100 and 30 more at CU 80 are CU 93.33 each', () => {
    // 120 products at CU 100 with 60 delivered; the modification adds 30 at CU 80: (60 × 100 + 30 × 80) / 90 = 93.33.
    const state = contract([milestones(1, 1_200_000n, [60n, 60n], 1)]);
    const more = { ...added(300_000n, { start: '2026-04-01', end: '2026-12-31' }) };
    const after = planModification(
      state,
      change('2026-04-01', 'prospective', 240_000n, {
        obligations: [{ position: 1, standaloneMinor: 600_000n }],
        added: [more],
      }),
    );
    expect(after.obligations.map(({ allocatedMinor }) => allocatedMinor)).toEqual([1_160_000n, 280_000n]);
    expect(amountsOf(after)).toEqual([
      ['2026-03-01', 600_000n],
      ['', 560_000n],
    ]);
    expect(560_000n / 60n).toBe(9_333n);
  });

  test('IFRS 15 Example 7 (ASC 606-10-55-125): a third year for CU 80,000 and three more for CU 200,000 are CU 70,000 a year', () => {
    const state = contract([service(1, 30_000_000n, { start: '2026-01-01', end: '2028-12-31' })]);
    const after = planModification(
      state,
      change('2028-01-01', 'prospective', -2_000_000n + 20_000_000n, {
        obligations: [{ position: 1, serviceEnd: day('2031-12-31') }],
      }),
    );
    expect(['2026', '2027', '2028', '2029', '2030', '2031'].map((year) => inYear(after, year))).toEqual([
      10_000_000n,
      10_000_000n,
      7_000_000n,
      7_000_000n,
      7_000_000n,
      7_000_000n,
    ]);
  });

  test('IFRS 15 Example 8 (ASC 606-10-55-129): 60 % of CU 1,000,000 becomes 51.2 % of CU 1,350,000, CU 91,200 at once', () => {
    // Costs of CU 420,000 of CU 820,000 are 51.2 % as the standard rounds it; exactly the correction is CU 91,463.41.
    const state = contract([milestones(1, 100_000_000n, [420n, 280n], 1)]);
    const after = planModification(
      state,
      change('2026-04-01', 'catch_up', 35_000_000n, {
        obligations: [{ position: 1, milestones: [{ name: 'More', weight: 120n }] }],
      }),
    );
    expect(amountsOf(after)).toContainEqual(['2026-04-01', 9_146_341n]);
    expect(after.obligations[0]?.allocatedMinor).toBe(135_000_000n);
  });
});

describe('A modification', () => {
  const year = { start: '2026-01-01', end: '2026-12-31' };

  test('within a month leaves the days before it as they were earned', () => {
    const state = contract([service(1, 36_500n, { ...year, recognition: 'daily' })]);
    const after = planModification(state, change('2026-12-11', 'prospective', 2_100n));
    expect(amountsOf(after).at(-1)).toEqual(['2026-12-01', 3_100n + 2_100n]);
    expect(amountsOf(after).at(-2)).toEqual(['2026-11-01', 3_000n]);
  });

  test('makes what was recognised already good in the first month that is not', () => {
    const [first] = contract([service(1, 120_000n, year)]).obligations;
    const schedule =
      first?.schedule.map((part) => ({ ...part, recognised: (part.period ?? '') <= '2026-06-01' })) ?? [];
    const state = contract([{ ...(first as ContractObligation), schedule }]);
    const after = planModification(state, change('2026-04-01', 'prospective', -45_000n));
    // From April on 5,000 a month; April to June stand at 10,000, so that July gives back 15,000.
    const parts = amountsOf(after);
    expect(parts.slice(0, 6).every(([, amountMinor]) => amountMinor === 10_000n)).toBe(true);
    expect(parts.slice(6)).toEqual([
      ['2026-07-01', 5_000n - 15_000n],
      ...['08', '09', '10', '11', '12'].map((month) => [`2026-${month}-01`, 5_000n]),
    ]);
  });

  test('that is separate leaves everything else as it is, and costs what it costs alone', () => {
    const state = contract([service(1, 120_000n, year)]);
    const more = added(60_000n, { start: '2026-07-01', end: '2026-12-31' });
    const after = planModification(state, change('2026-07-01', 'separate', 60_000n, { added: [more] }));
    expect(after.obligations[0]).toEqual(state.obligations[0]);
    expect(amountsOf(after, 2).map(([, amountMinor]) => amountMinor)).toEqual(Array(6).fill(10_000n));
    const discounted = () =>
      planModification(state, change('2026-07-01', 'separate', 50_000n, { added: [more] }));
    expect(discounted).toThrow('stand-alone prices');
  });

  test('that cancels an obligation lets it end the day before, and the rest takes what is left', () => {
    const state = contract([service(1, 120_000n, year), service(2, 120_000n, year)]);
    const cancelled = change('2026-07-01', 'prospective', -60_000n, {
      obligations: [{ position: 2, cancelled: true }],
    });
    const after = planModification(state, cancelled);
    expect(after.obligations.map(({ allocatedMinor, serviceEnd }) => [allocatedMinor, serviceEnd])).toEqual([
      [120_000n, '2026-12-31'],
      [60_000n, '2026-06-30'],
    ]);
  });

  test('is billed on the bills that are to come, or once; what they cannot take off is a credit note', () => {
    const state = contract([service(1, 360_000n, { start: '2026-01-01', end: '2028-12-31' })], 36_000n);
    const bills = (request: ModificationRequest) =>
      planModification(state, request).billings.map(({ date, amountMinor, taxMinor }) => [
        date,
        amountMinor,
        taxMinor,
      ]);
    const first = ['2026-01-01', 120_000n, 12_000n];
    expect(bills(change('2026-07-01', 'prospective', 60_000n))).toEqual([
      first,
      ['2027-01-01', 150_000n, 15_000n],
      ['2028-01-01', 150_000n, 15_000n],
    ]);
    expect(bills(change('2026-07-01', 'prospective', 60_000n, { billing: 'once' })).at(-1)).toEqual([
      '2026-07-01',
      60_000n,
      6_000n,
    ]);
    expect(bills(change('2026-07-01', 'prospective', -250_000n, { billing: 'once' }))).toEqual([
      first,
      ['2026-07-01', -10_000n, -1_000n],
    ]);
  });

  test.each([
    ['less than what is earned', change('2026-07-01', 'prospective', -100_000n), 'catch-up'],
    ['less than nothing', change('2026-07-01', 'catch_up', -120_001n), '-0.01'],
    [
      'an obligation that is not there',
      change('2026-07-01', 'prospective', 1n, { obligations: [{ position: 7 }] }),
      '7',
    ],
    ['more for what is delivered', change('2027-07-01', 'prospective', 1n), 'Nothing is left'],
    [
      'an end before the change',
      change('2026-07-01', 'prospective', 1n, {
        obligations: [{ position: 1, serviceEnd: day('2026-02-01') }],
      }),
      '2026-06-30',
    ],
    [
      'a cancelled obligation by catch-up',
      change('2026-07-01', 'catch_up', 0n, { obligations: [{ position: 1, cancelled: true }] }),
      'prospectively',
    ],
    [
      'milestones of a service',
      change('2026-07-01', 'catch_up', 0n, {
        obligations: [{ position: 1, milestones: [{ name: 'A', weight: 1n }] }],
      }),
      'milestones',
    ],
    ['tax the other way', change('2026-07-01', 'prospective', 5n, { taxChangeMinor: -1n }), 'same way'],
  ])('refuses %s', (_, request, said) => {
    expect(() => planModification(contract([service(1, 120_000n, year)]), request)).toThrow(said);
  });
});

describe('A termination', () => {
  const state = contract([service(1, 360_000n, { start: '2026-01-01', end: '2028-12-31' })], 36_000n);

  test('refunds what is billed and not earned', () => {
    const after = planTermination(state, day('2026-06-30'), { settlement: 'refund' });
    expect(after.priceMinor).toBe(60_000n);
    expect(amountsOf(after).at(-1)).toEqual(['2026-06-01', 10_000n]);
    expect(after.obligations[0]?.serviceEnd).toBe('2026-06-30');
    expect(after.billings.slice(1)).toMatchObject([
      { date: '2026-06-30', amountMinor: -60_000n, taxMinor: -6_000n },
    ]);
  });

  test('that forfeits recognises what is billed in the month of the last day', () => {
    const after = planTermination(state, day('2026-06-15'), { settlement: 'forfeit' });
    expect(after.priceMinor).toBe(120_000n);
    expect(amountsOf(after).at(-1)).toEqual(['2026-06-01', 70_000n]);
    expect(after.billings).toHaveLength(1);
  });

  test('takes an agreed amount, at most what the contract comes to', () => {
    const agreed = planTermination(state, day('2026-06-30'), { settlement: 'agreed', priceMinor: 0n });
    expect(agreed.obligations[0]?.allocatedMinor).toBe(0n);
    expect(amountsOf(agreed).at(-1)).toEqual(['2026-06-01', -50_000n]);
    const tooMuch = () =>
      planTermination(state, day('2026-06-30'), { settlement: 'agreed', priceMinor: 360_001n });
    expect(tooMuch).toThrow('3600.00');
  });
});

describe('A renewal', () => {
  test('goes on where the contract ends, with what recurs, at its price and an uplift', () => {
    const lines = renewedLines(
      {
        obligations: [
          service(1, 120_000n, { start: '2026-01-31', end: '2027-01-30' }),
          service(2, 50_000n, { start: '2026-01-31', end: '2026-01-31', recognition: 'immediate' }),
          service(3, 9_000n, { start: '2026-01-31', end: '2026-06-30' }),
        ],
      },
      { months: 6, upliftPercent: '2.5' },
    );
    expect(lines.map(({ amountMinor, service: { start, end } }) => [amountMinor, start, end])).toEqual([
      [61_500n, '2027-01-31', '2027-07-30'],
    ]);
    expect(() => renewedLines({ obligations: [] }, { upliftPercent: '501' })).toThrow('-100 to 500');
  });
});

describe('Any changes', () => {
  const dates = fc.integer({ min: 0, max: 40 }).map((months) => addMonths(day('2026-01-15'), months));
  const changes = fc.array(
    fc.record({
      date: dates,
      method: fc.constantFrom('separate', 'prospective', 'catch_up'),
      priceChangeMinor: fc.bigInt({ min: -50_000n, max: 80_000n }),
      recognised: fc.integer({ min: 0, max: 40 }),
      billing: fc.constantFrom('spread', 'once'),
      extra: fc.boolean(),
    }),
    { maxLength: 6 },
  );

  const assertAddsUp = (state: ContractState): void => {
    expect(sumOf(state.obligations.map(({ allocatedMinor }) => allocatedMinor))).toBe(state.priceMinor);
    expect(sumOf(state.billings.map(({ amountMinor }) => amountMinor))).toBe(state.priceMinor);
    for (const { schedule, allocatedMinor } of state.obligations) {
      expect(sumOf(schedule.map(({ amountMinor }) => amountMinor))).toBe(allocatedMinor);
      expect(allocatedMinor >= 0n).toBe(true);
      const months = schedule.flatMap(({ period, milestone }) => (milestone === null ? [period] : []));
      expect(new Set(months).size).toBe(months.length);
      expect(new Set(schedule.map(({ position }) => position)).size).toBe(schedule.length);
    }
  };
  const recognisedOf = (state: ContractState): string[] =>
    state.obligations.flatMap(({ id, schedule }) =>
      schedule
        .filter(({ recognised }) => recognised)
        .map(({ position, amountMinor }) => `${id} ${position} ${amountMinor}`),
    );
  const recogniseUpTo = (state: ContractState, month: CalendarDate): ContractState => ({
    ...state,
    obligations: state.obligations.map((one) => ({
      ...one,
      schedule: one.schedule.map((part) => ({
        ...part,
        recognised: part.recognised || (part.period ?? '9') <= month,
      })),
    })),
  });

  test('keep prices, schedules and bills adding up, and what is recognised as it is; a termination ends what is to come', () => {
    let refused = 0;
    let done = 0;
    fc.assert(
      fc.property(changes, dates, fc.constantFrom('refund', 'forfeit'), (steps, lastDay, settlement) => {
        let state = contract([
          service(1, 120_000n, { start: '2026-01-01', end: '2028-12-31', recognition: 'daily' }),
          milestones(2, 90_000n, [1n, 1n, 1n], 1),
          service(3, 7_777n, { start: '2026-02-10', end: '2026-02-10', recognition: 'immediate' }),
        ]);
        for (const { recognised, extra, ...step } of steps) {
          state = recogniseUpTo(state, addMonths(day('2026-01-01'), recognised));
          const before = recognisedOf(state);
          const more = added(60_000n, { start: step.date, end: addMonths(step.date, 7) });
          try {
            state = planModification(state, { ...step, obligations: [], added: extra ? [more] : [] });
            done += 1;
          } catch (error) {
            expect(error).toHaveProperty('code');
            refused += 1;
          }
          expect(recognisedOf(state)).toEqual(before);
          assertAddsUp(state);
        }
        const ended = planTermination(state, lastDay, { settlement });
        assertAddsUp(ended);
        expect(
          ended.priceMinor >= sumOf(state.obligations.map((one) => earnedBefore(one, addDays(lastDay, 1)))),
        ).toBe(true);
        const open = ended.obligations.flatMap(({ schedule }) =>
          schedule.filter(({ recognised }) => !recognised),
        );
        const months = open.flatMap(({ period }) => (period === null ? [] : [period]));
        const recognisedLast = state.obligations
          .flatMap(({ schedule }) => schedule.filter(({ recognised }) => recognised))
          .reduce(
            (last, { period }) => ((period ?? '') > last ? (period ?? '') : last),
            firstOfMonth(lastDay) as string,
          );
        expect(months.every((month) => month <= addMonths(day(recognisedLast), 1))).toBe(true);
      }),
      { numRuns: 300 },
    );
    expect(done).toBeGreaterThan(100);
    expect(refused).toBeGreaterThan(20);
  });
});
