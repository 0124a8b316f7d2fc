import fc from 'fast-check';
import { changePeriodStatus } from '../../../src/ledger/periods/period-status.ts';
import { closeFiscalYear, reopenFiscalYear } from '../../../src/ledger/periods/year-end-close.ts';
import {
  book,
  line,
  type ModelBooks,
  type ModelEntity,
  type ModelPeriod,
  type ModelPeriodStatus,
  type ModelYear,
  refusalOfDay,
  takeBack,
} from '../model-books.ts';
import { sum } from '../model-money.ts';
import {
  choice,
  Difference,
  type Operation,
  operation,
  pick,
  pickEntity,
  pickGood,
  unknownId,
} from '../operation.ts';

const rank: Readonly<Record<ModelPeriodStatus, number>> = { open: 0, closed: 1, locked: 2 };
const monthsUsed = (entity: ModelEntity): ModelPeriod[] =>
  entity.periods.filter(({ start }) => start >= '2023-11-01' && start <= '2024-04-01');

const periodParams = fc.record({ entity: choice, period: choice, closesEarlier: fc.boolean() });

/** Closes early months more often than late ones, or there would soon be nothing left to do. */
const shift = (kind: string, weight: number, status: ModelPeriodStatus): Operation =>
  operation(kind, weight, periodParams, (books, params) => {
    const entity = pickEntity(books, params.entity);
    const months = monthsUsed(entity);
    const isGood = (period: ModelPeriod): boolean =>
      status === 'open' ? period.status !== 'open' : period.status !== status && period.start < '2024-02-01';
    const period = pickGood(months, isGood, params.period);
    const earlier = entity.periods.filter(
      (one) => one.start < (period?.start ?? '') && rank[one.status] < rank[status],
    );
    const refusal = !period
      ? 'not_found'
      : period.status === status
        ? 'conflict'
        : earlier.length > 0 && !params.closesEarlier
          ? 'confirmation_required'
          : null;
    return {
      says: `${kind} ${period?.start.slice(0, 7) ?? 'none'} of ${entity.name}${params.closesEarlier ? ', and those before' : ''}`,
      refusal,
      act: (tx) =>
        changePeriodStatus(
          tx,
          period?.id ?? unknownId,
          { status, reason: 'Month end', closeEarlier: params.closesEarlier },
          books.context,
        ),
      apply: () => {
        for (const one of earlier) one.status = status;
        if (period) period.status = status;
      },
    };
  });

interface Net {
  readonly account: string;
  readonly currency: string;
  readonly amount: bigint;
  readonly base: bigint;
}

/** What stands on the income and expense accounts from the days of a year. */
function resultOf(books: ModelBooks, entity: ModelEntity, year: ModelYear): Net[] {
  const results = new Set(
    entity.accounts.filter(({ type }) => type === 'income' || type === 'expense').map(({ number }) => number),
  );
  const nets = new Map<string, Net>();
  for (const entry of books.entries) {
    if (entry.entity !== entity || entry.day < year.start || entry.day > year.end) continue;
    for (const { account, currency, amount, base } of entry.lines) {
      if (!results.has(account)) continue;
      const key = `${account} ${currency}`;
      const net = nets.get(key) ?? { account, currency, amount: 0n, base: 0n };
      nets.set(key, { ...net, amount: net.amount + amount, base: net.base + base });
    }
  }
  return [...nets.values()].filter(({ amount, base }) => amount !== 0n || base !== 0n);
}

/** Whether somebody should be asked first: the year goes on, drafts lie in it, or an earlier one is not closed. */
function needsConfirmation(books: ModelBooks, entity: ModelEntity, year: ModelYear): boolean {
  const today = books.now.toISOString().slice(0, 10);
  const hasDrafts = books.documents.some(
    (one) =>
      !one.deleted &&
      one.entity === entity &&
      one.status === 'draft' &&
      year.start <= one.day &&
      one.day <= year.end,
  );
  const before = entity.years.filter(({ start }) => start < year.start);
  return today <= year.end || hasDrafts || before.some((one) => resultOf(books, entity, one).length > 0);
}

