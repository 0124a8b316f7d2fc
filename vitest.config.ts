import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'src/**/*.test.{ts,tsx}',
      'sandbox/**/*.test.ts',
      'test/**/*.{test,flow}.ts',
      'scripts/**/*.test.ts',
    ],
    // Processes, not threads: the embedded store blocks its thread, and tests send signals and set the environment.
    pool: 'forks',
    // The embedded store needs some 300 MB and a core while it starts: more files at a time are slower, not faster.
    maxWorkers: 2,
    // The slowest tests take 3 s on an idle machine. On one whose cores are shared they have taken ten times that, and a limit
    // that fails them then says nothing about the code.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 30_000 } },
    restoreMocks: true,
    unstubEnvs: true,
    unstubGlobals: true,
  },
});
