/**
 * `npm test`: every test. Starts a PostgreSQL of its own and finds a browser for the suites that need them, hands
 * further arguments to vitest (`npm test -- src/ledger`), and names at the end what was skipped and why. With
 * TRIBUTARY_TEST_REQUIRE_ALL=1, as in CI, a skipped test is a failure.
 */
import { existsSync } from 'node:fs';
import { parseCLI, startVitest, type Vitest } from 'vitest/node';
import { startTemporaryPostgres } from '../test/support/start-postgres.ts';
import { findChromium } from './find-chromium.ts';
import { listSkippedTests } from './skipped-tests.ts';

const missing = new Map<string, string>();

async function preparePostgres(): Promise<() => Promise<void>> {
  if (process.env['TRIBUTARY_TEST_POSTGRES']) return async () => {};
  const started = await startTemporaryPostgres();
  if ('reason' in started) {
    missing.set('PostgreSQL', started.reason);
    return async () => {};
  }
  process.env['TRIBUTARY_TEST_POSTGRES'] = started.url;
  return () => started.stop();
}

function prepareChromium(): void {
  const found = findChromium(process.env);
  if ('reason' in found) missing.set('Browser', found.reason);
  else process.env['TRIBUTARY_TEST_CHROMIUM'] = found.path;
}

/** The browser tests look at the built page: build it when they will run. */
async function buildWebPage(filters: readonly string[]): Promise<void> {
  const configFile = 'src/web/vite.config.ts';
  const browserTestsRun =
    filters.length === 0 ||
    filters.some((filter) => 'test/browser/'.startsWith(filter) || filter.startsWith('test/browser'));
  if (!process.env['TRIBUTARY_TEST_CHROMIUM'] || !browserTestsRun || !existsSync(configFile)) return;
  const { build } = await import('vite');
  await build({ configFile, logLevel: 'warn' });
}

/** Prints what did not run; returns how many tests that were. */
function reportSkipped(vitest: Vitest): number {
  const skipped = listSkippedTests(vitest);
  for (const [name, reason] of missing) console.log(`\n${name} is missing: ${reason}`);
  if (skipped.length === 0) return 0;
  const count = skipped.reduce((sum, group) => sum + group.count, 0);
  console.log(`\nSkipped ${count} tests:`);
  for (const group of skipped)
    console.log(`  ${group.file} › ${group.suite} (${group.count}): ${group.reason}`);
  return count;
}

async function runVitest(args: readonly string[]): Promise<boolean> {
  const { filter, options } = parseCLI(['vitest', 'run', ...args]);
  await buildWebPage(filter);
  const vitest = await startVitest('test', filter, { ...options, watch: false });
  try {
    const failed = vitest.state.getCountOfFailedTests() > 0 || vitest.state.getUnhandledErrors().length > 0;
    const modules = vitest.state.getTestModules();
    const brokenModule = modules.some((module) => !module.ok());
    // `-t` skips all other tests on purpose.
    const skipped = options.testNamePattern === undefined ? reportSkipped(vitest) : 0;
    if (skipped > 0 && process.env['TRIBUTARY_TEST_REQUIRE_ALL'] === '1') {
      console.log('\nTRIBUTARY_TEST_REQUIRE_ALL=1: a skipped test is a failure here.');
      return false;
    }
    return !failed && !brokenModule && modules.length > 0;
  } finally {
    await vitest.close();
  }
}

const stopPostgres = await preparePostgres();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void stopPostgres().finally(() => process.exit(130));
  });
}
let passed = false;
try {
  prepareChromium();
  passed = await runVitest(process.argv.slice(2));
} finally {
  await stopPostgres();
}
// vitest leaves handles of its plug-ins open; everything of ours has been stopped above.
process.exit(passed ? 0 : 1);
