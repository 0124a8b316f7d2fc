/**
 * `npm run check`: everything that can be said about the code without running it. Every step runs, also after
 * one has failed, so that one run names all there is to mend.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { performance } from 'node:perf_hooks';

interface Step {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** What to do when it fails. */
  readonly mend: string;
}

interface StepResult {
  readonly step: Step;
  readonly passed: boolean;
  readonly output: string;
  readonly durationMs: number;
}

/** More than this is the same mistake many times; the whole list comes from running the tool alone. */
const outputLinesMax = 100;

const tool = (name: string): string => `node_modules/.bin/${name}`;

/** The longest first, so that two at a time end soonest. */
const steps: readonly Step[] = [
  {
    name: 'lint (oxlint, type-aware)',
    command: tool('oxlint'),
    args: ['--type-aware', '--deny-warnings'],
    mend: 'mend what it names; a promise is awaited, returned or marked with void and a reason',
  },
  {
    name: 'types (tsc)',
    command: tool('tsc'),
    args: ['--noEmit', '--pretty', 'false'],
    mend: 'mend the types; `as` needs a comment that says why it is true',
  },
  {
    name: 'imports (dependency-cruiser)',
    command: process.execPath,
    args: [
      '--import',
      './scripts/read-tsx-imports.mjs',
      tool('depcruise'),
      '--config',
      '.dependency-cruiser.mjs',
      '--output-type',
      'err-long',
      ...['src', 'sandbox', 'scripts', 'test', 'bench'].filter((folder) => existsSync(folder)),
    ],
    mend: 'follow the import table in ARCHITECTURE.md',
  },
  {
    name: 'generated files',
    command: process.execPath,
    args: ['--import', 'tsx', 'scripts/generate.ts', '--check'],
    mend: 'run `npm run generate` and commit what changed',
  },
  {
    name: 'format (Biome)',
    command: tool('biome'),
    args: ['format', '--colors=off', '--reporter=summary'],
    mend: 'run `npm run format`',
  },
];

function runStep(step: Step): Promise<StepResult> {
  return new Promise((resolve) => {
    const startedAt = performance.now();
    const chunks: Buffer[] = [];
    const child = spawn(step.command, step.args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const finish = (passed: boolean): void => {
      const output = Buffer.concat(chunks).toString('utf8').trim();
      resolve({ step, passed, output, durationMs: performance.now() - startedAt });
    };
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.once('error', (error) => {
      chunks.push(Buffer.from(`${error.message}\nIs it installed? Run \`npm ci --ignore-scripts\`.`));
      finish(false);
    });
    child.once('close', (code) => finish(code === 0));
  });
}

function report({ step, passed, output, durationMs }: StepResult): void {
  const seconds = (durationMs / 1000).toFixed(1);
  console.log(`${passed ? '  ok  ' : ' FAIL '} ${step.name} (${seconds} s)`);
  if (passed) return;
  const lines = output.split('\n');
  for (const line of lines.slice(0, outputLinesMax)) console.log(`      ${line}`);
  if (lines.length > outputLinesMax) {
    console.log(
      `      … ${lines.length - outputLinesMax} more lines: ${step.command} ${step.args.join(' ')}`,
    );
  }
  console.log(`      → ${step.mend}\n`);
}

async function runAll(queue: Step[], workers: number): Promise<StepResult[]> {
  const results: StepResult[] = [];
  const work = async (): Promise<void> => {
    for (let step = queue.shift(); step !== undefined; step = queue.shift()) {
      const result = await runStep(step);
      results.push(result);
      report(result);
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  return results;
}

const results = await runAll([...steps], Math.min(2, availableParallelism()));
const failed = results.filter((result) => !result.passed);
if (failed.length > 0) {
  console.log(
    `${failed.length} of ${steps.length} checks failed: ${failed.map(({ step }) => step.name).join(', ')}.`,
  );
  process.exitCode = 1;
} else {
  console.log(`All ${steps.length} checks passed.`);
}
