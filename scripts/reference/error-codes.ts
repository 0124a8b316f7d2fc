import { errorCatalogue } from '../../src/kernel/errors.ts';
import { decisionCodes } from '../../src/model/decision-codes.ts';
import { generatedMark, markdownTable } from './markdown.ts';

const retryWords = { never: 'no', later: 'yes, later', reconnect: 'after reconnecting' } as const;

const decisionWords = {
  skip: 'the record makes no document, on purpose',
  fail: 'the record should make a document and cannot; the others go on',
  hold: 'a person has to decide',
} as const;

function errorTable(): string {
  const rows = Object.entries(errorCatalogue).map(([code, entry]) => [
    `\`${code}\``,
    String(entry.status),
    entry.message,
    entry.mend,
    retryWords[entry.retry],
  ]);
  return markdownTable(['code', 'HTTP', 'what it says', 'how to mend it', 'try again?'], rows);
}

function decisionTable(decision: keyof typeof decisionWords): string {
  const rows = Object.entries(decisionCodes)
    .filter(([, entry]) => entry.decision === decision)
    .map(([code, entry]) => [`\`${code}\``, entry.sentence, entry.mend]);
  return `### ${decision}: ${decisionWords[decision]}\n\n${markdownTable(['code', 'what it says', 'how to mend it'], rows)}`;
}

/** docs/reference/errors.md: every code that the API, the command line or a plan may answer. */
export function generateErrorReference(): string {
  return `${generatedMark('src/kernel/errors.ts and src/model/decision-codes.ts')}
# Codes

A code is part of the API: it is never renamed. The sentences may improve.

## Errors

The \`code\` of an \`application/problem+json\` answer, and of \`--json\` on the command line.

${errorTable()}

## Decisions

The \`code\` of a record in a plan or in a run that was not simply created, updated or unchanged. Each belongs to
exactly one decision; within a decision they are checked in this order. Words in braces are filled from the record.

${(['skip', 'fail', 'hold'] as const).map(decisionTable).join('\n\n')}
`;
}
