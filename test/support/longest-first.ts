import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

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
/** What waits comes first, and what computes fills the pauses and the end. */
const PROJECTS = ['whole', 'servers', 'pure'];

/**
 * The order of the test files: the longest ones first, so that in the end no processor is idle while one of them goes on
 * alone. Without it the projects come in the order of their names, and a long file that is small comes last.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId, project }: TestSpecification) => {
      const long = LONG.indexOf(relative(project.config.root, moduleId).replaceAll('\\', '/'));
      return long === -1 ? LONG.length + PROJECTS.indexOf(project.name) : long;
    };
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}
