/**
 * Legal forms, in the form that a name has after it was folded (lower case, no diacritics, no punctuation). One word each;
 * forms of several words (`pty ltd`, `gmbh co kg`, `sp z o o`) fall away word by word from the end, or as the phrases below.
 */
const legalForms = new Set(
  [
    // English-speaking countries, India, South-east Asia
    'ltd limited inc incorporated corp corporation co company llc llp lp plc pllc pc pty pte pvt private sdn bhd berhad cic unlimited nv',
    // German-speaking countries
    'gmbh mbh ag kg kgaa ohg gbr ug ek ev eg se gesmbh',
    // Romance languages
    'sa sas sasu sarl eurl snc sci scs sca scop srl srls spa sapa sl slu slne sau sc sca scp ltda limitada lda unipessoal eireli cv sab sapi saic saci eirl spr sprl bvba asbl',
    // Low countries and the North
    'bv vof nv cvba vzw ab hb kb as asa ans da oy oyj abp ry aps ivs hf ehf sf ou uab sia',
    // Central, eastern and southern Europe
    'spzoo zoo spj spk sro vos ks doo dd ad ood eood ead kft zrt nyrt bt kkt ooo oao zao pao ao ip tov pp ae epe oe ike dooel',
    // Turkey, Middle East, Africa
    'as anonim limitet sti sirketi fzco fzc fze fzllc wll bsc saoc saog kscc kscp psc pjsc pjs cc npc rf suarl',
    // Romanized forms of East Asia
    'kk gk yk tbk pt cv',
  ]
    .join(' ')
    .split(' '),
);

/** Forms that stand before the name or are several words; matched at either end, longest first. */
const legalPhrases = [
  'sp z o o',
  'sp z oo',
  's p z o o',
  's a r l',
  's a s',
  's p a',
  's r l',
  's r o',
  's a',
  'd o o',
  'l l c',
  'l l p',
  'a s',
  'a g',
  'b v',
  'n v',
  's l',
  's e',
  'k k',
  'e v',
  'e k',
  's de r l de c v',
  's de rl de cv',
  's a de c v',
  'sa de cv',
  'sab de cv',
  'sapi de cv',
  'naamloze vennootschap',
  'besloten vennootschap',
  'societe anonyme',
  'sociedad anonima',
  'sociedad limitada',
  'gesellschaft mit beschrankter haftung',
  'aktiengesellschaft',
  'aktiebolag',
  'haftungsbeschrankt',
].sort((left, right) => right.length - left.length);

/** Written without a space before or after the name. */
const attachedForms =
  /^(?:株式会社|有限会社|合同会社|合資会社|一般社団法人|(?:주식회사|유한회사)\s*|\(株\)|\(有\)|\(주\)|㈜|ооо |оао |зао |пао |ао |тов )|(?:株式会社|有限会社|合同会社|合資会社|股份有限公司|有限责任公司|有限責任公司|有限公司|股份公司|公司|주식회사|유한회사|\(株\)|\(有\)|\(주\)|㈜)$/u;

function withoutPhrase(name: string): string {
  for (const phrase of legalPhrases) {
    if (name.endsWith(` ${phrase}`)) return name.slice(0, -phrase.length - 1).trimEnd();
  }
  return name;
}

function withoutLastForm(name: string): string {
  const shorter = withoutPhrase(name);
  if (shorter !== name) return shorter;
  const words = name.split(' ');
  const last = words.at(-1);
  return words.length > 1 && last !== undefined && legalForms.has(last) ? words.slice(0, -1).join(' ') : name;
}

/** Letters that Unicode does not take apart into a base letter and a mark. */
const letters: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  þ: 'th',
  ı: 'i',
};

/** A form cut away can bare another one (`Acme 株式会社 Co.`); a name has fewer than this. */
const passesMax = 8;

/**
 * The form of a name by which two customers are taken for the same: lower case, compatibility forms and diacritics folded,
 * `&` read as "and", punctuation and repeated space gone, legal forms of many countries cut from the end (and `The` and the forms
 * written in front of a name from the start). `Müller & Söhne GmbH` and `MULLER AND SOHNE` are one. Never empty: a name of
 * nothing but legal forms or signs keeps what it has. Normalizing twice changes nothing.
 */
export function normalizeCustomerName(name: string): string {
  let result = normalizeOnce(name);
  for (let pass = 1; pass < passesMax; pass += 1) {
    const next = normalizeOnce(result);
    if (next === result) return result;
    result = next;
  }
  return result;
}

function normalizeOnce(name: string): string {
  const compatible = name.normalize('NFKC').toLowerCase().trim().replace(/\s+/gu, ' ');
  const unattached = compatible.replace(attachedForms, '').trim() || compatible;
  const folded = unattached
    .normalize('NFKD')
    // Marks after Latin, Greek and Cyrillic letters only: in Japanese or Thai they are part of the letter.
    .replace(/(?<=[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}]\p{Mark}*)\p{Mark}/gu, '')
    .normalize('NFC')
    .replace(/[ßæœøđðłþı]/gu, (letter) => letters[letter] ?? letter)
    .replace(/&|\+/gu, ' and ')
    // Initials and apostrophes close up (`S.A.` → `sa`, `O'Neil` → `oneil`), every other sign parts two words.
    .replace(/(?<=\p{L})['’`´](?=\p{L})/gu, '')
    .replace(/(?<=(?:^|[\s.,(])\p{L})\.(?=\p{L}(?:[\s.,)]|$))/gu, '')
    .replace(/[^\p{L}\p{N}\p{M}]+/gu, ' ')
    .trim();
  if (folded === '') return compatible === '' ? '?' : compatible;
  return withoutLegalForms(folded);
}

function withoutLegalForms(folded: string): string {
  let result = folded;
  for (let shorter = withoutLastForm(result); shorter !== result; shorter = withoutLastForm(result)) {
    if (shorter === '') break;
    result = shorter;
    // `Meyer & Co. KG`: once the forms are gone, a joining word has nothing left to join.
    if (result.endsWith(' and')) result = result.slice(0, -4).trimEnd();
  }
  const withoutArticle = result.replace(/^the /u, '');
  return withoutArticle === '' ? result : withoutArticle;
}
