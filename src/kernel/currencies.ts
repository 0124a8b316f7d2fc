/**
 * ISO 4217 currencies in use and their minor digits (list one, amendment 177). Two digits unless said otherwise.
 * A code that is not here is `unknown_currency`: guessing two digits would move money by a factor.
 */
const twoDigits =
  'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG BGN ANG CUC HRK SLL ZWL'.split(
    ' ',
  );
const noDigits = 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' ');
const threeDigits = 'BHD IQD JOD KWD LYD OMR TND'.split(' ');
const fourDigits = 'CLF UYW'.split(' ');

const minorDigitsByCode = new Map<string, number>([
  ...twoDigits.map((code): [string, number] => [code, 2]),
  ...noDigits.map((code): [string, number] => [code, 0]),
  ...threeDigits.map((code): [string, number] => [code, 3]),
  ...fourDigits.map((code): [string, number] => [code, 4]),
]);

export const currencyCodes: readonly string[] = [...minorDigitsByCode.keys()].sort();

export function isCurrency(code: string): boolean {
  return minorDigitsByCode.has(code);
}

/** The currency's decimals: 2 for EUR, 0 for JPY, 3 for KWD. The code must be known (`isCurrency`). */
export function minorDigitsOf(code: string): number {
  const digits = minorDigitsByCode.get(code);
  if (digits === undefined) throw new Error(`Unknown currency ${code}: check it with isCurrency first`);
  return digits;
}
