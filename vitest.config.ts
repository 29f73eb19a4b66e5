import { configDefaults, defineConfig } from 'vitest/config';

const SOAK = 'test/**/*.soak.test.ts';
/** A soak test takes as long as it is told to; this only ends one that hangs. */
const SOAK_TIMEOUT_MS = 24 * 60 * 60_000;

/** `npm test` runs the short tests; `npm run test:soak` (mode "soak") runs the long ones, one after another. */
export default defineConfig(({ mode }) => {
  if (mode === 'soak')
    return {
      test: {
        include: [SOAK],
        testTimeout: SOAK_TIMEOUT_MS,
        hookTimeout: 60_000,
        pool: 'forks',
        fileParallelism: false,
      },
    };
  return {
    test: {
      include: ['test/**/*.test.ts'],
      exclude: [...configDefaults.exclude, SOAK],
      // Only what hangs is ended: a busy machine may be slow.
      testTimeout: 60_000,
      hookTimeout: 60_000,
      pool: 'forks',
      maxWorkers: 8, // they mostly wait: for speech, in real time
    },
  };
});
