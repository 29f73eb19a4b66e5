import { join } from 'node:path';
import { configDefaults, defineConfig } from 'vitest/config';
import { LongOnesEarly } from './test/support/long-ones-early.ts';
import { quickTests } from './test/support/quick-tests.ts';

const SOAK = 'test/**/*.soak.test.ts';
/** A soak test takes as long as it is told to; this only ends one that hangs. */
const SOAK_TIMEOUT_MS = 24 * 60 * 60_000;

/**
 * `npm test` runs the short tests; `npm run test:soak` (mode "soak") the long ones, one after another;
 * `npm run test:quick` (mode "quick") those that start nothing.
 */
export default defineConfig(({ mode }) => {
  if (mode === 'soak')
    return {
      test: {
        include: [SOAK],
        testTimeout: SOAK_TIMEOUT_MS,
        hookTimeout: 120_000,
        pool: 'forks',
        fileParallelism: false,
      },
    };
  const options = {
    // Only what hangs is ended: a busy machine may be slow.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    pool: 'forks' as const,
    // The files of a worker share its process and what it has loaded, which saves a fifth of the processor. So a test
    // puts nothing in the process that it does not take out again.
    isolate: false,
    setupFiles: 'test/support/same-inputs.ts',
  };
  if (mode === 'quick') return { test: { ...options, include: quickTests() } };
  return {
    test: {
      ...options,
      include: ['test/**/*.test.ts'],
      exclude: [...configDefaults.exclude, SOAK],
      globalSetup: 'test/support/pack-programs.ts', // packs the programs that tests start, once in a run
      // Programs that are not packed start sooner, too.
      env: { NODE_COMPILE_CACHE: join(import.meta.dirname, 'node_modules/.cache/node-compile') },
      maxWorkers: 8, // they mostly wait, for speech in real time; with more, programs that they start are starved
      sequence: { sequencer: LongOnesEarly },
    },
  };
});
