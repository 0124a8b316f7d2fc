import { describe, expect, test } from 'vitest';
import { findLines, listCodeFiles, readText, withoutComments, withoutStrings } from './source-files.ts';

// This file names what it forbids, so it leaves itself out.
const files = listCodeFiles().filter((file) => file !== 'test/tidy/code-rules.test.ts');

const search = (pattern: RegExp, among: readonly string[] = files): string[] =>
  among.flatMap((file) => findLines(file, withoutComments(readText(file)), pattern));

describe('The code', () => {
  test('mocks neither modules nor our own functions', () => {
    expect(
      search(/\bvi\.(mock|doMock|hoisted|spyOn)\(/),
      'Pass the dependency in as an argument; outside systems are the sandbox servers, clock and ids are injected',
    ).toEqual([]);
  });

  test('has no enum and no namespace', () => {
    expect(
      search(/^\s*(export\s+)?(declare\s+)?(const\s+)?enum\s+\w|^\s*(export\s+)?(declare\s+)?namespace\s+\w/),
      "Write `const x = ['a', 'b'] as const` with `type X = (typeof x)[number]`; a file is namespace enough",
    ).toEqual([]);
  });

  test('casts nothing to any', () => {
    expect(search(/\bas any\b|<any>/), 'Take unknown and check it, or say the true type').toEqual([]);
  });

  test('silences no checker without saying why', () => {
    const silenced = files.flatMap((file) =>
      findLines(
        file,
        readText(file),
        /@ts-(ignore|nocheck)|@ts-expect-error\s*$|(ox|es)lint-disable[\w-]*(?![^\n]*--\s*\S)/,
      ),
    );
    expect(
      silenced,
      'Mend it, or write the reason on the same line: `oxlint-disable-next-line rule -- why`',
    ).toEqual([]);
  });

  test('promises nothing for later without an issue', () => {
    const open = files.flatMap((file) =>
      findLines(file, readText(file), /\b(TODO|FIXME|XXX|HACK)\b(?!\(#\d+\))/),
    );
    expect(open, 'Do it now, or open an issue and write TODO(#123)').toEqual([]);
  });

  test('leaves no test focused or switched off', () => {
    const tests = files.filter((file) => /\.(test|flow)\.tsx?$/.test(file));
    expect(
      search(/\b(describe|test|it)\.(only|skip|todo)\(/, tests),
      'Mend or delete the test; where a machine may lack something write describe.skipIf(condition)',
    ).toEqual([]);
  });

  test('keeps snake_case on the other side of the boundary', () => {
    const inside = files.filter(
      (file) =>
        /^src\/(kernel|model|contract|sync\/plan|ledger|reports|organizations|api|cli|web)\//.test(file) &&
        !/-store\.(db\.test\.)?ts$|\.db\.test\.ts$/.test(file),
    );
    const found = inside.flatMap((file) =>
      findLines(file, withoutStrings(readText(file)), /\.[a-z]+_[a-z_]+\b/),
    );
    expect(
      found,
      'Rename in fromRow/toRow, fromWire/toWire or fromRemote/toRemote: rows and wire formats stop there',
    ).toEqual([]);
  });
});