const yearsUsed = (entity: ModelEntity): ModelYear[] =>
  entity.years.filter(({ start, end }) => end >= '2023-11-01' && start <= '2024-04-30');

const closeParams = fc.record({ entity: choice, year: choice, confirm: fc.boolean() });

const closeYear = operation('close year', 1, closeParams, (books, params) => {
  const entity = pickEntity(books, params.entity);
  const year = pickGood(yearsUsed(entity), ({ end }) => end < '2024-04-30', params.year);
  const nets = year ? resultOf(books, entity, year) : [];
  const open = entity.periods.filter(({ start, status }) => start <= (year?.end ?? '') && status === 'open');
  const isDone = year?.closed === true && nets.length === 0 && open.length === 0;
  return {
    says: `close the year ${year?.end ?? 'of nothing'} of ${entity.name}${params.confirm ? ', confirmed' : ''}`,
    refusal: refusalOfClose(),
    act: (tx) =>
      closeFiscalYear(
        tx,
        year?.id ?? unknownId,
        { reason: 'Year end', confirm: params.confirm },
        books.context,
        {
          now: books.now,
        },
      ),
    apply: ({ outcome }) => {
      const expected = isDone ? 'unchanged' : 'closed';
      if (outcome !== expected) throw new Difference('outcome', `the year was ${outcome}, not ${expected}`);
      if (isDone || !year) return;
      if (nets.length > 0) book(books, entity, year.end, 'closing', closingOf(nets));
      for (const period of open) period.status = 'closed';
      year.closed = true;
    },
  };

  function refusalOfClose(): string | null {
    if (!year) return 'not_found';
    if (isDone) return null;
    if (needsConfirmation(books, entity, year) && !params.confirm) return 'confirmation_required';
    return nets.length > 0 ? refusalOfDay(entity, year.end, { kind: 'closing' }) : null;
  }
});

/** Everything to zero, and what is left of each currency to retained earnings. */
function closingOf(nets: readonly Net[]) {
  const currencies = [...new Set(nets.map(({ currency }) => currency))];
  return [
    ...nets.map((net) => line(net.account, net.currency, -net.amount, -net.base)),
    ...currencies.map((currency) => {
      const own = nets.filter((net) => net.currency === currency);
      return line('3100', currency, sum(own.map(({ amount }) => amount)), sum(own.map(({ base }) => base)));
    }),
  ];
}

const reopenParams = fc.record({ entity: choice, year: choice });

const reopenYear = operation('reopen year', 2, reopenParams, (books, params) => {
  const all = books.entities.flatMap((entity) => yearsUsed(entity).map((year) => ({ entity, year })));
  const found = pickGood(all, ({ year }) => year.closed, params.year) ?? pick(all, 0);
  const { entity = pickEntity(books, 0), year } = found ?? {};
  const standing = books.entries.filter(
    (entry) =>
      entry.entity === entity && entry.kind === 'closing' && entry.day === year?.end && !entry.reversed,
  );
  return {
    says: `reopen the year ${year?.end ?? 'of nothing'} of ${entity.name}`,
    refusal: !year
      ? 'not_found'
      : !year.closed
        ? 'conflict'
        : standing.length > 0
          ? refusalOfDay(entity, year.end, { kind: 'reversal', reverses: 'closing' })
          : null,
    act: (tx) => reopenFiscalYear(tx, year?.id ?? unknownId, { reason: 'A late invoice' }, books.context),
    apply: () => {
      if (!year) return;
      for (const entry of standing) takeBack(books, entry, year.end);
      year.closed = false;
    },
  };
});

export const periodOperations: readonly Operation[] = [
  shift('close month', 1, 'closed'),
  shift('lock month', 1, 'locked'),
  shift('reopen month', 6, 'open'),
  closeYear,
  reopenYear,
];
