import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normalizeCustomerName } from './customer-name.ts';

/** Names that are one customer, and how that name is kept. */
const same: readonly (readonly [string, readonly string[]])[] = [
  [
    'acme',
    [
      'Acme',
      'ACME Ltd',
      'Acme Limited',
      'acme, Ltd.',
      ' Acme  Inc. ',
      'Acme L.L.C.',
      'The Acme Company, Inc.',
    ],
  ],
  [
    'muller and sohne',
    ['Müller & Söhne GmbH', 'MULLER AND SOHNE', 'Müller + Söhne GmbH & Co. KG', 'Müller & Söhne G.m.b.H.'],
  ],
  ['strasse', ['Straße AG', 'STRASSE A.G.']],
  ['telefonica', ['Telefónica, S.A.', 'Telefonica SA', 'TELEFÓNICA S. A.']],
  ['philips', ['Philips N.V.', 'philips nv']],
  ['jansen', ['Jansen B.V.', 'Jansen BV', 'jansen b. v.']],
  ['bhp', ['BHP Pty Ltd', 'BHP Pty. Ltd.', 'bhp pty limited']],
  [
    'トヨタ自動車',
    ['トヨタ自動車株式会社', '株式会社トヨタ自動車', 'トヨタ自動車(株)', 'トヨタ自動車㈱', 'トヨタ自動車'],
  ],
  ['华为技术', ['华为技术有限公司', '华为技术']],
  ['삼성전자', ['삼성전자 주식회사', '주식회사 삼성전자', '(주)삼성전자']],
  ['ромашка', ['ООО «Ромашка»', 'ооо ромашка', '«Ромашка»']],
  ['orlen', ['Orlen Sp. z o.o.', 'ORLEN SP Z OO']],
  ['skoda', ['Škoda a.s.', 'Skoda']],
  ['o', ['Ø AS']],
  ['oneil', ["O'Neil LLC", 'O’Neil llc', 'ONeil']],
  ['grupo bimbo', ['Grupo Bimbo, S.A.B. de C.V.', 'Grupo Bimbo SAB de CV', 'Grupo Bimbo S de RL de CV']],
  ['fiat', ['FIAT S.p.A.', 'Fiat spa']],
  ['a b c', ['A-B-C Corp.']],
];

describe('A customer’s normalized name', () => {
  test.each(same.flatMap(([kept, names]) => names.map((name) => [name, kept] as const)))(
    'takes %j for %j',
    (name, kept) => {
      expect(normalizeCustomerName(name)).toBe(kept);
    },
  );

  test('keeps different customers apart', () => {
    const names = [
      'Acme',
      'Acme Europe',
      'Acme 2',
      'Company of Wolves',
      'SAP',
      'Limited Edition Shoes',
      'Costa',
      'Agora',
      'か',
      'が',
    ];
    expect(new Set(names.map(normalizeCustomerName)).size).toBe(names.length);
  });

  test('is never empty, whatever the name is made of', () => {
    expect(normalizeCustomerName('GmbH')).toBe('gmbh');
    expect(normalizeCustomerName('Company Limited')).toBe('company');
    expect(normalizeCustomerName('株式会社')).toBe('株式会社');
    expect(normalizeCustomerName('!!!')).toBe('!!!');
    expect(normalizeCustomerName('The')).toBe('the');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (name) => {
        expect(normalizeCustomerName(name)).not.toBe('');
      }),
    );
  });

  test('stays what it is when it is normalized again', () => {
    const name = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc
        .array(
          fc.constantFrom(
            'Acme',
            'The',
            'S.A.',
            'GmbH',
            '&',
            'Co.',
            'Müller',
            '株式会社',
            'ООО',
            'de C.V.',
            'a',
            's',
            '(株)',
            'and',
          ),
        )
        .map((words) => words.join(' ')),
    );
    fc.assert(
      fc.property(name, (text) => {
        const once = normalizeCustomerName(text);
        expect(normalizeCustomerName(once)).toBe(once);
      }),
      { numRuns: 2000 },
    );
  });

  test('does not depend on case or on space around', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii' }), (name) => {
        expect(normalizeCustomerName(`  ${name.toUpperCase()} `)).toBe(normalizeCustomerName(name));
      }),
    );
  });
});
