import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { quickTests } from './quick-tests.ts';

/** These take longest, each half a minute or more: most of the time they wait for speech, or for an outage to end. */
const LONG = [
  'test/bot/process.test.ts',
  'test/bot/coming-back-outages.test.ts',
  'test/bot/doctor.test.ts',
  'test/bot/coming-back.test.ts',
  'test/store/sqlite.test.ts',
  'test/bot/restart.test.ts',
  'test/sandbox/command.test.ts',
  'test/store/crash.test.ts',
  'test/bot/gateway-liveness.test.ts',
  'test/fuzz/fuzz.test.ts',
  'test/pictures/scene.test.ts',
  'test/sandbox/page/page-browser.test.ts',
  'test/simulator/seeds.test.ts',
  'test/bot/database-path.test.ts',
  'test/bot/kill.test.ts',
];
const WHOLE_BOT = /^test\/bot\//;

/**
 * The order of the test files: the longest ones first, so that in the end no processor is idle while one of them goes on
 * alone; then those that mostly wait for the whole bot; and those that only compute come last, and fill the end.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const quick = new Set(quickTests());
    const rank = ({ moduleId, project }: TestSpecification) => {
      const path = relative(project.config.root, moduleId).replaceAll('\\', '/');
      const long = LONG.indexOf(path);
      if (long !== -1) return long;
      return LONG.length + (WHOLE_BOT.test(path) ? 0 : quick.has(path) ? 2 : 1);
    };
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}
