import { globSync, readFileSync } from 'node:fs';
import { configDefaults, defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.ts';

const SOAK = 'test/**/*.soak.test.ts';
/** A soak test takes as long as it is told to; this only ends one that hangs. */
const SOAK_TIMEOUT_MS = 24 * 60 * 60_000;

/** Imports of what starts servers, databases or the bot. */
const STARTS_SOMETHING = /\bfrom '[./]*(?:sandbox|support|simulator)\//;
/** Helpers in those folders that start nothing. */
const HARMLESS = /\bfrom '[./]*support\/(?:lines|random|until)\.ts'/g;

/** The tests of pure functions. */
function quickTests(): string[] {
  return globSync('test/**/*.test.ts').filter(path => {
    const source = readFileSync(path, 'utf8').replace(HARMLESS, '');
    return (
      !STARTS_SOMETHING.test(source) &&
      !/^test\/(?:sandbox|fuzz|simulator|bot)\//.test(path.replaceAll('\\', '/'))
    );
  });
}

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
  const quick = quickTests();
  const options = {
    // Only what hangs is ended: a busy machine may be slow.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    pool: 'forks' as const,
    // The files of a worker share its process and what it has loaded, which saves a fifth of the processor. So a test
    // puts nothing in the process that it does not take out again.
    isolate: false,
  };
  const pure = { ...options, name: 'pure', include: quick };
  /** Packs the programs that these tests start, once in a run. */
  const globalSetup = 'test/support/pack-programs.ts';
  /** Those that start servers in their own process. */
  const inside = 'test/{sandbox,fish,llm}/**/*.test.ts';
  const servers = {
    ...options,
    globalSetup,
    name: 'servers',
    include: [inside],
    exclude: [...configDefaults.exclude, SOAK, ...quick],
  };
  /** Those that start the whole bot, or a database. */
  const whole = {
    ...options,
    globalSetup,
    name: 'whole',
    include: ['test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, SOAK, inside, ...quick],
  };
  return {
    test: {
      maxWorkers: 10, // they mostly wait: for speech, in real time
      sequence: { sequencer: LongestFirst },
      projects: (mode === 'quick' ? [pure] : [pure, servers, whole]).map(test => ({ test })),
    },
  };
});
