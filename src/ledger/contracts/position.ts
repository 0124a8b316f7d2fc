import { type Decimal, decimalFromInteger, parseDecimal } from '../../kernel/decimal.ts';
import { divideRounded } from '../../kernel/money.ts';
import { toBaseAmounts } from '../base-amounts.ts';
import type { NewJournalLine } from '../journal-store.ts';

/** What stands on a contract's two accounts, debits positive: a liability is negative. */
export interface ContractPosition {
  readonly contractId: string;
  readonly entityId: string;
  readonly currency: string;
  readonly baseCurrency: string;
  readonly rate: string;
  readonly deferredAccountId: string;
  readonly assetAccountId: string;
  readonly deferredMinor: bigint;
  readonly deferredBaseMinor: bigint;
  readonly assetMinor: bigint;
  readonly assetBaseMinor: bigint;
}

const smaller = (left: bigint, right: bigint): bigint => (left < right ? left : right);

/** The part of a carrying amount that goes with part of a balance of the same sign; all of it goes with the whole. */
function carried(baseMinor: bigint, partMinor: bigint, wholeMinor: bigint): bigint {
  if (partMinor === wholeMinor) return baseMinor;
  const sign = wholeMinor < 0n ? -1n : 1n;
  return divideRounded(baseMinor * partMinor * sign, wholeMinor * sign, 'half_away_from_zero');
}

/** An amount of revenue to recognise, by the account that it is credited to. */
export interface Revenue {
  readonly accountId: string;
  readonly amountMinor: bigint;
}

/**
 * Debits what was billed ahead (contract liability) as far as it goes, at what it stands in the books for, and the rest as revenue ahead
 * of billing (contract asset) at the rate of the contract; credits income with both. Revenue below zero, a correction, goes the
 * other way: off the asset first, the rest onto the liability.
 */
export function recognitionLines(position: ContractPosition, revenues: readonly Revenue[]): NewJournalLine[] {
  const { currency, deferredMinor, assetMinor } = position;
  const total = revenues.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
  const corrects = total < 0n;
  const [standing, carriedAt] = corrects
    ? [assetMinor > 0n ? assetMinor : 0n, position.assetBaseMinor]
    : [deferredMinor < 0n ? -deferredMinor : 0n, -position.deferredBaseMinor];
  const size = corrects ? -total : total;
  const sign = corrects ? -1n : 1n;
  const fromStanding = smaller(size, standing);
  const standingBase = fromStanding === 0n ? 0n : carried(carriedAt, fromStanding, standing);
  const toOther = size - fromStanding;
  const rate: Decimal = parseDecimal(position.rate) ?? decimalFromInteger(1);
  const atRate = (amounts: readonly bigint[]): bigint[] =>
    toBaseAmounts(amounts, currency, position.baseCurrency, rate);
  const [otherBase = 0n] = atRate([toOther]);
  const own = { amountMinor: fromStanding * sign, baseMinor: standingBase * sign };
  const other = { amountMinor: toOther * sign, baseMinor: otherBase * sign };
  const credits = creditsOf(revenues, total, (standingBase + otherBase) * sign, atRate);
  return [
    { accountId: position.deferredAccountId, currency, ...(corrects ? other : own) },
    { accountId: position.assetAccountId, currency, ...(corrects ? own : other) },
    ...credits.map((line) => ({ ...line, currency })),
  ].filter((line) => line.amountMinor !== 0n || line.baseMinor !== 0n);
}

/** Income in the base currency: what is debited, in the ratio of the amounts; where those cancel out, at the rate of the contract. */
function creditsOf(
  revenues: readonly Revenue[],
  total: bigint,
  base: bigint,
  atRate: (amounts: readonly bigint[]) => bigint[],
): Omit<NewJournalLine, 'currency'>[] {
  if (total === 0n) {
    const bases = atRate(revenues.map(({ amountMinor }) => -amountMinor));
    return revenues.map(({ accountId, amountMinor }, index) => ({
      accountId,
      amountMinor: -amountMinor,
      baseMinor: bases[index] ?? 0n,
    }));
  }
  let passed = 0n;
  let before = 0n;
  return revenues.map(({ accountId, amountMinor }) => {
    passed += amountMinor;
    const upTo = carried(base, passed, total);
    const line = { accountId, amountMinor: -amountMinor, baseMinor: before - upTo };
    before = upTo;
    return line;
  });
}

/**
 * What makes a contract either a liability or an asset again after an invoice, a reversal or an undone run (IFRS 15.105): revenue
 * ahead of billing is taken off what was billed, and a liability below zero becomes an asset. The difference that exchange
 * rates leave goes to `fx(differenceMinor)`, the account of a loss (positive) or a gain. Empty: nothing to do.
 */
export function nettingLines(
  position: ContractPosition,
  fx: (differenceMinor: bigint) => string,
): NewJournalLine[] {
  const { currency, deferredMinor, deferredBaseMinor, assetMinor, assetBaseMinor } = position;
  const lines: NewJournalLine[] = [];
  const put = (accountId: string, amountMinor: bigint, baseMinor: bigint): void => {
    const opposite = (amountMinor > 0n && baseMinor < 0n) || (amountMinor < 0n && baseMinor > 0n);
    if (!opposite) lines.push({ accountId, currency, amountMinor, baseMinor });
    else {
      lines.push({ accountId, currency, amountMinor, baseMinor: 0n });
      lines.push({ accountId, currency, amountMinor: 0n, baseMinor });
    }
  };
  const netMinor = deferredMinor + assetMinor;
  const settled =
    deferredMinor <= 0n &&
    assetMinor >= 0n &&
    (deferredMinor === 0n || assetMinor === 0n) &&
    (deferredMinor !== 0n || deferredBaseMinor === 0n) &&
    (assetMinor !== 0n || assetBaseMinor === 0n);
  if (settled) return [];
  // Where the net stands afterwards, and at what carrying amount: the side that it is on keeps its own average.
  const target = netMinor > 0n ? 'asset' : 'deferred';
  const ownMinor = target === 'asset' ? assetMinor : deferredMinor;
  const ownBase = target === 'asset' ? assetBaseMinor : deferredBaseMinor;
  const otherBase = target === 'asset' ? deferredBaseMinor : assetBaseMinor;
  const shrinks = ownMinor !== 0n && (netMinor > 0n ? netMinor <= ownMinor : netMinor >= ownMinor);
  const keptBase =
    netMinor === 0n ? 0n : shrinks ? carried(ownBase, netMinor, ownMinor) : ownBase + otherBase;
  const wantedDeferred = target === 'deferred' ? netMinor : 0n;
  const wantedAsset = target === 'asset' ? netMinor : 0n;
  put(
    position.deferredAccountId,
    wantedDeferred - deferredMinor,
    (target === 'deferred' ? keptBase : 0n) - deferredBaseMinor,
  );
  put(
    position.assetAccountId,
    wantedAsset - assetMinor,
    (target === 'asset' ? keptBase : 0n) - assetBaseMinor,
  );
  const difference = -lines.reduce((sum, { baseMinor }) => sum + baseMinor, 0n);
  if (difference !== 0n) put(fx(difference), 0n, difference);
  return lines.filter((line) => line.amountMinor !== 0n || line.baseMinor !== 0n);
}
