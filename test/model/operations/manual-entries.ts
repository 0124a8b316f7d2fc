import fc from 'fast-check';
import type { CalendarDate } from '../../../src/kernel/dates.ts';
import { postManualEntry } from '../../../src/ledger/manual-entry.ts';
import { reverseManualEntry } from '../../../src/ledger/reversal.ts';
import { book, line, type ModelEntry, rateOn, refusalOfDay, takeBack } from '../model-books.ts';
import { amountText, inBase, modelCurrencies } from '../model-money.ts';
import {
  choice,
  type Operation,
  operation,
  pick,
  pickDay,
  pickEntity,
  pickGood,
  unknownId,
} from '../operation.ts';

/** The program's ids of entries that can be reversed by hand. */
const manualIds = new WeakMap<ModelEntry, string>();

const entryParams = {
  entity: choice,
  currencies: fc.array(choice, { minLength: 1, maxLength: 2 }),
  accounts: fc.array(choice, { minLength: 3, maxLength: 3 }),
  amounts: fc.array(fc.integer({ min: 1, max: 300_000 }), { minLength: 2, maxLength: 2 }),
  day: choice,
  isAdjusting: fc.boolean(),
};

/** `off`: by how many minor units the last credit is wrong. */
const enter = (
  kind: string,
  weight: number,
  isForeign: boolean,
  off: fc.Arbitrary<number>,
  neverDone = false,
): Operation =>
  operation(
    kind,
    weight,
    fc.record({ ...entryParams, off }),
    (books, params) => {
      const entity = pickEntity(books, params.entity);
      const day = params.day % 25 === 0 ? '2019-05-05' : pickDay(entity, params.day);
      const currencies = isForeign
        ? [...new Set(params.currencies.map((number) => pick(modelCurrencies, number) ?? 'EUR'))]
        : [entity.base];
      const accounts = params.accounts.map((number) => pick(entity.accounts, number));
      const [first = 1, second = 1] = params.amounts;
      const amounts = [BigInt(first), BigInt(second), -BigInt(first + second)];
      const lines = currencies.flatMap((currency, place) =>
        amounts.map((amount, index) => ({
          account: accounts[(index + place) % accounts.length],
          currency,
          amount: index === 2 ? amount - BigInt(params.off) : amount,
        })),
      );
      const { isAdjusting } = params;
      const rates = currencies.map((currency) => rateOn(entity, currency, day));
      const refusal = lines.some(({ account }) => account?.active !== true)
        ? 'account_not_usable'
        : params.off !== 0
          ? 'unbalanced_entry'
          : rates.includes(null)
            ? 'no_exchange_rate'
            : refusalOfDay(entity, day, { kind: 'manual', adjusting: isAdjusting });
      return {
        says: `enter in ${entity.name} on ${day}${isAdjusting ? ' (adjusting)' : ''}: ${lines.map(({ account, currency, amount }) => `${account?.number ?? ''} ${currency} ${amountText(amount, currency)}`).join(', ')}`,
        refusal,
        act: (tx) =>
          postManualEntry(
            tx,
            entity.id,
            {
              date: day,
              description: 'By hand',
              adjusting: isAdjusting,
              lines: lines.map(({ account, currency, amount }) => ({
                account: account?.number ?? '',
                currency,
                [amount > 0n ? 'debit' : 'credit']: amountText(amount > 0n ? amount : -amount, currency),
              })),
            },
            books.context,
          ),
        apply: (id) => {
          const booked = currencies.flatMap((currency, index) => {
            const own = lines.filter((one) => one.currency === currency);
            const values = own.map(({ amount }) => amount);
            const base = inBase(values, currency, entity.base, rates[index] ?? '', books.round);
            return own.map(({ account, amount }, place) =>
              line(account?.number ?? '', currency, amount, base[place] ?? 0n),
            );
          });
          manualIds.set(book(books, entity, day, 'manual', booked), id);
        },
      };
    },
    { neverDone },
  );

const reversalParams = fc.record({ entry: choice, day: choice });

const reverse = operation('reverse manual entry', 1, reversalParams, (books, params) => {
  const manual = books.entries.filter(({ kind }) => kind === 'manual');
  const entry = pickGood(manual, ({ reversed }) => !reversed, params.entry);
  const entity = entry?.entity ?? pickEntity(books, 0);
  const day = pickDay(entity, params.day, entry?.day);
  const refusal = !entry
    ? 'not_found'
    : entry.reversed
      ? 'conflict'
      : day < entry.day
        ? 'invalid_request'
        : refusalOfDay(entity, day, { kind: 'reversal', reverses: 'manual' });
  return {
    says: `reverse the manual entry of ${entry?.day ?? 'no day'} on ${day}`,
    refusal,
    act: (tx) =>
      reverseManualEntry(
        tx,
        { organizationId: books.organizationId, entityId: entity.id },
        (entry && manualIds.get(entry)) ?? unknownId,
        books.context,
        { date: day as CalendarDate, now: books.now },
      ),
    apply: () => {
      if (entry) takeBack(books, entry, day);
    },
  };
});

export const manualEntryOperations: readonly Operation[] = [
  enter('manual entry', 2, false, fc.constant(0)),
  enter('manual entry in foreign currencies', 2, true, fc.constant(0)),
  enter('manual entry that does not balance', 1, true, fc.integer({ min: 1, max: 9 }), true),
  reverse,
];
