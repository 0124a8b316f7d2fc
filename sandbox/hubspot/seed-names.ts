/** Names of the seed: ordinary ones by combination, and the hard ones that every portal has. */
export const COMPANY_FIRST: readonly string[] = [
  'Alpine',
  'Borealis',
  'Cobalt',
  'Driftwood',
  'Ember',
  'Fjord',
  'Granite',
  'Harbour',
  'Ironbark',
  'Juniper',
  'Kestrel',
  'Lumen',
  'Meridian',
  'Nimbus',
  'Orchard',
  'Pinnacle',
  'Quarry',
  'Redwood',
  'Saffron',
  'Tidewater',
];

export const COMPANY_SECOND: readonly string[] = [
  'Analytics',
  'Biotech',
  'Capital',
  'Dynamics',
  'Energy',
  'Freight',
  'Health',
  'Instruments',
  'Logistics',
  'Media',
  'Networks',
  'Optics',
  'Robotics',
  'Systems',
  'Textiles',
  'Works',
];

export const COMPANY_SUFFIX: readonly string[] = [
  'Ltd',
  'Inc.',
  'GmbH',
  'LLC',
  'B.V.',
  'Pty Ltd',
  'S.r.l.',
  'AG',
];

/**
 * The first companies of every portal: pairs that a bookkeeper would take for one, names in other scripts, and a
 * name that a spreadsheet would run.
 */
export const HARD_COMPANIES: readonly (readonly [name: string, domain: string])[] = [
  ['Acme Corp', 'acme.example'],
  ['ACME Corporation, Inc.', 'acme-corporation.example'],
  ['Müller & Söhne GmbH', 'mueller-soehne.example'],
  ['Mueller und Soehne GmbH', 'muellersoehne.example'],
  ['شركة النور للتجارة', 'alnoor.example'],
  ['株式会社さくら工業', 'sakura-kogyo.example'],
  ['Café Zoë 🍰', 'cafe-zoe.example'],
  ["=cmd|'/C calc'!A0", 'formula.example'],
  ['<b>Bold & Sons</b>', 'bold-and-sons.example'],
  ['Ｆｕｌｌｗｉｄｔｈ Trading', 'fullwidth.example'],
];

export const FIRST_NAMES: readonly string[] = [
  'Ana',
  'Ben',
  'Chloé',
  'Dele',
  'Eva',
  'Farid',
  'Gita',
  'Hana',
  'Ivo',
  'Jun',
  'Kiri',
  'Łukasz',
  'Mia',
  'Noor',
  '伟',
  'Sinéad',
];

export const LAST_NAMES: readonly string[] = [
  'Andersen',
  'Brown',
  'Costa',
  'Dubois',
  'Eriksson',
  'Fischer',
  'García',
  'Haddad',
  'Ito',
  'Jansen',
  'Kaur',
  'Lee',
  'Moana',
  'Nowak',
  '王',
  "O'Brien",
];

export const DEAL_SUBJECTS: readonly string[] = [
  'Annual licence',
  'Rollout phase 1',
  'Support renewal',
  'Pilot',
  'Expansion',
  'Hardware refresh',
  'Onboarding',
  'Platform upgrade',
];

export const PRODUCT_NAMES: readonly string[] = [
  'Flow sensor',
  'Pressure gauge',
  'Analytics seat',
  'Premium support',
  'On-site training',
  'Calibration service',
  'Data gateway',
  'Spare part kit',
  'Cloud storage',
  'Implementation day',
];

export const CITIES: readonly (readonly [city: string, country: string])[] = [
  ['Auckland', 'New Zealand'],
  ['Berlin', 'Germany'],
  ['Chicago', 'United States'],
  ['Kuwait City', 'Kuwait'],
  ['London', 'United Kingdom'],
  ['Osaka', 'Japan'],
  ['Zürich', 'Switzerland'],
];
