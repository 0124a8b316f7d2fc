import type { CalendarDate } from '../../kernel/dates.ts';
import { allocate } from '../../kernel/money.ts';
import { type ContractBilling, sumOf } from './contract-state.ts';

/**
 * Where a change of the price is billed: `spread` over what is not billed yet, `once` on the day of the change, `last`: what is taken
 * off comes off the latest bills first.
 */
export type BillingChange = 'spread' | 'once' | 'last';

/** Values with what is added to or taken off them; `leftMinor`: what they could not take, below zero. */
function adjusted(
  values: readonly bigint[],
  weights: readonly bigint[],
  changeMinor: bigint,
  how: BillingChange,
): { readonly values: readonly bigint[]; readonly leftMinor: bigint } {
  if (changeMinor === 0n) return { values, leftMinor: 0n };
  if (changeMinor > 0n) {
    if (how !== 'spread' || values.length === 0) return { values, leftMinor: changeMinor };
    const parts = allocate(changeMinor, weights);
    return { values: values.map((value, index) => value + (parts[index] ?? 0n)), leftMinor: 0n };
  }
  const there = sumOf(values);
  const cut = -changeMinor < there ? -changeMinor : there;
  const leftMinor = changeMinor + cut;
  if (cut === 0n) return { values, leftMinor };
  if (how === 'spread') {
    const parts = allocate(cut, values);
    return { values: values.map((value, index) => value - (parts[index] ?? 0n)), leftMinor };
  }
  let rest = cut;
  const kept = [...values].reverse().map((value) => {
    const taken = value < rest ? value : rest;
    rest -= taken;
    return value - taken;
  });
  return { values: kept.reverse(), leftMinor };
}

/**
 * The billing plan after the price and its tax have changed. What a document bills already stands. What bills that are to come can't
 * take becomes a part of its own on `date`: below zero, that is a credit note.
 */
export function changeBillings(
  billings: readonly ContractBilling[],
  change: { readonly amountMinor: bigint; readonly taxMinor: bigint },
  how: BillingChange,
  date: CalendarDate,
): ContractBilling[] {
  const standing = billings.filter(({ billed, amountMinor }) => billed || amountMinor < 0n);
  const open = billings
    .filter((billing) => !standing.includes(billing))
    .sort((left, right) =>
      left.date < right.date ? -1 : left.date > right.date ? 1 : left.position - right.position,
    );
  const amounts = open.map(({ amountMinor }) => amountMinor);
  const taxes = open.map(({ taxMinor }) => taxMinor);
  const net = adjusted(amounts, amounts, change.amountMinor, how);
  const tax = adjusted(taxes, amounts, change.taxMinor, how);
  const changed = open
    .map((billing, index) => ({
      ...billing,
      amountMinor: net.values[index] ?? 0n,
      taxMinor: tax.values[index] ?? 0n,
    }))
    .filter(({ amountMinor, taxMinor }) => amountMinor !== 0n || taxMinor !== 0n);
  const position = billings.reduce((last, billing) => Math.max(last, billing.position), 0) + 1;
  const own = { position, date, amountMinor: net.leftMinor, taxMinor: tax.leftMinor, billed: false };
  return [...standing, ...changed, ...(own.amountMinor === 0n && own.taxMinor === 0n ? [] : [own])];
}
