import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compare, formatDecimal, multiply, parseDecimal, subtract } from '../../kernel/decimal.ts';
import { isTributaryError } from '../../kernel/errors.ts';
import { crossRateDigits, divideToDigits } from './cross-rates.ts';
import { readRateFile } from './read-rate-file.ts';

/** eurofxref-daily.xml as the ECB publishes it, with fewer currencies. */
const dailyXml = `<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
	<gesmes:subject>Reference rates</gesmes:subject>
	<gesmes:Sender>
		<gesmes:name>European Central Bank</gesmes:name>
	</gesmes:Sender>
	<Cube>
		<Cube time='2026-03-31'>
			<Cube currency='USD' rate='1.0815'/>
			<Cube currency='JPY' rate='162.27'/>
			<Cube currency='SIT' rate='239.64'/>
		</Cube>
	</Cube>
</gesmes:Envelope>`;
const dailyCsv = 'Date, USD, JPY, \n31 March 2026, 1.0815, 162.27, \n';
const historyCsv = 'Date,USD,JPY,CYP,\n2026-03-31,1.0815,162.27,N/A,\n2026-03-30,1.0824,N/A,N/A,\n';

const ratesOf = (content: string, baseCurrency = 'EUR'): string[] =>
  readRateFile(content, baseCurrency).rows.map(
    ({ date, currency, rate }) => `${date} ${currency} ${formatDecimal(rate)}`,
  );

function refusalOf(content: string, baseCurrency = 'EUR') {
  try {
    readRateFile(content, baseCurrency);
  } catch (error) {
    if (isTributaryError(error))
      return { code: error.code, text: `${error.detail} ${JSON.stringify(error.fields)}` };
    throw error;
  }
  return { code: 'none', text: '' };
}

describe('A file of the ECB', () => {
  test('gives books in euros one divided by each rate, with twelve digits', () => {
    const expected = ['2026-03-31 USD 0.924641701341', '2026-03-31 JPY 0.00616256855858'];
    expect(ratesOf(dailyXml)).toEqual(expected);
    expect(ratesOf(dailyCsv)).toEqual(expected);
    expect(readRateFile(dailyXml, 'EUR')).toMatchObject({ format: 'ecb_xml', unknownCurrencies: ['SIT'] });
  });

  test('gives other books the euro as published and the rest across the euro', () => {
    expect(ratesOf(dailyXml, 'USD')).toEqual(['2026-03-31 EUR 1.0815', '2026-03-31 JPY 0.0066648178961']);
    expect(ratesOf(dailyCsv, 'JPY')).toEqual(['2026-03-31 EUR 162.27', '2026-03-31 USD 150.041608877']);
  });

  test('has no rate where it says N/A, and none on a day without the base currency', () => {
    expect(ratesOf(historyCsv)).toEqual([
      '2026-03-31 USD 0.924641701341',
      '2026-03-31 JPY 0.00616256855858',
      '2026-03-30 USD 0.923872875092',
    ]);
    expect(readRateFile(historyCsv, 'JPY')).toMatchObject({ daysWithoutBase: ['2026-03-30'] });
  });

  test.each([
    ['without the base currency', dailyXml, 'KWD', /no rate of KWD/],
    ['that is cut off', dailyXml.slice(0, 400), 'EUR', /cut off/],
    ['whose last tag is open', dailyXml.slice(0, -3), 'EUR', /not closed/],
    [
      'with a document type',
      dailyXml.replace('<gesmes:E', '<!DOCTYPE x [<!ENTITY a "b">]><gesmes:E'),
      'EUR',
      /Line 2 has <!DOCTYPE/,
    ],
    ['with an entity for a rate', dailyXml.replace("'1.0815'", "'&a;'"), 'EUR', /line 9, USD/],
    ['with other elements', dailyXml.replace('<Cube>', '<script>'), 'EUR', /script/],
    ['with a rate of zero', dailyXml.replace('1.0815', '0'), 'EUR', /line 9, USD.*greater than 0/],
    ['with a currency twice', dailyXml.replace('JPY', 'USD'), 'EUR', /line 10, USD.*twice/],
    ['with no such day', dailyXml.replace('03-31', '02-31'), 'EUR', /line 8, time/],
    ['with a day twice', historyCsv.replace('03-30', '03-31'), 'EUR', /line 3, Date.*line 2/],
    ['with a broken cell', historyCsv.replace('162.27', '16x'), 'EUR', /line 2, JPY.*no rate/],
    ['with a line too short', 'Date,USD,JPY,\n2026-03-31,1\n', 'EUR', /line 2: It has 2 columns/],
    ['with a day in other words', dailyCsv.replace('March', 'Mars'), 'EUR', /line 2, Date/],
    ['still zipped', 'PK\u0003\u0004', 'EUR', /unpack/],
  ])('%s is refused with the place', (_, content, baseCurrency, pattern) => {
    const refusal = refusalOf(content, baseCurrency);
    expect(refusal.code).toBe('invalid_rate_file');
    expect(refusal.text).toMatch(pattern);
  });
});

