type Properties = Readonly<Record<string, string | null>>;

/** Options of the line item property "Billing frequency". Weeks are no whole months and have no entry. */
const monthsByFrequency: Readonly<Record<string, number>> = {
  monthly: 1,
  quarterly: 3,
  per_six_months: 6,
  annually: 12,
  per_two_years: 24,
  per_three_years: 36,
  per_four_years: 48,
  per_five_years: 60,
};

/** Months of one billing period, or undefined when the line does not recur or not by whole months. */
export function readBillingPeriodMonths(properties: Properties): number | undefined {
  return monthsByFrequency[properties.recurringbillingfrequency?.trim().toLowerCase() ?? ''];
}

/**
 * Months of the whole term: "Term in months" when it is set, else `hs_recurring_billing_period` (ISO 8601, PnYnMnD or PnW), which is
 * the term and not one period. Undefined when there is no term or it is not whole months.
 */
export function readTermMonths(properties: Properties): number | undefined {
  const months = Number(properties.hs_term_in_months?.trim() || Number.NaN);
  if (Number.isInteger(months) && months > 0) return months;
  return monthsOfDuration(properties.hs_recurring_billing_period ?? '');
}

function monthsOfDuration(text: string): number | undefined {
  const match = /^P(?:(\d{1,3})Y)?(?:(\d{1,4})M)?(?:0D)?$/.exec(text.trim().toUpperCase());
  if (!match) return undefined;
  const months = Number(match[1] ?? 0) * 12 + Number(match[2] ?? 0);
  return months > 0 ? months : undefined;
}
