import fc from 'fast-check';
import type { CalendarDate } from '../../../src/kernel/dates.ts';
import { setExchangeRate } from '../../../src/ledger/exchange-rates.ts';
import { revalue as revalueBooks, undoRevaluation } from '../../../src/ledger/revaluation/revalue.ts';
import {
  addDays,
  book,
  line,
  type ModelBooks,
  type ModelEntity,
  type ModelEntry,
  type ModelLine,
  type ModelRevaluation,
  rateOn,
  refusalOfDay,
  takeBack,
} from '../model-books.ts';
import { inBase, modelCurrencies, sum } from '../model-money.ts';
import {
  choice,
  Difference,
  type Operation,
  operation,
  pick,
  pickDay,
  pickEntity,
  pickGood,
  unknownId,
} from '../operation.ts';

/** About what a unit of each was worth in the other's base at the end of 2023, in millionths. */
const parities: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  EUR: { USD: 912_345, JPY: 6_123, KWD: 2_975_111 },
  JPY: { USD: 148_377_000, EUR: 162_480_500, KWD: 482_013_333 },
};

/** The parity, moved by so many thousandths, as a decimal of six places. */
export function rateText(base: string, currency: string, thousandths: number): string {
  const parity = BigInt(parities[base]?.[currency] ?? 1_000_000);
  const digits = ((parity * BigInt(thousandths)) / 1000n).toString().padStart(7, '0');
  return `${digits.slice(0, -6)}.${digits.slice(-6)}`;
}

function setInModel(entity: ModelEntity, currency: string, day: string, rate: string): void {
  const rates = entity.rates.get(currency) ?? new Map<string, string>();
  entity.rates.set(currency, rates.set(day, rate));
}

const moves = fc.integer({ min: 850, max: 1150 });

const rateParams = fc.record({ entity: choice, currency: choice, day: choice, move: moves });

const setRate = operation('set rate', 2, rateParams, (books, params) => {
  const entity = pickEntity(books, params.entity);
  const currency = pick([...modelCurrencies, 'ZZZ'], params.currency) ?? 'EUR';
  const day = pickDay(entity, params.day);
  const rate = rateText(entity.base, currency, params.move);
  return {
    says: `set ${currency} in ${entity.name} on ${day} to ${rate}`,
    refusal: currency === 'ZZZ' ? 'unknown_currency' : currency === entity.base ? 'invalid_request' : null,
    act: (tx) => setExchangeRate(tx, entity.id, { currency, date: day, rate }, books.context),
    apply: () => setInModel(entity, currency, day, rate),
  };
});

const monthEnds = ['2023-11-30', '2023-12-31', '2024-01-31', '2024-02-29', '2024-03-31', '2024-04-30'];

const closingParams = fc.record({
  entity: choice,
  month: choice,
  move: fc.array(moves, { minLength: 3, maxLength: 3 }),
});

const setClosingRates = operation(
  'set closing rates',
  3,
  closingParams,
  (books, params) => {
    const entity = pickEntity(books, params.entity);
    const day = pick(monthEnds, params.month) ?? '';
    const foreign = modelCurrencies.filter((currency) => currency !== entity.base);
    const rates = foreign.map((currency, index) => ({
      currency,
      date: day,
      rate: rateText(entity.base, currency, params.move[index] ?? 1000),
    }));
    return {
      says: `set the closing rates of ${entity.name} on ${day}: ${rates.map(({ currency, rate }) => `${currency} ${rate}`).join(', ')}`,
      refusal: null,
      act: async (tx) => {
        for (const rate of rates) await setExchangeRate(tx, entity.id, rate, books.context);
      },
      apply: () => {
        for (const { currency, rate } of rates) setInModel(entity, currency, day, rate);
      },
    };
  },
  { neverRefused: true },
);

const monetary = ['1000', '1050', '1200', '2150', '2200'];
const closingRateAgeDaysMax = 7;

interface Figure {
  readonly account: string;
  readonly currency: string;
  readonly amount: bigint;
  readonly base: bigint;
}

/** What the monetary accounts hold in foreign currencies at the end of a day, without an entry that is to be replaced. */
function foreignBalances(
  books: ModelBooks,
  entity: ModelEntity,
  day: string,
  without: ModelEntry | undefined,
): Figure[] {
  const lines = books.entries
    .filter((entry) => entry.entity === entity && entry.day <= day && entry !== without)
    .flatMap((entry) => entry.lines)
    .filter(({ account, currency }) => monetary.includes(account) && currency !== entity.base);
  return monetary
    .flatMap((account) => modelCurrencies.map((currency) => ({ account, currency })))
    .map(({ account, currency }) => {
      const own = lines.filter((one) => one.account === account && one.currency === currency);
      return {
        account,
        currency,
        amount: sum(own.map((one) => one.amount)),
        base: sum(own.map((one) => one.base)),
      };
    })
    .filter(({ amount, base }) => amount !== 0n || base !== 0n);
}