describe('A CSV file of rates', () => {
  test('is read in any order of columns, with comma, semicolon or tab, and quotes', () => {
    const expected = ['2026-03-31 USD 0.9246', '2026-03-31 JPY 0.00616'];
    expect(ratesOf('date,currency,rate\n2026-03-31,USD,0.9246\n\n2026-03-31,JPY,0.00616')).toEqual(expected);
    const other = '\u{feff}Currency;Rate;Date\r\n"USD";"0.9246";2026-03-31\r\nJPY;0.00616;2026-03-31\r\n';
    expect(ratesOf(other)).toEqual(expected);
    expect(ratesOf(other.replaceAll(';', '\t'))).toEqual(expected);
  });

  test('tells every mistake by line and column', () => {
    const refusal = refusalOf(
      [
        'date,currency,rate',
        '2026-02-30,USD,1.1',
        '31.03.2026,USD,1.1',
        '2026-03-31,usd,1.1',
        '2026-03-31,EUR,1',
        '2026-03-31;USD;1.1',
        '2026-03-31,USD,"1,1"',
        '2026-03-31,GBP,0',
        '2026-03-31,GBP,-1',
        '2026-03-31,GBP,1e3',
        '2026-03-31,CHF,1.1',
        '2026-03-31,CHF,1.2',
        '2026-03-31,CHF,1000000000000',
      ].join('\n'),
    );
    for (const expected of [
      'line 2, date',
      'line 3, date',
      'line 4, currency',
      'line 5, currency',
      'It has 1 columns',
      'has a comma',
      'line 8, rate',
      'line 9, rate',
      'line 10, rate',
      'stands on line 11 already',
      'line 13, rate',
      'There are 11 mistakes',
    ]) {
      expect(refusal.text).toContain(expected);
    }
  });

  test.each([
    ['', /empty/],
    ['date,currency\n2026-03-31,USD', /has to name the columns/],
    ['date,currency,rate,note\n2026-03-31,USD,1,x', /has to name the columns/],
    ['date,currency,rate\n', /no rate in it/],
    ['date,currency,rate\n2026-03-31,"USD,1', /not closed/],
    ['x'.repeat(16 * 1024 * 1024 + 1), /larger than 16 MB/],
    [`date,currency,rate${'\nx'.repeat(300_001)}`, /300001 rates/],
  ])('is refused when it is none (%#)', (content, pattern) => {
    expect(refusalOf(content).text).toMatch(pattern);
  });
});

describe('A quotient of rates', () => {
  const rate = fc
    .tuple(fc.bigInt({ min: 1n, max: 10n ** 12n }), fc.integer({ min: 0, max: 8 }))
    .map(([digits, scale]) => ({ digits, scale }));

  test('has at most twelve digits and is off by at most half of the last', () => {
    fc.assert(
      fc.property(rate, rate, (numerator, denominator) => {
        const result = divideToDigits(numerator, denominator, crossRateDigits);
        const text = formatDecimal(result).replace('.', '').replace(/^0+/, '').replace(/0+$/, '');
        expect(text.length).toBeLessThanOrEqual(crossRateDigits);
        // |result × denominator − numerator| ≤ numerator × 10^-11 × ½, times two to stay exact.
        const off = subtract(multiply(result, denominator), numerator);
        const twice = multiply(
          { digits: off.digits < 0n ? -off.digits : off.digits, scale: off.scale },
          { digits: 2n, scale: 0 },
        );
        expect(
          compare(twice, multiply(numerator, { digits: 1n, scale: crossRateDigits - 1 })),
        ).toBeLessThanOrEqual(0);
      }),
    );
  });

  test('is the rate of the reverse exactly where it ends early', () => {
    const half = divideToDigits(parseDecimal('1') ?? { digits: 0n, scale: 0 }, { digits: 2n, scale: 0 }, 12);
    expect(formatDecimal(half)).toBe('0.5');
  });
});
