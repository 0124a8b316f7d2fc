import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'src/**/*.test.{ts,tsx}',
      'sandbox/**/*.test.ts',
      'test/**/*.{test,flow}.ts',
      'scripts/**/*.test.ts',
    ],
    // The embedded store needs some 250 MB and a core while it starts: more files at a time are slower, not faster.
    maxWorkers: 2,
    // A cold start of the embedded store takes 2.5 s alone and several times that beside another one.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    restoreMocks: true,
    unstubEnvs: true,
    unstubGlobals: true,
  },
});
