/** A decimal string with its thousands apart, such as `−1,234.50`; the decimals stay as they are. */
export function groupThousands(decimal: string): string {
  const [whole = '', decimals] = decimal.replace('-', '\u2212').split('.');
  const grouped = whole.replaceAll(/(\d)(?=(\d{3})+$)/g, '$1,');
  return decimals === undefined ? grouped : `${grouped}.${decimals}`;
}
