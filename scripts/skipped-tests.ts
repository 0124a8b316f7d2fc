import { relative } from 'node:path';
import type { TestCase, TestModule, TestSuite, Vitest } from 'vitest/node';

export interface SkippedGroup {
  readonly file: string;
  /** The outermost `describe`, or the test's own name where it stands alone. */
  readonly suite: string;
  readonly reason: string;
  readonly count: number;
}

function outermostName(test: TestCase): string {
  let node: TestCase | TestSuite = test;
  let parent: TestSuite | TestModule = test.parent;
  while (parent.type === 'suite') {
    node = parent;
    parent = parent.parent;
  }
  return node.name;
}

/** The note of `context.skip(note)`, else what the suite's name or file says that it needs. */
function reasonOf(test: TestCase, file: string): string {
  const result = test.result();
  if (result.state === 'skipped' && result.note) return result.note;
  const text = `${file} ${test.fullName}`;
  if (/postgres/i.test(text) && !process.env['TRIBUTARY_TEST_POSTGRES']) return 'needs PostgreSQL';
  if (/browser/i.test(text) && !process.env['TRIBUTARY_TEST_CHROMIUM']) return 'needs a browser';
  return test.options.mode === 'todo' ? 'not written yet' : 'marked as skipped in the test';
}

/** What did not run, grouped by file, suite and reason. */
export function listSkippedTests(vitest: Vitest): SkippedGroup[] {
  const groups = new Map<string, SkippedGroup>();
  for (const module of vitest.state.getTestModules()) {
    const file = relative(process.cwd(), module.moduleId);
    for (const test of module.children.allTests('skipped')) {
      const suite = outermostName(test);
      const reason = reasonOf(test, file);
      const key = JSON.stringify([file, suite, reason]);
      const count = (groups.get(key)?.count ?? 0) + 1;
      groups.set(key, { file, suite, reason, count });
    }
  }
  return [...groups.values()];
}