interface Valued extends Figure {
  readonly closing: bigint;
}

/** Null: a rate is missing. */
function valued(
  books: ModelBooks,
  entity: ModelEntity,
  day: string,
  figures: readonly Figure[],
): Valued[] | null {
  const values = figures.map((figure) => {
    if (figure.amount === 0n) return { ...figure, closing: 0n };
    const rate = rateOn(entity, figure.currency, day, closingRateAgeDaysMax);
    if (rate === null) return null;
    const [closing = 0n] = inBase([figure.amount], figure.currency, entity.base, rate, books.round);
    return { ...figure, closing };
  });
  const found = values.filter((one) => one !== null);
  return found.length === values.length ? found : null;
}

function linesOf(values: readonly Valued[]): ModelLine[] {
  return values.flatMap(({ account, currency, base, closing }) => {
    const gain = closing - base;
    if (gain === 0n) return [];
    return [line(account, currency, 0n, gain), line(gain > 0n ? '4950' : '6910', currency, 0n, -gain)];
  });
}

const figuresText = (values: readonly Valued[]): string =>
  values.map((one) => [one.account, one.currency, one.amount, one.base, one.closing].join(' ')).join(', ');

const revaluationParams = fc.record({ entity: choice, month: choice });

const revalue = operation('revalue', 5, revaluationParams, (books, params) => {
  const entity = pickEntity(books, params.entity);
  const plans = monthEnds.map((day) => {
    const former = books.revaluations.find((one) => !one.undone && one.entity === entity && one.day === day);
    return {
      day,
      former,
      values: valued(books, entity, day, foreignBalances(books, entity, day, former?.entry)),
    };
  });
  const plan = pickGood(plans, ({ values }) => values !== null, params.month) ?? {
    day: '',
    former: undefined,
    values: null,
  };
  const { day, former, values } = plan;
  const lines = linesOf(values ?? []);
  const isSame = former?.figures === figuresText(values ?? []);
  const outcome = former
    ? isSame
      ? 'unchanged'
      : lines.length > 0
        ? 'replaced'
        : 'withdrawn'
    : lines.length > 0
      ? 'posted'
      : 'nothing';
  return {
    says: `revalue ${entity.name} on ${day}: ${outcome} ${figuresText(values ?? [])}`,
    refusal:
      values === null
        ? 'no_exchange_rate'
        : !isSame && (former || lines.length > 0)
          ? refusalOfRun(entity, day)
          : null,
    act: (tx) => revalueBooks(tx, entity.id, day as CalendarDate, books.context, books.now),
    apply: (result) => {
      if (result.outcome !== outcome)
        throw new Difference('outcome', `the revaluation was ${result.outcome}, not ${outcome}`);
      if (outcome === 'unchanged' || outcome === 'nothing') return;
      if (former) undo(books, former);
      if (lines.length === 0 || result.revaluation === null) return;
      const entry = book(books, entity, day, 'revaluation', lines);
      const back = takeBack(books, entry, addDays(day, 1));
      const { id } = result.revaluation;
      books.revaluations.push({
        id,
        entity,
        day,
        figures: figuresText(values ?? []),
        entry,
        back,
        undone: false,
      });
    },
  };
});

/** The same for its undoing: both months are closed ones at the most. */
function refusalOfRun(entity: ModelEntity, day: string): string | null {
  return (
    refusalOfDay(entity, day, { kind: 'revaluation' }) ??
    refusalOfDay(entity, addDays(day, 1), { kind: 'reversal', reverses: 'revaluation' })
  );
}

function undo(books: ModelBooks, revaluation: ModelRevaluation): void {
  revaluation.undone = true;
  takeBack(books, revaluation.entry, revaluation.day, 'revaluation');
  takeBack(books, revaluation.back, addDays(revaluation.day, 1));
}

const undoOperation = operation(
  'undo revaluation',
  2,
  fc.record({ revaluation: choice }),
  (books, params) => {
    const revaluation = pickGood(
      books.revaluations,
      (one) => !one.undone && refusalOfRun(one.entity, one.day) === null,
      params.revaluation,
    );
    return {
      says: `undo the revaluation of ${revaluation?.entity.name ?? 'nobody'} on ${revaluation?.day ?? 'no day'}`,
      refusal: !revaluation
        ? 'not_found'
        : revaluation.undone
          ? 'conflict'
          : refusalOfRun(revaluation.entity, revaluation.day),
      act: (tx) => undoRevaluation(tx, revaluation?.id ?? unknownId, books.context),
      apply: () => {
        if (revaluation) undo(books, revaluation);
      },
    };
  },
);

export const rateOperations: readonly Operation[] = [setRate, setClosingRates, revalue, undoOperation];
