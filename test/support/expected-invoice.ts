/**
 * What a won deal must come to, worked out a second time from the sandbox's stored truth and from nothing of src: whole numbers of
 * 10^-12, HubSpot's rules as the public documentation states them. Slow and plain on purpose.
 */
export interface TruthRecord {
  readonly id: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly associations: Readonly<Record<string, readonly string[]>>;
  readonly primaryCompanyId: string | null;
}

export interface ExpectedInvoice {
  readonly currency: string;
  readonly total: string;
  readonly lines: readonly string[];
  readonly documentDate: string;
  readonly companyId: string;
}

const scale = 12;
const one = 10n ** BigInt(scale);

function exact(text: string): bigint {
  const [whole = '0', fraction = ''] = text.replace('-', '').split('.');
  const value = BigInt(whole) * one + BigInt(fraction.padEnd(scale, '0').slice(0, scale));
  return text.startsWith('-') ? -value : value;
}

function times(left: bigint, right: bigint): bigint {
  return (left * right) / one;
}

const decimals: Readonly<Record<string, number>> = { JPY: 0, KWD: 3 };

function rounded(value: bigint, currency: string): bigint {
  const unit = 10n ** BigInt(scale - (decimals[currency] ?? 2));
  const size = value < 0n ? -value : value;
  const whole = size / unit + ((size % unit) * 2n >= unit ? 1n : 0n);
  return value < 0n ? -whole : whole;
}

function shown(minor: bigint, currency: string): string {
  const places = decimals[currency] ?? 2;
  const digits = (minor < 0n ? -minor : minor).toString().padStart(places + 1, '0');
  const text = places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
  return minor < 0n ? `-${text}` : text;
}

function gross(line: TruthRecord, quantity: bigint): bigint {
  const { price, hs_pricing_model: model, hs_tier_ranges: ranges, hs_tier_prices: prices } = line.properties;
  if (price !== undefined) return times(quantity, exact(price));
  const starts = (JSON.parse(ranges ?? '[]') as { start: number }[]).map(({ start }) => exact(String(start)));
  const byIndex = new Map(
    (JSON.parse(prices ?? '[]') as { index: number; price: number }[]).map((tier) => [
      tier.index,
      exact(String(tier.price)),
    ]),
  );
  const priceOf = (index: number) => byIndex.get(index) ?? 0n;
  const last = starts.filter((start) => start <= quantity).length - 1;
  if (model === 'stairstep') return priceOf(last);
  if (model === 'volume') return times(quantity, priceOf(last));
  let sum = 0n;
  for (let unit = one; unit <= quantity; unit += one)
    sum += priceOf(starts.filter((start) => start <= unit).length - 1);
  return sum;
}

function net(line: TruthRecord): bigint {
  const { quantity: text, discount, hs_discount_percentage: percentage } = line.properties;
  const quantity = exact(text ?? '1');
  const before = gross(line, quantity);
  const fixed = discount === undefined ? 0n : times(quantity, exact(discount));
  const share = percentage === undefined ? 0n : (before * exact(percentage)) / (100n * one);
  return before - fixed - share;
}

/** The invoice, or null for a deal that makes none or fails. */
export function expectedInvoice(
  deal: TruthRecord,
  lines: ReadonlyMap<string, TruthRecord>,
  account: { readonly currency: string; readonly timeZone: string; readonly wonStages: ReadonlySet<string> },
): ExpectedInvoice | null {
  const { dealstage = '', amount, deal_currency_code, closedate } = deal.properties;
  const companies = deal.associations.companies ?? [];
  const companyId = deal.primaryCompanyId ?? (companies.length === 1 ? companies[0] : undefined);
  if (!account.wonStages.has(dealstage) || companyId === undefined || closedate === undefined) return null;
  const currency = deal_currency_code ?? account.currency;
  const own = (deal.associations.line_items ?? []).flatMap((id) => lines.get(id) ?? []);
  const place = (line: TruthRecord) =>
    Number(line.properties.hs_position_on_quote ?? Number.MAX_SAFE_INTEGER);
  own.sort((a, b) => place(a) - place(b) || Number(a.id) - Number(b.id));
  const amounts =
    own.length > 0
      ? own.map((line) => rounded(net(line), currency))
      : amount === undefined
        ? []
        : [rounded(exact(amount), currency)];
  const left = amounts.filter((minor) => minor !== 0n);
  const total = left.reduce((sum, minor) => sum + minor, 0n);
  if (total <= 0n) return null;
  const documentDate = new Intl.DateTimeFormat('sv-SE', { timeZone: account.timeZone }).format(
    new Date(closedate),
  );
  return {
    currency,
    total: shown(total, currency),
    lines: left.map((minor) => shown(minor, currency)),
    documentDate,
    companyId,
  };
}
